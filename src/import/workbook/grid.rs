//! Sheets as they are put together, within bounds whatever a file declares.

use std::ops::RangeInclusive;

use super::{Cell, Merged, Reason, Row, Sheet, Value};

/// Rows and columns of the largest sheet there is.
pub(super) const MAX_ROWS: usize = 1 << 20;
pub(super) const MAX_COLUMNS: usize = 1 << 14;
/// Sheets, rows and cells of a workbook, those between its values included, and bytes of their texts.
const MAX_SHEETS: usize = 1000;
const MAX_ALL_ROWS: usize = 3 << 20;
const MAX_CELLS: usize = 2_000_000;
const MAX_TEXT: usize = 128 << 20;

/// What a workbook may still take.
#[derive(Debug)]
pub(super) struct Budget {
    sheets: usize,
    rows: usize,
    cells: usize,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            sheets: MAX_SHEETS,
            rows: MAX_ALL_ROWS,
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
    hidden_rows: Vec<RangeInclusive<usize>>,
    hidden_columns: Vec<RangeInclusive<usize>>,
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
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
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
        let rows = &mut self.sheet.rows;
        if row >= rows.len() {
            take(&mut self.budget.rows, row + 1 - rows.len())?;
            rows.resize_with(row + 1, Row::default);
        }
        let cells = &mut rows[row].cells;
        if column >= cells.len() {
            take(&mut self.budget.cells, column + 1 - cells.len())?;
            cells.resize_with(column + 1, Cell::default);
        }
        cells[column] = cell;
        Ok(())
    }

    /// Hides the sheet.
    pub(super) fn hide(&mut self) {
        self.sheet.hidden = true;
    }

    /// Hides rows.
    pub(super) fn hide_rows(&mut self, rows: RangeInclusive<usize>) {
        if *rows.end() >= MAX_ROWS {
            return;
        }
        match self.hidden_rows.last_mut() {
            Some(last) if *last.end() + 1 == *rows.start() => *last = *last.start()..=*rows.end(),
            _ => self.hidden_rows.push(rows),
        }
    }

    /// Hides columns.
    pub(super) fn hide_columns(&mut self, columns: RangeInclusive<usize>) {
        if self.hidden_columns.len() < MAX_COLUMNS {
            self.hidden_columns.push(columns);
        }
    }

    /// Merges cells; those of one cell only, or outside of any sheet, are none.
    pub(super) fn merge(&mut self, merged: Merged) {
        let Merged { first, last } = merged;
        let fits =
            first.0 <= last.0 && first.1 <= last.1 && last.0 < MAX_ROWS && last.1 < MAX_COLUMNS;
        if fits && first != last {
            self.sheet.merged.push(merged);
        }
    }

    /// The sheet, once all is in it.
    pub(super) fn finish(mut self) -> Result<Sheet, Reason> {
        let rows = self.sheet.rows.len();
        for hidden in &self.hidden_rows {
            for row in self
                .sheet
                .rows
                .get_mut(*hidden.start()..rows.min(hidden.end() + 1))
                .into_iter()
                .flatten()
            {
                row.hidden = true;
            }
        }
        self.sheet
            .merged
            .sort_unstable_by_key(|merged| (merged.first, merged.last));
        self.clear_merged()?;
        self.trim();
        let columns = self.sheet.rows.iter().map(|row| row.cells.len()).max();
        self.sheet.hidden_columns = (0..columns.unwrap_or(0))
            .filter(|column| {
                self.hidden_columns
                    .iter()
                    .any(|hidden| hidden.contains(column))
            })
            .collect();
        Ok(self.sheet)
    }

    /// Empties the cells that a merged one covers: the program does not show what they may hold. Merged cells do
    /// not overlap in any sheet that a program wrote; so they cover no more than the cells there are.
    fn clear_merged(&mut self) -> Result<(), Reason> {
        let mut left = MAX_CELLS + MAX_ALL_ROWS;
        for merged in &self.sheet.merged {
            let (top, start) = merged.first;
            let bottom = self.sheet.rows.len().min(merged.last.0 + 1);
            let rows = self.sheet.rows.get_mut(top..bottom).unwrap_or_default();
            for (at, row) in rows.iter_mut().enumerate() {
                let end = row.cells.len().min(merged.last.1 + 1);
                let cells = row.cells.get_mut(start..end).unwrap_or_default();
                left = left.checked_sub(1 + cells.len()).ok_or(Reason::Damaged)?;
                for cell in cells.iter_mut().skip(usize::from(at == 0)) {
                    *cell = Cell::default();
                }
            }
        }
        Ok(())
    }

    /// Leaves out what is empty at the end of rows and of the sheet.
    fn trim(&mut self) {
        for row in &mut self.sheet.rows {
            let filled = row
                .cells
                .iter()
                .rposition(|cell| cell.value != Value::Empty);
            row.cells.truncate(filled.map_or(0, |last| last + 1));
        }
        let filled = self
            .sheet
            .rows
            .iter()
            .rposition(|row| !row.cells.is_empty());
        self.sheet.rows.truncate(filled.map_or(0, |last| last + 1));
    }
}
