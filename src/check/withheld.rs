//! What could not be judged, because something that it needs is not there or cannot be read: counted, and said once.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::{Place, Source};

/// What of a disclosure was not judged.
#[derive(Debug, Default)]
pub struct Withheld {
    /// Rules of which any relation was not held, by id.
    pub rules: BTreeSet<Box<str>>,
    /// Rules that name what the standard itself does not tell.
    pub unread_rules: usize,
    /// Sections of the narrative.
    pub sections: usize,
    /// Charts.
    pub charts: usize,
    /// Figures in prose.
    pub figures: usize,
    /// Changes and units that would be looked at for what stands out.
    pub outliers: usize,
    /// Corrections.
    pub corrections: usize,
    /// Waivers of which it is not known whether they answer anything.
    pub waivers: usize,
}

impl Withheld {
    /// `not-checked`: how much that is, in one line; `None` where everything was judged.
    pub fn note(&self, head: &Source) -> Option<Diagnostic> {
        let rules = self.rules.len() + self.unread_rules;
        let counts = [
            (rules, " 条勾稽规则", "rules"),
            (self.sections, " 节情况说明", "sections"),
            (self.charts, " 幅图", "charts"),
            (self.figures, " 处正文里的数", "figures in prose"),
            (self.outliers, " 处变动和量级", "changes and units"),
            (self.corrections, " 处更正", "corrections"),
            (self.waivers, " 条豁免", "waivers"),
        ];
        let some = counts.iter().filter(|(count, ..)| *count > 0);
        let (zh, en): (Vec<String>, Vec<String>) = some
            .map(|(count, zh, en)| (format!("{count}{zh}"), format!("{en}: {count}")))
            .unzip();
        if zh.is_empty() {
            return None;
        }
        let (zh, en) = (zh.join("、"), en.join(", "));
        let say: Say = say!(
            "有 {zh}没有核对：用到的数还没有填，或读不出来",
            "not checked, for what they need is not filled in or cannot be read: {en}"
        );
        let note = Diagnostic::note("not-checked", head, Place::FILE, say);
        Some(note.hint(say!(
            "先改好报出的错误，再核对一遍；其余的都核对过了",
            "mend the errors and check again; everything else has been checked"
        )))
    }
}
