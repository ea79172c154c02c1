//! `gongkai check`

use std::path::PathBuf;

use clap::Args;

use super::{Status, report, watching};
use crate::diagnostic::{Keep, Language, Say};
use crate::error::Error;
use crate::pipeline::{self, CheckOptions, Progress};
use crate::watch::Watch;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 按发布的要求核对：build --release 不让过的，这里也不让过
    #[arg(long)]
    release: bool,
    /// 核对之后等着，有文件变了就再核对一遍；Ctrl-C 结束
    #[arg(long)]
    watch: bool,
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
        // Watched from before the first look, so that no change is missed.
        let watch = self.watch.then(|| Watch::open(&options.root)).transpose();
        let checked = watch.and_then(|watch| {
            let status = check(&options, &report, &report::Bar::new(false))?;
            Ok((watch, status))
        });
        let again = checked.and_then(|(watch, status)| match watch {
            Some(watch) => check_again(watch, &options, &report),
            None => Ok(status),
        });
        again.unwrap_or_else(|error| report.failure(&error))
    }
}

/// Checks once.
fn check(
    options: &CheckOptions,
    report: &report::Report,
    progress: &dyn Progress,
) -> Result<Status, Error> {
    let outcome = pipeline::check(options, progress)?;
    report.problems(&outcome);
    let disclosures = outcome.disclosures;
    let Say { zh, en } = outcome.counts().say();
    report.result(&Say {
        zh: format!("{disclosures} 份公开：{zh}"),
        en: format!("disclosures: {disclosures}, {en}"),
    });
    Ok(report.status(&outcome.diagnostics))
}

/// Checks after each change, until the program is ended. A root that is no site for a while is waited for.
fn check_again(
    mut watch: Watch,
    options: &CheckOptions,
    report: &report::Report,
) -> Result<Status, Error> {
    let mut status = Status::Clean;
    while let Some(changes) = watch.wait()? {
        let checked = check(options, report, &());
        status = checked.unwrap_or_else(|error| report.failure(&error));
        let (files, time) = (
            watching::files(&changes),
            watching::time(changes.since.elapsed()),
        );
        report.result(&Say {
            zh: format!("{}：又核对了一遍，{}；等下一次改动", files.zh, time.zh),
            en: format!(
                "{}: checked again, {}; waiting for the next change",
                files.en, time.en
            ),
        });
    }
    Ok(status)
}
