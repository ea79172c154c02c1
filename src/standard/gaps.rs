//! What a standard does not tell, because of its own faults: what is left can be used all the same.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::selector::Selector;

/// What a standard does not tell.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Whether it has any fault. Nothing is published with it then.
    pub faulty: bool,
    /// Names of forms that could not be read: a table by its id, `input.<id>`, `input.` for every input, `sheet.`,
    /// `chart.` for every chart, `codes.<list>`.
    pub forms: Arc<BTreeSet<Box<str>>>,
    /// Sections without a template.
    pub sections: BTreeSet<Box<str>>,
    /// Charts that cannot be made, by id.
    pub charts: BTreeSet<Box<str>>,
    /// How many rules, charts and figures of the overview name what is among these, and so were left out.
    pub withheld: Withheld,
}

/// What was left out, without a fault of its own.
#[derive(Debug, Default, Clone, Copy)]
pub struct Withheld {
    /// Rules.
    pub rules: usize,
    /// Charts.
    pub charts: usize,
}

/// Gaps while a standard is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// See [`Gaps::forms`].
    pub forms: BTreeSet<Box<str>>,
    met: Cell<bool>,
}

impl Reading {
    /// Of a standard that has been read.
    pub fn of(gaps: &Gaps) -> Self {
        Self {
            forms: gaps.forms.as_ref().clone(),
            met: Cell::default(),
        }
    }

    /// Of files that could not be read.
    pub fn unread(paths: &BTreeSet<String>) -> Self {
        let name = |path: &String| -> Option<Box<str>> {
            match path.as_str() {
                "inputs.yaml" => Some("input.".into()),
                "charts.yaml" => Some("chart.".into()),
                "sheet.yaml" => Some("sheet.".into()),
                path => {
                    let list = path.strip_prefix("codes/")?.strip_suffix(".csv")?;
                    Some(format!("codes.{list}").into())
                }
            }
        };
        Self {
            forms: paths.iter().filter_map(name).collect(),
            met: Cell::default(),
        }
    }

    /// These, and those of further names that are hidden.
    #[must_use]
    pub fn with(&self, more: [(&str, bool); 2]) -> Self {
        let more = more.into_iter().filter(|(_, hidden)| *hidden);
        let more = more.map(|(name, _)| name.into());
        Self {
            forms: self.forms.iter().cloned().chain(more).collect(),
            met: Cell::default(),
        }
    }

    /// Whether a gap was met since the last time.
    pub fn take_met(&self) -> bool {
        self.met.take()
    }

    /// Whether a name of a form is a gap; takes note of it.
    pub fn hide(&self, name: &str) -> bool {
        let all = name.find('.').map_or(name, |at| &name[..=at]);
        let hidden = self.forms.contains(name) || self.forms.contains(all);
        self.met.set(self.met.get() || hidden);
        hidden
    }

    /// Whether what a selector names is a gap.
    pub fn hide_selector(&self, selector: &Selector) -> bool {
        match selector {
            Selector::Input(id) => self.hide(&format!("input.{id}")),
            Selector::Cell { table, .. } => self.hide(table),
        }
    }

    /// Whether the pattern of a rule names a gap: its table, an input, the sheets.
    pub fn hide_pattern(&self, text: &str) -> bool {
        let table = text.split(['[', '.']).next().unwrap_or_default();
        let of_sheets = ["sheets", "funds", "rows"].contains(&table);
        text.starts_with("input.") && self.hide(text)
            || of_sheets && self.hide("sheet.")
            || self.hide(table)
    }
}
