//! `gongkai diff`

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use codespan_reporting::term::termcolor::{ColorChoice, NoColor, StandardStream};

use super::{Status, report};
use crate::diagnostic::Language;
use crate::diff::git::Checkout;
use crate::diff::report::Report;
use crate::diff::side::{self, Opened, Side};
use crate::diff::{self, corrections, html, human, json, markdown};
use crate::error::Error;
use crate::say;
use crate::write::named::{self, ANY, Around};

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
    /// 写进这个文件，全写好了才换上去；不写就印出来。corrections 写进某份公开的 corrections.yaml 时只写那一份的
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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

/// A file that the differences are written to.
struct Target {
    file: PathBuf,
    /// The disclosure whose `corrections.yaml` it is.
    of: Option<String>,
}

impl Target {
    /// Writes the file, and says so with what it does not hold.
    fn write(&self, text: &str, found: &Report, language: Language) -> Result<(), Error> {
        let file = self.file.display();
        let changed = corrections::changed(found);
        if let Some(of) = &self.of {
            let others: Vec<&str> = changed.iter().copied().filter(|one| one != of).collect();
            let (zh, en) = (others.join("、"), others.join(", "));
            if !others.is_empty() {
                let said = say!(
                    "别的公开也有变化，没有写进这个文件：{zh}\n",
                    "other disclosures changed too and are not in this file: {en}\n"
                );
                report::problem(said.text(language));
            }
            if !changed.contains(&of.as_str()) {
                let none = say!(
                    "{of} 没有要更正的变化，没有写 {file}",
                    "{of} has no change that would be a correction; {file} was not written"
                );
                report::say(&none, language);
                return Ok(());
            }
        }
        named::write(&self.file, text.as_bytes())?;
        report::say(&say!("已写进 {file}", "{file} is written"), language);
        Ok(())
    }
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let failure = |error: &Error| report::Report::for_people(root, language).failure(error);
        let sides = match self.sides(root, language) {
            Ok(sides) => sides,
            Err(error) => return failure(&error),
        };
        let target = match self
            .output
            .as_deref()
            .map(|file| self.target(file, root, &sides))
        {
            None => None,
            Some(Ok(target)) => Some(target),
            Some(Err(error)) => return failure(&error),
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
        let only = target.as_ref().and_then(|target| target.of.as_deref());
        let text = match self.format {
            Format::Human if target.is_none() => {
                print(&found, language);
                String::new()
            }
            Format::Human => plain(&found, language),
            Format::Markdown => markdown::text(&found, language),
            Format::Html => html::text(&found, &was.name, &is.name, language),
            Format::Json => json::text(&found),
            Format::Corrections => corrections::text(&found, only, language),
        };
        match target {
            None => report::text(&text),
            Some(target) => {
                if let Err(error) = target.write(&text, &found, language) {
                    return failure(&error);
                }
            }
        }
        if found.is_empty() || self.exit_zero {
            Status::Clean
        } else {
            Status::Changed
        }
    }

    /// Where the differences are written, if nothing is lost by it.
    fn target(&self, file: &Path, root: &Path, sides: &[Named]) -> Result<Target, Error> {
        let roots = std::iter::once(root).chain(sides.iter().map(|side| &*side.folder));
        let roots: Vec<&Path> = roots
            .filter(|site| site.join("site.toml").is_file())
            .collect();
        if self.format == Format::Corrections
            && let Some(of) = roots.iter().find_map(|site| corrections::of(file, site))
        {
            corrections::check(file)?;
            let file = std::path::absolute(file).map_err(|error| Error::io(file, error))?;
            return Ok(Target { file, of: Some(of) });
        }
        let around = Around {
            roots: &roots,
            output: None,
        };
        let file = named::check(file, around, ANY)?;
        Ok(Target { file, of: None })
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

/// The differences for people, as a file holds them.
fn plain(found: &Report, language: Language) -> String {
    let mut out = NoColor::new(Vec::new());
    human::write(&mut out, found, language).expect("writing to memory does not fail");
    String::from_utf8_lossy(&out.into_inner()).into_owned()
}

fn print(found: &Report, language: Language) {
    let choice = if io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    // A closed pipe is the reader's choice, not a fault.
    report::written(human::write(
        &mut StandardStream::stdout(choice),
        found,
        language,
    ));
}
