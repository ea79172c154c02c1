//! A spreadsheet as its program shows it: the same shape for .xlsx, .xls, .ods, .csv and HTML tables.
//!
//! [`read`] tells the kind by the content of the file; each kind has its own module, and all of them
//! put their cells into a grid that keeps within bounds whatever the file declares.

pub(super) mod areas;
mod csv;
mod decimal;
mod format;
mod grid;
mod html;
mod kind;
mod ods;
mod package;
mod spreadsheet;
mod unreadable;
mod xls;
mod xlsx;
mod xml;

use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

pub use unreadable::{Other, Reason, Unreadable};

use crate::diagnostic::Say;
use crate::error::reason;
use crate::held;
use crate::say;
use grid::Book;
use kind::Kind;

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 64 << 20;

/// Reads a workbook.
///
/// # Errors
///
/// The file cannot be opened, is no workbook, is encrypted, damaged or too large: [`Reason`] says which.
pub fn read(path: &Path) -> Result<Workbook, Unreadable> {
    let refused = |reason| Unreadable::new(path, reason);
    let bytes = bytes(path).map_err(refused)?;
    let kind = kind::of(&bytes, path).map_err(refused)?;
    let mut book = Book::default();
    let sheets = match kind {
        Kind::Xlsx => xlsx::sheets(&bytes, &mut book),
        Kind::Xls => xls::sheets(&bytes, &mut book),
        Kind::Ods => ods::sheets(&bytes, &mut book),
        Kind::Spreadsheet => spreadsheet::sheets(&bytes, &mut book),
        Kind::Html => html::sheets(&bytes, path, &mut book),
        Kind::Text => csv::sheets(&bytes, path, &mut book),
    };
    let sheets = sheets.map_err(refused)?;
    if sheets.is_empty() && book.is_odd() {
        return Err(refused(Reason::Damaged));
    }
    Ok(Workbook {
        path: path.to_owned(),
        sheets,
        oddities: book.oddities(),
    })
}

/// The content of a file that is not too large.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Reason> {
    held::open(path)
        .and_then(|file| held::read(file, MAX_FILE))
        .map_err(|cause| match cause.kind() {
            ErrorKind::FileTooLarge => Reason::TooLarge,
            ErrorKind::InvalidInput => Reason::Special,
            _ => {
                let Say { zh, en } = reason(&cause);
                Reason::File(say!("读不了（{zh}）", "it cannot be read ({en})"))
            }
        })
}

/// A file with its sheets, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workbook {
    /// Where it was read.
    pub path: PathBuf,
    /// Its sheets, hidden ones too. A CSV file or HTML page has one, called as the file without its ending.
    pub sheets: Vec<Sheet>,
    /// What could not be read as it stands, and what was read instead, in the order in which it was found.
    pub oddities: Vec<Oddity>,
}

/// A record of a workbook that is not as it should be. The rest was read, as spreadsheet programs do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// Where: `Sheet1!D17`, a sheet, or a line of a text.
    pub at: String,
    /// What was odd and what was made of it, in one sentence.
    pub say: Say,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Name on its tab.
    pub name: String,
    /// Whether the program does not show it.
    pub hidden: bool,
    /// Its rows that hold something, from the top.
    pub rows: Vec<Row>,
    /// Merged cells from top to bottom; the value stands in the cell at top left, the others are empty. None overlap.
    pub merged: Vec<Merged>,
    /// Rows that the program does not show, be they hidden or left out by a filter, as runs from 0 on, in order; their
    /// cells are in the rows all the same.
    pub hidden_rows: Vec<RangeInclusive<usize>>,
    /// Columns that the program does not show, likewise.
    pub hidden_columns: Vec<RangeInclusive<usize>>,
}

impl Sheet {
    /// Whether the program does not show a row.
    #[must_use]
    pub fn hides_row(&self, row: usize) -> bool {
        areas::run_of(&self.hidden_rows, row).is_some()
    }

    /// The cell at a place, if it holds something.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let cells = self.rows.binary_search_by_key(&row, |row| row.at).ok();
        let cells = &self.rows[cells?].cells;
        let at = cells.binary_search_by_key(&column, |(column, _)| *column);
        at.ok().map(|at| &cells[at].1)
    }

    /// Whether the program does not show a column.
    #[must_use]
    pub fn hides_column(&self, column: usize) -> bool {
        areas::run_of(&self.hidden_columns, column).is_some()
    }
}

/// A row of a sheet that holds something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Where it stands in the sheet, from 0.
    pub at: usize,
    /// Its cells that hold something with their columns, from the left.
    pub cells: Vec<(usize, Cell)>,
}

/// A cell of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// Steps by which its alignment indents it; spaces in front of a text are not counted here.
    pub indent: usize,
}

/// What a cell holds. Of a formula it is the value that was saved with the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text as it stands, spaces and line ends included.
    Text(String),
    /// A number.
    Number(Number),
    /// A date, a truth value or an error, as text: `2026-01-05`, `TRUE`, `#REF!`; and a formula that
    /// was saved without its value, as `=` and the formula where it is known.
    Other(String),
}

/// A number of a cell, in digits: no thousands separators, no currency, a minus in front.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// As its number format shows it: `89.00`; a percent as `12.5%`. Empty where the format shows no
    /// digit, such as a zero as `-` or as nothing.
    pub shown: String,
    /// As it is stored, with at most 15 significant digits: `89`, `0.125`.
    pub stored: String,
}

/// A column by its letters: A, Z, AA.
pub(super) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut name = Vec::new();
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        name.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

/// Merged cells: first and last row and column, from 0, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row and column.
    pub first: (usize, usize),
    /// Last row and column.
    pub last: (usize, usize),
}

impl Merged {
    /// The rows and the columns that it covers.
    pub(super) fn rows_and_columns(&self) -> (RangeInclusive<usize>, RangeInclusive<usize>) {
        (self.first.0..=self.last.0, self.first.1..=self.last.1)
    }
}
