//! Corrections (更正) of a disclosure that is public already: what stood there, what stands there now, and why.

use super::coordinates::BLANK;
use super::disclosure::{Disclosure, InputKind};
use super::form::ColumnKind;
use super::proof::At;
use super::selector::Selector;
use super::table::Value;

/// Put before the identifier of a correction in its anchor.
pub const CORRECTION_IDS: &str = "correction-";

/// One published correction.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Identifier, its date unless the data gives another; part of its address for ever.
    pub id: Box<str>,
    /// Day on which it was published, `YYYY-MM-DD`.
    pub date: String,
    /// Why.
    pub reason: String,
    /// Number of the document that approved it.
    pub approval: Option<String>,
    /// What was corrected, in the order of the data.
    pub changes: Vec<Change>,
}

/// One thing that was corrected.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is.
    pub subject: Subject,
    /// What stood there, in the unit of the data; blank for nothing.
    pub was: Value,
    /// What stands there since then, likewise.
    pub now: Value,
}

/// What a change speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A cell, an input or an amount of a sheet.
    Figure(At),
    /// A sentence, a row, or whatever else has no cell, in words.
    Words(Box<str>),
}

impl Correction {
    /// Anchor on the page of corrections, and in the printed edition.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("{CORRECTION_IDS}{}", self.id)
    }
}

impl Disclosure {
    /// What a selector of a correction names: a printed cell, an input, or an amount of a sheet written as
    /// `sheets[<sheet>].<phase>.<source>`.
    #[must_use]
    pub fn operand(&self, text: &str) -> Option<At> {
        let Some(selector) = Selector::new(text) else {
            return self.fund(text);
        };
        match &selector {
            Selector::Input(id) => {
                let at = self.inputs.iter().position(|input| input.form.id == *id)?;
                Some(At::Input(at))
            }
            Selector::Cell { .. } => self.cell_of(&selector).map(At::Cell).filter(|at| {
                let At::Cell(cell) = at else { return false };
                let column = self.around(*cell).column;
                let label = matches!(
                    column.kind,
                    ColumnKind::Code(_) | ColumnKind::Name | ColumnKind::Line(_)
                );
                column.printed && !label
            }),
        }
    }

    fn fund(&self, text: &str) -> Option<At> {
        let form = self.sheet_form.as_ref()?;
        let (id, rest) = text.strip_prefix("sheets[")?.split_once("].")?;
        let (phase, source) = rest.split_once('.')?;
        let line = match source {
            "total" => 0,
            source => 1 + form.sources.iter().position(|one| *one.id == *source)?,
        };
        Some(At::Fund {
            sheet: self.sheets.iter().position(|sheet| *sheet.id == *id)?,
            phase: form.phases.iter().position(|one| *one.id == *phase)?,
            line,
        })
    }

    /// An operand as a selector; one of a sheet as `sheets[<sheet>].<phase>.<source>`. `None` for what stands nowhere.
    #[must_use]
    pub fn operand_name(&self, at: &At) -> Option<String> {
        let At::Fund { sheet, phase, line } = at else {
            return self.operand_selector(at).map(|found| found.to_string());
        };
        let id = &self.sheets[*sheet].id;
        let form = self.sheet_form.as_ref()?;
        let source = match line {
            0 => "total",
            line => &form.sources[line - 1].id,
        };
        Some(format!("sheets[{id}].{}.{source}", form.phases[*phase].id))
    }

    /// Whether an operand is a text and no figure.
    #[must_use]
    pub fn is_text(&self, at: &At) -> bool {
        match at {
            At::Cell(cell) => !self.around(*cell).column.kind.is_figure(),
            At::Input(input) => self.inputs[*input].form.kind == InputKind::Text,
            At::Fund { .. } | At::Number(..) | At::Share(..) => false,
            At::Text(_) => true,
        }
    }

    /// A value of an operand as the page shows it; 空白 for a blank.
    #[must_use]
    pub fn shown_at(&self, at: &At, value: &Value) -> String {
        let shown = match at {
            At::Cell(cell) => self.around(*cell).column.shown(value),
            _ => value.clone(),
        };
        match shown {
            Value::Blank => BLANK.to_owned(),
            value => value.to_text(),
        }
    }
}
