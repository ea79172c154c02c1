//! A sheet as it is seen: hidden rows and columns left out, merged cells known from each of their places.

use std::ops::RangeInclusive;

use super::fold::fold;
use super::workbook::{Cell, Sheet, Value};
use crate::model::amount::read_number;

static EMPTY: Cell = Cell {
    value: Value::Empty,
    indent: 0,
};

/// The visible cells of a sheet, by visible row and column from 0.
pub struct Grid<'a> {
    sheet: &'a Sheet,
    /// For each visible row its number in the sheet.
    rows: Vec<usize>,
    /// For each visible column its number in the sheet.
    columns: Vec<usize>,
    spans: Vec<Span>,
    /// For each cell 1 more than the position of its span; 0 for a cell that is not merged.
    span_of: Vec<u32>,
    folded: Vec<String>,
}

/// Merged cells, as far as they are visible.
#[derive(Debug, Clone)]
pub struct Span {
    /// Visible rows.
    pub rows: RangeInclusive<usize>,
    /// Visible columns.
    pub columns: RangeInclusive<usize>,
    /// Row and column of the sheet where the value stands.
    anchor: (usize, usize),
}

impl<'a> Grid<'a> {
    pub fn new(sheet: &'a Sheet) -> Self {
        let shown = sheet.rows.iter().enumerate().filter(|(_, row)| !row.hidden);
        let rows: Vec<usize> = shown.map(|(at, _)| at).collect();
        let width = sheet.rows.iter().map(|row| row.cells.len()).max();
        let columns: Vec<usize> = (0..width.unwrap_or(0))
            .filter(|at| !sheet.hidden_columns.contains(at))
            .collect();
        let mut grid = Self {
            sheet,
            span_of: vec![0; rows.len() * columns.len()],
            folded: Vec::new(),
            spans: Vec::new(),
            rows,
            columns,
        };
        grid.merge();
        grid.folded = (0..grid.height())
            .flat_map(|row| (0..grid.width()).map(move |column| (row, column)))
            .map(|(row, column)| fold(&grid.text(row, column)))
            .collect();
        grid
    }

    fn merge(&mut self) {
        for merged in &self.sheet.merged {
            let rows = visible(&self.rows, merged.first.0, merged.last.0);
            let columns = visible(&self.columns, merged.first.1, merged.last.1);
            let (Some(rows), Some(columns)) = (rows, columns) else {
                continue;
            };
            self.spans.push(Span {
                rows: rows.clone(),
                columns: columns.clone(),
                anchor: merged.first,
            });
            let number = u32::try_from(self.spans.len()).unwrap_or(0);
            for row in rows {
                for column in columns.clone() {
                    let at = row * self.columns.len() + column;
                    self.span_of[at] = number;
                }
            }
        }
    }

    /// Name of the sheet.
    pub fn sheet(&self) -> &'a str {
        &self.sheet.name
    }

    /// Number of visible rows.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Number of visible columns.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The merged cells that a cell belongs to.
    pub fn span(&self, row: usize, column: usize) -> Option<&Span> {
        let number = *self.span_of.get(row * self.width() + column)?;
        self.spans
            .get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The cell itself; empty where merged cells have their value elsewhere.
    pub fn own(&self, row: usize, column: usize) -> &'a Cell {
        self.at(self.rows[row], self.columns[column])
    }

    /// The cell, or the one at top left of its merged cells.
    pub fn cell(&self, row: usize, column: usize) -> &'a Cell {
        match self.span(row, column) {
            Some(span) => self.at(span.anchor.0, span.anchor.1),
            None => self.own(row, column),
        }
    }

    fn at(&self, row: usize, column: usize) -> &'a Cell {
        let row = self.sheet.rows.get(row);
        row.and_then(|row| row.cells.get(column)).unwrap_or(&EMPTY)
    }

    /// What is read there, of merged cells in each of their places.
    pub fn text(&self, row: usize, column: usize) -> String {
        match &self.cell(row, column).value {
            Value::Empty => String::new(),
            Value::Text(text) | Value::Other(text) => text.clone(),
            Value::Number(number) => number.shown.clone(),
        }
    }

    /// Likewise, as it is compared.
    pub fn folded(&self, row: usize, column: usize) -> &str {
        &self.folded[row * self.width() + column]
    }

    /// Whether this is the first visible place of its value.
    pub fn starts(&self, row: usize, column: usize) -> bool {
        self.span(row, column)
            .is_none_or(|span| (*span.rows.start(), *span.columns.start()) == (row, column))
    }

    /// Whether nothing is read there.
    pub fn is_blank(&self, row: usize, column: usize) -> bool {
        match &self.cell(row, column).value {
            Value::Empty => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::Number(number) => number.shown.is_empty(),
            Value::Other(_) => false,
        }
    }

    /// Whether a number stands there, be it as a text.
    pub fn is_number(&self, row: usize, column: usize) -> bool {
        match &self.cell(row, column).value {
            Value::Number(_) => true,
            Value::Text(text) => read_number(text).is_ok(),
            Value::Empty | Value::Other(_) => false,
        }
    }

    /// The place as people name it: `Sheet1!D17`.
    pub fn place(&self, row: usize, column: usize) -> String {
        let (row, column) = (self.rows[row] + 1, letters(self.columns[column]));
        format!("{}!{column}{row}", self.sheet.name)
    }

    /// A stretch of the sheet: `A1:H45`.
    pub fn range(&self, rows: &RangeInclusive<usize>, columns: &RangeInclusive<usize>) -> String {
        let corner = |row: usize, column: usize| {
            format!("{}{}", letters(self.columns[column]), self.rows[row] + 1)
        };
        let first = corner(*rows.start(), *columns.start());
        format!("{first}:{}", corner(*rows.end(), *columns.end()))
    }

    /// Whether rows or columns are hidden that hold something.
    pub fn hides(&self) -> bool {
        let holds = |cell: &Cell| cell.value != Value::Empty;
        let rows = self.sheet.rows.iter();
        let in_rows = rows.clone().filter(|row| row.hidden);
        let mut in_rows = in_rows.flat_map(|row| &row.cells);
        let mut in_columns = rows.flat_map(|row| {
            let hidden = self.sheet.hidden_columns.iter();
            hidden.filter_map(|at| row.cells.get(*at))
        });
        in_rows.any(holds) || in_columns.any(holds)
    }
}

/// The positions of `shown` whose numbers lie between two, both included.
fn visible(shown: &[usize], first: usize, last: usize) -> Option<RangeInclusive<usize>> {
    let start = shown.partition_point(|number| *number < first);
    let end = shown.partition_point(|number| *number <= last);
    (start < end).then(|| start..=end - 1)
}

/// A column by its letters: A, Z, AA.
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut name = Vec::new();
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        name.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{Grid, letters};
    use crate::import::workbook::{Cell, Merged, Row, Sheet, Value};

    fn text(text: &str) -> Cell {
        Cell {
            value: Value::Text(text.to_owned()),
            indent: 0,
        }
    }

    #[test]
    fn columns_are_named_by_letters() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn hidden_rows_and_columns_are_left_out_and_places_stay() {
        let row = |hidden, cells: &[&str]| Row {
            hidden,
            cells: cells.iter().map(|cell| text(cell)).collect(),
        };
        let sheet = Sheet {
            name: "表".to_owned(),
            rows: vec![
                row(true, &["a", "b", "c"]),
                row(false, &["甲", "", "乙"]),
                row(false, &["丙", "", "丁"]),
            ],
            merged: vec![Merged {
                first: (0, 2),
                last: (1, 2),
            }],
            hidden_columns: vec![1],
            ..Sheet::default()
        };
        let grid = Grid::new(&sheet);
        assert_eq!((grid.height(), grid.width()), (2, 2));
        assert_eq!(grid.text(0, 1), "c", "the value of merged cells");
        assert_eq!(grid.place(1, 1), "表!C3");
        assert_eq!(grid.range(&(0..=1), &(0..=1)), "A2:C3");
        assert!(grid.hides());
    }
}
