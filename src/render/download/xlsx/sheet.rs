//! One sheet: title, unit, the header as printed, the joined grid of all blocks, notes.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::formats::FORMATS;
use crate::model::amount::Amount;
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, Column, ColumnKind};
use crate::model::table::{NO_DATA, Row, Table, Value};
use crate::render::download::columns::printed;
use crate::render::download::csv::unsigned_zero;
use crate::render::download::grid::lines;

/// Digits that a number of a workbook holds exactly.
const EXACT: usize = 15;

/// Characters that a cell may hold.
const LONGEST: usize = 32_767;

/// Lines above the header: title, unit.
const ABOVE: u32 = 2;

/// Tables of more columns than this are printed on a landscape page.
const PORTRAIT_COLUMNS: usize = 7;

/// A4, as workbooks number it.
const A4: u8 = 9;

type Written = Result<(), XlsxError>;

/// Writes a table into an empty sheet.
pub fn write(
    sheet: &mut Worksheet,
    disclosure: &Disclosure,
    table: &Table,
    draft: bool,
) -> Written {
    let mut writer = SheetWriter {
        sheet,
        disclosure,
        table,
    };
    let starts = starts(table);
    let width = starts.last().copied().unwrap_or(1);
    writer.above(width, draft)?;
    let depth = table.form.blocks.iter().map(|block| block.header.len());
    let depth = small(depth.max().unwrap_or(0));
    for (block, start) in table.form.blocks.iter().zip(&starts) {
        writer.header(block, *start, depth)?;
        writer.widths(block, *start)?;
    }
    let lines = lines(table);
    let first = ABOVE + depth;
    for (line, rows) in (first..).zip(&lines) {
        for (at, row) in rows.iter().enumerate() {
            let row = row.map(|row| &table.blocks[at].rows[row]);
            writer.row(line, starts[at], &table.form.blocks[at], row)?;
        }
    }
    writer.notes(first + small(lines.len()))?;
    writer.page(first, width)
}

/// The first column of each block, and the column after the last.
fn starts(table: &Table) -> Vec<u16> {
    let mut starts = vec![0_u16];
    for block in &table.form.blocks {
        let before = starts.last().copied().unwrap_or(0);
        let columns = u16::try_from(printed(block).count()).unwrap_or(u16::MAX);
        starts.push(before.saturating_add(columns));
    }
    starts
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn wide(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

struct SheetWriter<'a> {
    sheet: &'a mut Worksheet,
    disclosure: &'a Disclosure,
    table: &'a Table,
}

impl SheetWriter<'_> {
    /// Title, and below it who and in which unit.
    fn above(&mut self, width: u16, draft: bool) -> Written {
        let form = &self.table.form;
        let draft = if draft { "（草稿）" } else { "" };
        let title = format!("{} {}{draft}", form.number, self.table.title);
        self.span((0, 0), (1, width), &title, &FORMATS.title)?;
        let entity = &self.disclosure.entity;
        let by = format!("{}名称：{}", entity.kind.word(), entity.name);
        let unit = format!("单位：{}", form.show);
        if width < 2 {
            return self.text(1, 0, &format!("{by}　{unit}"), &FORMATS.left);
        }
        self.text(1, 0, &by, &FORMATS.left)?;
        self.text(1, width - 1, &unit, &FORMATS.right)
    }

    /// The header of a block; one of fewer rows than the others is stretched at its top.
    fn header(&mut self, block: &BlockForm, start: u16, depth: u32) -> Written {
        let titles = self.disclosure.title_values();
        let missing = depth - small(block.header.len());
        let mut open = vec![0_u32; printed(block).count()];
        for (at, row) in (0_u32..).zip(&block.header) {
            let mut column = 0;
            for cell in row {
                while open.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let (line, rows) = match at {
                    0 => (0, small(cell.rows) + missing),
                    _ => (at + missing, small(cell.rows)),
                };
                let end = (column + cell.columns).min(open.len());
                open[column..end].fill(small(cell.rows));
                let from = (ABOVE + line, start + wide(column));
                let title = cell.title.fill(&titles);
                self.span(from, (rows, wide(cell.columns)), &title, &FORMATS.header)?;
                column = end;
            }
            for rows in &mut open {
                *rows = rows.saturating_sub(1);
            }
        }
        Ok(())
    }

    /// Widths by what stands in the columns: names as wide as they are, within reason.
    fn widths(&mut self, block: &BlockForm, start: u16) -> Written {
        let form = &self.table.form;
        let at = form
            .blocks
            .iter()
            .position(|known| std::ptr::eq(known, block));
        let rows = at.map_or(&[][..], |at| &self.table.blocks[at].rows);
        let titles = self.disclosure.title_values();
        for (column, (position, found)) in printed(block).enumerate() {
            let title = found.title.fill(&titles).width();
            let texts = rows.iter().map(|row| match found.kind {
                ColumnKind::Name => row.name.width() + 2 * usize::from(row.level.saturating_sub(1)),
                ColumnKind::Text => match &row.cells[position].value {
                    Value::Text(text) => text.width(),
                    _ => 0,
                },
                _ => 0,
            });
            let content = texts.max().unwrap_or(0);
            let width = match found.kind {
                ColumnKind::Name | ColumnKind::Text => content.clamp(title.max(10), 44) + 2,
                ColumnKind::Code(Some(_)) | ColumnKind::Line(_) => 6,
                ColumnKind::Code(None) => 12,
                _ => title.clamp(12, 16) + 2,
            };
            let column = start + wide(column);
            self.sheet.set_column_width(column, small(width))?;
        }
        Ok(())
    }

    /// One row of a block; a line where the block has none is framed all the same.
    fn row(&mut self, line: u32, start: u16, block: &BlockForm, row: Option<&Row>) -> Written {
        for (at, (position, column)) in printed(block).enumerate() {
            let place = (line, start + wide(at));
            match row {
                Some(row) => self.cell(place, column, position, row)?,
                None => self.blank(place, FORMATS.text(0, false))?,
            }
        }
        Ok(())
    }

    fn cell(&mut self, place: (u32, u16), column: &Column, position: usize, row: &Row) -> Written {
        let (line, at) = place;
        match column.kind {
            ColumnKind::Code(level) => {
                let code = row.code.as_ref().and_then(|code| match level {
                    Some(level) => code.part(level),
                    None => Some(code.as_str()),
                });
                self.text(line, at, code.unwrap_or_default(), FORMATS.code(row.total))
            }
            ColumnKind::Line(start) => {
                let number = (start + row.line).to_string();
                self.text(line, at, &number, FORMATS.code(row.total))
            }
            ColumnKind::Name => {
                let depth = usize::from(row.level.saturating_sub(1));
                self.text(line, at, &row.name, FORMATS.text(depth, row.total))
            }
            _ => match &row.cells[position].value {
                Value::Blank => self.blank(place, FORMATS.text(0, row.total)),
                Value::NoData => self.text(line, at, NO_DATA, FORMATS.text(0, row.total)),
                Value::Text(text) => self.text(line, at, text, FORMATS.text(0, row.total)),
                value @ Value::YesNo(_) => {
                    self.text(line, at, &value.to_text(), FORMATS.text(0, row.total))
                }
                value => self.number(place, column, value, row.total),
            },
        }
    }

    /// A figure in the unit of the page: the exact number, shown with the digits of the page.
    fn number(
        &mut self,
        place: (u32, u16),
        column: &Column,
        value: &Value,
        total: bool,
    ) -> Written {
        let shown = column.shown(value);
        let digits = shown.number().map_or(0, |number| number.scale());
        let exact = match (column.kind, value) {
            (ColumnKind::Amount { show, .. }, Value::Amount(amount)) => {
                amount.in_unit(show).map(Amount::value)
            }
            _ => value.number(),
        };
        let format = FORMATS.number(digits, total);
        match exact.and_then(float) {
            Some(number) => {
                self.sheet
                    .write_number_with_format(place.0, place.1, number, format)?;
                Ok(())
            }
            None => self.text(place.0, place.1, &shown.to_text(), format),
        }
    }

    /// Why the table is empty, and its notes, in the first column below it.
    fn notes(&mut self, line: u32) -> Written {
        let form = &self.table.form;
        let titles = self.disclosure.title_values();
        let empty = self.table.no_data.as_ref().map(|reason| {
            let note = form.empty.as_ref().map(|note| format!("{note}。"));
            format!("{}{reason}。", note.unwrap_or_default())
        });
        let notes = form.notes.iter().map(|note| note.fill(&titles));
        for (line, note) in (line..).zip(empty.into_iter().chain(notes)) {
            self.text(line, 0, &note, &FORMATS.note)?;
        }
        Ok(())
    }

    /// Frozen header and names, and how the sheet is printed.
    fn page(&mut self, first: u32, width: u16) -> Written {
        let names = match self.table.form.blocks.as_slice() {
            [block] => printed(block).position(|(_, column)| column.kind == ColumnKind::Name),
            _ => None,
        };
        let frozen = names.map_or(0, |at| wide(at) + 1);
        self.sheet.set_freeze_panes(first, frozen)?;
        self.sheet.set_repeat_rows(0, first - 1)?;
        self.sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
        if usize::from(width) > PORTRAIT_COLUMNS {
            self.sheet.set_landscape();
        }
        Ok(())
    }

    fn text(&mut self, line: u32, column: u16, text: &str, format: &Format) -> Written {
        if text.is_empty() {
            return self.blank((line, column), format);
        }
        let text: String = text.chars().take(LONGEST).collect();
        self.sheet
            .write_string_with_format(line, column, text, format)?;
        Ok(())
    }

    fn blank(&mut self, (line, column): (u32, u16), format: &Format) -> Written {
        self.sheet.write_blank(line, column, format)?;
        Ok(())
    }

    /// A text over several cells.
    fn span(
        &mut self,
        (line, column): (u32, u16),
        (rows, columns): (u32, u16),
        text: &str,
        format: &Format,
    ) -> Written {
        if rows * u32::from(columns) <= 1 {
            return self.text(line, column, text, format);
        }
        let (last_line, last_column) = (line + rows - 1, column + columns - 1);
        let text: String = text.chars().take(LONGEST).collect();
        self.sheet
            .merge_range(line, column, last_line, last_column, &text, format)?;
        Ok(())
    }
}

/// The number as workbooks hold it; `None` where that would not be exact.
fn float(value: Decimal) -> Option<f64> {
    let value = unsigned_zero(value).normalize();
    let digits = value.mantissa().unsigned_abs().to_string().len();
    if digits > EXACT {
        return None;
    }
    value.to_string().parse().ok()
}
