//! One CSV file a block: UTF-8 with a byte order mark, CRLF, figures without commas.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::columns::{DataColumn, Origin};
use crate::model::form::{BlockForm, ColumnKind};
use crate::model::table::{Block, NO_DATA, Row, Value};

/// What Excel and WPS know UTF-8 by.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Characters with which a text would be taken for a formula, wide ones included.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The file of one block.
#[must_use]
pub fn write(form: &BlockForm, block: &Block, columns: &[DataColumn]) -> String {
    let mut out = String::with_capacity(64 * (block.rows.len() + 1));
    out.push_str(BYTE_ORDER_MARK);
    for (at, column) in columns.iter().enumerate() {
        separate(&mut out, at);
        text(&mut out, &column.name);
    }
    out.push_str("\r\n");
    for row in &block.rows {
        for (at, column) in columns.iter().enumerate() {
            separate(&mut out, at);
            field(&mut out, form, row, column.from);
        }
        out.push_str("\r\n");
    }
    out
}

fn separate(out: &mut String, at: usize) {
    if at > 0 {
        out.push(',');
    }
}

fn field(out: &mut String, form: &BlockForm, row: &Row, from: Origin) {
    match from {
        Origin::Code => text(out, row.code.as_ref().map_or("", |code| code.as_str())),
        Origin::Level => number(out, Decimal::from(if row.total { 0 } else { row.level })),
        Origin::Column(at) => match form.columns[at].kind {
            ColumnKind::Name => text(out, &row.name),
            ColumnKind::Line(start) => number(out, Decimal::from(start + row.line)),
            _ => match &row.cells[at].value {
                Value::Blank => {}
                Value::NoData => out.push_str(NO_DATA),
                Value::Text(written) => text(out, written),
                Value::YesNo(_) => out.push_str(&row.cells[at].value.to_text()),
                figure => number(out, figure.number().unwrap_or_default()),
            },
        },
    }
}

fn number(out: &mut String, value: Decimal) {
    write!(out, "{}", unsigned_zero(value)).expect("writing to a string does not fail");
}

/// The number, without the sign of a zero.
#[must_use]
pub fn unsigned_zero(value: Decimal) -> Decimal {
    if value.is_zero() { value.abs() } else { value }
}

/// A text as a field. One that a spreadsheet would take for a formula gets an apostrophe, which it
/// does not show; figures never come here.
fn text(out: &mut String, text: &str) {
    let formula = text.trim_start().starts_with(FORMULA) || text.starts_with(FORMULA);
    let plain = !text.contains(['"', ',', '\r', '\n']) && text.trim() == text;
    let guard = if formula { "'" } else { "" };
    if plain {
        out.push_str(guard);
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(guard);
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_a_formula_and_never_two_fields() {
        for (written, field) in [
            ("人员经费", "人员经费"),
            ("", ""),
            ("=1+1", "'=1+1"),
            ("  =1", "\"'  =1\""),
            ("+86", "'+86"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("甲,乙", "\"甲,乙\""),
            ("甲\"乙", "\"甲\"\"乙\""),
            ("甲\n乙", "\"甲\n乙\""),
            (
                "=HYPERLINK(\"http://a\",\"b\")",
                "\"'=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\"",
            ),
        ] {
            let mut out = String::new();
            text(&mut out, written);
            assert_eq!(out, field);
        }
    }

    #[test]
    fn a_figure_keeps_its_scale_and_its_sign_but_a_zero_has_none() {
        for (value, field) in [
            ("-12.30", "-12.30"),
            ("-0.00", "0.00"),
            ("0", "0"),
            ("1234567.8", "1234567.8"),
        ] {
            let mut out = String::new();
            number(&mut out, Decimal::from_str_exact(value).expect(value));
            assert_eq!(out, field);
        }
    }
}
