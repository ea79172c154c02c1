//! Spreadsheets of `OpenDocument` (.ods): a cell has its value and the text that is shown.

mod cell;
mod styles;

use super::grid::{Book, Grid, MAX_COLUMNS, MAX_ROWS};
use super::package::Package;
use super::xml::{Document, Element, Node};
use super::{Merged, Reason, Sheet};
use styles::Styles;

/// What `mimetype` says of one, and of a template for one.
pub(super) const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The sheets of a workbook, in its order.
pub(super) fn sheets(bytes: &[u8], book: &mut Book) -> Result<Vec<Sheet>, Reason> {
    let mut package = Package::open(bytes)?;
    let manifest = package.text("META-INF/manifest.xml")?;
    if manifest.is_some_and(|text| text.contains("encryption-data")) {
        return Err(Reason::Encrypted);
    }
    let mut styles = Styles::default();
    if let Some(text) = package.text("styles.xml")? {
        styles.add(&mut Document::new(&text))?;
    }
    let text = package.text("content.xml")?.ok_or(Reason::Damaged)?;
    let mut document = Document::new(&text);
    let mut sheets = Vec::new();
    loop {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "automatic-styles" => styles.add(&mut document)?,
                "tracked-changes" => document.skip()?,
                "table" => sheets.push(sheet(&element, &mut document, &styles, book)?),
                _ => {}
            },
            Node::Done => return Ok(sheets),
            Node::Close | Node::Text(_) => {}
        }
    }
}

/// A sheet as it is read.
struct Reading<'a> {
    grid: Grid<'a>,
    styles: &'a Styles,
    /// Where the next row and cell stand.
    row: usize,
    column: usize,
    /// Where the next column is declared.
    declared: usize,
    /// Styles of cells by column, for those that have none of their own: up to which column, and the style.
    column_styles: Vec<(usize, Option<String>)>,
    /// Row style of cells.
    row_style: Option<String>,
}

/// Reads the table that has just begun.
fn sheet(
    table: &Element,
    document: &mut Document,
    styles: &Styles,
    book: &mut Book,
) -> Result<Sheet, Reason> {
    let name = table.attribute("name").unwrap_or_default();
    let hidden = styles.hides(table.attribute("style-name").as_deref());
    let mut reading = Reading {
        grid: Grid::new(&name, hidden, book)?,
        styles,
        row: 0,
        column: 0,
        declared: 0,
        column_styles: Vec::new(),
        row_style: None,
    };
    let outside = document.depth().saturating_sub(1);
    let mut row = None;
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "table-column" => reading.columns(&element),
                "table-row" => {
                    reading.column = 0;
                    reading.row_style = element.attribute("default-cell-style-name");
                    row = Some((document.depth(), Repeated::of(&element)));
                }
                "table-cell" | "covered-table-cell" => {
                    let times = row
                        .as_ref()
                        .map_or(1, |(_, row): &(usize, Repeated)| row.times);
                    reading.cell(&element, document, times)?;
                }
                "table-header-rows"
                | "table-row-group"
                | "table-rows"
                | "table-header-columns"
                | "table-column-group"
                | "table-columns" => {}
                _ => document.skip()?,
            },
            Node::Close => {
                if let Some((_, ended)) = row.take_if(|(depth, _)| document.depth() < *depth) {
                    reading.end_row(&ended);
                }
            }
            Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(reading.grid.finish())
}

/// How often a row or a column stands there, and whether it is shown.
struct Repeated {
    times: usize,
    hidden: bool,
}

impl Repeated {
    fn of(element: &Element) -> Self {
        let times = element
            .number("number-rows-repeated")
            .or_else(|| element.number("number-columns-repeated"));
        Self {
            times: times.unwrap_or(1).clamp(1, MAX_ROWS),
            hidden: element
                .attribute("visibility")
                .is_some_and(|shown| shown != "visible"),
        }
    }
}

impl Reading<'_> {
    /// Notes columns.
    fn columns(&mut self, element: &Element) {
        let Repeated { times, hidden } = Repeated::of(element);
        let next = self.declared.saturating_add(times).min(MAX_COLUMNS);
        if next == self.declared {
            return;
        }
        if hidden {
            self.grid.hide_columns(self.declared..=next - 1);
        }
        let style = element.attribute("default-cell-style-name");
        self.column_styles.push((next, style));
        self.declared = next;
    }

    /// Reads the cell that has just begun, as often as it and its row are repeated.
    fn cell(
        &mut self,
        element: &Element,
        document: &mut Document,
        rows: usize,
    ) -> Result<(), Reason> {
        let times = Repeated::of(element).times;
        let own = element.attribute("style-name");
        let style = own.as_deref().or(self.row_style.as_deref()).or_else(|| {
            let before = |(end, _): &(usize, _)| *end <= self.column;
            let found = self.column_styles.partition_point(before);
            self.column_styles.get(found)?.1.as_deref()
        });
        let indent = self.styles.indent(style);
        let cell = cell::read(element, document, indent)?;
        let covered = element.name() == "covered-table-cell";
        if !covered && cell.value != super::Value::Empty {
            let ends = (
                self.row.saturating_add(rows).min(MAX_ROWS),
                self.column.saturating_add(times).min(MAX_COLUMNS),
            );
            for row in self.row..ends.0 {
                for column in self.column..ends.1 {
                    self.grid.put(row, column, cell.clone())?;
                }
            }
            if ends.1 < self.column.saturating_add(times) {
                // what stands beyond the last column is said once
                self.grid.put(self.row, MAX_COLUMNS, cell)?;
            }
        }
        let spanned = |name| element.number(name).unwrap_or(1).clamp(1, MAX_ROWS) - 1;
        self.grid.merge(Merged {
            first: (self.row, self.column),
            last: (
                self.row + spanned("number-rows-spanned"),
                self.column + spanned("number-columns-spanned"),
            ),
        })?;
        self.column = self.column.saturating_add(times).min(MAX_COLUMNS);
        Ok(())
    }

    /// Ends a row.
    fn end_row(&mut self, row: &Repeated) {
        let next = self.row.saturating_add(row.times).min(MAX_ROWS);
        if row.hidden && next > self.row {
            self.grid.hide_rows(self.row..=next - 1);
        }
        self.row = next;
    }
}
