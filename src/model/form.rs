//! The form of a table as a standard prescribes it: columns, headers, fixed rows, totals.
//!
//! Declared once, it serves loading, checking, pages and downloads.

use std::sync::Arc;

use super::amount::MoneyUnit;
use super::classification::{Classification, Code, Level};
use super::table::Value;
use super::title::Title;

/// One table of a standard.
#[derive(Debug, Clone, PartialEq)]
pub struct TableForm {
    /// Identifier in data files and selectors.
    pub id: Box<str>,
    /// Position in the standard, from 1; the page is `t01.html`.
    pub position: usize,
    /// Number as printed: 表一, 公开01表.
    pub number: Box<str>,
    /// Title as printed.
    pub title: Title,
    /// One sentence on how to read it.
    pub lead: Option<Title>,
    /// Unit of the data.
    pub unit: MoneyUnit,
    /// Unit on the page.
    pub show: MoneyUnit,
    /// Note below a table without data; `None` when it may not be empty.
    pub empty: Option<Box<str>>,
    /// Notes always printed below.
    pub notes: Vec<Title>,
    /// Its blocks; one, or several side by side.
    pub blocks: Vec<BlockForm>,
}

/// One block of a table: columns and where its rows come from.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockForm {
    /// Identifier; empty when the table has one block.
    pub id: Box<str>,
    /// Title, for the caption of a table with several blocks.
    pub title: Option<Title>,
    /// Columns in printed order, those that are not printed included.
    pub columns: Vec<Column>,
    /// Header rows over the printed columns, the row of column numbers last.
    pub header: Vec<Vec<HeaderCell>>,
    /// Where rows come from.
    pub rows: RowSource,
    /// What makes up the id of a row that is not fixed and gives none.
    pub key: Vec<KeyPart>,
    /// Total rows written apart in the data.
    pub totals: Vec<TotalForm>,
}

/// Where the rows of a block come from.
#[derive(Debug, Clone, PartialEq)]
pub enum RowSource {
    /// Rows that the form prescribes.
    Fixed {
        /// The rows in order.
        rows: Vec<FixedRow>,
        /// Whether rows without a figure are printed.
        print_blank: bool,
    },
    /// A tree of codes, in the order of the data.
    Tree(Classification),
    /// Free rows, which may have rows below them.
    List,
}

/// One part of the id of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPart {
    /// The row's code.
    Code,
    /// The text of a column.
    Column(usize),
}

/// A row that the form prescribes.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedRow {
    /// Identifier.
    pub id: Box<str>,
    /// Name as printed.
    pub name: Title,
    /// Its code, if any: mostly the class that it stands for.
    pub code: Option<Code>,
    /// Depth, from 1; 其中 rows stand one deeper than the row they are part of.
    pub level: u8,
    /// Whether it is a total.
    pub total: bool,
}

/// A total row that is written apart in the data.
#[derive(Debug, Clone, PartialEq)]
pub struct TotalForm {
    /// Identifier, also the key in the data.
    pub id: Box<str>,
    /// Name as printed.
    pub name: Title,
    /// Above the rows, or below.
    pub first: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Identifier, the key in the data.
    pub id: Box<str>,
    /// What it holds.
    pub kind: ColumnKind,
    /// Lowest header.
    pub title: Title,
    /// Whether it is printed.
    pub printed: bool,
    /// Computed from other columns where the data leaves it out.
    pub computed: Option<Computed>,
    /// The list that its texts, or the codes of the rows, are checked against.
    pub codes: Option<CodeColumn>,
    /// The column (position in the block) whose figures of last year's disclosure it repeats.
    pub prior_of: Option<usize>,
}

/// A column of codes that a list knows: a text column with a second classification, or the code column
/// of rows that are no tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeColumn {
    /// Name of the code list.
    pub list: Box<str>,
    /// Column with the names of the codes.
    pub name: Option<usize>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// The row's code, or the part of it that a split column prints.
    Code(Option<Level>),
    /// Name of the row.
    Name,
    /// Text.
    Text,
    /// Money with its unit and digits in the data and on the page.
    Amount {
        /// Unit in the data.
        unit: MoneyUnit,
        /// Unit on the page.
        show: MoneyUnit,
        /// Digits after the point in the data.
        decimals: u32,
        /// Digits after the point on the page, where its unit differs.
        show_decimals: u32,
    },
    /// Percent, written without the sign.
    Percent,
    /// A count.
    Count,
    /// 行次, numbered from this. Rows of the form that are left out keep their number.
    Line(u32),
    /// 是 / 否
    YesNo,
}

impl ColumnKind {
    /// Whether cells are figures: aligned right and addressable.
    #[must_use]
    pub const fn is_figure(self) -> bool {
        matches!(self, Self::Amount { .. } | Self::Percent | Self::Count)
    }

    /// Whether the data writes cells of this kind under the column's own key.
    #[must_use]
    pub const fn is_written(self) -> bool {
        !matches!(self, Self::Code(_) | Self::Name | Self::Line(_))
    }
}

impl Column {
    /// Whether its cells are printed with an anchor of their own.
    #[must_use]
    pub const fn is_addressed(&self) -> bool {
        self.printed && self.kind.is_figure()
    }

    /// The unit of the amounts that it holds: that of the data, of a computed column that of the page.
    #[must_use]
    pub fn held_unit(&self) -> Option<MoneyUnit> {
        match self.kind {
            ColumnKind::Amount { show, .. } if self.computed.is_some() => Some(show),
            ColumnKind::Amount { unit, .. } => Some(unit),
            _ => None,
        }
    }

    /// A value as the page shows it: money in the unit of the page, everything else as it is.
    #[must_use]
    pub fn shown(&self, value: &Value) -> Value {
        match (self.kind, value) {
            (
                ColumnKind::Amount {
                    unit,
                    show,
                    show_decimals,
                    ..
                },
                Value::Amount(amount),
            ) if unit != show => amount.in_unit(show).map_or_else(
                || value.clone(),
                |shown| Value::Amount(shown.rounded(show_decimals)),
            ),
            _ => value.clone(),
        }
    }
}

/// How a column follows from two others (positions in the block).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Computed {
    /// First minus second (增减额); a blank beside an amount counts as zero.
    Difference(usize, usize),
    /// First minus second, in percent of the second (增减 %); blank on a base that is zero or negative.
    Growth(usize, usize),
    /// First in percent of the second (完成 %); blank on a base that is zero or negative.
    Ratio(usize, usize),
}

/// One cell of a header row.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderCell {
    /// Text.
    pub title: Title,
    /// Printed columns it spans.
    pub columns: usize,
    /// Header rows it spans.
    pub rows: usize,
    /// Whether figures stand below, so that it is aligned with them.
    pub figure: bool,
    /// Whether the names of the rows stand below, and nothing else.
    pub name: bool,
}

impl TableForm {
    /// Name of the page: `t01.html`.
    #[must_use]
    pub fn page(&self) -> String {
        format!("t{:02}.html", self.position)
    }

    /// The block of that id; the only one when there is only one.
    #[must_use]
    pub fn block(&self, id: &str) -> Option<usize> {
        if self.blocks.len() == 1 && id.is_empty() {
            return Some(0);
        }
        self.blocks.iter().position(|block| &*block.id == id)
    }
}

impl RowSource {
    /// The code list of the rows' own codes, where they are a tree.
    #[must_use]
    const fn code_list(&self) -> Option<&'static str> {
        match self {
            Self::Tree(Classification::Functional) => Some("functional"),
            Self::Tree(Classification::Economic) => Some("economic"),
            Self::Fixed { .. } | Self::List => None,
        }
    }
}

impl BlockForm {
    /// Position of a column.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| &*column.id == id)
    }

    /// The code list that the codes of the rows belong to: that of their column, else that of the tree.
    #[must_use]
    pub fn code_list(&self) -> Option<&str> {
        let mut codes = self
            .columns
            .iter()
            .filter(|column| !column.kind.is_written());
        let declared = codes.find_map(|column| column.codes.as_ref());
        declared.map_or_else(|| self.rows.code_list(), |codes| Some(&codes.list))
    }

    /// Identifiers of the total rows: those written apart, then those of the form.
    #[must_use]
    pub fn total_ids(&self) -> Vec<Box<str>> {
        let apart = self.totals.iter().map(|total| total.id.clone());
        let fixed = match &self.rows {
            RowSource::Fixed { rows, .. } => rows.as_slice(),
            RowSource::Tree(_) | RowSource::List => &[],
        };
        let fixed = fixed.iter().filter(|row| row.total);
        apart.chain(fixed.map(|row| row.id.clone())).collect()
    }

    /// Whether the codes of its rows are those of a classification: in a tree, and where columns print
    /// their levels. Others are any text.
    #[must_use]
    pub fn is_classified(&self) -> bool {
        let split = |column: &Column| matches!(column.kind, ColumnKind::Code(Some(_)));
        matches!(self.rows, RowSource::Tree(_)) || self.columns.iter().any(split)
    }

    /// Whether rows are called after a code that may repeat: one of no classification.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        !self.is_classified() && self.key.contains(&KeyPart::Code)
    }

    /// Whether rows carry a code.
    #[must_use]
    pub fn has_code(&self) -> bool {
        self.columns
            .iter()
            .any(|column| matches!(column.kind, ColumnKind::Code(_)))
    }
}

/// A table form shared by all disclosures of a standard.
pub type SharedForm = Arc<TableForm>;
