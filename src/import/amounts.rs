//! A cell of a workbook -> the text of a cell of a data file, exactly.

use rust_decimal::Decimal;

use super::fold;
use super::workbook::{Number, Value};
use crate::diagnostic::Say;
use crate::model::amount::{Amount, MoneyUnit, at_scale, read_number};
use crate::model::form::ColumnKind;
use crate::model::table::NO_DATA;
use crate::say;

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// As the data writes it; `None` for a blank.
    pub text: Option<String>,
    /// The same as a number, in the unit of the data.
    pub number: Option<Decimal>,
    /// Code and sentence of what is doubtful.
    pub doubt: Option<(&'static str, Say)>,
}

/// Texts that stand for nothing.
const NOTHING: [char; 8] = ['-', '－', '—', '–', '―', '−', '/', '／'];

/// Reads a cell of this kind; money is in `unit`.
pub fn read(value: &Value, kind: ColumnKind, unit: MoneyUnit) -> Reading {
    if let Value::Number(number) = value
        && let Some(doubt) = unseen(number)
    {
        return Reading {
            doubt: Some(("import-amount", doubt)),
            ..Reading::default()
        };
    }
    match kind {
        ColumnKind::Text => text(value),
        ColumnKind::YesNo => yes_no(value),
        ColumnKind::Amount { .. } | ColumnKind::Percent | ColumnKind::Count => {
            figure(value, kind, unit)
        }
        ColumnKind::Code(_) | ColumnKind::Name | ColumnKind::Line(_) => Reading::default(),
    }
}

impl Reading {
    fn of(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
    }

    fn number(value: Decimal, doubt: Option<Say>) -> Self {
        Self {
            text: Some(value.to_string()),
            number: Some(value),
            doubt: doubt.map(|say| ("import-amount", say)),
        }
    }

    fn unread(written: &str) -> Self {
        Self {
            doubt: Some((
                "import-amount",
                say!(
                    "`{written}` 不是数，留了空白",
                    "`{written}` is no number and was left blank"
                ),
            )),
            ..Self::default()
        }
    }
}

/// What to say of a number that is not zero and of which its format shows no digit.
fn unseen(number: &Number) -> Option<Say> {
    let zero = parse(&number.stored).is_some_and(|stored| stored.is_zero());
    (number.shown.trim().is_empty() && !zero).then(|| {
        let stored = &number.stored;
        say!(
            "存的是 {stored}，数字格式却不显示它，留了空白",
            "{stored} is stored but its number format does not show it; it was left blank"
        )
    })
}

/// Whether a number is shown with zeros in front that mean nothing, as codes are: `000089`.
pub fn is_padded(shown: &str) -> bool {
    let digits = shown.trim_start_matches('-').as_bytes();
    digits.first() == Some(&b'0') && digits.get(1).is_some_and(u8::is_ascii_digit)
}

fn written(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) | Value::Other(text) => fold::name(text),
        Value::Number(number) => number.shown.clone(),
    }
}

fn text(value: &Value) -> Reading {
    let text = written(value);
    if is_nothing(&text) {
        return Reading::default();
    }
    Reading::of(text)
}

fn is_nothing(text: &str) -> bool {
    text.chars().all(|letter| NOTHING.contains(&letter))
}

fn yes_no(value: &Value) -> Reading {
    let text = written(value);
    match text.as_str() {
        "是" | "否" => Reading::of(text),
        _ if is_nothing(&text) => Reading::default(),
        _ => Reading {
            doubt: Some((
                "import-amount",
                say!(
                    "`{text}` 不是「是」或「否」，留了空白",
                    "`{text}` is neither 是 nor 否 and was left blank"
                ),
            )),
            ..Reading::default()
        },
    }
}

fn figure(value: &Value, kind: ColumnKind, unit: MoneyUnit) -> Reading {
    match value {
        Value::Empty => Reading::default(),
        Value::Other(text) => Reading::unread(text),
        Value::Number(number) => number_cell(number, kind, unit),
        Value::Text(text) => text_cell(text, kind, unit),
    }
}

fn number_cell(number: &Number, kind: ColumnKind, unit: MoneyUnit) -> Reading {
    let shown = number.shown.trim();
    if shown.is_empty() {
        return Reading::default();
    }
    let percent = shown.strip_suffix('%');
    let stored = parse(&number.stored);
    match (kind, percent) {
        (ColumnKind::Percent, Some(percent)) => match parse(percent) {
            Some(value) => Reading::number(value, None),
            None => Reading::unread(shown),
        },
        (_, Some(_)) => Reading::unread(shown),
        (_, None) if is_padded(shown) => match stored {
            Some(stored) => {
                let said = &number.stored;
                Reading {
                    doubt: Some((
                        "import-amount",
                        say!(
                            "显示 {shown}，存的是 {said}，按存的写",
                            "shown {shown}, stored {said}; what is stored was taken"
                        ),
                    )),
                    ..settle(stored, stored, kind, unit)
                }
            }
            None => Reading::unread(shown),
        },
        (_, None) => match (parse(shown), stored) {
            (Some(shown), stored) => settle(shown, stored.unwrap_or(shown), kind, unit),
            (None, Some(stored)) => settle(stored, stored, kind, unit),
            (None, None) => Reading::unread(shown),
        },
    }
}

fn text_cell(text: &str, kind: ColumnKind, unit: MoneyUnit) -> Reading {
    let plain = text.trim();
    if is_nothing(plain) {
        return Reading::default();
    }
    if plain == NO_DATA {
        return Reading::of(NO_DATA);
    }
    let plain = match kind {
        ColumnKind::Percent => plain.trim_end_matches(['%', '％']),
        _ => plain,
    };
    match parse(plain) {
        Some(value) => settle(value, value, kind, unit),
        None => Reading::unread(plain),
    }
}

/// A number as people write it in a table: as data files take it, and （12.00） for −12.00.
fn parse(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let inside = text
        .strip_prefix(['(', '（'])
        .and_then(|rest| rest.strip_suffix([')', '）']));
    let value = read_number(inside.unwrap_or(text)).ok()?.value;
    match inside {
        Some(_) if value.is_sign_negative() => None,
        Some(_) => Some(-value),
        None => Some(value),
    }
}

/// What the data writes for a number that a sheet shows and stores.
fn settle(shown: Decimal, stored: Decimal, kind: ColumnKind, from: MoneyUnit) -> Reading {
    let ColumnKind::Amount {
        unit,
        show,
        decimals,
        ..
    } = kind
    else {
        return Reading::number(if shown == stored { shown } else { stored }, None);
    };
    if shown.is_zero() && stored.is_zero() && (shown.scale() == 0 || from != unit) {
        let zero = if shown.scale() == 0 { 0 } else { decimals };
        return Reading::number(at_scale(Decimal::ZERO, zero), None);
    }
    if from == unit {
        return same_unit(shown, stored, decimals);
    }
    let Some(exact) = Amount::new(stored, from).in_unit(unit).map(Amount::value) else {
        return Reading::unread(&stored.to_string());
    };
    let exact = exact.normalize();
    let unseen = shown != stored && show != from;
    if exact.scale() <= decimals {
        let doubt = unseen.then(|| both(shown, stored));
        return Reading::number(at_scale(exact, decimals), doubt);
    }
    let rounded = Amount::new(exact, unit).rounded(decimals).value();
    let doubt = say!(
        "{stored} {from}是 {exact} {unit}，按 {decimals} 位小数写成 {rounded}",
        "{stored} {from} is {exact} {unit}; with {decimals} decimals it is {rounded}"
    );
    Reading::number(rounded, Some(doubt))
}

/// The figure shown, with at least the digits of the form; what the sheet stores beyond it is doubtful.
fn same_unit(shown: Decimal, stored: Decimal, decimals: u32) -> Reading {
    if shown == stored {
        let plain = shown.normalize();
        return Reading::number(at_scale(plain, decimals.max(plain.scale())), None);
    }
    let value = if shown.scale() >= decimals {
        shown
    } else {
        let stored = Amount::new(stored, MoneyUnit::Yuan).rounded(decimals);
        stored.value()
    };
    Reading::number(value, Some(both(shown, stored)))
}

fn both(shown: Decimal, stored: Decimal) -> Say {
    say!(
        "显示 {shown}，存的是 {stored}",
        "shown {shown}, stored {stored}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(unit: MoneyUnit, show: MoneyUnit, decimals: u32) -> ColumnKind {
        ColumnKind::Amount {
            unit,
            show,
            decimals,
            show_decimals: 2,
        }
    }

    fn wan() -> ColumnKind {
        amount(MoneyUnit::WanYuan, MoneyUnit::WanYuan, 2)
    }

    fn number(shown: &str, stored: &str) -> Value {
        Value::Number(Number {
            shown: shown.to_owned(),
            stored: stored.to_owned(),
        })
    }

    fn told(value: &Value, kind: ColumnKind, unit: MoneyUnit) -> (String, String) {
        let reading = read(value, kind, unit);
        let doubt = reading.doubt.map(|(_, say)| say.zh);
        (reading.text.unwrap_or_default(), doubt.unwrap_or_default())
    }

    #[test]
    fn a_number_is_written_as_it_is_shown() {
        for (shown, stored, text, doubt) in [
            ("89.00", "89", "89.00", ""),
            ("89", "89", "89.00", ""),
            ("811.1", "811.1", "811.10", ""),
            ("0", "0", "0", ""),
            ("0.00", "0", "0.00", ""),
            ("", "0", "", ""),
            ("", "5", "", "存的是 5，数字格式却不显示它，留了空白"),
            ("", "-0.5", "", "存的是 -0.5，数字格式却不显示它，留了空白"),
            ("000089", "89", "89.00", "显示 000089，存的是 89，按存的写"),
            (
                "-007.50",
                "-7.5",
                "-7.50",
                "显示 -007.50，存的是 -7.5，按存的写",
            ),
            ("-12.30", "-12.3", "-12.30", ""),
            ("1.0851", "1.0851", "1.0851", ""),
            ("3764.7400", "3764.74", "3764.74", ""),
            (
                "3764.74",
                "3764.738456",
                "3764.74",
                "显示 3764.74，存的是 3764.738456",
            ),
            ("89", "89.25", "89.25", "显示 89，存的是 89.25"),
            ("12.5%", "0.125", "", "`12.5%` 不是数，留了空白"),
        ] {
            let found = told(&number(shown, stored), wan(), MoneyUnit::WanYuan);
            assert_eq!(found, (text.to_owned(), doubt.to_owned()), "{shown}");
        }
    }

    #[test]
    fn a_text_is_read_as_data_files_are() {
        for (written, text, doubt) in [
            ("3,764.74", "3764.74", ""),
            ("　３７６４.７４ ", "3764.74", ""),
            ("-", "", ""),
            ("——", "", ""),
            ("", "", ""),
            ("（12.00）", "-12.00", ""),
            ("无数据", "无数据", ""),
            ("（-1）", "", "`（-1）` 不是数，留了空白"),
            ("2.5O", "", "`2.5O` 不是数，留了空白"),
        ] {
            let found = told(&Value::Text(written.to_owned()), wan(), MoneyUnit::WanYuan);
            assert_eq!(found, (text.to_owned(), doubt.to_owned()), "{written}");
        }
        let error = Value::Other("#REF!".to_owned());
        let found = told(&error, wan(), MoneyUnit::WanYuan);
        assert_eq!(found.1, "`#REF!` 不是数，留了空白");
    }

    #[test]
    fn other_units_are_converted_and_lost_digits_are_doubtful() {
        let yuan = amount(MoneyUnit::Yuan, MoneyUnit::WanYuan, 0);
        for (kind, unit, shown, stored, text, doubt) in [
            (
                wan(),
                MoneyUnit::Yuan,
                "37647400.00",
                "37647400",
                "3764.74",
                "",
            ),
            (wan(), MoneyUnit::Yuan, "0.00", "0", "0.00", ""),
            (wan(), MoneyUnit::Yuan, "0", "0", "0", ""),
            (
                wan(),
                MoneyUnit::Yuan,
                "37647450.00",
                "37647450",
                "3764.75",
                "37647450 元是 3764.745 万元，按 2 位小数写成 3764.75",
            ),
            (yuan, MoneyUnit::WanYuan, "3.51", "3.5142", "35142", ""),
            (yuan, MoneyUnit::WanYuan, "0.00", "0", "0", ""),
        ] {
            let found = told(&number(shown, stored), kind, unit);
            assert_eq!(found, (text.to_owned(), doubt.to_owned()), "{shown}");
        }
    }

    #[test]
    fn percents_counts_and_answers_keep_what_is_shown() {
        let unit = MoneyUnit::WanYuan;
        for (value, kind, text) in [
            (number("12.5%", "0.125"), ColumnKind::Percent, "12.5"),
            (number("98.5", "98.5"), ColumnKind::Percent, "98.5"),
            (
                Value::Text("98.5％".to_owned()),
                ColumnKind::Percent,
                "98.5",
            ),
            (number("1234", "1234"), ColumnKind::Count, "1234"),
            (Value::Text(" 是".to_owned()), ColumnKind::YesNo, "是"),
            (Value::Text("甲\n乙".to_owned()), ColumnKind::Text, "甲乙"),
            (number("201", "201"), ColumnKind::Text, "201"),
        ] {
            assert_eq!(told(&value, kind, unit).0, text);
        }
    }
}
