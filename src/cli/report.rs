//! What a run tells: its problems in the format asked for, a summary line, a progress bar.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::{Args, ValueEnum};
use codespan_reporting::term::termcolor::{ColorChoice, StandardStream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Status;
use crate::characters::shown;
use crate::diagnostic::{
    Counts, Diagnostic, Diagnostics, Keep, Language, Say, Setting, Severity, concise, github,
    human, json, sarif,
};
use crate::error::Error;
use crate::lay::Laid;
use crate::pipeline::{Outcome, Progress};

/// Arguments of every command that reports problems.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Arguments {
    /// 怎样列出问题；json、sarif、github 写到标准输出，此外不写别的
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// 警告也算错：有警告时退出码为 1
    #[arg(long)]
    pub strict: bool,
    /// 全部列出，不把重复的合成一行
    #[arg(short, long)]
    verbose: bool,
}

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// 给人看：句子、所在的行、怎么办
    #[default]
    Human,
    /// 一个问题一行：路径:行:列
    Concise,
    /// JSON，中英文都有
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub Actions 的批注
    Github,
}

/// How a run reports: the arguments, resolved.
#[derive(Debug)]
pub struct Report {
    format: Format,
    strict: bool,
    verbose: bool,
    language: Language,
    root: PathBuf,
}

impl Arguments {
    /// With the arguments that all commands share.
    pub fn resolve(&self, root: &Path, language: Language) -> Report {
        Report {
            format: self.format,
            strict: self.strict,
            verbose: self.verbose,
            language,
            root: root.to_owned(),
        }
    }
}

impl Report {
    /// For people, of a site at `root`.
    pub fn for_people(root: &Path, language: Language) -> Self {
        Self {
            format: Format::Human,
            strict: false,
            verbose: false,
            language,
            root: root.to_owned(),
        }
    }

    /// With repetitions, or without.
    pub fn with_all(mut self, verbose: bool) -> Self {
        self.verbose = verbose;
        self
    }

    /// What the report needs: everything for machines and with -v, else no more than `least`.
    pub fn keep(&self, least: Keep) -> Keep {
        match self.format {
            Format::Human | Format::Concise if !self.verbose => least,
            _ => Keep::All,
        }
    }

    /// Writes the problems of a run: for people to stderr, for machines to stdout.
    pub fn problems(&self, outcome: &Outcome) {
        let found = &outcome.diagnostics;
        let setting = Setting {
            language: self.language,
            root: &self.root,
        };
        let mut stdout = io::stdout().lock();
        match self.format {
            Format::Human => drop(self.human(outcome)),
            Format::Concise => drop(concise::write(&mut io::stderr().lock(), found, setting)),
            Format::Json => written(json::write(&mut stdout, found, outcome.disclosures)),
            Format::Sarif => written(sarif::write(&mut stdout, found, setting)),
            Format::Github => written(github::write(&mut stdout, found, setting)),
        }
    }

    /// Writes faults that a command meets beside its own work, and how it ends for them.
    pub fn faults(&self, found: Diagnostics) -> Status {
        let outcome = Outcome {
            diagnostics: found.into_sorted(),
            ..Outcome::default()
        };
        self.problems(&outcome);
        self.status(&outcome.diagnostics)
    }

    fn human(&self, outcome: &Outcome) -> io::Result<()> {
        let choice = if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            ColorChoice::Auto
        } else {
            ColorChoice::Never
        };
        let options = human::Options {
            language: self.language,
            verbose: self.verbose,
        };
        let mut out = StandardStream::stderr(choice);
        human::write_of(&mut out, &outcome.diagnostics, &outcome.settled_of, options)
    }

    /// Writes a result to stdout; machines get none beside their report.
    pub fn result(&self, say: &Say) {
        if matches!(self.format, Format::Human | Format::Concise) {
            text(&format!("{}\n", say.text(self.language)));
        }
    }

    /// Writes a failure of the machine to stderr.
    pub fn failure(&self, error: &Error) -> Status {
        failure(error, self.language)
    }

    /// How the run ended: faulty with an open error, or when strict with an open warning.
    pub fn status(&self, diagnostics: &[Diagnostic]) -> Status {
        let counts = Counts::of(diagnostics);
        if counts.errors > 0 || (self.strict && counts.warnings > 0) {
            Status::Faults
        } else {
            Status::Clean
        }
    }
}

/// Writes a failure of the machine to stderr.
pub fn failure(error: &Error, language: Language) -> Status {
    let word = Severity::Error.word(language);
    problem(&format!("{word}: {}\n", error.say().text(language)));
    Status::Failed
}

/// Writes a sentence to stdout.
pub fn say(say: &Say, language: Language) {
    text(&format!("{}\n", say.text(language)));
}

/// Writes which files are new, and which were there and are as they were.
pub fn laid(laid: &Laid, language: Language) {
    let words = match language {
        Language::Zh => ("新建", "保留"),
        Language::En => ("new ", "kept"),
    };
    for path in &laid.written {
        text(&format!("{}  {}\n", words.0, shown(path)));
    }
    for path in &laid.kept {
        text(&format!("{}  {}\n", words.1, shown(path)));
    }
}

/// Writes a text to stdout.
pub fn text(text: &str) {
    written(io::stdout().write_all(text.as_bytes()));
}

/// Why stdout could first not be written: whatever a command has found, nobody has been told all of it.
static UNWRITTEN: Mutex<Option<io::Error>> = Mutex::new(None);

/// Takes what came of writing to stdout. A closed pipe is the reader's choice, not a fault.
pub fn written(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != ErrorKind::BrokenPipe
        && let Ok(mut first) = UNWRITTEN.lock()
    {
        first.get_or_insert(error);
    }
}

/// How a run has ended: failed, too, when its results could not be written to stdout.
pub fn ended(status: Status, language: Language) -> Status {
    written(io::stdout().flush());
    let unwritten = UNWRITTEN.lock().ok().and_then(|mut first| first.take());
    match unwritten {
        Some(error) => failure(&Error::io(Path::new("stdout"), error), language),
        None => status,
    }
}

/// Writes a text to stderr.
pub fn problem(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// A bar on a terminal when there is more than one disclosure.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar; a hidden one when `quiet`.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::hidden();
        if !quiet && io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn start(&self, disclosures: usize) {
        if disclosures < 2 {
            self.0.set_draw_target(ProgressDrawTarget::hidden());
        }
        self.0.set_length(disclosures as u64);
    }

    fn step(&self) {
        self.0.inc(1);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// A size for people: `3.2 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let mut tenths = bytes.saturating_mul(10);
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1234, "1.2 kB"),
            (3_250_000, "3.2 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
