//! `gongkai diff`

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use codespan_reporting::term::termcolor::{ColorChoice, StandardStream};

use super::{Status, report};
use crate::diagnostic::Language;
use crate::diff::git::Checkout;
use crate::diff::report::Report;
use crate::diff::side::{self, Opened, Side};
use crate::diff::{self, corrections, html, human, json, markdown};
use crate::error::Error;
use crate::say;

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 原来的：站点的文件夹，或生成好的网站
    #[arg(required_unless_present = "rev", conflicts_with = "rev")]
    old: Option<PathBuf>,
    /// 现在的：站点的文件夹，或生成好的网站
    #[arg(required_unless_present = "rev", conflicts_with = "rev")]
    new: Option<PathBuf>,
    /// 比较 git 仓库里的两个版本；只写一个，就拿它和现在的文件比
    #[arg(long, num_args = 1..=2, value_names = ["A", "B"])]
    rev: Vec<String>,
    /// 怎样写出来；html 是独立的一页，可以附在审批件后面；corrections 是可以贴进 corrections.yaml 的更正
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// 有变化时退出码也为 0
    #[arg(long)]
    exit_zero: bool,
}

/// How the differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// 给人看：数字成列，文字标出改动
    #[default]
    Human,
    /// Markdown，供评论
    Markdown,
    /// HTML，一个文件
    Html,
    /// JSON
    Json,
    /// corrections.yaml 里的一次更正，日期和原因留空
    Corrections,
}

/// A side as the user names it, and where its site or tree is.
struct Named {
    name: String,
    folder: PathBuf,
    /// Holds the files of a revision.
    _checkout: Option<Checkout>,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let failure = |error: &Error| report::Report::for_people(root, language).failure(error);
        let sides = match self.sides(root, language) {
            Ok(sides) => sides,
            Err(error) => return failure(&error),
        };
        let mut opened = Vec::with_capacity(sides.len());
        for side in &sides {
            match open(side, language) {
                Ok(Some(side)) => opened.push(side),
                Ok(None) => return Status::Failed,
                Err(error) => return failure(&error),
            }
        }
        let ([old, new], [was, is]) = (opened.as_slice(), sides.as_slice()) else {
            return Status::Failed;
        };
        let found = match diff::compare(old, new) {
            Ok(found) => found,
            Err(error) => return failure(&error),
        };
        match self.format {
            Format::Human => print(&found, language),
            Format::Markdown => report::text(&markdown::text(&found, language)),
            Format::Html => report::text(&html::text(&found, &was.name, &is.name, language)),
            Format::Json => report::text(&json::text(&found)),
            Format::Corrections => report::text(&corrections::text(&found, language)),
        }
        if found.is_empty() || self.exit_zero {
            Status::Clean
        } else {
            Status::Changed
        }
    }

    /// The old side, then the new.
    fn sides(&self, root: &Path, language: Language) -> Result<Vec<Named>, Error> {
        let mut sides = Vec::new();
        for revision in &self.rev {
            let checkout = Checkout::new(root, revision)?;
            sides.push(Named {
                name: revision.clone(),
                folder: checkout.root(),
                _checkout: Some(checkout),
            });
        }
        if self.rev.len() == 1 {
            let now = say!("现在的文件", "the files as they are");
            sides.push(Named {
                name: now.text(language).to_owned(),
                folder: root.to_owned(),
                _checkout: None,
            });
        }
        sides.extend(
            [&self.old, &self.new]
                .into_iter()
                .flatten()
                .map(|folder| Named {
                    name: folder.display().to_string(),
                    folder: folder.clone(),
                    _checkout: None,
                }),
        );
        Ok(sides)
    }
}

/// Opens a side; `None` when its data cannot be built, which is then told as a build tells it.
fn open(side: &Named, language: Language) -> Result<Option<Side>, Error> {
    let outcome = match side::open(&side.folder, &report::Bar::new(true))? {
        Opened::Side(side) => return Ok(Some(side)),
        Opened::Refused(outcome) => outcome,
    };
    report::Report::for_people(&side.folder, language).problems(&outcome);
    let (name, counts) = (&side.name, outcome.counts().say());
    let (zh, en) = (counts.zh, counts.en);
    let said = say!(
        "{name} 的数据有错，不能生成，所以没有比较（{zh}）\n",
        "the data of {name} cannot be built, so nothing was compared ({en})\n"
    );
    report::problem(said.text(language));
    Ok(None)
}

fn print(found: &Report, language: Language) {
    let choice = if io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    // A closed pipe is the reader's choice, not a fault.
    let _ = human::write(&mut StandardStream::stdout(choice), found, language);
}
