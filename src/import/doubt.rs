//! What a person should look at: what was read otherwise than it stands, or not at all.

use super::odd;
use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::{Place, Source};

/// Something to be looked at in a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Stable code.
    pub code: &'static str,
    /// What, in one sentence.
    pub say: Say,
    /// Where: `Sheet1!D17`.
    pub at: String,
}

impl Doubt {
    /// A doubt at a place of a workbook.
    ///
    /// What a workbook says is in the sentence and in the name of its sheet: both are made fit to be shown.
    pub fn new(code: &'static str, say: Say, at: String) -> Self {
        Self {
            code,
            say: Say {
                zh: odd::shown(say.zh),
                en: odd::shown(say.en),
            },
            at: odd::shown(at),
        }
    }

    /// As a comment of a data file.
    pub fn comment(&self) -> String {
        let text = format!("# 核对：{}（{}）", self.say.zh, self.at);
        text.replace(['\n', '\t'], " ")
    }

    /// As a problem of the workbook.
    pub fn diagnostic(&self, workbook: &Source) -> Diagnostic {
        let (at, said) = (&self.at, &self.say);
        let say = Say {
            zh: format!("{at}：{}", said.zh),
            en: format!("{at}: {}", said.en),
        };
        Diagnostic::warning(self.code, workbook, Place::FILE, say).hint(say!(
            "照原件核对；数据文件里有「核对」注释的是同一处",
            "compare with the original; the data file has a comment 核对 at the same place"
        ))
    }
}
