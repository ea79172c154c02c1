//! What a person at the terminal sees: diagnostics, a summary line, a progress bar.

use std::io::{self, IsTerminal as _, Write};

use codespan_reporting::term::termcolor::{ColorChoice, StandardStream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Status;
use crate::diagnostic::{Diagnostic, Language, Say, Severity, human};
use crate::error::Error;
use crate::pipeline::Progress;

/// Prints diagnostics to stderr.
pub fn diagnostics(diagnostics: &[Diagnostic], language: Language) {
    let choice = if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    let mut stderr = StandardStream::stderr(choice);
    for diagnostic in diagnostics {
        if human::write(&mut stderr, diagnostic, language).is_err() {
            return;
        }
    }
}

/// Prints a failure of the machine to stderr.
pub fn failure(error: &Error, language: Language) -> Status {
    let word = Severity::Error.word(language);
    line(
        io::stderr(),
        &format!("{word}: {}", error.say().text(language)),
    );
    Status::Failed
}

/// Prints a result to stdout.
pub fn result(say: &Say, language: Language) {
    line(io::stdout(), say.text(language));
}

/// A closed pipe is the reader's choice, not a fault.
fn line(mut out: impl Write, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// `3 个错误，1 个警告`
pub fn counts(diagnostics: &[Diagnostic]) -> Say {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    let (errors, warnings, notes) = (
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    );
    crate::say!(
        "{errors} 个错误，{warnings} 个警告，{notes} 个提示",
        "errors: {errors}, warnings: {warnings}, notes: {notes}"
    )
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
