//! Problems in the data as values: collected in one run, sorted in one place, printed elsewhere.

pub mod characters;
pub mod concise;
mod counts;
pub mod github;
pub mod human;
pub mod json;
mod listed;
pub mod sarif;
mod text;

pub use counts::Counts;
pub use text::Setting;
pub(crate) use text::one_line;

pub use crate::language::Language;

use crate::model::proof::CellAt;
use crate::source::{Location, Place, Source, SourceFile};

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

/// Whether a problem keeps the data from being understood, or is a judgement on data that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The data cannot be read as it stands. Never waived; nothing is built.
    Fault,
    /// The data is read, and something in it should not be published: a sum that does not hold, a
    /// telephone number. May be waived with a reason; drafts are built all the same.
    Finding,
}

/// One side of a relation with its operands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// Sum of the operands as printed, with its unit.
    pub text: String,
    /// What it is the sum of, in the order of the rule.
    pub operands: Vec<Operand>,
}

/// One figure of a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Whether it is taken away.
    pub minus: bool,
    /// As printed, with its unit.
    pub text: String,
    /// 表三 第 2080905 行 项目支出
    pub coordinates: String,
    /// Selector, `expenditure[2080905].project`; empty for what has none.
    pub at: String,
    /// Where the data has it; `None` for a count or a constant.
    pub location: Option<Location>,
}

/// What a finding says beyond its sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// Identifier of the rule, for findings of rules.
    pub rule: Option<Box<str>>,
    /// Positions of rule and relation in the proof of the disclosure.
    pub relation: Option<(usize, usize)>,
    /// Selector of the cell or input it speaks of.
    pub at: Option<String>,
    /// That cell in words: 表三 第 2080905 行 项目支出.
    pub coordinates: Option<String>,
    /// Both sides of the relation.
    pub sides: Option<[Side; 2]>,
    /// What should stand there, as printed.
    pub expected: Option<String>,
    /// What stands there, as printed; personal data is masked.
    pub found: Option<String>,
    /// The exact text that a text check objects to, by which the same text is known again in the
    /// rendered pages. Never printed.
    pub matched: Option<Box<str>>,
    /// The chart that cannot be drawn. Never printed.
    pub chart: Option<Unfit>,
}

/// A chart that cannot be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unfit {
    /// Its identifier.
    pub id: Box<str>,
    /// The cells that should add up to nothing, with whether they are taken away; none where the chart is at
    /// fault in another way.
    pub equation: Vec<(bool, CellAt)>,
}

/// Why a finding is let pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// The reason.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// One problem, or one finding: the same type from YAML to SARIF.
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
    /// Fault or finding.
    pub class: Class,
    /// Coordinates, sides, expected and found, where there are such.
    pub detail: Option<Box<Detail>>,
    /// Set when a waiver of the disclosure answers it.
    pub waived: Option<Box<Waived>>,
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
            class: Class::Fault,
            detail: None,
            waived: None,
        }
    }

    /// A judgement on data that could be read.
    #[must_use]
    pub fn finding(
        code: &'static str,
        severity: Severity,
        source: &Source,
        place: Place,
        say: Say,
    ) -> Self {
        Self {
            severity,
            class: Class::Finding,
            ..Self::error(code, source, place, say)
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

    /// Adds coordinates, sides, expected and found.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.detail = Some(Box::new(detail));
        self
    }

    /// Whether it keeps a site from being published: an error that no waiver answers.
    #[must_use]
    pub fn is_open_error(&self) -> bool {
        self.severity == Severity::Error && self.waived.is_none()
    }

    /// Whether it keeps a draft from being built: the data cannot be understood.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        self.severity == Severity::Error && self.class == Class::Fault
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

/// What is kept of the findings of a disclosure once its pages are made, so that memory does not grow
/// with what is in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// Everything.
    #[default]
    All,
    /// No sums within rounding; of what a waiver answers only the sentence.
    Answered,
    /// Only what is open.
    Open,
}

/// How many findings were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Settled {
    /// Sums within rounding.
    pub notes: usize,
    /// Answered by a waiver.
    pub waived: usize,
}

/// The collector that stages report into.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(problems: T) -> Self {
        Self {
            items: problems.into_iter().collect(),
        }
    }
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

    /// Whether anything must be mended before the site is published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(Diagnostic::is_open_error)
    }

    /// Whether the data cannot be understood, so that not even a draft is built.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.items.iter().any(Diagnostic::is_fault)
    }

    /// Whether there is a warning that no waiver answers.
    #[must_use]
    pub fn has_warnings(&self) -> bool {
        Counts::of(&self.items).warnings > 0
    }

    /// The problems so far, in the order of their coming.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.items
    }

    /// Likewise, to be answered by waivers.
    pub fn as_mut_slice(&mut self) -> &mut [Diagnostic] {
        &mut self.items
    }

    /// Leaves out what needs nothing more, and says how much that was: sums within rounding go, what a
    /// waiver answers goes too or keeps its sentence alone.
    pub fn settle(&mut self, keep: Keep) -> Settled {
        let mut settled = Settled::default();
        if keep == Keep::All {
            return settled;
        }
        self.items.retain_mut(|item| {
            // There are many, and the pages show them all.
            if item.code == "sum-rounding" {
                settled.notes += 1;
                return false;
            }
            if item.waived.is_none() {
                return true;
            }
            if keep == Keep::Open {
                settled.waived += 1;
                return false;
            }
            item.labels.clear();
            item.hint = None;
            item.detail = None;
            let path = item.location.source.path.clone();
            let text = String::new();
            item.location.source = Source::new(SourceFile { path, text });
            true
        });
        settled
    }

    /// Keeps only these.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.items.retain(keep);
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

    /// All problems in their one order: file, place, severity, code. Of very many alike in one file the first hundred.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.items
            .sort_by(|left, right| left.sort_key().cmp(&right.sort_key()));
        self.items.dedup();
        listed::listed(self.items)
    }
}
