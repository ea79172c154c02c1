//! Computed columns whose value the data states itself, held against the two columns that they follow from.

use rust_decimal::Decimal;

use super::computed;
use super::interval::Sum;
use crate::diagnostic::{Diagnostic, Say};
use crate::model::amount::{Amount, is_base};
use crate::model::disclosure::Disclosure;
use crate::model::form::{Column, ColumnKind, Computed};
use crate::model::narrative::NoPercent;
use crate::model::proof::{At, CellAt, Verdict};
use crate::model::table::{Cell, Value};
use crate::say;
use crate::standard::Standard;

/// What a stated value should have been.
#[derive(Debug, PartialEq)]
enum Right {
    /// This, out of the two figures.
    Computed(Value, [Amount; 2]),
    /// No percentage: the base is zero or blank.
    ZeroBase,
    /// No percentage: the base is negative.
    NegativeBase,
}

/// Reports `sum-mismatch` for a stated difference and `share-mismatch` for a stated percentage that its two columns do
/// not give. What rounding explains, or needs a figure that is not known, is let pass.
pub fn check(standard: &Standard, disclosure: &Disclosure) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (table, found) in disclosure.tables.iter().enumerate() {
        for (block, rows) in found.blocks.iter().enumerate() {
            let columns = &found.form.blocks[block].columns;
            for (column, computed) in computed_of(columns) {
                for (row, cells) in rows.rows.iter().map(|row| &row.cells).enumerate() {
                    let Some(right) = wrong(computed, column, columns, cells) else {
                        continue;
                    };
                    let at = At::Cell(CellAt {
                        table,
                        block,
                        row,
                        column,
                    });
                    let words = disclosure.coordinates(&at);
                    let cell = &cells[column];
                    let (code, say, hint) =
                        told(&words, &cell.value, computed, &right, &standard.no_percent);
                    findings
                        .push(Diagnostic::error(code, &found.source, cell.place, say).hint(hint));
                }
            }
        }
    }
    findings
}

fn computed_of(columns: &[Column]) -> impl Iterator<Item = (usize, Computed)> {
    let columns = columns.iter().enumerate();
    columns.filter_map(|(at, column)| Some((at, column.computed?)))
}

/// What the value of a computed column should have been, where it is not that. A value that was left out has been
/// computed and so is right.
fn wrong(computed: Computed, at: usize, columns: &[Column], cells: &[Cell]) -> Option<Right> {
    let stated = cells[at].value.number()?;
    let expected = computed::value(computed, at, columns, cells);
    if expected.hole().is_some() || expected.number() == Some(stated) {
        return None;
    }
    let (left, right) = computed::operands(computed);
    let amount = |at: usize| amount(&columns[at], &cells[at].value);
    let (first, second) = (amount(left)?, amount(right)?);
    if !matches!(computed, Computed::Difference(..)) && !is_base(second.0.value()) {
        let zero = second.0.is_zero();
        return Some(if zero {
            Right::ZeroBase
        } else {
            Right::NegativeBase
        });
    }
    let sum = |(amount, decimals): (Amount, u32)| {
        Sum::of(amount.value(), Some(amount.unit()), Some(decimals))
    };
    let (left, right) = (sum(first)?, sum(second)?);
    let verdict = match computed {
        Computed::Difference(..) => left.and(right, true)?.equal(sum(amount(at)?)?),
        // The growth and the whole are what the later figure is of the earlier one.
        Computed::Growth(..) => {
            let whole = stated.checked_add(Decimal::ONE_HUNDRED)?;
            left.share(right, whole)?.1
        }
        Computed::Ratio(..) => left.share(right, stated)?.1,
    };
    (verdict == Verdict::Broken).then_some(Right::Computed(expected, [first.0, second.0]))
}

/// An amount as the page shows it, a blank as zero, with the digits that it is shown with.
fn amount(column: &Column, value: &Value) -> Option<(Amount, u32)> {
    let ColumnKind::Amount {
        show,
        show_decimals,
        ..
    } = column.kind
    else {
        return None;
    };
    match column.shown(value) {
        Value::Amount(amount) => Some((amount, show_decimals)),
        Value::Blank => Some((Amount::new(Decimal::ZERO, show), show_decimals)),
        _ => None,
    }
}

fn told(
    words: &str,
    stated: &Value,
    computed: Computed,
    right: &Right,
    no_percent: &NoPercent,
) -> (&'static str, Say, Say) {
    let text = stated.to_text();
    let change = matches!(computed, Computed::Growth(..));
    let zero = matches!(right, Right::ZeroBase);
    let Right::Computed(expected, [first, second]) = right else {
        let why = match (change, zero) {
            (true, true) => &no_percent.prior_zero,
            (true, false) => &no_percent.prior_negative,
            (false, true) => &no_percent.whole_zero,
            (false, false) => &no_percent.whole_negative,
        };
        let why = why.trim_matches(['（', '）']);
        let kind = if zero { "zero or blank" } else { "negative" };
        let say = say!(
            "{words} 写的是 {text}%，但{why}",
            "{words} states {text}%, but there is no percentage of a base that is {kind}"
        );
        let hint = say!(
            "删去这一格，留空；或核对作基数的金额",
            "leave the cell out, or check the amount that is the base"
        );
        return ("share-mismatch", say, hint);
    };
    let expected = match expected {
        Value::Blank => "0".to_owned(),
        value => value.to_text(),
    };
    let unit = first.unit();
    let (first, second) = (first.to_text(), second.to_text());
    let hint = say!(
        "核对这一行的两个金额和这一格；删去这一格，程序自己算",
        "check the two amounts of the row and this cell; left out, it is computed"
    );
    match computed {
        Computed::Difference(..) => (
            "sum-mismatch",
            say!(
                "{words} 写的是 {text}，{first} − {second} = {expected}（{unit}）",
                "{words} states {text}, and {first} − {second} = {expected} ({unit})"
            ),
            hint,
        ),
        Computed::Growth(..) => (
            "share-mismatch",
            say!(
                "{words} 写的是 {text}%，从 {second} 到 {first} {unit}是 {expected}%",
                "{words} states {text}%, and from {second} to {first} {unit} it is {expected}%"
            ),
            hint,
        ),
        Computed::Ratio(..) => (
            "share-mismatch",
            say!(
                "{words} 写的是 {text}%，{first} ÷ {second} {unit} = {expected}%",
                "{words} states {text}%, and {first} ÷ {second} {unit} = {expected}%"
            ),
            hint,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::{MoneyUnit, read_number};
    use crate::model::title::Title;
    use crate::source::Place;

    /// What is wrong with a value stated for a column that follows from two amounts.
    fn held(computed: Computed, now: &str, before: &str, stated: &str) -> Option<Right> {
        let amount = ColumnKind::Amount {
            unit: MoneyUnit::WanYuan,
            show: MoneyUnit::WanYuan,
            decimals: 2,
            show_decimals: 2,
        };
        let percent = !matches!(computed, Computed::Difference(..));
        let own = if percent { ColumnKind::Percent } else { amount };
        let columns = [amount, amount, own].map(|kind| Column {
            id: "".into(),
            kind,
            title: Title::default(),
            printed: true,
            computed: None,
            codes: None,
            prior_of: None,
        });
        let value = |text: &str, percent: bool| match read_number(text) {
            Err(_) => Value::Blank,
            Ok(written) if percent => Value::Percent(written.value),
            Ok(written) => Value::Amount(Amount::new(written.value, MoneyUnit::WanYuan)),
        };
        let cells = [(now, false), (before, false), (stated, percent)];
        let cells = cells.map(|(text, percent)| Cell {
            value: value(text, percent),
            place: Place::FILE,
        });
        wrong(computed, 2, &columns, &cells)
    }

    #[test]
    fn a_stated_value_is_what_its_two_columns_give_or_is_told() {
        let difference = Computed::Difference(0, 1);
        let growth = Computed::Growth(0, 1);
        let ratio = Computed::Ratio(0, 1);
        for (computed, now, before, stated) in [
            (difference, "12.00", "10.00", "2.00"),
            (difference, "12.00", "10.00", "2.01"),
            (difference, "12.00", "", "12.00"),
            (growth, "12.00", "10.00", "20"),
            (growth, "0.64", "0.75", "-14.22"),
            (growth, "", "10.00", "-100.00"),
            (ratio, "1.00", "3.00", "33.4"),
            (growth, "12.00", "10.00", ""),
            (growth, "12.00", "0.00", ""),
        ] {
            let found = held(computed, now, before, stated);
            assert_eq!(found, None, "{computed:?} {now} {before} {stated}");
        }
        for (computed, now, before, stated) in [
            (difference, "12.00", "10.00", "3.00"),
            (difference, "", "", "3.00"),
            (growth, "12.00", "10.00", "-20.00"),
            (growth, "", "10.00", "-50.00"),
            (ratio, "12.00", "10.00", "20.00"),
        ] {
            let found = held(computed, now, before, stated);
            let told = matches!(found, Some(Right::Computed(..)));
            assert!(told, "{computed:?} {now} {before} {stated}: {found:?}");
        }
        for (before, right) in [
            ("0.00", Right::ZeroBase),
            ("", Right::ZeroBase),
            ("-10.00", Right::NegativeBase),
        ] {
            for computed in [growth, ratio] {
                let found = held(computed, "5.00", before, "50.00");
                assert_eq!(found.as_ref(), Some(&right), "{computed:?} {before}");
            }
        }
    }
}
