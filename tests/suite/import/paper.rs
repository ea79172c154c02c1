//! A spreadsheet in memory, drawn cell by cell: the workbooks of the import tests.

use gongkai::import::workbook::{Cell, Merged, Number, Row, Sheet, Value, Workbook};

/// A sheet that is being drawn.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    pub name: String,
    pub hidden: bool,
    pub cells: Vec<((usize, usize), Ink)>,
    pub merged: Vec<Merged>,
    pub hidden_rows: Vec<usize>,
    pub hidden_columns: Vec<usize>,
}

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Ink {
    /// A text, and how far it is indented.
    Text(String, u8),
    /// A number with this many digits after the point.
    Number(String, usize),
    /// A formula with its value and digits.
    Formula(String, usize),
}

impl Paper {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub fn text(&mut self, row: usize, column: usize, text: &str) {
        self.indented(row, column, text, 0);
    }

    pub fn indented(&mut self, row: usize, column: usize, text: &str, indent: u8) {
        if !text.is_empty() {
            let ink = Ink::Text(text.to_owned(), indent);
            self.cells.push(((row, column), ink));
        }
    }

    pub fn ink(&mut self, row: usize, column: usize, ink: Ink) {
        self.cells.push(((row, column), ink));
    }

    /// A text over several cells.
    pub fn span(
        &mut self,
        (row, column): (usize, usize),
        (rows, columns): (usize, usize),
        text: &str,
    ) {
        self.text(row, column, text);
        if rows * columns > 1 {
            self.merged.push(Merged {
                first: (row, column),
                last: (row + rows - 1, column + columns - 1),
            });
        }
    }

    /// The sheet as a reader gives it.
    pub fn sheet(&self) -> Sheet {
        let height = self.cells.iter().map(|((row, _), _)| row + 1).max();
        let mut rows = vec![Row::default(); height.unwrap_or(0)];
        for ((row, column), ink) in &self.cells {
            let cells = &mut rows[*row].cells;
            if cells.len() <= *column {
                cells.resize(column + 1, Cell::default());
            }
            cells[*column] = cell(ink);
        }
        for row in &self.hidden_rows {
            rows[*row].hidden = true;
        }
        Sheet {
            name: self.name.clone(),
            hidden: self.hidden,
            rows,
            merged: self.merged.clone(),
            hidden_columns: self.hidden_columns.clone(),
        }
    }
}

fn cell(ink: &Ink) -> Cell {
    match ink {
        Ink::Text(text, indent) => Cell {
            value: Value::Text(text.clone()),
            indent: usize::from(*indent),
        },
        Ink::Number(text, _) | Ink::Formula(text, _) => {
            let plain = match text.split_once('.') {
                Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
                None => text,
            };
            Cell {
                value: Value::Number(Number {
                    shown: text.clone(),
                    stored: plain.to_owned(),
                }),
                indent: 0,
            }
        }
    }
}

/// A workbook of these sheets.
pub fn workbook(name: &str, papers: &[Paper]) -> Workbook {
    Workbook {
        path: name.into(),
        sheets: papers.iter().map(Paper::sheet).collect(),
    }
}
