//! `gongkai check`

use std::path::Path;

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Counts, Language, Say};
use crate::pipeline;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    report: report::Arguments,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let report = self.report.resolve(root, language);
        let outcome = match pipeline::check(root, &report::Bar::new(false)) {
            Ok(outcome) => outcome,
            Err(error) => return report.failure(&error),
        };
        report.problems(&outcome);
        let disclosures = outcome.disclosures;
        let Say { zh, en } = Counts::of(&outcome.diagnostics).say();
        report.result(&Say {
            zh: format!("{disclosures} 份公开：{zh}"),
            en: format!("disclosures: {disclosures}, {en}"),
        });
        report.status(&outcome.diagnostics)
    }
}
