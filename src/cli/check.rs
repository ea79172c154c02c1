//! `gongkai check`

use std::path::Path;

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Language, Say, Severity};
use crate::pipeline;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Arguments {}

impl Arguments {
    #[expect(clippy::unused_self, reason = "every command runs its own arguments")]
    pub fn run(self, root: &Path, language: Language) -> Status {
        let outcome = match pipeline::check(root, &report::Bar::new(false)) {
            Ok(outcome) => outcome,
            Err(error) => return report::failure(&error, language),
        };
        report::diagnostics(&outcome.diagnostics, language);
        let disclosures = outcome.disclosures;
        let counts = report::counts(&outcome.diagnostics);
        let (zh, en) = (&counts.zh, &counts.en);
        report::result(
            &Say {
                zh: format!("{disclosures} 份公开：{zh}"),
                en: format!("disclosures: {disclosures}, {en}"),
            },
            language,
        );
        let faulty = outcome
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        if faulty {
            Status::Faults
        } else {
            Status::Clean
        }
    }
}
