//! Changes beyond the threshold of the standard for which no reason is written.

use rust_decimal::Decimal;

use super::Watch;
use crate::model::amount::{is_base, percent};
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, ColumnKind, Computed};
use crate::model::proof::{At, CellAt};
use crate::model::selector::{Found, Selector};
use crate::model::table::{Block, Value};
use crate::say;
use crate::standard::Standard;

/// How a figure moved against an earlier one, beyond the threshold.
#[derive(Debug, PartialEq, Eq)]
enum Move {
    FromZero,
    /// From a negative figure, of which there are no percentages.
    FromNegative,
    Up(Decimal),
    Down(Decimal),
}

/// The move from one value to another, if it is more than `limit` percent. A blank beside a number is
/// zero.
fn beyond(now: &Value, before: &Value, limit: u32) -> Option<Move> {
    let (now, before) = match (now, before) {
        (Value::Amount(now), Value::Amount(before)) => {
            (now.value(), before.in_unit(now.unit())?.value())
        }
        (now, Value::Blank) => (now.number()?, Decimal::ZERO),
        (Value::Blank, before) => (Decimal::ZERO, before.number()?),
        (now, before) => (now.number()?, before.number()?),
    };
    let size = now.checked_sub(before)?.abs();
    let base = before.abs();
    if size.is_zero() {
        return None;
    }
    if base.is_zero() {
        return Some(Move::FromZero);
    }
    let most = base.checked_mul(Decimal::from(limit))?;
    if size.checked_mul(Decimal::ONE_HUNDRED)? <= most {
        return None;
    }
    if !is_base(before) {
        return Some(Move::FromNegative);
    }
    let rate = percent(size, base)?;
    Some(if now > before {
        Move::Up(rate)
    } else {
        Move::Down(rate)
    })
}

impl Watch<'_> {
    /// Key figures with last year's; gives the cells and inputs that were looked at.
    pub fn key_figures(&mut self, standard: &Standard) -> Vec<At> {
        let mut judged = Vec::new();
        for figure in &standard.key_figures {
            let Some(prior) = &figure.prior else { continue };
            let reason = figure.reason.as_deref();
            let sides = [&figure.value.selector, &prior.selector];
            let hole = |at: &&Selector| self.disclosure.hole_at(at).is_some();
            if sides.iter().any(hole) || reason.is_some_and(|id| self.may_say_why(id)) {
                self.withheld += 1;
                judged.extend(position(self.disclosure, &figure.value.selector));
                continue;
            }
            let now = position(self.disclosure, &figure.value.selector);
            let before = position(self.disclosure, &prior.selector);
            let (Some(now), Some(before)) = (now, before) else {
                continue;
            };
            let found = beyond(&self.value(&now), &self.value(&before), self.limit);
            if let Some(found) = found.filter(|_| !reason.is_some_and(|id| self.says_why(id))) {
                let words = self.disclosure.coordinates(&before);
                self.change(&now, &before, &words, &found, reason);
            }
            judged.push(now);
        }
        judged
    }

    /// Cells whose change a column of the table computes.
    pub fn growth(&mut self, form: &BlockForm, block: &Block, first: CellAt, judged: &[At]) {
        let names: Vec<usize> = form
            .columns
            .iter()
            .filter_map(|column| column.codes.as_ref()?.name)
            .collect();
        let has_reasons = form.columns.iter().enumerate().any(|(at, column)| {
            column.kind == ColumnKind::Text && column.codes.is_none() && !names.contains(&at)
        });
        if has_reasons {
            return;
        }
        for column in &form.columns {
            let Some(Computed::Growth(now, before)) = column.computed else {
                continue;
            };
            let title = &form.columns[before].title;
            let title = title.fill(&self.disclosure.title_values());
            for row in 0..block.rows.len() {
                let at = |column| {
                    At::Cell(CellAt {
                        row,
                        column,
                        ..first
                    })
                };
                let (now, before) = (at(now), at(before));
                if judged.contains(&now) {
                    continue;
                }
                let hole = |at| self.disclosure.operand_value(at).hole().is_some();
                if hole(&now) || hole(&before) {
                    self.withheld += 1;
                    continue;
                }
                if let Some(found) = beyond(&self.value(&now), &self.value(&before), self.limit) {
                    self.change(&now, &before, &title, &found, None);
                }
            }
        }
    }

    fn change(&mut self, now: &At, before: &At, earlier: &str, found: &Move, reason: Option<&str>) {
        let words = self.disclosure.coordinates(now);
        let (text, prior, limit) = (self.text(now), self.text(before), self.limit);
        let say = match found {
            Move::FromZero => say!(
                "{words} {text}，{earlier} {prior}，从无到有，没有写原因",
                "{words} {text}, {earlier} {prior}: new, and no reason is given"
            ),
            Move::FromNegative => say!(
                "{words} {text}，{earlier} {prior}，上年为负，不计算百分比，没有写原因",
                "{words} {text}, {earlier} {prior}: no percentage of a negative figure, and no reason is given"
            ),
            Move::Up(rate) => say!(
                "{words} {text}，{earlier} {prior}，增长 {rate}%，超过 {limit}%，没有写原因",
                "{words} {text}, {earlier} {prior}: up {rate}%, over {limit}%, and no reason is given"
            ),
            Move::Down(rate) => say!(
                "{words} {text}，{earlier} {prior}，下降 {rate}%，超过 {limit}%，没有写原因",
                "{words} {text}, {earlier} {prior}: down {rate}%, over {limit}%, and no reason is given"
            ),
        };
        let hint = match reason {
            Some(id) => say!(
                "核对这两个数；属实的，在 inputs 下写 `{id}: …` 说明原因",
                "check both; if they are right, give the reason as `{id}: …` below `inputs`"
            ),
            None => say!(
                "核对这两个数；属实的，在情况说明里写明原因",
                "check both; if they are right, give the reason in the narrative"
            ),
        };
        self.finding("outlier-change", now, say, hint);
    }

    /// Whether it is not known if the input that gives a reason gives one.
    fn may_say_why(&self, id: &str) -> bool {
        let mut inputs = self.disclosure.inputs.iter();
        inputs.any(|input| *input.form.id == *id && input.cell.value.hole().is_some())
    }

    /// Whether the input that gives a reason gives one.
    fn says_why(&self, id: &str) -> bool {
        let mut inputs = self.disclosure.inputs.iter();
        inputs.any(|input| {
            let text = matches!(&input.cell.value, Value::Text(text) if !text.trim().is_empty());
            *input.form.id == *id && text
        })
    }
}

/// The position of what a selector names.
fn position(disclosure: &Disclosure, selector: &Selector) -> Option<At> {
    match disclosure.find(selector)? {
        Found::Cell {
            table,
            block,
            row,
            column,
            ..
        } => Some(At::Cell(CellAt {
            table,
            block,
            row: disclosure.tables[table].blocks[block].position(&row.id)?,
            column,
        })),
        Found::Input(input) => {
            let mut inputs = disclosure.inputs.iter();
            inputs
                .position(|known| known.form.id == input.form.id)
                .map(At::Input)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::{Amount, MoneyUnit, read_number};

    fn value(text: &str) -> Value {
        read_number(text).map_or(Value::Blank, |written| {
            Value::Amount(Amount::new(written.value, MoneyUnit::WanYuan))
        })
    }

    #[test]
    fn a_change_is_beyond_the_threshold_only_above_it_and_from_zero_always() {
        let rate = |hundredths| Decimal::new(hundredths, 2);
        for (now, before, found) in [
            ("130.00", "100.00", None),
            ("130.01", "100.00", Some(Move::Up(rate(3001)))),
            ("69.99", "100.00", Some(Move::Down(rate(3001)))),
            ("", "5.00", Some(Move::Down(rate(10_000)))),
            ("5.00", "0", Some(Move::FromZero)),
            ("5.00", "", Some(Move::FromZero)),
            ("5.00", "-10.00", Some(Move::FromNegative)),
            ("-5.00", "-10.00", Some(Move::FromNegative)),
            ("-9.99", "-10.00", None),
            ("-5.00", "10.00", Some(Move::Down(rate(15_000)))),
            ("0", "", None),
            ("", "", None),
        ] {
            assert_eq!(
                beyond(&value(now), &value(before), 30),
                found,
                "{now} {before}"
            );
        }
    }
}
