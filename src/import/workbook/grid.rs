//! Sheets as they are put together, within bounds whatever a file declares: what is kept follows the cells that hold
//! something, never the places between them.

use std::mem;
use std::ops::RangeInclusive;

use super::areas::{Areas, joined};
use super::{Cell, Merged, Reason, Row, Sheet, Value};

/// Rows and columns of the largest sheet there is.
pub(super) const MAX_ROWS: usize = 1 << 20;
pub(super) const MAX_COLUMNS: usize = 1 << 14;
/// Sheets of a workbook, its cells that hold something and merged ones, and bytes of their texts.
const MAX_SHEETS: usize = 1000;
const MAX_CELLS: usize = 2_000_000;
const MAX_TEXT: usize = 128 << 20;

/// What a workbook may still take.
#[derive(Debug)]
pub(super) struct Budget {
    sheets: usize,
    cells: usize,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            sheets: MAX_SHEETS,
            cells: MAX_CELLS,
            text: MAX_TEXT,
        }
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
    budget: &'a mut Budget,
    sheet: Sheet,
    /// Row, column and cell, in the order in which they came.
    cells: Vec<(usize, usize, Cell)>,
    /// Whether that is the order of the sheet, too.
    in_order: bool,
}

impl<'a> Grid<'a> {
    /// An empty sheet.
    pub(super) fn new(name: &str, hidden: bool, budget: &'a mut Budget) -> Result<Self, Reason> {
        take(&mut budget.sheets, 1)?;
        take(&mut budget.text, name.len())?;
        let sheet = Sheet {
            name: name.to_owned(),
            hidden,
            ..Sheet::default()
        };
        Ok(Self {
            budget,
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
            return Err(Reason::Damaged);
        }
        take(&mut self.budget.text, length)?;
        take(&mut self.budget.cells, 1)?;
        let last = self.cells.last();
        self.in_order &= last.is_none_or(|last| (last.0, last.1) < (row, column));
        self.cells.push((row, column, cell));
        Ok(())
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
            take(&mut self.budget.cells, 1)?;
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
        let mut budget = Budget {
            cells: 3,
            ..Budget::default()
        };
        let mut grid = Grid::new("表", false, &mut budget).expect("a sheet");
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
        let mut budget = Budget::default();
        let mut grid = Grid::new("表", false, &mut budget).expect("a sheet");
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
