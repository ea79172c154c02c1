//! Problems in the data as values: collected in one run, sorted in one place, printed elsewhere.

pub mod human;

use crate::source::{Location, Place, Source};

/// A sentence in both languages of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Builds a [`Say`] from a Chinese and an English format string with the same inline arguments.
#[macro_export]
macro_rules! say {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::diagnostic::Say {
            zh: format!($zh),
            en: format!($en),
        }
    };
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl Say {
    /// The sentence in one language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// How much a problem weighs: an error keeps the site from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Must be mended before the site is written.
    Error,
    /// Likely a slip; the site is written.
    Warning,
    /// Something was put in order on the way (a thousands comma, a full-width digit).
    Note,
}

/// A second place that a problem speaks of, with a word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub location: Location,
    /// What is there.
    pub say: Say,
}

/// One problem.
///
/// Shape: `code` is stable and named for what is wrong (`amount-syntax`); the primary location is
/// where to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name.
    pub code: &'static str,
    /// Weight.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub say: Say,
    /// Where to mend it.
    pub location: Location,
    /// Where else to look.
    pub labels: Vec<Label>,
    /// What to do.
    pub hint: Option<Say>,
}

impl Diagnostic {
    /// A problem that must be mended.
    #[must_use]
    pub fn error(code: &'static str, source: &Source, place: Place, say: Say) -> Self {
        Self {
            code,
            severity: Severity::Error,
            say,
            location: Location::new(source, place),
            labels: Vec::new(),
            hint: None,
        }
    }

    /// A likely slip.
    #[must_use]
    pub fn warning(code: &'static str, source: &Source, place: Place, say: Say) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, source, place, say)
        }
    }

    /// Something put in order on the way.
    #[must_use]
    pub fn note(code: &'static str, source: &Source, place: Place, say: Say) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::error(code, source, place, say)
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: Say) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, source: &Source, place: Place, say: Say) -> Self {
        self.labels.push(Label {
            location: Location::new(source, place),
            say,
        });
        self
    }

    fn sort_key(&self) -> (&str, Place, Severity, &str, &str) {
        (
            &self.location.source.path,
            self.location.place,
            self.severity,
            self.code,
            &self.say.zh,
        )
    }
}

/// The collector that stages report into.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Takes one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Takes all problems of another collector.
    pub fn append(&mut self, mut other: Self) {
        self.items.append(&mut other.items);
    }

    /// Whether anything must be mended before the site is written.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many problems have this weight.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.items
            .iter()
            .filter(|item| item.severity == severity)
            .count()
    }

    /// Whether nothing was reported.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All problems in their one order: file, place, severity, code.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.items
            .sort_by(|left, right| left.sort_key().cmp(&right.sort_key()));
        self.items.dedup();
        self.items
    }
}
