//! One sheet of a .xlsx file.

use super::super::decimal::Decimal;
use super::super::grid::{Grid, MAX_COLUMNS, MAX_ROWS};
use super::super::xml::{Document, Element, Node};
use super::super::{Cell, Merged, Reason, Sheet, Value};
use super::{Shared, strings};
use crate::diagnostic::Say;
use crate::say;

/// A cell as it is written.
#[derive(Default)]
struct Written {
    kind: String,
    style: usize,
    value: Option<String>,
    formula: Option<String>,
    inline: Option<String>,
}

/// Where the next row and cell stand that do not say.
#[derive(Default)]
struct Place {
    next_row: usize,
    row: usize,
    column: usize,
}

/// Reads a sheet into its grid.
pub(super) fn read(text: &str, shared: &Shared, mut grid: Grid) -> Result<Sheet, Reason> {
    let mut document = Document::new(text);
    let mut place = Place::default();
    let mut zeros = true;
    loop {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "row" => row(&element, &mut place, &mut grid),
                "c" => {
                    let said = element.attribute("r");
                    if let Some(found) = said.as_deref().and_then(self::place) {
                        (place.row, place.column) = found;
                    } else if let Some(said) = said {
                        grid.odd(place.row, place.column, || {
                            say!(
                                "单元格的地址写的是「{said}」，按次序当作这一格",
                                "a cell says that it is {said}; by its order it is taken for this one"
                            )
                        });
                    }
                    let written = written(&element, &mut document)?;
                    let cell = cell(written, shared, zeros).unwrap_or_else(|odd| {
                        grid.odd(place.row, place.column, || odd);
                        Cell::default()
                    });
                    grid.put(place.row, place.column, cell)?;
                    place.column += 1;
                }
                "col" => columns(&element, &mut grid),
                "mergeCell" => {
                    let said = element.attribute("ref").unwrap_or_default();
                    match merged(&said) {
                        Some(range) => grid.merge(range)?,
                        None => grid.odd_sheet(|| {
                            say!(
                                "合并区域「{said}」看不懂，当作没有合并",
                                "the merged cells {said} are not understood and are taken as not merged"
                            )
                        }),
                    }
                }
                "sheetView" => {
                    zeros = element
                        .attribute("showZeros")
                        .is_none_or(|shown| shown != "0" && shown != "false");
                }
                "extLst" => document.skip()?,
                _ => {}
            },
            Node::Done => return Ok(grid.finish()),
            Node::Close | Node::Text(_) => {}
        }
    }
}

/// Begins a row.
fn row(element: &Element, place: &mut Place, grid: &mut Grid) {
    let said = element.attribute("r");
    let number = said.as_deref().and_then(|said| said.parse::<usize>().ok());
    let found = number
        .and_then(|number| number.checked_sub(1))
        .filter(|&row| row < MAX_ROWS);
    place.row = found.unwrap_or(place.next_row);
    if let (Some(said), None) = (said, found) {
        grid.odd(place.row, 0, || {
            say!(
                "行号写的是「{said}」，按次序当作这一行",
                "a row says that it is {said}; by its order it is taken for this one"
            )
        });
    }
    place.next_row = place.row + 1;
    place.column = 0;
    if element.flag("hidden") || element.attribute("ht").is_some_and(|height| height == "0") {
        grid.hide_rows(place.row..=place.row);
    }
}

/// Notes columns that are hidden.
fn columns(element: &Element, grid: &mut Grid) {
    let narrow = element.attribute("width").is_some_and(|width| width == "0");
    if let (Some(first), Some(last)) = (element.number("min"), element.number("max"))
        && first > 0
        && (narrow || element.flag("hidden"))
    {
        grid.hide_columns(first - 1..=last.saturating_sub(1));
    }
}

/// What is written in a cell.
fn written(element: &Element, document: &mut Document) -> Result<Written, Reason> {
    let mut written = Written {
        kind: element.attribute("t").unwrap_or_default(),
        style: element.number("s").unwrap_or(0),
        ..Written::default()
    };
    let outside = document.depth().saturating_sub(1);
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "v" => written.value = Some(document.text()?),
                "f" => written.formula = Some(document.text()?),
                "is" => written.inline = Some(strings::runs(document)?),
                _ => document.skip()?,
            },
            Node::Close | Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(written)
}

/// What a cell holds, or what is odd about it.
fn cell(written: Written, shared: &Shared, zeros: bool) -> Result<Cell, Say> {
    let style = shared.styles.get(written.style);
    let value = match (written.value, written.formula) {
        (value, _) if written.kind == "inlineStr" => {
            text(written.inline.or(value).unwrap_or_default())
        }
        (Some(value), _) if written.kind == "str" => text(strings::unescaped(&value)),
        (Some(value), _) if !value.is_empty() => match written.kind.as_str() {
            "s" => {
                let number = value.trim().parse::<usize>().ok();
                let found = number.and_then(|number| shared.strings.get(number));
                text(found.ok_or_else(no_text)?.clone())
            }
            "b" => Value::Other(if value == "0" { "FALSE" } else { "TRUE" }.to_owned()),
            "e" => Value::Other(value),
            "d" => Value::Other(value.trim_end_matches("T00:00:00").replace('T', " ")),
            _ => match Decimal::stored(&value) {
                Some(number) => match style.format.value(&number, shared.epoch) {
                    Value::Number(mut shown) if number.is_zero() && !zeros => {
                        shown.shown.clear();
                        Value::Number(shown)
                    }
                    value => value,
                },
                None => Value::Other(value),
            },
        },
        (_, Some(formula)) => Value::Other(format!("={formula}")),
        (_, None) => Value::Empty,
    };
    Ok(Cell {
        value,
        indent: style.indent,
    })
}

/// That a cell names a text that the file does not have.
pub(in super::super) fn no_text() -> Say {
    say!(
        "这一格的文字在文件里找不到，留了空白",
        "the file does not have the text of this cell, which was left blank"
    )
}

/// A text as a value.
fn text(text: String) -> Value {
    if text.is_empty() {
        Value::Empty
    } else {
        Value::Text(text)
    }
}

/// Row and column of `D17`.
fn place(reference: &str) -> Option<(usize, usize)> {
    let digits = reference.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    let row = row.parse::<usize>().ok()?.checked_sub(1)?;
    let mut column = 0;
    for letter in letters.bytes() {
        let letter = letter
            .to_ascii_uppercase()
            .checked_sub(b'A')
            .filter(|&letter| letter < 26)?;
        column = column * 26 + usize::from(letter) + 1;
        if column > MAX_COLUMNS {
            return None;
        }
    }
    (row < MAX_ROWS && column > 0).then(|| (row, column - 1))
}

/// The cells of `A1:C2`.
fn merged(range: &str) -> Option<Merged> {
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    Some(Merged {
        first: place(first)?,
        last: place(last)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_a_row_and_a_column() {
        for (reference, expected) in [
            ("A1", Some((0, 0))),
            ("D17", Some((16, 3))),
            ("aa10", Some((9, 26))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("XFE1", None),
            ("A1048577", None),
            ("A0", None),
            ("17", None),
            ("A", None),
            ("", None),
            ("类1", None),
            ("A1B", None),
            ("ZZZZZZZZZZZZZZZZZZZZ1", None),
        ] {
            assert_eq!(place(reference), expected, "{reference}");
        }
    }
}
