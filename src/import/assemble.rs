//! A table found in a sheet -> a table to be written.

use std::collections::BTreeSet;
use std::ops::Range;

use super::block::{Here, block};
use super::context::Context;
use super::doubt::Doubt;
use super::find::Found;
use super::fold::fold;
use super::grid::Grid;
use super::layout::{Place, Zone};
use super::odd;
use super::rows::{self, is_note};
use super::table::{ImportedBlock, ImportedTable};
use crate::model::form::TableForm;
use crate::say;

/// Reads a table that was found in a sheet of a file.
pub fn table(grid: &Grid<'_>, found: &Found, context: &Context<'_>, file: &str) -> ImportedTable {
    let form = &context.standard.tables[found.table];
    let region = &found.region;
    let mut blocks: Vec<Option<ImportedBlock>> = vec![None; form.blocks.len()];
    let mut doubts = found.doubts.clone();
    let zones = &found.layout.zones;
    for (at, zone) in zones.iter().enumerate() {
        let end = zones
            .get(at + 1)
            .map_or(region.rows.end, |next| next.rows.start);
        let body = zone.rows.end..end;
        for place in &zone.blocks {
            let block_form = &form.blocks[place.block];
            let raw = rows::read(grid, block_form, place, body.clone(), found.unit);
            let here = Here::new(context, form, place.block);
            let mut made = block(&here, raw);
            let header = grid.place(zone.rows.start, place.all().min().unwrap_or(0));
            made.doubts
                .splice(0..0, columns(grid, form, place, zone, &header));
            blocks[place.block] = Some(made);
        }
        doubts.extend(others(grid, zone, &body));
    }
    let first = grid.place(region.rows.start, region.columns.start);
    let blocks = form.blocks.iter().zip(blocks).map(|(block_form, made)| {
        made.unwrap_or_else(|| {
            let title = block_form.title.as_ref();
            let title = title.map_or_else(String::new, |title| title.fill(&context.titles));
            let mut empty = ImportedBlock {
                totals: vec![None; block_form.totals.len()],
                ..ImportedBlock::default()
            };
            empty.doubts.push(Doubt::new(
                "import-column",
                say!("没有找到「{title}」一块", "the block {title} was not found"),
                first.clone(),
            ));
            empty
        })
    });
    let mut table = ImportedTable {
        form: form.clone(),
        file: file.to_owned(),
        range: odd::shown(format!("{}!{}", grid.sheet(), extent(grid, found))),
        no_data: None,
        blocks: blocks.collect(),
        doubts,
    };
    if table.has_figures() {
        missing_totals(&mut table, context, &first);
    } else {
        empty(&mut table, grid, found, context);
    }
    table
}

/// From the title to the last row with something in it.
fn extent(grid: &Grid<'_>, found: &Found) -> String {
    let region = &found.region;
    let (top, left) = (region.rows.start, region.columns.start);
    let extent = grid.extent(&region.rows, &region.columns);
    let (rows, columns) = extent.unwrap_or((top..=top, left..=left));
    grid.range(&(top..=*rows.end()), &columns)
}

/// What is doubtful in the columns of a block.
fn columns(
    grid: &Grid<'_>,
    form: &TableForm,
    place: &Place,
    zone: &Zone,
    header: &str,
) -> Vec<Doubt> {
    let block = &form.blocks[place.block];
    let mut doubts = Vec::new();
    for (column, said) in &place.near {
        let title = block.columns[*column].title.sample();
        let at = place.columns[*column].unwrap_or(0);
        doubts.push(Doubt::new(
            "import-column",
            say!(
                "「{said}」一列当作「{title}」",
                "the column {said} is taken for {title}"
            ),
            grid.place(zone.rows.end - 1, at),
        ));
    }
    for title in &place.missing {
        doubts.push(Doubt::new(
            "import-column",
            say!(
                "没有找到「{title}」一列，留了空白",
                "the column {title} was not found and was left blank"
            ),
            header.to_owned(),
        ));
    }
    doubts
}

/// Columns with figures that the form does not have.
fn others(grid: &Grid<'_>, zone: &Zone, body: &Range<usize>) -> Vec<Doubt> {
    let wanted: BTreeSet<usize> = zone.others.iter().map(|(column, _)| *column).collect();
    let Some(across) = wanted.first().zip(wanted.last()) else {
        return Vec::new();
    };
    let across = *across.0..across.1 + 1;
    let mut holding = BTreeSet::new();
    for row in body.clone() {
        let values = grid.values(row, &across);
        let columns = values.filter(|column| wanted.contains(column));
        holding.extend(columns.filter(|column| grid.is_number(row, *column)));
    }
    zone.others
        .iter()
        .filter(|(column, _)| holding.contains(column))
        .map(|(column, said)| {
            Doubt::new(
                "import-column",
                say!(
                    "标准没有「{said}」一列，没有导入",
                    "the standard has no column {said}; it was not imported"
                ),
                grid.place(zone.rows.end - 1, *column),
            )
        })
        .collect()
}

fn missing_totals(table: &mut ImportedTable, context: &Context<'_>, at: &str) {
    for (form, block) in table.form.blocks.iter().zip(&mut table.blocks) {
        if block.rows.is_empty() {
            continue;
        }
        for (total, row) in form.totals.iter().zip(&block.totals) {
            if row.is_none() {
                let name = total.name.fill(&context.titles);
                block.doubts.push(Doubt::new(
                    "import-row",
                    say!("没有找到「{name}」一行", "the row {name} was not found"),
                    at.to_owned(),
                ));
            }
        }
    }
}

/// A table without a figure: its reason stands in a note.
fn empty(table: &mut ImportedTable, grid: &Grid<'_>, found: &Found, context: &Context<'_>) {
    let Some(word) = table.form.empty.clone() else {
        return;
    };
    let below = found.layout.zones.last().map_or(0, |zone| zone.rows.end);
    let mut notes = rows::notes(grid, below..found.region.rows.end, &found.region.columns);
    for (note, at) in &mut notes {
        let (text, odd) = odd::clean(note);
        table.doubts.extend(odd::doubt(&odd, at));
        *note = text.into_owned();
    }
    let (word, spoken) = (word.trim_end_matches('。'), fold(&word));
    let mut reasons = notes.iter().filter_map(|(note, _)| {
        let said = fold(note).starts_with(&spoken) || is_note(note);
        let rest = note.strip_prefix(word).unwrap_or(note);
        let rest = without_note_word(rest).trim_end_matches('。').trim();
        (said && !rest.is_empty() && fold(rest) != fold(word.trim_start_matches("注：")))
            .then(|| rest.to_owned())
    });
    let reason = reasons.next();
    if reason.is_none() {
        let at = grid.place(found.region.rows.start, found.region.columns.start);
        table.doubts.push(Doubt::new(
            "import-doubt",
            say!(
                "表里没有数，也没有写原因；把 no_data 改成原因",
                "the table has no figure and gives no reason; write the reason as no_data"
            ),
            at,
        ));
    }
    let year = context.titles.year;
    table.no_data = Some(reason.unwrap_or_else(|| format!("{year}年没有列入本表的收支")));
    for block in &mut table.blocks {
        block.rows.clear();
    }
}

/// A note without 注：, 备注： or 说明： in front.
fn without_note_word(text: &str) -> &str {
    let signs = ['：', ':', '。', '，', '、', ' ', '\u{3000}'];
    let text = text.trim_start_matches(signs);
    let words = ["备注", "说明", "注"];
    let rest = words.iter().find_map(|word| text.strip_prefix(word));
    rest.filter(|rest| rest.starts_with(signs))
        .map_or(text, |rest| rest.trim_start_matches(signs))
}
