//! Codes of a table against the code lists of its standard. The lists are what other disclosures
//! print, not an authority, so every finding is a warning.

use std::collections::HashMap;

use crate::model::form::BlockForm;
use crate::model::table::{Block, Row, Table, Value};
use crate::say;
use crate::source::Place;
use crate::standard::codes::Codes;
use crate::yaml::fields::Reader;

/// Warns `code-unknown`, `code-name` and `code-pair`.
pub fn check(table: &Table, codes: &Codes, reader: &mut Reader<'_>) {
    for (form, block) in table.form.blocks.iter().zip(&table.blocks) {
        own_codes(form, block, codes, reader);
        second_codes(form, block, codes, reader);
    }
}

fn own_codes(form: &BlockForm, block: &Block, codes: &Codes, reader: &mut Reader<'_>) {
    let Some(names) = form.rows.code_list().and_then(|list| codes.names(list)) else {
        return;
    };
    for row in &block.rows {
        if let Some(code) = &row.code {
            name_of(names, code.as_str(), &row.name, row.place, reader);
        }
    }
}

/// A code that is not in the list, or has another name there.
fn name_of(
    names: &HashMap<Box<str>, Box<str>>,
    code: &str,
    name: &str,
    place: Place,
    reader: &mut Reader<'_>,
) {
    match names.get(code) {
        None => reader.warning(
            "code-unknown",
            place,
            say!(
                "科目名单里没有编码 {code}（{name}）",
                "the code list has no {code} ({name})"
            ),
            say!(
                "核对编码；确实有这个科目，就补进标准的 codes/",
                "check the code; if it exists, add it to codes/ of the standard"
            ),
        ),
        Some(known) if **known != *name => reader.warning(
            "code-name",
            place,
            say!(
                "编码 {code} 在名单里是「{known}」，这里写「{name}」",
                "the code list names {code} {known}, here it is {name}"
            ),
            say!(
                "核对名称有没有漏字、是不是往年的旧名",
                "check for a missing character or a name of earlier years"
            ),
        ),
        Some(_) => {}
    }
}

fn second_codes(form: &BlockForm, block: &Block, codes: &Codes, reader: &mut Reader<'_>) {
    for (at, column) in form.columns.iter().enumerate() {
        let Some(declared) = &column.codes else {
            continue;
        };
        let names = codes.names(&declared.list);
        for row in &block.rows {
            let Value::Text(second) = &row.cells[at].value else {
                continue;
            };
            let place = row.cells[at].place;
            if let (Some(names), Some(Value::Text(name))) = (names, named(row, declared.name)) {
                name_of(names, second, name, place, reader);
            }
        }
    }
}

fn named(row: &Row, column: Option<usize>) -> Option<&Value> {
    column.map(|column| &row.cells[column].value)
}
