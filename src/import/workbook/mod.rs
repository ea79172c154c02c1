//! A spreadsheet as its program shows it: the same shape for .xlsx, .xls, .ods and .csv.

use std::path::PathBuf;

/// A file with its sheets, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workbook {
    /// Where it was read.
    pub path: PathBuf,
    /// Its sheets, hidden ones too. A CSV file has one, called as the file without its ending.
    pub sheets: Vec<Sheet>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Name on its tab.
    pub name: String,
    /// Whether the program does not show it.
    pub hidden: bool,
    /// Its rows from the first of the sheet on, so that indices are places; empty ones at the end are left out.
    pub rows: Vec<Row>,
    /// Merged cells; the value stands in the cell at top left, the others are empty.
    pub merged: Vec<Merged>,
    /// Columns that the program does not show, from 0, in order; their cells are in the rows all the same.
    pub hidden_columns: Vec<usize>,
}

/// A row of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Whether the program does not show it.
    pub hidden: bool,
    /// Its cells from column A on; empty ones at the end are left out.
    pub cells: Vec<Cell>,
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
    /// A date, a truth value or an error, as text: `2026-01-05`, `TRUE`, `#REF!`.
    Other(String),
}

/// A number of a cell, in digits: no thousands separators, no currency, a minus in front.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// As its number format shows it: `89.00`; a percent as `12.5%`.
    pub shown: String,
    /// As it is stored, with at most 15 significant digits: `89`, `0.125`.
    pub stored: String,
}

/// Merged cells: first and last row and column, from 0, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row and column.
    pub first: (usize, usize),
    /// Last row and column.
    pub last: (usize, usize),
}
