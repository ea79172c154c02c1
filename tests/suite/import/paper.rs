//! A spreadsheet in memory, drawn cell by cell: the workbooks of the import tests.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

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

/// Merged cells: first and last row and column.
#[derive(Debug, Clone, Copy)]
pub struct Merged {
    pub first: (usize, usize),
    pub last: (usize, usize),
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
}

impl Paper {
    /// The sheet as a CSV file, figures with commas.
    pub fn csv(&self) -> String {
        let height = self.cells.iter().map(|((row, _), _)| row + 1).max();
        let width = self.cells.iter().map(|((_, column), _)| column + 1).max();
        let mut rows = vec![vec![String::new(); width.unwrap_or(0)]; height.unwrap_or(0)];
        for ((row, column), ink) in &self.cells {
            rows[*row][*column] = match ink {
                Ink::Text(text, _) => text.clone(),
                Ink::Number(text, _) | Ink::Formula(text, _) => {
                    let value = rust_decimal::Decimal::from_str_exact(text).expect("a number");
                    gongkai::model::amount::grouped(value)
                }
            };
        }
        let mut out = csv::Writer::from_writer(Vec::new());
        for row in &rows {
            out.write_record(row).expect("memory");
        }
        String::from_utf8(out.into_inner().expect("memory")).expect("UTF-8")
    }
}

/// A workbook of these sheets, as a file.
pub fn xlsx(papers: &[Paper]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let day = ExcelDateTime::from_ymd(2026, 1, 5).expect("a day");
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
    for paper in papers {
        let sheet = workbook.add_worksheet();
        draw(paper, sheet).expect("a sheet");
    }
    workbook.save_to_buffer().expect("a workbook")
}

fn draw(paper: &Paper, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(&paper.name)?.set_hidden(paper.hidden);
    for Merged { first, last } in &paper.merged {
        let ((top, left), (bottom, right)) = (place(*first), place(*last));
        sheet.merge_range(top, left, bottom, right, "", &Format::new())?;
    }
    for (at, ink) in &paper.cells {
        let (row, column) = place(*at);
        match ink {
            Ink::Text(text, indent) => {
                let format = Format::new().set_indent(*indent);
                sheet.write_string_with_format(row, column, text, &format)?
            }
            Ink::Number(text, places) => {
                let number: f64 = text.parse().expect("a number");
                sheet.write_number_with_format(row, column, number, &digits(*places))?
            }
            Ink::Formula(text, places) => {
                let formula = Formula::new("=SUM(1,2)").set_result(text);
                sheet.write_formula_with_format(row, column, formula, &digits(*places))?
            }
        };
    }
    for row in &paper.hidden_rows {
        sheet.set_row_hidden(place((*row, 0)).0)?;
    }
    for column in &paper.hidden_columns {
        sheet.set_column_hidden(place((0, *column)).1)?;
    }
    Ok(())
}

fn place((row, column): (usize, usize)) -> (u32, u16) {
    let row = u32::try_from(row).expect("a row");
    (row, u16::try_from(column).expect("a column"))
}

fn digits(places: usize) -> Format {
    let format = match places {
        0 => "#,##0".to_owned(),
        places => format!("#,##0.{}", "0".repeat(places)),
    };
    Format::new().set_num_format(format)
}
