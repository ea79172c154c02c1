//! A sheet as it is seen: hidden rows and columns left out, merged cells known from each of their places, empty
//! stretches drawn together.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use super::fold::fold;
use super::unit;
use super::workbook::areas::{Areas, run_of};
use super::workbook::{Cell, Sheet, Value, letters};
use crate::model::amount::{MoneyUnit, read_number};

static EMPTY: Cell = Cell {
    value: Value::Empty,
    indent: 0,
};

/// The visible cells of a sheet, by visible row and column from 0.
///
/// Of empty rows one after another only the last is a row here, of those at the top the first; likewise columns. So
/// there are at most twice as many as hold something, and whoever follows the filled cells takes no more time than
/// there are cells.
pub struct Grid<'a> {
    sheet: &'a Sheet,
    /// For each visible row its number in the sheet.
    rows: Vec<usize>,
    /// For each visible column its number in the sheet.
    columns: Vec<usize>,
    /// Merged cells by their first visible row and column.
    spans: Vec<Span>,
    areas: Areas,
    filled: Vec<Filled<'a>>,
    /// For each visible row where its cells begin in `filled`, and where the last ends.
    begins: Vec<usize>,
    units: OnceCell<Vec<(usize, usize, MoneyUnit)>>,
    hides: bool,
}

/// A cell that holds something, or the first visible one of merged cells that do.
struct Filled<'a> {
    row: usize,
    column: usize,
    cell: &'a Cell,
    folded: OnceCell<String>,
}

/// Merged cells, as far as they are visible.
#[derive(Debug, Clone)]
pub struct Span {
    /// Visible rows.
    pub rows: RangeInclusive<usize>,
    /// Visible columns.
    pub columns: RangeInclusive<usize>,
}

impl<'a> Grid<'a> {
    pub fn new(sheet: &'a Sheet) -> Self {
        let (mut cells, hides) = shown(sheet);
        cells.sort_by_key(|(row, column, _)| (*row, *column));
        let rows = lines(cells.iter().map(|cell| cell.0), &sheet.hidden_rows);
        let columns = lines(cells.iter().map(|cell| cell.1), &sheet.hidden_columns);
        let position = |all: &[usize], number: usize| all.partition_point(|at| *at < number);
        let filled: Vec<Filled> = cells
            .into_iter()
            .map(|(row, column, cell)| Filled {
                row: position(&rows, row),
                column: position(&columns, column),
                cell,
                folded: OnceCell::new(),
            })
            .collect();
        let begins = (0..=rows.len())
            .map(|row| filled.partition_point(|cell| cell.row < row))
            .collect();
        let merged = sheet.merged.iter().filter_map(|merged| {
            Some(Span {
                rows: visible(&rows, merged.first.0, merged.last.0)?,
                columns: visible(&columns, merged.first.1, merged.last.1)?,
            })
        });
        let spans: Vec<Span> = merged.collect();
        let rectangles = spans
            .iter()
            .map(|span| (span.rows.clone(), span.columns.clone()));
        let (areas, _) = Areas::of(rectangles);
        Self {
            sheet,
            rows,
            columns,
            spans,
            areas,
            filled,
            begins,
            units: OnceCell::new(),
            hides,
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
        self.spans.get(self.areas.at(row, column)?)
    }

    /// The merged cells whose first visible row is one of these.
    pub fn spans(&self, rows: &Range<usize>) -> &[Span] {
        let before = |row: usize| self.spans.partition_point(|span| *span.rows.start() < row);
        &self.spans[before(rows.start)..before(rows.end.max(rows.start))]
    }

    /// The columns between these whose cell in a row holds something, be it nothing that shows; each value at its first
    /// visible place.
    pub fn values(&self, row: usize, columns: &Range<usize>) -> impl Iterator<Item = usize> {
        let cells = self.cells(row);
        let before = |column: usize| cells.partition_point(|cell| cell.column < column);
        let between = &cells[before(columns.start)..before(columns.end.max(columns.start))];
        between.iter().map(|cell| cell.column)
    }

    /// Likewise those in which something is read.
    pub fn texts(&self, row: usize, columns: &Range<usize>) -> impl Iterator<Item = usize> {
        let values = self.values(row, columns);
        values.filter(move |column| {
            !self
                .found(row, *column)
                .is_none_or(|cell| is_blank(cell.cell))
        })
    }

    fn cells(&self, row: usize) -> &[Filled<'a>] {
        &self.filled[self.begins[row]..self.begins[row + 1]]
    }

    /// The cell that stands at a place, or the first visible one of merged cells.
    fn filled(&self, row: usize, column: usize) -> Option<&Filled<'a>> {
        let (row, column) = self.span(row, column).map_or((row, column), |span| {
            (*span.rows.start(), *span.columns.start())
        });
        self.found(row, column)
    }

    fn found(&self, row: usize, column: usize) -> Option<&Filled<'a>> {
        let cells = self.cells(row);
        let at = cells.binary_search_by_key(&column, |cell| cell.column);
        at.ok().map(|at| &cells[at])
    }

    /// The cell itself; empty where merged cells have their value elsewhere.
    pub fn own(&self, row: usize, column: usize) -> &'a Cell {
        self.found(row, column).map_or(&EMPTY, |found| found.cell)
    }

    /// The cell, or the one at top left of its merged cells.
    pub fn cell(&self, row: usize, column: usize) -> &'a Cell {
        self.filled(row, column).map_or(&EMPTY, |found| found.cell)
    }

    /// What is read there, of merged cells in each of their places.
    pub fn text(&self, row: usize, column: usize) -> String {
        read(self.cell(row, column)).to_owned()
    }

    /// Likewise, as it is compared.
    pub fn folded(&self, row: usize, column: usize) -> &str {
        self.filled(row, column).map_or("", |found| {
            found.folded.get_or_init(|| fold(read(found.cell)))
        })
    }

    /// Whether nothing is read there.
    pub fn is_blank(&self, row: usize, column: usize) -> bool {
        is_blank(self.cell(row, column))
    }

    /// Whether a number stands there, be it as a text.
    pub fn is_number(&self, row: usize, column: usize) -> bool {
        match &self.cell(row, column).value {
            Value::Number(_) => true,
            Value::Text(text) => read_number(text).is_ok(),
            Value::Empty | Value::Other(_) => false,
        }
    }

    /// The units of measure that are written in the sheet, with their places.
    pub fn units(&self) -> &[(usize, usize, MoneyUnit)] {
        self.units.get_or_init(|| {
            let texts = self
                .filled
                .iter()
                .filter_map(|found| match &found.cell.value {
                    Value::Text(text) | Value::Other(text) => Some((found.row, found.column, text)),
                    Value::Empty | Value::Number(_) => None,
                });
            texts
                .filter_map(|(row, column, text)| {
                    let said = unit::of_line(text).or_else(|| unit::of_header(text).1)?;
                    Some((row, column, said))
                })
                .collect()
        })
    }

    /// Between these rows and columns the first and last row and column in which something is read.
    pub fn extent(
        &self,
        rows: &Range<usize>,
        columns: &Range<usize>,
    ) -> Option<(RangeInclusive<usize>, RangeInclusive<usize>)> {
        let mut found: Option<(RangeInclusive<usize>, RangeInclusive<usize>)> = None;
        let mut note = |lines: RangeInclusive<usize>, places: RangeInclusive<usize>| {
            let joined = |one: &RangeInclusive<usize>, other: &RangeInclusive<usize>| {
                *one.start().min(other.start())..=*one.end().max(other.end())
            };
            found = Some(match &found {
                Some((down, across)) => (joined(down, &lines), joined(across, &places)),
                None => (lines, places),
            });
        };
        for row in rows.clone() {
            for column in self.texts(row, columns) {
                note(row..=row, column..=column);
            }
        }
        for span in self.spans(rows) {
            let (row, column) = (*span.rows.start(), *span.columns.start());
            if columns.contains(&column) && !self.is_blank(row, column) {
                let bottom = *span.rows.end().min(&(rows.end - 1));
                let right = *span.columns.end().min(&(columns.end - 1));
                note(row..=bottom, column..=right);
            }
        }
        found
    }

    /// The place as people name it: `Sheet1!D17`.
    pub fn place(&self, row: usize, column: usize) -> String {
        let number = |all: &[usize], at: usize| all.get(at).copied().unwrap_or(0);
        let (row, column) = (number(&self.rows, row), number(&self.columns, column));
        format!("{}!{}{}", self.sheet.name, letters(column), row + 1)
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
        self.hides
    }
}

/// The cells of a sheet that are seen with their rows and columns, merged ones at their first visible place, and
/// whether others are hidden.
fn shown(sheet: &Sheet) -> (Vec<(usize, usize, &Cell)>, bool) {
    let mut shown = Vec::new();
    let mut hides = false;
    for row in &sheet.rows {
        let hidden = sheet.hides_row(row.at);
        for (column, cell) in &row.cells {
            if hidden || sheet.hides_column(*column) {
                hides = true;
            } else {
                shown.push((row.at, *column, cell));
            }
        }
    }
    for merged in &sheet.merged {
        let first = merged.first;
        let row = behind(&sheet.hidden_rows, first.0);
        let column = behind(&sheet.hidden_columns, first.1);
        let seen = row <= merged.last.0 && column <= merged.last.1;
        if seen && (row, column) != first {
            let cell = sheet.cell(first.0, first.1);
            shown.extend(cell.map(|cell| (row, column, cell)));
        }
    }
    (shown, hides)
}

/// A number, or the first one behind the hidden ones that it is among.
fn behind(hidden: &[RangeInclusive<usize>], number: usize) -> usize {
    run_of(hidden, number).map_or(number, |run| run.end() + 1)
}

/// The numbers of lines that hold something, with one visible empty one where there are some between.
fn lines(filled: impl Iterator<Item = usize>, hidden: &[RangeInclusive<usize>]) -> Vec<usize> {
    let filled: BTreeSet<usize> = filled.collect();
    let mut lines = Vec::with_capacity(filled.len());
    let top = behind(hidden, 0);
    let mut last = None;
    for number in filled {
        let empty = match (last, number.checked_sub(1)) {
            (None, _) => Some(top).filter(|top| *top < number),
            (Some(last), Some(before)) => match run_of(hidden, before) {
                Some(run) => run.start().checked_sub(1),
                None => Some(before),
            }
            .filter(|before| *before > last),
            (Some(_), None) => None,
        };
        lines.extend(empty);
        lines.push(number);
        last = Some(number);
    }
    lines
}

/// What is read in a cell.
fn read(cell: &Cell) -> &str {
    match &cell.value {
        Value::Empty => "",
        Value::Text(text) | Value::Other(text) => text,
        Value::Number(number) => &number.shown,
    }
}

/// Whether nothing is read in a cell.
fn is_blank(cell: &Cell) -> bool {
    !matches!(cell.value, Value::Other(_)) && read(cell).trim().is_empty()
}

/// The positions of `shown` whose numbers lie between two, both included.
fn visible(shown: &[usize], first: usize, last: usize) -> Option<RangeInclusive<usize>> {
    let start = shown.partition_point(|number| *number < first);
    let end = shown.partition_point(|number| *number <= last);
    (start < end).then(|| start..=end - 1)
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

    fn row(at: usize, cells: &[(usize, &str)]) -> Row {
        Row {
            at,
            cells: cells
                .iter()
                .map(|(column, cell)| (*column, text(cell)))
                .collect(),
        }
    }

    #[test]
    fn hidden_rows_and_columns_are_left_out_and_places_stay() {
        let sheet = Sheet {
            name: "表".to_owned(),
            rows: vec![
                row(0, &[(0, "a"), (1, "b"), (2, "c")]),
                row(1, &[(0, "甲")]),
                row(2, &[(0, "丙"), (2, "丁")]),
            ],
            merged: vec![Merged {
                first: (0, 2),
                last: (1, 2),
            }],
            hidden_rows: vec![0..=0],
            hidden_columns: vec![1..=1],
            ..Sheet::default()
        };
        let grid = Grid::new(&sheet);
        assert_eq!((grid.height(), grid.width()), (2, 2));
        assert_eq!(grid.text(0, 1), "c", "the value of merged cells");
        assert_eq!(grid.place(1, 1), "表!C3");
        assert_eq!(grid.range(&(0..=1), &(0..=1)), "A2:C3");
        assert!(grid.hides());
    }

    #[test]
    fn empty_stretches_are_one_row_and_one_column() {
        let sheet = Sheet {
            rows: vec![
                row(3, &[(2, "甲"), (3, "乙"), (16_000, "丙")]),
                row(9, &[(3, "丁")]),
                row(1_048_575, &[(16_383, "戊")]),
            ],
            hidden_rows: vec![500_000..=1_048_574],
            ..Sheet::default()
        };
        let grid = Grid::new(&sheet);
        assert_eq!(grid.rows, [0, 3, 8, 9, 499_999, 1_048_575]);
        assert_eq!(grid.columns, [0, 2, 3, 15_999, 16_000, 16_382, 16_383]);
        assert_eq!(grid.text(5, 6), "戊");
        assert!(grid.is_blank(4, 6) && grid.is_blank(1, 0));
        let texts: Vec<usize> = grid.texts(1, &(0..7)).collect();
        assert_eq!(texts, [1, 2, 4]);
        let extent = grid.extent(&(1..4), &(0..7));
        assert_eq!(extent, Some((1..=3, 1..=4)));
    }
}
