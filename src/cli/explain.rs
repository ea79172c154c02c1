//! `gongkai explain`

use std::cell::Cell;
use std::path::Path;

use clap::Args;

use super::{Status, report};
use crate::check;
use crate::diagnostic::{Diagnostics, Language, Severity};
use crate::explain::{self, Entry};
use crate::load::{discover, folder};
use crate::standard;
use crate::standard::rule::Rule;
use crate::yaml::fields::nearest;

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
        let named = Named::in_site(root);
        let texts = named.texts_of(&code, language);
        if texts.is_empty() {
            report::problem(&named.unknown(&code, language));
            return Status::Failed;
        }
        report::text(&texts.join("\n"));
        Status::Clean
    }
}

/// What the rules of a site are called, and where each stands: those of its standards, then those of its disclosures.
struct Named {
    rules: Vec<(String, Rule)>,
}

impl Named {
    fn in_site(root: &Path) -> Self {
        let mut rules: Vec<(String, Rule)> = Vec::new();
        let unheard = &mut Diagnostics::default();
        let library = discover::library(root, unheard);
        for id in library.ids() {
            let standard = standard::load(&library, id, unheard);
            for rule in standard.into_iter().flat_map(|standard| standard.rules) {
                // A standard that extends another has its rules too.
                if !rules
                    .iter()
                    .any(|(_, known)| known.location == rule.location)
                {
                    rules.push((id.to_owned(), rule));
                }
            }
        }
        // Without a site there are the standards of the program.
        if let Ok(site) = discover::discover(root, unheard) {
            for at in &site.disclosures {
                let draft = folder::load(&site.disk, at, unheard);
                let Some(node) = draft
                    .head
                    .node
                    .as_ref()
                    .filter(|node| node.get("rules").is_some())
                else {
                    continue;
                };
                let named = check::standard_of(&draft, unheard);
                let standard =
                    named.and_then(|(id, ..)| standard::load(&site.standards, &id, unheard));
                let Some(standard) = standard else { continue };
                let source = &draft.head.source;
                let left_out = &Cell::default();
                let own =
                    standard::rules::of_disclosure(&standard, source, node, left_out, unheard);
                rules.extend(own.into_iter().map(|rule| (at.name().into(), rule)));
            }
        }
        Self { rules }
    }

    /// The texts of a name that messages use: of a code, and of every rule that is called like it.
    fn texts_of(&self, name: &str, language: Language) -> Vec<String> {
        let code = explain::entry(name).map(|entry| of_code(entry, language));
        let rules = self.rules.iter().filter(|(_, rule)| *rule.id == *name);
        let rules = rules.map(|(of, rule)| of_rule(of, rule, language));
        code.into_iter().chain(rules).collect()
    }

    /// That there is no such name, with those like it.
    fn unknown(&self, name: &str, language: Language) -> String {
        let word = Severity::Error.word(language);
        let rules = self.rules.iter().map(|(_, rule)| &*rule.id);
        let mut known: Vec<&str> = rules.collect();
        for code in explain::codes() {
            known.push(code);
        }
        known.sort_unstable();
        known.dedup();
        let near = nearest(name, &known);
        match (language, near.is_empty()) {
            (Language::Zh, false) => {
                let near = near.join("、");
                format!("{word}: 没有 `{name}` 这个代码，也没有叫它的规则；相近的有：{near}\n")
            }
            (Language::Zh, true) => format!(
                "{word}: 没有 `{name}` 这个代码，也没有叫它的规则；gongkai explain 列出全部代码\n"
            ),
            (Language::En, false) => {
                let near = near.join(", ");
                format!("{word}: there is no code or rule `{name}`; those like it: {near}\n")
            }
            (Language::En, true) => format!(
                "{word}: there is no code or rule `{name}`; gongkai explain lists all codes\n"
            ),
        }
    }
}

/// A rule as the standard or the disclosure writes it. They speak Chinese only.
fn of_rule(of: &str, rule: &Rule, language: Language) -> String {
    let reason = rule.reason.as_deref().unwrap_or("—");
    let origin = rule.origin.as_deref().unwrap_or("—");
    let (id, title, at) = (&rule.id, &rule.title, &rule.location);
    let written = rule.as_written();
    // Only disclosures have a folder in their name.
    let (zh, en) = if of.contains('/') {
        ("公开", "disclosure")
    } else {
        ("标准", "standard")
    };
    match language {
        Language::Zh => format!(
            "{id}  {title}\n\n{zh}：{of}（{at}）\n为什么：{reason}\n写法：\n{written}来源：{origin}\n"
        ),
        Language::En => format!(
            "{id}  {title}\n\n{en}: {of} ({at})\nwhy: {reason}\nas written:\n{written}source: {origin}\n"
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
