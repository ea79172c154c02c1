//! Sheets as they are put together, within bounds whatever a file declares: what is kept follows the cells that hold
//! something, never the places between them.

use std::mem;
use std::ops::RangeInclusive;

use super::areas::{Areas, joined};
use super::{Cell, Merged, Oddity, Reason, Row, Sheet, Value, letters};
use crate::diagnostic::Say;
use crate::say;

/// Rows and columns of the largest sheet there is.
pub(super) const MAX_ROWS: usize = 1 << 20;
pub(super) const MAX_COLUMNS: usize = 1 << 14;
/// Sheets of a workbook, its cells that hold something and merged ones, and bytes of their texts.
const MAX_SHEETS: usize = 1000;
const MAX_CELLS: usize = 2_000_000;
const MAX_TEXT: usize = 128 << 20;

/// Odd places of a workbook that are told one by one.
const MAX_ODDITIES: usize = 50;

/// A workbook as it is put together: what it may still take, and what was odd in it.
#[derive(Debug)]
pub(super) struct Book {
    sheets: usize,
    cells: usize,
    text: usize,
    oddities: Vec<Oddity>,
    /// Oddities beyond those.
    more: usize,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            sheets: MAX_SHEETS,
            cells: MAX_CELLS,
            text: MAX_TEXT,
            oddities: Vec::new(),
            more: 0,
        }
    }
}

impl Book {
    /// Notes something odd that does not keep the rest from being read.
    pub(super) fn odd(&mut self, at: impl FnOnce() -> String, say: impl FnOnce() -> Say) {
        if self.oddities.len() < MAX_ODDITIES {
            let (at, say) = (at(), say());
            self.oddities.push(Oddity { at, say });
        } else {
            self.more += 1;
        }
    }

    /// Whether anything was odd.
    pub(super) fn is_odd(&self) -> bool {
        !self.oddities.is_empty()
    }

    /// All that was odd, in the order in which it was found; of many the first, and how many more there are.
    pub(super) fn oddities(mut self) -> Vec<Oddity> {
        let (more, last) = (self.more, self.oddities.last().cloned());
        if let Some(last) = last.filter(|_| more > 0) {
            let say = say!(
                "这一处之后还有 {more} 处读不出，没有一一列出",
                "{more} more places after this one could not be read and are not listed"
            );
            self.oddities.push(Oddity { at: last.at, say });
        }
        self.oddities
    }
}

/// Takes from what is left.
fn take(left: &mut usize, amount: usize) -> Result<(), Reason> {
    *left = left.checked_sub(amount).ok_or(Reason::TooLarge)?;
    Ok(())
}

/// A sheet as it is put together.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    book: &'a mut Book,
    sheet: Sheet,
    /// Row, column and cell, in the order in which they came.
    cells: Vec<(usize, usize, Cell)>,
    /// Whether that is the order of the sheet, too.
    in_order: bool,
}

impl<'a> Grid<'a> {
    /// An empty sheet.
    pub(super) fn new(name: &str, hidden: bool, book: &'a mut Book) -> Result<Self, Reason> {
        take(&mut book.sheets, 1)?;
        take(&mut book.text, name.len())?;
        let sheet = Sheet {
            name: name.to_owned(),
            hidden,
            ..Sheet::default()
        };
        Ok(Self {
            book,
            sheet,
            cells: Vec::new(),
            in_order: true,
        })
    }

    /// Puts a cell at its place; one without a value takes no room.
    pub(super) fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), Reason> {
        let length = match &cell.value {
            Value::Empty => return Ok(()),
            Value::Text(text) | Value::Other(text) => text.len(),
            Value::Number(number) => number.shown.len() + number.stored.len(),
        };
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            self.odd(row, column, || {
                say!(
                    "这一格在工作表最大的范围之外，没有读",
                    "the cell lies outside of the largest sheet there is and was not read"
                )
            });
            return Ok(());
        }
        take(&mut self.book.text, length)?;
        take(&mut self.book.cells, 1)?;
        let last = self.cells.last();
        self.in_order &= last.is_none_or(|last| (last.0, last.1) < (row, column));
        self.cells.push((row, column, cell));
        Ok(())
    }

    /// Notes something odd at a cell.
    pub(super) fn odd(&mut self, row: usize, column: usize, say: impl FnOnce() -> Say) {
        let name = &self.sheet.name;
        let at = || format!("{name}!{}{}", letters(column), row + 1);
        self.book.odd(at, say);
    }

    /// Notes something odd of the sheet as a whole.
    pub(super) fn odd_sheet(&mut self, say: impl FnOnce() -> Say) {
        let name = &self.sheet.name;
        self.book.odd(|| name.clone(), say);
    }

    /// Hides the sheet.
    pub(super) fn hide(&mut self) {
        self.sheet.hidden = true;
    }

    /// Hides rows.
    pub(super) fn hide_rows(&mut self, rows: RangeInclusive<usize>) {
        if !rows.is_empty() && *rows.end() < MAX_ROWS {
            hide(&mut self.sheet.hidden_rows, rows);
        }
    }

    /// Hides columns.
    pub(super) fn hide_columns(&mut self, columns: RangeInclusive<usize>) {
        let columns = *columns.start()..=MAX_COLUMNS.min(*columns.end());
        if !columns.is_empty() {
            hide(&mut self.sheet.hidden_columns, columns);
        }
    }

    /// Merges cells; those of one cell only, or outside of any sheet, are none.
    pub(super) fn merge(&mut self, merged: Merged) -> Result<(), Reason> {
        let Merged { first, last } = merged;
        let fits =
            first.0 <= last.0 && first.1 <= last.1 && last.0 < MAX_ROWS && last.1 < MAX_COLUMNS;
        if fits && first != last {
            take(&mut self.book.cells, 1)?;
            self.sheet.merged.push(merged);
        }
        Ok(())
    }

    /// The sheet, once all is in it.
    pub(super) fn finish(mut self) -> Sheet {
        let sheet = &mut self.sheet;
        sheet.hidden_rows = joined(mem::take(&mut sheet.hidden_rows));
        sheet.hidden_columns = joined(mem::take(&mut sheet.hidden_columns));
        if !self.in_order {
            self.cells.sort_by_key(|(row, column, _)| (*row, *column));
            // of two cells at a place the one that came last
            self.cells.dedup_by(|later, kept| {
                let same = (later.0, later.1) == (kept.0, kept.1);
                if same {
                    mem::swap(later, kept);
                }
                same
            });
        }
        sheet
            .merged
            .sort_unstable_by_key(|merged| (merged.first, merged.last));
        let rectangles = sheet.merged.iter().map(Merged::rows_and_columns);
        let (areas, overlapping) = Areas::of(rectangles);
        // the program does not show what the covered cells may hold
        let merged = &sheet.merged;
        let covered = |(row, column, _): &(usize, usize, Cell)| {
            let area = areas.at(*row, *column);
            area.is_some_and(|number| merged[number].first != (*row, *column))
        };
        self.cells.retain(|cell| !covered(cell));
        for number in &overlapping {
            let (row, column) = sheet.merged[*number].first;
            let at = || format!("{}!{}{}", sheet.name, letters(column), row + 1);
            self.book.odd(at, || {
                say!(
                    "从这里开始的合并区域与别的重叠，当作没有合并",
                    "the merged cells that begin here overlap others and are taken as not merged"
                )
            });
        }
        let mut numbers = 0..;
        let mut overlapping = overlapping.into_iter().peekable();
        sheet.merged.retain(|_| {
            overlapping
                .next_if_eq(&numbers.next().unwrap_or(0))
                .is_none()
        });
        for (row, column, cell) in self.cells {
            match sheet.rows.last_mut().filter(|last| last.at == row) {
                Some(last) => last.cells.push((column, cell)),
                None => sheet.rows.push(Row {
                    at: row,
                    cells: vec![(column, cell)],
                }),
            }
        }
        self.sheet
    }
}

/// Notes what is hidden; most of it goes on where the one before ended.
fn hide(hidden: &mut Vec<RangeInclusive<usize>>, more: RangeInclusive<usize>) {
    match hidden.last_mut() {
        Some(last) if *last.end() + 1 == *more.start() => *last = *last.start()..=*more.end(),
        _ => hidden.push(more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number() -> Cell {
        Cell {
            value: Value::Other("1".to_owned()),
            indent: 0,
        }
    }

    #[test]
    fn what_a_workbook_takes_is_counted_by_cell() {
        let mut book = Book {
            cells: 3,
            ..Book::default()
        };
        let mut grid = Grid::new("表", false, &mut book).expect("a sheet");
        assert_eq!(grid.put(MAX_ROWS - 1, MAX_COLUMNS - 1, number()), Ok(()));
        assert_eq!(grid.put(5, 5, Cell::default()), Ok(()));
        assert_eq!(grid.put(0, 0, number()), Ok(()));
        let merged = Merged {
            first: (0, 0),
            last: (MAX_ROWS - 1, 0),
        };
        assert_eq!(grid.merge(merged), Ok(()));
        assert_eq!(grid.put(0, 0, number()), Err(Reason::TooLarge));
    }

    #[test]
    fn cells_in_any_order_come_in_the_order_of_the_sheet() {
        let mut book = Book::default();
        let mut grid = Grid::new("表", false, &mut book).expect("a sheet");
        for (row, column, text) in [(9, 1, "甲"), (0, 2, "乙"), (9, 0, "丙"), (9, 1, "丁")] {
            let value = Value::Text(text.to_owned());
            grid.put(row, column, Cell { value, indent: 0 })
                .expect("room");
        }
        let sheet = grid.finish();
        let rows: Vec<usize> = sheet.rows.iter().map(|row| row.at).collect();
        assert_eq!(rows, [0, 9]);
        let text = |row, column| sheet.cell(row, column).map(|cell| cell.value.clone());
        assert_eq!(text(9, 1), Some(Value::Text("丁".to_owned())));
        assert_eq!(text(9, 0), Some(Value::Text("丙".to_owned())));
        assert_eq!(text(9, 2), None);
    }
}
