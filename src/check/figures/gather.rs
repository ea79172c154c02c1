//! Where figures come from: cells, funds of sheets, inputs, and what sentences, key figures, charts and
//! rules compute.

use rust_decimal::Decimal;

use super::facts::{Fact, Facts, Share, yuan};
use super::mention::scan;
use crate::model::amount::{Amount, read_number};
use crate::model::narrative::{Figure, Step};
use crate::model::proof::{At, CellAt, Relation, Term};
use crate::model::table::Value;
use crate::narrative::look_up;

impl Facts<'_> {
    /// Gathers everything; `sentences` are figures of sentences that are not printed.
    pub fn gather(&mut self, sentences: &[Figure]) {
        let disclosure = self.disclosure;
        self.add_cells();
        self.add_funds_and_inputs();
        for figure in disclosure.narrative.figures.iter().chain(sentences) {
            self.add_computed(figure);
        }
        self.add_overview();
        for relation in disclosure.proof.relations() {
            self.add_sums(relation);
        }
    }

    fn add(&mut self, amount: Amount, at: Option<At>, total: bool) {
        let amount = amount.magnitude();
        if amount.is_zero() {
            return;
        }
        if let Some(yuan) = yuan(amount) {
            self.money.push(Fact {
                amount,
                at,
                yuan,
                rank: (!total, self.money.len()),
            });
        }
    }

    fn add_share(&mut self, value: Decimal, at: Option<At>, steps: String, bind: Option<String>) {
        self.shares.push(Share {
            value: value.abs(),
            at,
            steps,
            bind,
        });
    }

    fn add_value(&mut self, value: &Value, at: At, total: bool) {
        match value {
            Value::Amount(amount) => self.add(*amount, Some(at), total),
            Value::Percent(value) => self.add_share(*value, Some(at), String::new(), None),
            _ => {}
        }
    }

    fn add_cells(&mut self) {
        let disclosure = self.disclosure;
        for (table, found) in disclosure.tables.iter().enumerate() {
            for (block, rows) in found.blocks.iter().enumerate() {
                let columns = &found.form.blocks[block].columns;
                for (row, found) in rows.rows.iter().enumerate() {
                    for (column, cell) in found.cells.iter().enumerate() {
                        let at = At::Cell(CellAt {
                            table,
                            block,
                            row,
                            column,
                        });
                        let shown = columns[column].shown(&cell.value);
                        if shown != cell.value {
                            self.add_value(&shown, at.clone(), found.total);
                        }
                        self.add_value(&cell.value, at, found.total);
                    }
                }
            }
        }
    }

    fn add_funds_and_inputs(&mut self) {
        let disclosure = self.disclosure;
        for (sheet, found) in disclosure.sheets.iter().enumerate() {
            for (phase, funds) in found.funds.iter().enumerate() {
                for (line, cell) in funds.iter().enumerate() {
                    self.add_value(&cell.value, At::Fund { sheet, phase, line }, false);
                }
            }
        }
        for (input, found) in disclosure.inputs.iter().enumerate() {
            self.add_value(&found.cell.value, At::Input(input), false);
        }
    }

    /// A figure that a sentence computes; its unit is that of its operands.
    fn add_computed(&mut self, figure: &Figure) {
        let Figure::Computed { text, steps, .. } = figure else {
            return;
        };
        if let Some(number) = text
            .strip_suffix('%')
            .and_then(|text| read_number(text).ok())
        {
            let words = steps.iter().map(|step| match step {
                Step::Sign(text) => text,
                Step::Operand { text, .. } | Step::Result { text, .. } => text.as_str(),
            });
            let bind = match steps.as_slice() {
                [
                    Step::Operand { at: part, .. },
                    _,
                    Step::Operand { at: of, .. },
                ] => Some(format!("share(part=\"{part}\", of=\"{of}\")")),
                _ => None,
            };
            self.add_share(number.value, None, words.collect(), bind);
            return;
        }
        let unit = steps.iter().find_map(|step| match step {
            Step::Operand { at, .. } => {
                let found = look_up(self.disclosure, at.clone())?;
                found.value.amount().map(Amount::unit)
            }
            _ => None,
        });
        if let (Some(unit), Ok(number)) = (unit, read_number(text)) {
            self.add(Amount::new(number.value, unit), None, false);
        }
    }

    /// Changes of the key figures, and shares of the charts.
    fn add_overview(&mut self) {
        let disclosure = self.disclosure;
        let changes = disclosure.key_figures.iter();
        for mention in changes
            .filter_map(|figure| figure.change.as_ref())
            .flat_map(|change| scan(&change.text))
        {
            match mention.amount() {
                Some(amount) => self.add(amount, None, false),
                None => self.add_share(mention.value, None, mention.words, None),
            }
        }
        for chart in &disclosure.charts {
            for slice in &chart.slices {
                let Some(amount) = slice.amount else { continue };
                let Some(share) = amount.percent_of(chart.total) else {
                    continue;
                };
                let steps = format!("{} ÷ {}", amount.to_text(), chart.total.to_text());
                let bind = format!("share(part=\"{}\", of=\"{}\")", slice.at, chart.total_at);
                self.add_share(share, None, steps, Some(bind));
            }
        }
    }

    /// Both sides of a relation, where they are sums.
    fn add_sums(&mut self, relation: &Relation) {
        for side in [&relation.left, &relation.right] {
            if side.len() > 1
                && let Some(sum) = self.sum(side)
            {
                self.add(sum, None, false);
            }
        }
    }

    fn sum(&self, terms: &[Term]) -> Option<Amount> {
        let mut sum: Option<Amount> = None;
        for term in terms {
            let Some(amount) = self.disclosure.operand_amount(&term.at) else {
                continue;
            };
            let from = sum.unwrap_or(Amount::new(Decimal::ZERO, amount.unit()));
            sum = if term.minus {
                from.minus(amount)
            } else {
                from.plus(amount)
            };
            sum?;
        }
        sum
    }
}
