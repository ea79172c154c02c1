//! A table as a file: one row a line, what is doubtful as a comment above it.

use std::fmt::Write as _;

use super::doubt::Doubt;
use super::table::{ImportedBlock, ImportedRow, ImportedTable};
use crate::model::form::{BlockForm, ColumnKind, RowSource};
use crate::skeleton::{figure, quoted, scalar};

/// The file of a table.
pub fn file(table: &ImportedTable) -> String {
    let form = &table.form;
    let mut text = String::new();
    comments(&mut text, "", &table.doubts);
    let _ = writeln!(text, "table: {}", form.id);
    if let Some(reason) = &table.no_data {
        let _ = writeln!(text, "no_data: {}", scalar(reason));
    }
    let single = form.blocks.len() == 1;
    for (block_form, block) in form.blocks.iter().zip(&table.blocks) {
        if !single {
            let _ = writeln!(text, "{}:", block_form.id);
        }
        let writer = Writer {
            form: block_form,
            indent: if single { "" } else { "  " },
            empty: table.no_data.is_some(),
            nested: block_form.rows == RowSource::List,
        };
        writer.block(block, &mut text);
    }
    text
}

/// A cell as its column takes it: a text is quoted where it must be, and so is what only looks like a figure.
fn written(kind: ColumnKind, cell: &str) -> String {
    match kind {
        ColumnKind::Text => scalar(cell),
        _ => figure(cell),
    }
}

fn comments(text: &mut String, indent: &str, doubts: &[Doubt]) {
    for doubt in doubts {
        let _ = writeln!(text, "{indent}{}", doubt.comment());
    }
}

struct Writer<'a> {
    form: &'a BlockForm,
    indent: &'a str,
    /// Whether the table has no data, so that it needs no totals.
    empty: bool,
    /// Whether rows have rows below them.
    nested: bool,
}

impl Writer<'_> {
    fn block(&self, block: &ImportedBlock, text: &mut String) {
        comments(text, self.indent, &block.doubts);
        self.totals(block, true, text);
        let indent = self.indent;
        if block.rows.is_empty() {
            let _ = writeln!(text, "{indent}rows: []");
        } else {
            let _ = writeln!(text, "{indent}rows:");
            self.rows(&block.rows, text);
        }
        self.totals(block, false, text);
    }

    fn totals(&self, block: &ImportedBlock, first: bool, text: &mut String) {
        let totals = self.form.totals.iter().zip(&block.totals);
        for (total, row) in totals.filter(|(total, _)| total.first == first) {
            if row.is_none() && self.empty {
                continue;
            }
            let doubts = row.as_ref().map_or(&[][..], |row| &row.doubts);
            comments(text, self.indent, doubts);
            let cells = row.as_ref().map(|row| self.cells(row)).unwrap_or_default();
            let _ = writeln!(
                text,
                "{}{}: {{{}}}",
                self.indent,
                total.id,
                cells.join(", ")
            );
        }
    }

    fn rows(&self, rows: &[ImportedRow], text: &mut String) {
        for (at, row) in rows.iter().enumerate() {
            let depth = if self.nested { row.level.max(1) - 1 } else { 0 };
            let indent = format!("{}  {}", self.indent, "    ".repeat(depth.into()));
            comments(text, &indent, &row.doubts);
            let cells = [self.head(row), self.cells(row)].concat();
            let below = rows.get(at + 1).is_some_and(|next| next.level > row.level);
            if self.nested && below {
                let lines = cells.join(&format!("\n{indent}  "));
                let _ = writeln!(text, "{indent}- {lines}\n{indent}  rows:");
            } else {
                let _ = writeln!(text, "{indent}- {{{}}}", cells.join(", "));
            }
        }
    }

    /// What tells a row apart, and the codes that belong beside its own.
    fn head(&self, row: &ImportedRow) -> Vec<String> {
        let mut head = Vec::new();
        if let Some(id) = &row.id {
            head.push(format!("id: {}", scalar(id)));
        }
        if let Some(code) = &row.code {
            head.push(format!("code: {}", quoted(code)));
        }
        let own = self.form.columns.iter().zip(&row.cells);
        for (column, cell) in
            own.filter(|(column, _)| column.codes.is_some() && column.kind.is_written())
        {
            head.extend(
                cell.as_ref()
                    .map(|cell| format!("{}: {}", column.id, scalar(cell))),
            );
        }
        head.push(format!("name: {}", scalar(&row.name)));
        head
    }

    fn cells(&self, row: &ImportedRow) -> Vec<String> {
        let columns = self.form.columns.iter().zip(&row.cells);
        columns
            .filter(|(column, _)| column.codes.is_none())
            .filter_map(|(column, cell)| {
                let cell = cell.as_ref()?;
                Some(format!("{}: {}", column.id, written(column.kind, cell)))
            })
            .collect()
    }
}
