//! Tables of HTML pages, which many systems export under the ending .xls. As a spreadsheet program does, all of a
//! page comes on one sheet, one thing below the other; everything stays text.

use std::collections::BTreeMap;
use std::path::Path;

use super::grid::{Book, Grid, MAX_COLUMNS, MAX_ROWS};
use super::{Cell, Merged, Reason, Sheet, Value, csv};

/// Elements whose content is not shown.
const UNSEEN: [&str; 5] = ["head", "script", "style", "title", "xml"];
/// Elements that begin or end a line.
const LINES: [&str; 12] = [
    "br", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "caption",
];

/// The one sheet of a page.
pub(super) fn sheets(bytes: &[u8], path: &Path, book: &mut Book) -> Result<Vec<Sheet>, Reason> {
    let text = csv::decoded(bytes, book)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut page = Page {
        grid: Grid::new(&name, false, book)?,
        row: 0,
        column: 0,
        tables: 0,
        cell: None,
        text: String::new(),
        spans: BTreeMap::new(),
    };
    let mut rest: &str = &text;
    while let Some(at) = rest.find('<') {
        page.add(&rest[..at]);
        rest = page.tag(&rest[at..])?;
    }
    page.add(rest);
    page.end_cell()?;
    page.end_line()?;
    Ok(vec![page.grid.finish()])
}

/// A page as it is read.
struct Page<'a> {
    grid: Grid<'a>,
    /// Where the next row and cell stand.
    row: usize,
    column: usize,
    /// Tables around what comes next.
    tables: usize,
    /// The rows and columns of the cell that has begun.
    cell: Option<(usize, usize)>,
    text: String,
    /// Cells of earlier rows that reach down: by first column the column and the row where they end.
    spans: BTreeMap<usize, (usize, usize)>,
}

impl Page<'_> {
    /// Takes in text: runs of spaces are one space, those that do not break stay.
    fn add(&mut self, text: &str) {
        if self.tables > 0 && self.cell.is_none() {
            return;
        }
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (character, length) = match first {
                '&' => reference(rest).unwrap_or(('&', 1)),
                _ => (first, first.len_utf8()),
            };
            rest = &rest[length..];
            let breaks = " \t\r\n".contains(first);
            if !breaks {
                self.text.push(if character == '\u{a0}' {
                    ' '
                } else {
                    character
                });
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// Takes in the tag at the beginning of a text, and gives what follows it.
    fn tag<'t>(&mut self, text: &'t str) -> Result<&'t str, Reason> {
        if let Some(comment) = text.strip_prefix("<!--") {
            return Ok(comment.split_once("-->").map_or("", |(_, rest)| rest));
        }
        let begins = |character: char| character.is_ascii_alphabetic() || "/!?".contains(character);
        if !text[1..].starts_with(begins) {
            self.add("&lt;");
            return Ok(&text[1..]);
        }
        let (tag, rest) = split_tag(&text[1..]);
        let (tag, ends) = match tag.strip_prefix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let length = tag
            .find(|sign: char| !sign.is_ascii_alphanumeric())
            .unwrap_or(tag.len());
        let name = tag[..length].to_ascii_lowercase();
        if UNSEEN.contains(&name.as_str()) && !ends && !tag.ends_with('/') {
            return Ok(after_end(rest, &name));
        }
        self.element(&name, &tag[length..], ends)?;
        Ok(rest)
    }

    /// Begins or ends an element. A table inside a cell is text of that cell.
    fn element(&mut self, name: &str, attributes: &str, ends: bool) -> Result<(), Reason> {
        match (name, ends) {
            ("table", false) => {
                if self.tables == 0 {
                    self.end_line()?;
                    self.spans.clear();
                }
                self.tables += 1;
            }
            ("table", true) => {
                if self.tables == 1 {
                    self.end_row()?;
                }
                self.tables = self.tables.saturating_sub(1);
            }
            ("tr", false) if self.tables == 1 => {
                self.end_row()?;
                if hides(attributes) {
                    self.grid.hide_rows(self.row..=self.row);
                }
            }
            ("td" | "th", _) if self.tables == 1 => {
                self.end_cell()?;
                if !ends {
                    let span = |name| number(attributes, name).unwrap_or(1).clamp(1, MAX_COLUMNS);
                    self.cell = Some((span("rowspan"), span("colspan")));
                }
            }
            ("tr", true) if self.tables == 1 => self.end_row()?,
            (name, _) if LINES.contains(&name) => self.line()?,
            _ => {}
        }
        Ok(())
    }

    /// Begins a line: within a cell there may be several, outside of tables each is a row.
    fn line(&mut self) -> Result<(), Reason> {
        if self.tables == 0 {
            return self.end_line();
        }
        let length = self.text.trim_end_matches(' ').len();
        if length > 0 && !self.text.ends_with('\n') {
            self.text.truncate(length);
            self.text.push('\n');
        }
        Ok(())
    }

    /// Ends a line outside of tables.
    fn end_line(&mut self) -> Result<(), Reason> {
        let value = value(&mut self.text);
        if self.tables == 0 && value != Value::Empty {
            self.grid.put(self.row, 0, Cell { value, indent: 0 })?;
            self.row += 1;
        }
        Ok(())
    }

    /// Ends a cell, if one has begun.
    fn end_cell(&mut self) -> Result<(), Reason> {
        let Some((rows, columns)) = self.cell.take() else {
            return Ok(());
        };
        while let Some(end) = self.reaching(self.column) {
            self.column = end;
        }
        let value = value(&mut self.text);
        self.grid
            .put(self.row, self.column, Cell { value, indent: 0 })?;
        let end = (self.column + columns).min(MAX_COLUMNS);
        if end <= self.column || self.row >= MAX_ROWS {
            // such a cell is left out
            return Ok(());
        }
        self.grid.merge(Merged {
            first: (self.row, self.column),
            last: (self.row + rows - 1, end - 1),
        })?;
        if rows > 1 {
            self.reach(end, self.row + rows);
        }
        self.column = end;
        Ok(())
    }

    /// The column behind the cell of an earlier row that reaches down to this column, if one does.
    fn reaching(&self, column: usize) -> Option<usize> {
        let (_, &(end, until)) = self.spans.range(..=column).next_back()?;
        (end > column && until > self.row).then_some(end)
    }

    /// Lets the cell at hand reach down to a row, instead of those that did so in its columns.
    fn reach(&mut self, end: usize, until: usize) {
        let start = self.column;
        if let Some((&first, &(last, row))) = self.spans.range(..start).next_back()
            && last > start
        {
            self.spans.insert(first, (start, row));
            if last > end {
                self.spans.insert(end, (last, row));
            }
        }
        while let Some((&first, &(last, row))) = self.spans.range(start..end).next() {
            self.spans.remove(&first);
            if last > end {
                self.spans.insert(end, (last, row));
            }
        }
        self.spans.insert(start, (end, until));
    }

    /// Ends a row of a table, if it has cells.
    fn end_row(&mut self) -> Result<(), Reason> {
        self.end_cell()?;
        if self.column > 0 {
            self.row += 1;
        }
        self.column = 0;
        Ok(())
    }
}

/// The value of a text that has ended.
fn value(text: &mut String) -> Value {
    let text = std::mem::take(text);
    let text = text.trim_end();
    if text.is_empty() {
        Value::Empty
    } else {
        Value::Text(text.to_owned())
    }
}

/// What stands between the signs of a tag, and what follows it; a sign in a value in quotes ends none.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (None, '>') => return (&text[..at], &text[at + 1..]),
            (None, '"' | '\'') if before == '=' => quote = Some(sign),
            (Some(begun), _) if begun == sign => quote = None,
            _ => {}
        }
        if !sign.is_whitespace() {
            before = sign;
        }
    }
    (text, "")
}

/// What follows the end of an element.
fn after_end<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let found = rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if found {
            return split_tag(rest).1;
        }
    }
    ""
}

/// The number of an attribute.
fn number(attributes: &str, name: &str) -> Option<usize> {
    let lower = attributes.to_ascii_lowercase();
    let (_, rest) = lower.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let rest = rest.trim_start_matches(['"', '\'']).trim_start();
    let end = rest
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// Whether the style of a row hides it.
fn hides(attributes: &str) -> bool {
    let packed: String = attributes.split_whitespace().collect();
    packed.to_ascii_lowercase().contains("display:none")
}

/// The character that a reference at the beginning of a text stands for, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|sign| sign == b';')?;
    let name = text.get(1..end)?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
        None => match name {
            "nbsp" => '\u{a0}',
            "ensp" => '\u{2002}',
            "emsp" => '\u{2003}',
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            "yen" => '¥',
            "middot" => '·',
            "mdash" => '—',
            _ => return None,
        },
    };
    Some((character, end + 1))
}
