//! `gongkai check`

use std::path::PathBuf;

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Keep, Language, Say};
use crate::pipeline::{self, CheckOptions};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 按发布的要求核对：build --release 不让过的，这里也不让过
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    report: report::Arguments,
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let report = self.report.resolve(&root, language);
        let options = CheckOptions {
            root,
            release: self.release,
            keep: report.keep(Keep::Answered),
        };
        let outcome = match pipeline::check(&options, &report::Bar::new(false)) {
            Ok(outcome) => outcome,
            Err(error) => return report.failure(&error),
        };
        report.problems(&outcome);
        let disclosures = outcome.disclosures;
        let Say { zh, en } = outcome.counts().say();
        report.result(&Say {
            zh: format!("{disclosures} 份公开：{zh}"),
            en: format!("disclosures: {disclosures}, {en}"),
        });
        report.status(&outcome.diagnostics)
    }
}
