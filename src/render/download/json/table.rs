//! The tables of `data.json`: blocks, columns, rows.

use serde::Serialize;

use super::{Pairs, data_text, rows};
use crate::model::amount::MoneyUnit;
use crate::model::classification::Code;
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, Column, ColumnKind};
use crate::model::table::{Row, Table};
use crate::render::download::columns::{headers, printed};
use crate::render::download::{BlockFile, table_digest};

/// A table.
#[derive(Serialize)]
pub struct TableData<'a> {
    id: &'a str,
    number: &'a str,
    title: &'a str,
    unit: &'static str,
    page: String,
    digest: String,
    no_data: Option<&'a str>,
    notes: Vec<String>,
    blocks: Vec<BlockData<'a>>,
}

#[derive(Serialize)]
struct BlockData<'a> {
    id: &'a str,
    title: &'a str,
    csv: &'a str,
    #[serde(serialize_with = "rows")]
    columns: Vec<ColumnData<'a>>,
    #[serde(serialize_with = "rows")]
    rows: Vec<RowData<'a>>,
}

#[derive(Serialize)]
struct ColumnData<'a> {
    id: &'a str,
    title: String,
    headers: Vec<String>,
    kind: &'static str,
    unit: Option<&'static str>,
}

#[derive(Serialize)]
struct RowData<'a> {
    id: &'a str,
    code: Option<&'a str>,
    name: &'a str,
    level: u8,
    total: bool,
    cells: Pairs<'a, Option<String>>,
}

/// A table with its rows.
pub fn table<'a>(disclosure: &Disclosure, table: &'a Table, csv: &'a [BlockFile]) -> TableData<'a> {
    let form = &table.form;
    let titles = disclosure.title_values();
    TableData {
        id: &form.id,
        number: &form.number,
        title: &table.title,
        unit: form.unit.name(),
        page: form.page(),
        digest: table_digest(csv),
        no_data: table.no_data.as_deref(),
        notes: form.notes.iter().map(|note| note.fill(&titles)).collect(),
        blocks: form
            .blocks
            .iter()
            .zip(&table.blocks)
            .zip(csv)
            .map(|((form, block), csv)| BlockData {
                id: &form.id,
                title: &csv.title,
                csv: &csv.file.name,
                columns: printed(form)
                    .zip(headers(form, &titles))
                    .map(|((_, column), headers)| ColumnData {
                        id: &column.id,
                        title: column.title.fill(&titles),
                        headers,
                        kind: kind_word(column.kind),
                        unit: unit_word(column),
                    })
                    .collect(),
                rows: block.rows.iter().map(|found| row(form, found)).collect(),
            })
            .collect(),
    }
}

fn row<'a>(form: &'a BlockForm, row: &'a Row) -> RowData<'a> {
    let cell = |(at, column): (usize, &'a Column)| {
        let value = match column.kind {
            ColumnKind::Code(_) | ColumnKind::Name => return None,
            ColumnKind::Line(start) => Some((start + row.line).to_string()),
            _ => data_text(&row.cells[at].value),
        };
        Some((&*column.id, value))
    };
    RowData {
        id: &row.id,
        code: row.code.as_ref().map(Code::as_str),
        name: &row.name,
        level: if row.total { 0 } else { row.level },
        total: row.total,
        cells: Pairs(printed(form).filter_map(cell).collect()),
    }
}

const fn kind_word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Code(_) => "code",
        ColumnKind::Name => "name",
        ColumnKind::Text => "text",
        ColumnKind::Amount { .. } => "amount",
        ColumnKind::Percent => "percent",
        ColumnKind::Count => "count",
        ColumnKind::Line(_) => "line",
        ColumnKind::YesNo => "yes_no",
    }
}

fn unit_word(column: &Column) -> Option<&'static str> {
    match column.kind {
        ColumnKind::Percent => Some("%"),
        _ => column.held_unit().map(MoneyUnit::name),
    }
}
