//! Whether a file that an import replaces holds anything that would be lost.

use crate::diagnostic::{Diagnostics, Say};
use crate::model::table::{Row, Table, Value};
use crate::say;

/// Faults of a file that only waits for its figures.
const WAITING: [&str; 2] = ["no-data-reason", "table-empty"];

/// What a file has that the new one has not; `None` when every value of it is in the new one too.
pub fn lost(
    path: &str,
    faults: &Diagnostics,
    before: Option<&Table>,
    after: &Table,
) -> Option<Say> {
    let unread = faults.as_slice().iter().any(|fault| {
        fault.is_fault() && fault.location.source.path == path && !WAITING.contains(&fault.code)
    });
    let Some(before) = before.filter(|_| !unread) else {
        return Some(say!(
            "里面有读不懂的地方，不知道会丢掉什么",
            "it cannot be understood, so what would be lost is not known"
        ));
    };
    if let Some(reason) = &before.no_data
        && after.no_data.as_ref() != Some(reason)
    {
        return Some(say!(
            "no_data 原来是「{reason}」",
            "its no_data is {reason}"
        ));
    }
    let blocks = before.blocks.iter().zip(&after.blocks);
    for ((old, new), form) in blocks.zip(&before.form.blocks) {
        for row in old.rows.iter().filter(|row| says(row)) {
            let other = new.row(&row.id);
            for (at, column) in form.columns.iter().enumerate() {
                let value = &row.cells[at].value;
                let other = other.map(|other| &other.cells[at].value);
                if *value != Value::Blank && column.computed.is_none() && other != Some(value) {
                    let title = column.title.sample();
                    return Some(cell(row, &title, value, other));
                }
            }
        }
    }
    None
}

fn says(row: &Row) -> bool {
    row.cells.iter().any(|cell| cell.value != Value::Blank)
}

fn cell(row: &Row, title: &str, value: &Value, other: Option<&Value>) -> Say {
    let name = &row.name;
    let old = value.to_text();
    let word = |value: &Value| match value {
        Value::Blank => ("空白".to_owned(), "blank".to_owned()),
        value => (format!(" {}", value.to_text()), value.to_text()),
    };
    match other.map(word) {
        Some((zh, en)) => say!(
            "「{name}」的「{title}」原来是 {old}，工作簿里是{zh}",
            "{title} of {name} is {old}, in the workbook {en}"
        ),
        None => say!(
            "原来有「{name}」一行，「{title}」是 {old}，工作簿里没有这一行",
            "it has a row {name} with {old} as {title}, the workbook has no such row"
        ),
    }
}
