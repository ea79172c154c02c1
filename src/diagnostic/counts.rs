//! How many problems of each weight a run found.

use serde::Serialize;

use super::{Diagnostic, Language, Say, Severity};
use crate::say;

/// Problems by weight; those that a waiver answers stand apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Errors that no waiver answers.
    pub errors: usize,
    /// Warnings that no waiver answers.
    pub warnings: usize,
    /// Notes that no waiver answers.
    pub notes: usize,
    /// Findings of any weight that a waiver answers.
    pub waived: usize,
}

impl Counts {
    /// Counts these problems.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics {
            counts.add(diagnostic);
        }
        counts
    }

    /// Counts one more.
    pub fn add(&mut self, diagnostic: &Diagnostic) {
        *match (&diagnostic.waived, diagnostic.severity) {
            (Some(_), _) => &mut self.waived,
            (None, Severity::Error) => &mut self.errors,
            (None, Severity::Warning) => &mut self.warnings,
            (None, Severity::Note) => &mut self.notes,
        } += 1;
    }

    /// `3 个错误，1 个警告，0 个提示`, and the waived where there are any.
    #[must_use]
    pub fn say(self) -> Say {
        let Self {
            errors,
            warnings,
            notes,
            waived,
        } = self;
        let mut say = say!(
            "{errors} 个错误，{warnings} 个警告，{notes} 个提示",
            "errors: {errors}, warnings: {warnings}, notes: {notes}"
        );
        if waived > 0 {
            let (zh, en) = (say.zh, say.en);
            say = say!("{zh}，{waived} 个豁免", "{en}, waived: {waived}");
        }
        say
    }
}

impl Diagnostic {
    /// The word before the code: the severity, or that a waiver answers it.
    #[must_use]
    pub fn word(&self, language: Language) -> &'static str {
        match (&self.waived, language) {
            (Some(_), Language::Zh) => "豁免",
            (Some(_), Language::En) => "waived",
            (None, _) => self.severity.word(language),
        }
    }
}

impl Severity {
    /// The word before the code.
    #[must_use]
    pub const fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Error, Language::Zh) => "错误",
            (Self::Warning, Language::Zh) => "警告",
            (Self::Note, Language::Zh) => "提示",
            (Self::Error, Language::En) => "error",
            (Self::Warning, Language::En) => "warning",
            (Self::Note, Language::En) => "note",
        }
    }
}
