//! Rows of a sheet -> rows of a block, as its form has them: prescribed, by code, or free.

use super::context::Context;
use super::doubt::Doubt;
use super::fixed;
use super::fold::fold;
use super::ids;
use super::list;
use super::rows::RawRow;
use super::table::{ImportedBlock, ImportedRow};
use super::tree;
use crate::model::form::{BlockForm, RowSource, TableForm};
use crate::model::table::Block;
use crate::say;

/// Words that a total row has whatever the form calls it.
const TOTALS: [&str; 5] = ["合计", "总计", "共计", "总合计", "部门合计"];

/// A block with the table it belongs to.
pub struct Here<'a> {
    /// What the import knows.
    pub context: &'a Context<'a>,
    /// The form.
    pub form: &'a BlockForm,
    /// The block as it is before the import.
    pub before: Option<&'a Block>,
}

impl<'a> Here<'a> {
    /// A block of a table.
    pub fn new(context: &'a Context<'a>, table: &'a TableForm, block: usize) -> Self {
        let before = context.before.and_then(|disclosure| {
            let at = disclosure.table_position(&table.id)?;
            disclosure.tables.get(at)?.blocks.get(block)
        });
        Self {
            context,
            form: &table.blocks[block],
            before,
        }
    }
}

/// Makes the rows of a block.
pub fn block(here: &Here<'_>, mut raw: Vec<RawRow>) -> ImportedBlock {
    let totals = totals(here, &mut raw);
    let mut block = match &here.form.rows {
        RowSource::Fixed { rows, print_blank } => fixed::rows(here, rows, *print_blank, &raw),
        RowSource::Tree(_) => tree::rows(here, raw),
        RowSource::List => list::rows(here, raw),
    };
    block.totals = totals;
    ids::tell_apart(here.form, &mut block);
    block
}

/// Takes the total rows out that the data writes apart.
fn totals(here: &Here<'_>, raw: &mut Vec<RawRow>) -> Vec<Option<ImportedRow>> {
    let single = here.form.totals.len() == 1;
    let mut found = Vec::with_capacity(here.form.totals.len());
    for total in &here.form.totals {
        let name = fold(&total.name.fill(&here.context.titles));
        let word = |row: &RawRow| TOTALS.contains(&fold(&row.name).as_str());
        let by_word = single.then(|| raw.iter().position(|row| word(row) && row.code.is_none()));
        let by_name = || {
            let mut rows = raw.iter();
            rows.position(|row| fold(&row.name) == name && row.code.is_none())
        };
        let at = by_word.flatten().or_else(by_name);
        found.push(at.map(|at| row(here.form, &raw.remove(at))));
    }
    found
}

/// A row as it will be written, without what tells it apart.
pub fn row(form: &BlockForm, raw: &RawRow) -> ImportedRow {
    let mut row = ImportedRow {
        name: raw.name.clone(),
        level: 1,
        place: raw.place.clone(),
        places: raw.places.clone(),
        doubts: raw.doubts().collect(),
        ..ImportedRow::default()
    };
    for (at, (column, reading)) in form.columns.iter().zip(&raw.cells).enumerate() {
        let computed = column.computed.is_some();
        if let Some(number) = reading.number.filter(|_| computed) {
            row.stated.push((at, number, raw.places[at].clone()));
        }
        let text = reading.text.clone().filter(|_| !computed);
        row.cells.push(text);
    }
    row
}

/// What is said of a row that was left out.
pub fn left_out(raw: &RawRow) -> Doubt {
    let name = if raw.name.is_empty() {
        raw.code.clone().unwrap_or_default()
    } else {
        raw.name.clone()
    };
    Doubt::new(
        "import-row",
        say!(
            "表式里没有「{name}」这一行，没有导入",
            "the form has no row {name}; it was not imported"
        ),
        raw.place.clone(),
    )
}

/// What is said of a row whose name stands in two rows of the sheet.
pub fn joined(raw: &RawRow, name: &str) -> Doubt {
    Doubt::new(
        "import-row",
        say!(
            "名称由两行合成「{name}」",
            "the name {name} was joined from two rows"
        ),
        raw.place.clone(),
    )
}
