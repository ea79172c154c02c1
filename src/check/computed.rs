//! Columns that follow from two others: 增减额, 增减 %, 完成 %.

use rust_decimal::Decimal;

use crate::model::amount::Amount;
use crate::model::form::{Column, ColumnKind, Computed};
use crate::model::table::{Cell, Value};

/// The value of a computed column in a row; blank without operands and, for a percent, on a base that is zero or
/// negative. Operands are taken as the page shows them, so that a reader comes to the same result.
pub fn value(computed: Computed, at: usize, columns: &[Column], cells: &[Cell]) -> Value {
    let pair = |left: usize, right: usize| {
        pair(
            &columns[left].shown(&cells[left].value),
            &columns[right].shown(&cells[right].value),
        )
    };
    let (left, right) = operands(computed);
    if let Some(hole) = [left, right].iter().find_map(|at| cells[*at].value.hole()) {
        return Value::Hole(hole);
    }
    let result = match computed {
        Computed::Difference(left, right) => pair(left, right)
            .and_then(|(left, right)| difference(left, right, columns[at].kind))
            .map(Value::Amount),
        Computed::Growth(now, before) => pair(now, before)
            .and_then(|(now, before)| growth(now, before))
            .map(Value::Percent),
        Computed::Ratio(part, whole) => pair(part, whole)
            .and_then(|(part, whole)| part.percent_of(whole))
            .map(Value::Percent),
    };
    result.unwrap_or(Value::Blank)
}

/// Positions of the two columns that a computed one follows from.
pub const fn operands(computed: Computed) -> (usize, usize) {
    match computed {
        Computed::Difference(left, right)
        | Computed::Growth(left, right)
        | Computed::Ratio(left, right) => (left, right),
    }
}

/// Two amounts of a row: a blank beside an amount is zero, two blanks are nothing.
fn pair(left: &Value, right: &Value) -> Option<(Amount, Amount)> {
    let zero = |like: Amount| Amount::new(Decimal::ZERO, like.unit());
    match (left, right) {
        (Value::Amount(left), Value::Amount(right)) => Some((*left, *right)),
        (Value::Amount(left), Value::Blank) => Some((*left, zero(*left))),
        (Value::Blank, Value::Amount(right)) => Some((zero(*right), *right)),
        _ => None,
    }
}

/// In the unit and with the digits that the column shows.
fn difference(left: Amount, right: Amount, kind: ColumnKind) -> Option<Amount> {
    let difference = left.minus(right)?;
    match kind {
        ColumnKind::Amount {
            show,
            show_decimals,
            ..
        } => Some(difference.in_unit(show)?.rounded(show_decimals)),
        _ => None,
    }
}

/// The move in percent of the earlier amount.
fn growth(now: Amount, before: Amount) -> Option<Decimal> {
    now.minus(before)?.percent_of(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::{MoneyUnit, read_number};
    use crate::model::title::Title;
    use crate::source::Place;

    fn cell(text: &str) -> Cell {
        Cell {
            value: read_number(text).map_or(Value::Blank, |written| {
                Value::Amount(Amount::new(written.value, MoneyUnit::Yuan))
            }),
            place: Place::FILE,
        }
    }

    /// Difference, growth and ratio of two amounts in 元.
    fn computed(now: &str, before: &str, show: MoneyUnit) -> [String; 3] {
        let column = |kind| Column {
            id: "".into(),
            kind,
            title: Title::default(),
            printed: true,
            computed: None,
            codes: None,
            prior_of: None,
        };
        let amount = ColumnKind::Amount {
            unit: MoneyUnit::Yuan,
            show,
            decimals: 2,
            show_decimals: 2,
        };
        let columns = [amount, amount, amount, ColumnKind::Percent].map(column);
        let cells = [cell(now), cell(before)];
        [
            value(Computed::Difference(0, 1), 2, &columns, &cells).to_text(),
            value(Computed::Growth(0, 1), 3, &columns, &cells).to_text(),
            value(Computed::Ratio(0, 1), 3, &columns, &cells).to_text(),
        ]
    }

    #[test]
    fn a_blank_beside_an_amount_is_zero_and_only_a_base_above_zero_has_a_percent() {
        for (now, before, found) in [
            ("90.00", "100.00", ["-10.00", "-10.00", "90.00"]),
            ("2.00", "3.00", ["-1.00", "-33.33", "66.67"]),
            ("50.00", "-100.00", ["150.00", "", ""]),
            ("5.00", "0.00", ["5.00", "", ""]),
            ("5.00", "", ["5.00", "", ""]),
            ("", "5.00", ["-5.00", "-100.00", "0.00"]),
            ("", "", ["", "", ""]),
        ] {
            let texts = computed(now, before, MoneyUnit::Yuan);
            assert_eq!(texts, found, "{now} {before}");
        }
    }

    #[test]
    fn what_a_reader_sees_gives_what_the_column_shows() {
        assert_eq!(
            computed("38642.00", "45000.00", MoneyUnit::WanYuan),
            ["-0.64", "-14.22", "85.78"]
        );
    }
}
