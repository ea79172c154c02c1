//! `gongkai explain`

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Language, Severity};
use crate::explain::{self, Entry};

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 信息里方括号中的代码，如 amount-syntax；不写就列出全部
    code: Option<String>,
}

impl Arguments {
    pub fn run(self, language: Language) -> Status {
        let Some(code) = self.code else {
            report::text(&list(language));
            return Status::Clean;
        };
        match text_of(&code, language) {
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

/// The text of a name that messages use.
fn text_of(name: &str, language: Language) -> Option<String> {
    explain::entry(name).map(|entry| of_code(entry, language))
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
