//! Figures that stand out (information only): a large change without a reason, a unit that slipped.

mod change;
mod units;

use crate::check::withheld::Withheld;
use crate::diagnostic::{Detail, Diagnostic, Say, Severity};
use crate::model::coordinates::BLANK;
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, CellAt};
use crate::model::table::Value;
use crate::source::{Location, Source};
use crate::standard::Standard;

/// Reports `outlier-change` and `outlier-unit`.
pub fn check(
    standard: &Standard,
    disclosure: &Disclosure,
    head: &Source,
    withheld: &mut Withheld,
) -> Vec<Diagnostic> {
    let mut watch = Watch {
        disclosure,
        head,
        limit: standard.outlier_percent,
        findings: Vec::new(),
        withheld: 0,
    };
    let judged = watch.key_figures(standard);
    for (table, found) in disclosure.tables.iter().enumerate() {
        for (block, rows) in found.blocks.iter().enumerate() {
            let first = CellAt {
                table,
                block,
                row: 0,
                column: 0,
            };
            let form = &found.form.blocks[block];
            watch.growth(form, rows, first, &judged);
            watch.units(form, rows, first);
        }
    }
    withheld.outliers = watch.withheld;
    watch.findings
}

/// A disclosure that is looked at, and what was seen.
struct Watch<'a> {
    disclosure: &'a Disclosure,
    head: &'a Source,
    /// Percent.
    limit: u32,
    findings: Vec<Diagnostic>,
    /// Figures and groups of figures that could not be looked at, because one of them is not known.
    withheld: usize,
}

impl Watch<'_> {
    /// Reports what was seen at a figure.
    fn finding(&mut self, code: &'static str, at: &At, say: Say, hint: Say) {
        let disclosure = self.disclosure;
        let location = match at {
            At::Cell(cell) => {
                let around = disclosure.around(*cell);
                Location::new(&around.table.source, around.cell.place)
            }
            At::Input(input) => Location::new(self.head, disclosure.inputs[*input].cell.place),
            _ => return,
        };
        let finding =
            Diagnostic::finding(code, Severity::Note, &location.source, location.place, say);
        self.findings.push(finding.hint(hint).detail(Detail {
            at: disclosure.operand_selector(at).map(|at| at.to_string()),
            coordinates: Some(disclosure.coordinates(at)),
            found: Some(self.text(at)),
            ..Detail::default()
        }));
    }

    /// The value as the page shows it.
    fn value(&self, at: &At) -> Value {
        match at {
            At::Cell(cell) => {
                let around = self.disclosure.around(*cell);
                around.column.shown(&around.cell.value)
            }
            At::Input(input) => self.disclosure.inputs[*input].cell.value.clone(),
            _ => Value::Blank,
        }
    }

    fn text(&self, at: &At) -> String {
        let text = self.disclosure.operand_text(at);
        match self.disclosure.operand_unit(at) {
            _ if text == BLANK => text,
            "%" => format!("{text}%"),
            "" => text,
            unit => format!("{text} {unit}"),
        }
    }
}
