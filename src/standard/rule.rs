//! Rules of a standard, read and ready to be held against any number of disclosures.
//!
//! `docs/standards.md` is their language. Positions are those of the standard's tables, inputs and
//! sheet form, so that a rule is understood once and not again for each disclosure.

use rust_decimal::Decimal;

use crate::diagnostic::Severity;
use crate::model::proof::Comparison;
use crate::source::Location;

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Identifier.
    pub id: Box<str>,
    /// What must hold, in one line.
    pub title: String,
    /// Why.
    pub reason: Option<String>,
    /// Regulation or form that says so.
    pub origin: Option<String>,
    /// Weight of a relation that does not hold.
    pub severity: Severity,
    /// What it is held against one by one.
    pub each: Option<Each>,
    /// The block whose amount columns it is held against one by one, where it writes `.*`.
    pub columns: Option<BlockAt>,
    /// Only where one of these has a figure.
    pub when: Vec<Pattern>,
    /// Not where one of these has a figure.
    pub unless: Vec<Pattern>,
    /// What must hold.
    pub kind: RuleKind,
    /// Where it is written.
    pub location: Location,
}

impl Rule {
    /// The lines of the standard that state it, but for title, reason and source.
    #[must_use]
    pub fn as_written(&self) -> String {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let mut lines = self.location.source.text.lines();
        let above = (self.location.place.line as usize).saturating_sub(1);
        let head = lines.nth(above).unwrap_or_default();
        // A rule in braces starts, and mostly ends, on the line of its dash.
        let braces = Some(head).filter(|head| head.contains("- {"));
        let below = lines.take_while(|line| indent(line) > indent(head) && !line.trim().is_empty());
        let own = braces.into_iter().chain(below);
        let stated = own.filter(|line| {
            let key = line.trim_start();
            let words = ["title:", "reason:", "source:", "#"];
            !words.iter().any(|word| key.starts_with(word))
        });
        let mut text = String::new();
        for line in stated {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// What must hold.
#[derive(Debug, Clone)]
pub enum RuleKind {
    /// Two sums are equal.
    Equal(Vec<Addend>, Vec<Addend>),
    /// Every row is the sum of the rows below it, and the total that of the first level.
    Tree {
        /// The block.
        block: BlockAt,
        /// The total row; `None` where the block has none.
        total: Option<Box<str>>,
    },
    /// Each list is one fact that stands in several places.
    Same(Vec<Vec<Addend>>),
    /// A stated percent is a part of a whole.
    Share {
        /// The part.
        part: Vec<Addend>,
        /// The whole.
        of: Vec<Addend>,
        /// The percent as stated.
        is: Pattern,
    },
    /// One sum is at most, or at least, another.
    Bound(Vec<Addend>, Comparison, Vec<Addend>),
    /// So many there are.
    Count(Counted, Pattern),
    /// Something must be there.
    Required(Vec<Required>),
    /// Texts of a row, or the name of a sheet, stand in a list.
    Pair(Vec<Named>, Among),
}

/// A pattern with its sign.
#[derive(Debug, Clone)]
pub struct Addend {
    /// Taken away.
    pub minus: bool,
    /// What.
    pub pattern: Pattern,
}

/// What a rule is held against one by one.
#[derive(Debug, Clone)]
pub enum Each {
    /// Rows of a block.
    Rows(BlockAt, Rows),
    /// Sheets.
    Sheets,
}

/// A block of a table by positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockAt {
    /// Position of the table.
    pub table: usize,
    /// Position of the block.
    pub block: usize,
}

/// What figures are meant.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Cells of a block.
    Cells(BlockAt, Rows, ColumnAt),
    /// A cell of the row at hand.
    Here(ColumnAt),
    /// An input.
    Input(usize),
    /// Funds of the sheet at hand.
    Fund {
        /// Position of the phase.
        phase: usize,
        /// Total, one source, or all sources.
        line: FundLine,
    },
    /// Cells of the rows that sheets explain.
    SheetRows {
        /// The block of the rows.
        block: BlockAt,
        /// Position of the column.
        column: usize,
        /// Those of any sheet, or of the sheet at hand.
        of_any: bool,
    },
    /// A constant.
    Number(Decimal),
}

/// Which amounts of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FundLine {
    /// 0 for the total, then the sources.
    At(usize),
    /// Every source.
    Sources,
}

/// Which column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnAt {
    /// This one.
    At(usize),
    /// The one at hand, by its id.
    Current,
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// The row of this id.
    Id(Box<str>),
    /// Every row, totals included.
    All,
    /// Rows of a level; totals have none.
    Level(u8),
    /// Rows without rows below them; not totals.
    Leaf,
    /// Rows directly below the row of this id.
    Below(Box<str>),
    /// Rows with this text; not totals.
    Where(Named, Text),
    /// The row of the same id as the row at hand.
    Same,
    /// The row whose id is the code of the row at hand.
    SameCode,
}

/// A text of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Its code.
    Code,
    /// Its name, or the name of the sheet at hand.
    Name,
    /// Name of the row above it.
    Parent,
    /// The text of a column.
    Column(usize),
    /// A fact of the sheet at hand.
    Fact(usize),
}

/// What a text must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// This.
    Is(Box<str>),
    /// This, with anything behind it.
    Starts(Box<str>),
}

/// What is counted.
#[derive(Debug, Clone)]
pub enum Counted {
    /// Rows of a block, those with equal texts once.
    Rows(BlockAt, Rows, Vec<Named>),
    /// Cells with a figure.
    Figures(Vec<Pattern>),
    /// Sheets, those with equal texts once.
    Sheets(Vec<Named>),
    /// 机构设置: the units of the entity.
    Units,
}

/// What must be there.
#[derive(Debug, Clone)]
pub enum Required {
    /// A table with figures.
    Table(usize),
    /// The reason below a table without data.
    Note(usize),
    /// A section of the narrative, with words in it.
    Section(Box<str>),
    /// A chart, where its total has a figure.
    Chart(Box<str>),
    /// 概况
    Overview,
    /// An input.
    Input(usize),
    /// An input that gives the reason of a change.
    Reason {
        /// The reason.
        input: usize,
        /// This year.
        now: Pattern,
        /// Last year.
        before: Pattern,
    },
    /// Sheets, as many as the table of projects has any figure.
    Sheets,
}

/// The list in which texts stand.
#[derive(Debug, Clone)]
pub enum Among {
    /// A list of `codes/`.
    Codes(Box<str>),
    /// Names of the entity's units.
    Units,
    /// Names of the rows that the sheet at hand explains.
    SheetRows,
}
