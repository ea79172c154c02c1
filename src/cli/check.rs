//! `gongkai check`

use std::path::PathBuf;

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Diagnostic, Language, Say};
use crate::pipeline::{self, CheckOptions};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 按发布的要求核对：build --release 不让过的，这里也不让过
    #[arg(long)]
    release: bool,
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let options = CheckOptions {
            root,
            release: self.release,
        };
        let outcome = match pipeline::check(&options, &report::Bar::new(false)) {
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
        let faulty = outcome.diagnostics.iter().any(Diagnostic::is_open_error);
        if faulty {
            Status::Faults
        } else {
            Status::Clean
        }
    }
}
