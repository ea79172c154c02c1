//! The language that names cells: `expenditure[2080501].basic`, `summary.revenue[total].current`,
//! `input.prior_total`. Shared by narrative, charts, key figures and rules.

use std::collections::HashMap;
use std::fmt;

use super::disclosure::{Disclosure, Input};
use super::proof::CellAt;
use super::table::{Cell, Hole, Row};

/// The name of one figure of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selector {
    /// A cell of a table.
    Cell {
        /// Table id.
        table: Box<str>,
        /// Block id; empty for a table of one block.
        block: Box<str>,
        /// Row id.
        row: Box<str>,
        /// Column id.
        column: Box<str>,
    },
    /// A value that stands in no table.
    Input(Box<str>),
}

impl Selector {
    /// Reads a selector; `None` when it does not have one of the two shapes.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if let Some(id) = text.strip_prefix("input.") {
            return is_id(id).then(|| Self::Input(id.into()));
        }
        let (place, rest) = text.split_once('[')?;
        let (row, column) = rest.split_once("].")?;
        let (table, block) = place.split_once('.').unwrap_or((place, ""));
        (is_id(table) && (block.is_empty() || is_id(block)) && is_id(row) && is_id(column)).then(
            || Self::Cell {
                table: table.into(),
                block: block.into(),
                row: row.into(),
                column: column.into(),
            },
        )
    }
}

/// Whether a text may be an identifier: ASCII letters, digits, `-` and `_`.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Tells apart what would have one id, by counting: `067001`, `067001-2`, `067001-3`.
#[derive(Debug, Default)]
pub struct Repeated(HashMap<Box<str>, u32>);

impl Repeated {
    /// The id itself, or the next one like it that is not taken.
    pub fn apart(&mut self, id: &str, taken: impl Fn(&str) -> bool) -> String {
        if !taken(id) {
            return id.to_owned();
        }
        let number = self.0.entry(id.into()).or_insert(1);
        loop {
            *number += 1;
            let next = format!("{id}-{number}");
            if !taken(&next) {
                return next;
            }
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell {
                table,
                block,
                row,
                column,
            } if block.is_empty() => write!(f, "{table}[{row}].{column}"),
            Self::Cell {
                table,
                block,
                row,
                column,
            } => write!(f, "{table}.{block}[{row}].{column}"),
            Self::Input(id) => write!(f, "input.{id}"),
        }
    }
}

/// What a selector found.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// A cell of a table.
    Cell {
        /// Position of the table in the disclosure.
        table: usize,
        /// Position of the block.
        block: usize,
        /// The row.
        row: &'a Row,
        /// Position of the column.
        column: usize,
        /// The cell itself.
        cell: &'a Cell,
    },
    /// A value that stands in no table.
    Input(&'a Input),
}

impl<'a> Found<'a> {
    /// The value.
    #[must_use]
    pub const fn cell(&self) -> &'a Cell {
        match self {
            Self::Cell { cell, .. } => cell,
            Self::Input(input) => &input.cell,
        }
    }
}

impl Disclosure {
    /// Looks a selector up.
    #[must_use]
    pub fn find(&self, selector: &Selector) -> Option<Found<'_>> {
        match selector {
            Selector::Input(id) => self
                .inputs
                .iter()
                .find(|input| *input.form.id == **id)
                .map(Found::Input),
            Selector::Cell { .. } => {
                let CellAt {
                    table,
                    block,
                    row,
                    column,
                } = self.cell_of(selector)?;
                let row = &self.tables[table].blocks[block].rows[row];
                Some(Found::Cell {
                    table,
                    block,
                    row,
                    column,
                    cell: &row.cells[column],
                })
            }
        }
    }

    /// Why it is not known what a selector names; `None` where it is known, also that there is no such thing.
    #[must_use]
    pub fn hole_at(&self, selector: &Selector) -> Option<Hole> {
        if let Some(found) = self.find(selector) {
            return found.cell().value.hole();
        }
        let id = match selector {
            Selector::Input(_) => selector.to_string(),
            Selector::Cell { table, .. } => table.to_string(),
        };
        let all = id.find('.').map_or(id.as_str(), |at| &id[..=at]);
        if self.holes.forms.contains(id.as_str()) || self.holes.forms.contains(all) {
            return Some(Hole::Unread);
        }
        let Selector::Cell { table, block, .. } = selector else {
            return None;
        };
        let found = &self.tables[self.table_position(table)?];
        found.blocks[found.form.block(block)?].hole
    }

    /// The position of the cell that a selector names; `None` for an input and for what is not there.
    #[must_use]
    pub fn cell_of(&self, selector: &Selector) -> Option<CellAt> {
        let Selector::Cell {
            table,
            block,
            row,
            column,
        } = selector
        else {
            return None;
        };
        let at = self.table_position(table)?;
        let found = &self.tables[at];
        let block = found.form.block(block)?;
        Some(CellAt {
            table: at,
            block,
            row: found.blocks[block].position(row)?,
            column: found.form.blocks[block].column(column)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_reads_and_prints_alike() {
        for text in [
            "expenditure[2080501].basic",
            "summary.revenue[grand_total].current",
            "basic-by-economy[30101-50101].total",
            "input.prior_total",
        ] {
            assert_eq!(
                Selector::new(text).map(|s| s.to_string()),
                Some(text.into())
            );
        }
        for text in [
            "",
            "a",
            "a[b]",
            "a[b].",
            "a[].c",
            "input.",
            "a b[c].d",
            "a[b]c",
            "input.甲",
        ] {
            assert_eq!(Selector::new(text), None, "{text}");
        }
    }
}
