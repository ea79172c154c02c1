//! What a comparison found, in the order in which a reviewer reads it.

use rust_decimal::Decimal;

use crate::diagnostic::Say;

/// All differences of two built trees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Disclosures with a difference, sorted by folder.
    pub disclosures: Vec<Disclosure>,
    /// Files.
    pub pages: Pages,
}

/// The differences of one disclosure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disclosure {
    /// Folder, `yq-veterans/2025-budget`.
    pub folder: String,
    /// Title.
    pub title: String,
    /// Whether it is on both sides.
    pub presence: Presence,
    /// Figures, each cause followed by what moved because of it.
    pub figures: Vec<Figure>,
    /// Rows, tables, columns.
    pub rows: Vec<RowChange>,
    /// Sentences and other texts.
    pub texts: Vec<TextChange>,
    /// Performance sheets.
    pub sheets: Vec<TextChange>,
    /// Rules and relations.
    pub checks: Vec<CheckChange>,
}

/// On which side something is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Presence {
    /// On both.
    #[default]
    Both,
    /// Only on the new one.
    Added,
    /// Only on the old one.
    Removed,
}

/// A figure that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its selector, on the new side where the row has another there.
    pub at: String,
    /// 表三, or 表一 收入 where a table has several blocks
    pub table: String,
    /// 2025年预算支出总表; empty for what stands in no table
    pub title: String,
    /// `2080902 军队移交政府的离退休人员安置`; empty for an input.
    pub row: String,
    /// 项目支出
    pub column: String,
    /// 万元
    pub unit: Option<String>,
    /// As the data has it; `None` for a blank.
    pub old: Option<String>,
    /// Likewise.
    pub new: Option<String>,
    /// New minus old; `None` where one is blank or no number.
    pub difference: Option<Decimal>,
    /// The difference in percent of the old figure; `None` for a base that is zero or negative too.
    pub percent: Option<Decimal>,
    /// Selectors of what moved it, figures or rows; none for a cause.
    pub because: Vec<String>,
    /// Title of the rule by which they did.
    pub rule: Option<String>,
    /// The causes that it goes back to; the first is the one under which it stands.
    pub causes: Vec<String>,
}

/// A table, block, column or row that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// What happened.
    pub change: Change,
    /// What it happened to.
    pub what: What,
    /// `expenditure`, `expenditure[2080902]`, `expenditure.basic`
    pub at: String,
    /// The table, and the block where there are several; empty for a table itself.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// Cells of an added or removed row, by the titles of their columns.
    pub cells: Vec<(String, String)>,
}

/// What can happen to a part of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Another name, number or title.
    Renamed,
    /// Another classification code.
    Recoded,
    /// Another place in the order.
    Moved,
    /// Another depth.
    Level,
    /// Another unit of measure.
    Unit,
    /// Another reason for being empty.
    NoData,
    /// Another note.
    Note,
}

/// The parts of a disclosure that [`RowChange`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A table.
    Table,
    /// A block of a table.
    Block,
    /// A column.
    Column,
    /// A row.
    Row,
}

/// A text that changed, was added or is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// `sections.totals`, `overview`, `input.reason`, `sheets[03-checkup].indicators`
    pub at: String,
    /// In words.
    pub place: Say,
    /// Whether it is on both sides.
    pub presence: Presence,
    /// The text with what is gone and what is new.
    pub pieces: Vec<Piece>,
    /// What caused it: a selector, and words.
    pub because: Vec<(String, String)>,
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// On both sides, only on the new, only on the old.
    pub presence: Presence,
    /// The stretch.
    pub text: String,
}

/// A rule or one of its relations whose verdict turned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckChange {
    /// Identifier of the rule.
    pub rule: String,
    /// What must hold.
    pub title: String,
    /// Which relation, by the selectors of its left side; empty for the rule itself.
    pub relation: String,
    /// Likewise in words.
    pub place: String,
    /// What it was; `None` where it was not there.
    pub old: Option<Verdict>,
    /// What it is; `None` where it is not there any more.
    pub new: Option<Verdict>,
}

/// A verdict as a comparison tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// `exact`, `rounding`, `improbable`, `broken`; for a rule itself its title.
    pub word: String,
    /// Left minus right with its unit, where it does not hold exactly.
    pub difference: Option<String>,
    /// Answered by a waiver.
    pub waived: bool,
}

/// Files that came, went, or look different.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// Addresses that are new.
    pub added: Vec<String>,
    /// Addresses that are gone.
    pub gone: Vec<String>,
    /// How many files differ though nothing that they tell has changed.
    pub presentation: usize,
    /// Those of them whose visible text differs.
    pub worded: Vec<String>,
}

impl Report {
    /// Whether the sides are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.disclosures.is_empty() && self.pages == Pages::default()
    }
}

impl Disclosure {
    /// Whether nothing of it differs.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.presence, Presence::Both)
            && self.figures.is_empty()
            && self.rows.is_empty()
            && self.texts.is_empty()
            && self.sheets.is_empty()
            && self.checks.is_empty()
    }
}

impl Figure {
    /// Where it stands, in words: 表三 › 2080902 军队移交政府的离退休人员安置 › 项目支出.
    #[must_use]
    pub fn place(&self) -> String {
        joined(&[&self.table, &self.row, &self.column])
    }

    /// Likewise with the title of the table.
    #[must_use]
    pub fn whole_place(&self) -> String {
        let table = format!("{} {}", self.table, self.title);
        joined(&[table.trim_end(), &self.row, &self.column])
    }
}

/// Parts of a place from the whole to the detail.
fn joined(parts: &[&str]) -> String {
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.copied().collect::<Vec<_>>().join(" › ")
}
