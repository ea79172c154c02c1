//! `gongkai explain`

use std::path::Path;

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Diagnostics, Language, Severity};
use crate::explain::{self, Entry};
use crate::load::discover;
use crate::standard;
use crate::standard::rule::Rule;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 信息里方括号中的代码，如 amount-syntax，或标准里一条规则的 id；不写就列出全部代码
    code: Option<String>,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let Some(code) = self.code else {
            report::text(&list(language));
            return Status::Clean;
        };
        match text_of(&code, root, language) {
            Some(text) => {
                report::text(&text);
                Status::Clean
            }
            None => {
                report::problem(&unknown(&code, language));
                Status::Failed
            }
        }
    }
}

/// The text of a name that messages use: a code, or a rule of a standard.
fn text_of(name: &str, root: &Path, language: Language) -> Option<String> {
    if let Some(entry) = explain::entry(name) {
        return Some(of_code(entry, language));
    }
    let library = discover::library(root);
    library.ids().find_map(|id| {
        let standard = standard::load(&library, id, &mut Diagnostics::default())?;
        let rule = standard.rules.iter().find(|rule| *rule.id == *name)?;
        Some(of_rule(id, rule, language))
    })
}

/// A rule as its standard writes it. Standards speak Chinese only.
fn of_rule(standard: &str, rule: &Rule, language: Language) -> String {
    let reason = rule.reason.as_deref().unwrap_or("—");
    let origin = rule.origin.as_deref().unwrap_or("—");
    let (id, title, at) = (&rule.id, &rule.title, &rule.location);
    let written = rule.as_written();
    match language {
        Language::Zh => format!(
            "{id}  {title}\n\n标准：{standard}（{at}）\n为什么：{reason}\n写法：\n{written}来源：{origin}\n"
        ),
        Language::En => format!(
            "{id}  {title}\n\nstandard: {standard} ({at})\nwhy: {reason}\nas written:\n{written}source: {origin}\n"
        ),
    }
}

fn of_code(entry: &Entry, language: Language) -> String {
    let (code, text) = (&entry.code, entry.text(language));
    match language {
        Language::Zh => format!("{code}  {}\n\n{text}", entry.title),
        Language::En => format!("{code}\n\n{text}"),
    }
}

fn list(language: Language) -> String {
    let width = explain::codes().map(str::len).max().unwrap_or(0);
    let lines: Vec<String> = explain::all()
        .iter()
        .map(|entry| format!("{:width$}  {}\n", entry.code, entry.heading(language)))
        .collect();
    lines.concat()
}

fn unknown(name: &str, language: Language) -> String {
    let word = Severity::Error.word(language);
    let near = explain::nearest(name);
    match language {
        Language::Zh => {
            let near = near.join("、");
            format!("{word}: 没有 `{name}` 这个代码；相近的有：{near}\n")
        }
        Language::En => {
            let near = near.join(", ");
            format!("{word}: there is no code `{name}`; codes like it: {near}\n")
        }
    }
}
