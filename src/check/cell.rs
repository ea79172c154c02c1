//! One cell of a data file -> [`Value`].

use rust_decimal::Decimal;

use crate::model::amount::Amount;
use crate::model::form::ColumnKind;
use crate::model::table::{Hole, Value};
use crate::say;
use crate::source::Place;
use crate::yaml::Node;
use crate::yaml::fields::{Figure, Reader};

/// What stands for a value that is written and cannot be read.
pub const UNREAD: Value = Value::Hole(Hole::Unread);

/// Reads a cell of this kind.
pub fn value(reader: &mut Reader<'_>, kind: ColumnKind, node: &Node) -> Value {
    match kind {
        ColumnKind::Text => match reader.text(node) {
            Some(text) => Value::Text(text.into()),
            None => UNREAD,
        },
        ColumnKind::YesNo => yes_no(reader, node),
        ColumnKind::Amount { unit, decimals, .. } => match reader.figure(node) {
            Figure::Number(value) => {
                check_decimals(reader, node.place, value, decimals);
                Value::Amount(Amount::new(value, unit))
            }
            Figure::NoData => Value::NoData,
            Figure::Blank => Value::Blank,
            Figure::Unread => UNREAD,
        },
        ColumnKind::Percent => number(reader, node, Value::Percent),
        ColumnKind::Count => number(reader, node, Value::Count),
        ColumnKind::Code(_) | ColumnKind::Name | ColumnKind::Line(_) => Value::Blank,
    }
}

fn number(reader: &mut Reader<'_>, node: &Node, make: fn(Decimal) -> Value) -> Value {
    match reader.figure(node) {
        Figure::Number(value) => make(value),
        Figure::NoData => Value::NoData,
        Figure::Blank => Value::Blank,
        Figure::Unread => UNREAD,
    }
}

fn yes_no(reader: &mut Reader<'_>, node: &Node) -> Value {
    match reader.text(node) {
        Some("是") => Value::YesNo(true),
        Some("否") => Value::YesNo(false),
        Some(text) => {
            reader.error(
                "wrong-type",
                node.place,
                say!(
                    "`{text}` 不是「是」或「否」",
                    "`{text}` is neither 是 nor 否"
                ),
                say!("写 是 或 否", "write 是 or 否"),
            );
            UNREAD
        }
        None => UNREAD,
    }
}

/// Warns `amount-decimals` when an amount is not written with the digits of its form. A plain `0`
/// is as good as `0.00`.
pub fn check_decimals(reader: &mut Reader<'_>, place: Place, value: Decimal, decimals: u32) {
    let scale = value.scale();
    let plain_zero = value.is_zero() && scale == 0;
    if scale != decimals && !plain_zero {
        reader.warning(
            "amount-decimals",
            place,
            say!(
                "小数位数是 {scale} 位，标准是 {decimals} 位",
                "digits after the point: {scale}, the standard has {decimals}"
            ),
            say!(
                "照原件核对；页面按写的样子印出",
                "check the original; the page prints it as written"
            ),
        );
    }
}
