//! XML Spreadsheet 2003, which some systems export under the ending .xls.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::decimal::Decimal;
use super::format::{Epoch, Format};
use super::grid::{Book, Grid, MAX_COLUMNS, MAX_ROWS};
use super::xml::{Document, Element, Node};
use super::{Cell, Merged, Reason, Sheet, Value, package};
use crate::say;

/// The namespace by which one is told.
pub(super) const NAMESPACE: &str = "urn:schemas-microsoft-com:office:spreadsheet";
/// Most styles that a workbook has.
const MAX_STYLES: usize = 100_000;
/// Largest indent there is.
const MAX_INDENT: usize = 250;

/// A style, which begins as the one that it comes from.
#[derive(Clone, Default)]
struct Style {
    format: Rc<Format>,
    indent: usize,
}

/// The sheets of a workbook, in its order.
pub(super) fn sheets(bytes: &[u8], book: &mut Book) -> Result<Vec<Sheet>, Reason> {
    let text = package::decoded(bytes.to_vec());
    let mut document = Document::new(&text);
    let mut styles = BTreeMap::new();
    let mut sheets = Vec::new();
    loop {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "Styles" => styles = self::styles(&mut document)?,
                "Worksheet" => {
                    let name = element.attribute("Name").unwrap_or_default();
                    sheets.push(sheet(&name, &mut document, &styles, book)?);
                }
                _ => {}
            },
            Node::Done => return Ok(sheets),
            Node::Close | Node::Text(_) => {}
        }
    }
}

/// The styles in what is left of their element.
fn styles(document: &mut Document) -> Result<BTreeMap<String, Style>, Reason> {
    let outside = document.depth().saturating_sub(1);
    let mut styles: BTreeMap<String, Style> = BTreeMap::new();
    let mut current = String::new();
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) => {
                if element.name() == "Style" {
                    current = element.attribute("ID").unwrap_or_default();
                    let parent = element.attribute("Parent").unwrap_or("Default".to_owned());
                    let style = styles.get(&parent).cloned().unwrap_or_default();
                    styles.insert(current.clone(), style);
                } else if let Some(style) = styles.get_mut(&current) {
                    style.note(&element);
                }
            }
            Node::Close | Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
        if styles.len() > MAX_STYLES {
            return Err(Reason::TooLarge);
        }
    }
    Ok(styles)
}

impl Style {
    /// Takes in what an element says of it.
    fn note(&mut self, element: &Element) {
        match element.name() {
            "Alignment" => self.indent = element.number("Indent").unwrap_or(0).min(MAX_INDENT),
            "NumberFormat" => {
                let code = element.attribute("Format").unwrap_or_default();
                self.format = Rc::new(Format::of(match code.as_str() {
                    "Fixed" => "0.00",
                    "Standard" => "#,##0.00",
                    "Percent" => "0.00%",
                    "Scientific" => "0.00E+00",
                    "Currency" | "Euro Currency" => "#,##0.00;-#,##0.00",
                    "General Number" => "General",
                    code => code,
                }));
            }
            _ => {}
        }
    }
}

/// A sheet as it is read.
struct Reading<'a> {
    grid: Grid<'a>,
    styles: &'a BTreeMap<String, Style>,
    /// Where the next row, column and cell stand.
    next_row: usize,
    row: usize,
    declared: usize,
    column: usize,
    /// The style of the row, and styles of columns: up to which column, and the style.
    row_style: Option<String>,
    column_styles: Vec<(usize, Option<String>)>,
}

/// Reads the sheet that has just begun.
fn sheet(
    name: &str,
    document: &mut Document,
    styles: &BTreeMap<String, Style>,
    book: &mut Book,
) -> Result<Sheet, Reason> {
    let mut reading = Reading {
        grid: Grid::new(name, false, book)?,
        styles,
        next_row: 0,
        row: 0,
        declared: 0,
        column: 0,
        row_style: None,
        column_styles: Vec::new(),
    };
    let outside = document.depth().saturating_sub(1);
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "Column" => reading.columns(&element),
                "Row" => reading.begin_row(&element),
                "Cell" => reading.cell(&element, document)?,
                "Visible" if document.text()?.starts_with("Sheet") => reading.grid.hide(),
                _ => {}
            },
            Node::Close | Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(reading.grid.finish())
}

/// The place that an element names from 1 on, or the next one; what it names as an error where there is no such place.
fn place(element: &Element, next: usize, limit: usize) -> Result<usize, String> {
    let Some(said) = element.attribute("Index") else {
        return Ok(next);
    };
    let number = said.trim().parse::<usize>().ok();
    let place = number.and_then(|number| number.checked_sub(1));
    place.filter(|&place| place < limit).ok_or(said)
}

impl Reading<'_> {
    /// Notes columns; those beyond the last are none.
    fn columns(&mut self, element: &Element) {
        let first = place(element, self.declared, MAX_COLUMNS);
        let Some(first) = first.ok().filter(|first| *first >= self.declared) else {
            return;
        };
        let more = element.number("Span").unwrap_or(0).min(MAX_COLUMNS);
        if element.flag("Hidden") {
            self.grid.hide_columns(first..=first + more);
        }
        // those that are passed over have no style
        self.column_styles.push((first, None));
        self.column_styles
            .push((first + more + 1, element.attribute("StyleID")));
        self.declared = first + more + 1;
    }

    fn begin_row(&mut self, element: &Element) {
        let next = self.next_row;
        self.row = place(element, next, MAX_ROWS).unwrap_or_else(|said| {
            self.grid.odd(next, 0, || {
                say!(
                    "行号写的是「{said}」，按次序当作这一行",
                    "a row says that it is {said}; by its order it is taken for this one"
                )
            });
            next
        });
        let more = element.number("Span").unwrap_or(0).min(MAX_ROWS);
        if element.flag("Hidden") {
            self.grid.hide_rows(self.row..=self.row + more);
        }
        self.next_row = self.row + more + 1;
        self.column = 0;
        self.row_style = element.attribute("StyleID");
    }

    /// Reads the cell that has just begun.
    fn cell(&mut self, element: &Element, document: &mut Document) -> Result<(), Reason> {
        let (row, next) = (self.row, self.column);
        let column = place(element, next, MAX_COLUMNS).unwrap_or_else(|said| {
            self.grid.odd(row, next, || {
                say!(
                    "列号写的是「{said}」，按次序当作这一格",
                    "a cell says that it is in column {said}; by its order it is taken for this one"
                )
            });
            next
        });
        let own = element
            .attribute("StyleID")
            .or_else(|| self.row_style.clone());
        let style = own.or_else(|| {
            let found = self
                .column_styles
                .partition_point(|(end, _)| *end <= column);
            self.column_styles.get(found)?.1.clone()
        });
        let style = self.styles.get(style.as_deref().unwrap_or("Default"));
        let style = style.cloned().unwrap_or_default();
        let value = value(document, element.attribute("Formula"), &style)?;
        let indent = style.indent;
        self.grid.put(self.row, column, Cell { value, indent })?;
        let more = |name| element.number(name).unwrap_or(0).min(MAX_ROWS);
        let across = more("MergeAcross");
        self.grid.merge(Merged {
            first: (self.row, column),
            last: (self.row + more("MergeDown"), column + across),
        })?;
        self.column = column + across + 1;
        Ok(())
    }
}

/// The value in what is left of a cell.
fn value(document: &mut Document, formula: Option<String>, style: &Style) -> Result<Value, Reason> {
    let outside = document.depth().saturating_sub(1);
    let mut value = formula.map_or(Value::Empty, Value::Other);
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) if element.name() == "Data" => {
                let kind = element.attribute("Type").unwrap_or_default();
                let text = document.text()?;
                value = typed(&kind, text, style);
            }
            // notes
            Node::Open(_) => document.skip()?,
            Node::Close | Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(value)
}

/// A value of a type.
fn typed(kind: &str, text: String, style: &Style) -> Value {
    match (kind, Decimal::stored(&text)) {
        (_, None) if text.is_empty() => Value::Empty,
        ("Number", Some(number)) => style.format.value(&number, Epoch::Y1900),
        ("Boolean", _) => Value::Other(if text == "0" { "FALSE" } else { "TRUE" }.to_owned()),
        ("DateTime", _) => {
            let text = text.trim_end_matches(".000").trim_end_matches("T00:00:00");
            Value::Other(text.replace('T', " "))
        }
        ("Error" | "Number", _) => Value::Other(text),
        _ => Value::Text(text),
    }
}
