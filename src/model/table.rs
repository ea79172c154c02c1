//! Tables of one disclosure as checked.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::amount::{Amount, grouped};
use super::classification::Code;
use super::form::SharedForm;
use crate::source::{Place, Source};

/// One table of a disclosure.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its form.
    pub form: SharedForm,
    /// Title, filled.
    pub title: String,
    /// The reason why it has no data, as the disclosure says.
    pub no_data: Option<String>,
    /// Whether that reason is not known.
    pub reason_hole: Option<Hole>,
    /// Blocks, parallel to the form's.
    pub blocks: Vec<Block>,
    /// File it was read from.
    pub source: Source,
}

/// One block of a table: all rows in printed order, totals included.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Rows in printed order.
    pub rows: Vec<Row>,
    /// Set where the data has, or must have, rows that are not among these: sums over rows and rows that are not here
    /// cannot be judged then, each row by itself can.
    pub hole: Option<Hole>,
    index: HashMap<Box<str>, usize>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Stable identifier in the block, ASCII.
    pub id: Box<str>,
    /// Code, if the row has one.
    pub code: Option<Code>,
    /// Name as printed.
    pub name: Box<str>,
    /// Depth, from 1; a total has 0.
    pub level: u8,
    /// Whether it is a total.
    pub total: bool,
    /// Position in the block from 0, rows of the form that are left out counted.
    pub line: u32,
    /// Cells, parallel to the form's columns; those of code, name and line columns are blank.
    pub cells: Vec<Cell>,
    /// Set where its name, code or identifier is not known.
    pub hole: Option<Hole>,
    /// Where it stands.
    pub place: Place,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// Where it stands; the row's place when it is blank.
    pub place: Place,
}

/// Why something that belongs to a disclosure is not known. A hole is neither blank nor zero: what needs it is not
/// judged, and it is never printed as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hole {
    /// 待填: it must be given, and is not.
    NotGiven,
    /// It is given, but cannot be understood as it stands, which has been reported.
    Unread,
}

/// What a cell holds. Blank, zero and 无数据 are three different things, and none of them is a hole.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is written, and nothing need be.
    Blank,
    /// What is written is not known.
    Hole(Hole),
    /// 无数据
    NoData,
    /// Money.
    Amount(Amount),
    /// Percent, without the sign.
    Percent(Decimal),
    /// A count.
    Count(Decimal),
    /// Text.
    Text(Box<str>),
    /// 是 / 否
    YesNo(bool),
}

/// How 无数据 is written in data and on pages.
pub const NO_DATA: &str = "无数据";

impl Value {
    /// As printed; a blank is empty.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Blank | Self::Hole(_) => String::new(),
            Self::NoData => NO_DATA.to_owned(),
            Self::Amount(amount) => amount.to_text(),
            Self::Percent(value) | Self::Count(value) => grouped(*value),
            Self::Text(text) => text.to_string(),
            Self::YesNo(true) => "是".to_owned(),
            Self::YesNo(false) => "否".to_owned(),
        }
    }

    /// The money, if it is money.
    #[must_use]
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Self::Amount(amount) => Some(*amount),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn number(&self) -> Option<Decimal> {
        match self {
            Self::Amount(amount) => Some(amount.value()),
            Self::Percent(value) | Self::Count(value) => Some(*value),
            _ => None,
        }
    }

    /// Why it is not known, if it is not.
    #[must_use]
    pub const fn hole(&self) -> Option<Hole> {
        match self {
            Self::Hole(hole) => Some(*hole),
            _ => None,
        }
    }

    /// Whether it is a number other than zero.
    #[must_use]
    pub fn is_figure(&self) -> bool {
        self.number().is_some_and(|number| !number.is_zero())
    }
}

impl Block {
    /// A block of which nothing is known.
    #[must_use]
    pub fn unknown(hole: Hole) -> Self {
        Self {
            hole: Some(hole),
            ..Self::default()
        }
    }

    /// Whether a row or any cell of it is not known.
    #[must_use]
    pub fn has_hole(&self) -> bool {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        self.hole.is_some()
            || self.rows.iter().any(|row| row.hole.is_some())
            || cells.into_iter().any(|cell| cell.value.hole().is_some())
    }

    /// Adds a row; `false` when its id is taken already.
    pub fn add(&mut self, row: Row) -> bool {
        let position = self.rows.len();
        if self.index.contains_key(&row.id) {
            return false;
        }
        self.index.insert(row.id.clone(), position);
        self.rows.push(row);
        true
    }

    /// The row of that id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.position(id).and_then(|at| self.rows.get(at))
    }

    /// The position of the row of that id.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// For each row the position of the row that it is part of: the nearest above of a smaller level,
    /// whose code its own starts with where both have codes of a classification. Totals are part of nothing.
    #[must_use]
    pub fn parents(&self) -> Vec<Option<usize>> {
        let mut open: Vec<usize> = Vec::new();
        let mut parents = Vec::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            if row.total {
                parents.push(None);
                continue;
            }
            open.retain(|above| self.rows[*above].level < row.level);
            let parent =
                open.last()
                    .copied()
                    .filter(|above| match (&self.rows[*above].code, &row.code) {
                        (Some(above), Some(own)) => own.may_be_below(above),
                        _ => true,
                    });
            parents.push(parent);
            open.push(at);
        }
        parents
    }
}

impl Table {
    /// What stands for a table that the data does not have, or has in a file that cannot be read.
    #[must_use]
    pub fn unknown(form: &SharedForm, title: String, hole: Hole, source: &Source) -> Self {
        Self {
            form: form.clone(),
            title,
            no_data: None,
            reason_hole: Some(hole),
            blocks: form.blocks.iter().map(|_| Block::unknown(hole)).collect(),
            source: source.clone(),
        }
    }

    /// Whether it has figures; `None` where it has none that are known and others that are not.
    #[must_use]
    pub fn figures(&self) -> Option<bool> {
        let unknown = || self.blocks.iter().any(Block::has_hole);
        let known = self.has_figures();
        (known || !unknown()).then_some(known)
    }

    /// Whether any cell is a number.
    #[must_use]
    pub fn has_figures(&self) -> bool {
        self.blocks
            .iter()
            .flat_map(|block| &block.rows)
            .flat_map(|row| &row.cells)
            .any(|cell| cell.value.number().is_some())
    }

    /// Number of rows that carry a figure.
    #[must_use]
    pub fn rows_with_figures(&self) -> usize {
        self.blocks
            .iter()
            .flat_map(|block| &block.rows)
            .filter(|row| row.cells.iter().any(|cell| cell.value.number().is_some()))
            .count()
    }
}
