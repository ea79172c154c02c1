//! The rows below a header, as they stand: name, code, figures. What is no row is left out.

use std::ops::Range;

use super::amounts::{self, Reading, is_padded};
use super::doubt::Doubt;
use super::fold::{self, fold};
use super::grid::Grid;
use super::layout::Place;
use super::odd;
use super::workbook::Value;
use crate::model::amount::MoneyUnit;
use crate::model::form::{BlockForm, ColumnKind};
use crate::say;

/// A row of a sheet.
#[derive(Debug, Clone)]
pub struct RawRow {
    /// Where its name or code stands: `Sheet1!A7`.
    pub place: String,
    /// Its name on one line, without marks.
    pub name: String,
    /// How far the name is indented.
    pub indent: usize,
    /// The digits of its code.
    pub code: Option<String>,
    /// What is doubtful in it.
    pub code_doubt: Option<Doubt>,
    /// For each column of the form what stands there.
    pub cells: Vec<Reading>,
    /// For each column of the form where that is.
    pub places: Vec<String>,
    /// What is doubtful in its texts.
    pub odd: Vec<Doubt>,
}

impl RawRow {
    /// Whether anything but name and code stands in it.
    pub fn is_filled(&self) -> bool {
        self.cells
            .iter()
            .any(|cell| cell.text.is_some() || cell.doubt.is_some())
    }

    /// What is doubtful in its cells.
    pub fn doubts(&self) -> impl Iterator<Item = Doubt> {
        let cells = self.cells.iter().zip(&self.places);
        let unread = cells.filter_map(|(cell, place)| {
            let (code, say) = cell.doubt.clone()?;
            Some(Doubt::new(code, say, place.clone()))
        });
        let read = self.odd.iter().chain(&self.code_doubt).cloned();
        read.chain(unread)
    }

    /// Takes the cells of another row where it has none.
    pub fn take_cells(&mut self, other: &Self) {
        for at in 0..self.cells.len() {
            if self.cells[at] == Reading::default() {
                self.cells[at] = other.cells[at].clone();
                self.places[at].clone_from(&other.places[at]);
            }
        }
        self.odd.extend(other.odd.iter().cloned());
    }
}

/// Reads the rows of a block. Notes at the end are none.
pub fn read(
    grid: &Grid<'_>,
    form: &BlockForm,
    place: &Place,
    rows: Range<usize>,
    unit: MoneyUnit,
) -> Vec<RawRow> {
    let reader = Reader {
        grid,
        form,
        place,
        unit,
        name: form
            .columns
            .iter()
            .position(|column| column.kind == ColumnKind::Name)
            .and_then(|at| place.columns[at]),
    };
    let mut open: [String; 3] = Default::default();
    let mut found: Vec<RawRow> = Vec::new();
    let mut noted = false;
    let first = rows.start;
    for at in rows {
        if at == first && reader.numbers_columns(at) {
            continue;
        }
        let row = reader.row(at, &mut open);
        if row.name.is_empty() && row.code.is_none() && !row.is_filled() {
            continue;
        }
        if !row.is_filled() {
            noted |= reader.is_wide(at) || is_note(&row.name);
            if noted || reader.repeats(at) {
                continue;
            }
        }
        noted = false;
        found.push(row);
    }
    found
}

/// The notes below a table, each with its place: texts that stand alone in their row.
pub fn notes(grid: &Grid<'_>, rows: Range<usize>, columns: &Range<usize>) -> Vec<(String, String)> {
    let mut notes = Vec::new();
    for row in rows {
        let mut texts = grid.texts(row, columns);
        if let (Some(column), None) = (texts.next(), texts.next()) {
            let text = grid.text(row, column).trim().to_owned();
            notes.push((text, grid.place(row, column)));
        }
    }
    notes
}

/// Whether a text is a note: 注：, 说明：, 备注：, 本表…
pub fn is_note(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with("本表") {
        return true;
    }
    ["备注", "说明", "注"].iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(|c: char| c.is_ascii_digit() || "：:、.．1一".contains(c))
        })
    })
}

struct Reader<'a, 'g> {
    grid: &'a Grid<'g>,
    form: &'a BlockForm,
    place: &'a Place,
    unit: MoneyUnit,
    /// Column of the names.
    name: Option<usize>,
}

impl Reader<'_, '_> {
    fn row(&self, at: usize, open: &mut [String; 3]) -> RawRow {
        let grid = self.grid;
        let mut cells = Vec::with_capacity(self.form.columns.len());
        let mut places = Vec::with_capacity(self.form.columns.len());
        let mut odd = Vec::new();
        for (position, column) in self.form.columns.iter().enumerate() {
            let Some(from) = self.place.columns[position] else {
                cells.push(Reading::default());
                places.push(String::new());
                continue;
            };
            let value = if column.kind.is_figure() {
                &grid.own(at, from).value
            } else {
                &grid.cell(at, from).value
            };
            let wide = !column.kind.is_figure() && self.is_wide(at);
            let unit = self.place.units[position].unwrap_or(self.unit);
            let place = grid.place(at, from);
            cells.push(if wide || Some(from) == self.name {
                Reading::default()
            } else {
                let (value, said) = odd::cell(value);
                odd.extend(said.map(|say| Doubt::new("import-doubt", say, place.clone())));
                amounts::read(&value, column.kind, unit)
            });
            places.push(place);
        }
        let code = self.code(at, open);
        let mut from = self.name.or(self.place.code.first().copied());
        if let Some(code) = self.place.code.first().copied()
            && self.name.is_none_or(|name| grid.is_blank(at, name))
        {
            // 合计 often stands in the column of the codes.
            from = Some(code);
        }
        let from = from.unwrap_or(0);
        let place = grid.place(at, from);
        let text = grid.text(at, from);
        let (text, found) = odd::clean(&text);
        odd.splice(0..0, odd::doubt(&found, &place));
        let text = text.into_owned();
        let is_code = code.is_some() && self.name != Some(from);
        let (code, text) = if is_code {
            (code, String::new())
        } else {
            self.code_in_name(code, text)
        };
        RawRow {
            place,
            indent: grid.cell(at, from).indent * 2 + fold::leading(&text),
            name: fold::name(&text),
            code_doubt: code.is_some().then(|| self.code_doubt(at)).flatten(),
            code,
            cells,
            places,
            odd,
        }
    }

    /// `20805 行政事业单位养老支出` where no column has the codes.
    fn code_in_name(&self, code: Option<String>, text: String) -> (Option<String>, String) {
        if code.is_some() || !self.place.code.is_empty() || !self.form.has_code() {
            return (code, text);
        }
        let start = text.trim_start();
        let digits = start.len() - start.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let rest = start[digits..].trim_start_matches([' ', '\u{3000}', '-', '　', '\t']);
        let parted = rest.len() < start.len() - digits;
        if matches!(digits, 3 | 5 | 7) && parted && !rest.is_empty() {
            let blanks = text[..text.len() - start.len()].to_owned();
            return (Some(start[..digits].to_owned()), blanks + rest);
        }
        (None, text)
    }

    /// The code of a row, put together where it is split.
    fn code(&self, at: usize, open: &mut [String; 3]) -> Option<String> {
        if let [column] = *self.place.code
            && !self.form.is_classified()
        {
            return self.free_code(at, column);
        }
        let mut parts: [String; 3] = Default::default();
        for (part, column) in parts.iter_mut().zip(&self.place.code) {
            *part = self.digits(at, *column)?;
        }
        if self.place.code.len() == 1 {
            let code = std::mem::take(&mut parts[0]);
            return (!code.is_empty()).then_some(code);
        }
        let last = parts.iter().rposition(|part| !part.is_empty())?;
        if last > 0 && matches!(parts[last].len(), 3 | 5 | 7) {
            // Each column has the whole code.
            let code = std::mem::take(&mut parts[last]);
            for (part, digits) in open.iter_mut().zip([0..3, 3..5, 5..7]) {
                code.get(digits).unwrap_or_default().clone_into(part);
            }
            return Some(code);
        }
        for (level, part) in parts.iter().enumerate() {
            if !part.is_empty() {
                let width = if level == 0 { 3 } else { 2 };
                open[level] = format!("{part:0>width$}");
            } else if level > last {
                open[level].clear();
            }
        }
        Some(open[..=last].concat())
    }

    /// A code that belongs to no classification: any text beside a name. 合计 in the column of the codes
    /// has none.
    fn free_code(&self, at: usize, column: usize) -> Option<String> {
        let named = self.name.is_some_and(|name| !self.grid.is_blank(at, name));
        let code = match self.digits(at, column) {
            Some(digits) => digits,
            None if named => self.grid.text(at, column).trim().to_owned(),
            None => String::new(),
        };
        (!code.is_empty()).then_some(code)
    }

    /// What is doubtful in the code of a row: zeros that only its format shows, or a format that shows nothing.
    fn code_doubt(&self, at: usize) -> Option<Doubt> {
        let column = *self.place.code.first()?;
        let Value::Number(number) = &self.grid.cell(at, column).value else {
            return None;
        };
        let (shown, stored) = (&number.shown, &number.stored);
        let say = if shown.is_empty() {
            say!(
                "编码存的是 {stored}，数字格式却不显示它，按存的写",
                "the code {stored} is stored but its number format does not show it; what is stored was taken"
            )
        } else if self.place.code.len() == 1 && is_padded(shown) {
            say!(
                "编码显示 {shown}，存的是 {stored}，按显示的写",
                "the code is shown as {shown}, stored {stored}; what is shown was taken"
            )
        } else {
            return None;
        };
        Some(Doubt::new(
            "import-amount",
            say,
            self.grid.place(at, column),
        ))
    }

    /// The digits of a cell, empty for an empty one; `None` for a text that is no code.
    fn digits(&self, row: usize, column: usize) -> Option<String> {
        let text = match &self.grid.cell(row, column).value {
            // parts of a split code have a width of their own
            Value::Number(number) if self.place.code.len() > 1 || !is_padded(&number.shown) => {
                number.stored.clone()
            }
            Value::Number(number) => number.shown.clone(),
            _ => fold(&self.grid.text(row, column)),
        };
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(text)
    }

    /// Whether the text of the names reaches over a column of figures, as notes and headings do.
    fn is_wide(&self, at: usize) -> bool {
        let first = self.name.or(self.place.code.first().copied());
        let span = first.and_then(|column| self.grid.span(at, column));
        span.is_some_and(|span| {
            let figures = self.form.columns.iter().zip(&self.place.columns);
            let mut figures = figures.filter(|(column, _)| column.kind.is_figure());
            figures.any(|(_, at)| at.is_some_and(|at| span.columns.contains(&at)))
        })
    }

    /// Whether the name is one that merged cells repeat.
    fn repeats(&self, at: usize) -> bool {
        let span = self.name.and_then(|column| self.grid.span(at, column));
        span.is_some_and(|span| *span.rows.start() < at)
    }

    /// Whether the row numbers the columns: 栏次 1 2 3, 甲 乙 1 2.
    fn numbers_columns(&self, at: usize) -> bool {
        let texts = self.place.all().map(|column| self.grid.folded(at, column));
        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        let number = |text: &&str| {
            matches!(
                *text,
                "栏次" | "行次" | "甲" | "乙" | "丙" | "丁" | "戊" | "己"
            ) || text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        texts.len() > 1 && texts.iter().all(number)
    }
}
