//! One disclosure: an entity, a year, a kind.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use super::amount::MoneyUnit;
use super::chart::Chart;
use super::correction::Correction;
use super::narrative::{Figure, Narrative};
use super::proof::Proof;
use super::selector::Selector;
use super::sheet::{Sheet, SheetForm};
use super::table::{Cell, Hole, Table};
use super::title::TitleValues;
use crate::diagnostic::Diagnostic;
use crate::source::{Location, Source};

/// 预算 or 决算.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 预算
    Budget,
    /// 决算
    Final,
}

impl Kind {
    /// As folders name it: `2025-budget`, `2024-final`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Final => "final",
        }
    }

    /// As printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Budget => "预算",
            Self::Final => "决算",
        }
    }
}

/// How far a disclosure is on its way to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Status {
    /// 起草
    Draft,
    /// 送审
    Review,
    /// 批准
    Approved,
}

impl Status {
    /// As data files write it.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "draft" => Some(Self::Draft),
            "review" => Some(Self::Review),
            "approved" => Some(Self::Approved),
            _ => None,
        }
    }

    /// As data files write it.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Approved => "approved",
        }
    }

    /// As printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "起草",
            Self::Review => "送审",
            Self::Approved => "批准",
        }
    }
}

/// Who publishes: a department or a budget unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Folder name, part of every address.
    pub id: Box<str>,
    /// Code in the budget, if it has one.
    pub code: Option<String>,
    /// Full name.
    pub name: String,
    /// Name for narrow places.
    pub short_name: String,
    /// Department or unit.
    pub kind: EntityKind,
    /// Region it serves.
    pub region: Option<String>,
    /// Units that belong to it, itself included.
    pub units: Vec<Unit>,
}

/// 部门 or 单位.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum EntityKind {
    /// 部门
    Department,
    /// 单位（机构）
    Unit,
}

impl EntityKind {
    /// As data files write it.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Unit => "unit",
        }
    }

    /// As printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Department => "部门",
            Self::Unit => "单位",
        }
    }
}

/// A budget unit (预算单位) of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Identifier.
    pub id: Box<str>,
    /// Full name.
    pub name: String,
    /// 单位性质, if stated.
    pub nature: Option<String>,
}

/// A value that stands in no table: last year's figure, a reason, a count.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its declaration in the standard.
    pub form: Arc<InputForm>,
    /// Its value; blank when it is optional and not given.
    pub cell: Cell,
}

/// The declaration of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputForm {
    /// Key in the data.
    pub id: Box<str>,
    /// What it is, as printed.
    pub title: String,
    /// Kind of value.
    pub kind: InputKind,
    /// Whether it must be given.
    pub required: bool,
    /// The figure of last year's disclosure that it repeats.
    pub prior_of: Option<Selector>,
}

/// Kind of an input's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputKind {
    /// Money in this unit with this many digits.
    Amount(MoneyUnit, u32),
    /// A count with its measure word.
    Count(Option<String>),
    /// Percent.
    Percent,
    /// Text.
    Text,
}

/// One disclosure as checked.
#[derive(Debug, Clone)]
pub struct Disclosure {
    /// Who.
    pub entity: Entity,
    /// Which year.
    pub year: u16,
    /// 预算 or 决算.
    pub kind: Kind,
    /// Draft, review, approved.
    pub status: Status,
    /// `disclosure.yaml`, at its status.
    pub head: Location,
    /// Day of publication `YYYY-MM-DD`, as written.
    pub published: Option<String>,
    /// Name of the original document.
    pub origin: Option<String>,
    /// Contacts that are meant for the public, as written.
    pub contacts: Vec<String>,
    /// 概况 in Markdown.
    pub overview: Option<Source>,
    /// Tables in the standard's order.
    pub tables: Vec<Table>,
    /// Inputs in the standard's order.
    pub inputs: Vec<Input>,
    /// Sheets in the order of their files.
    pub sheets: Vec<Sheet>,
    /// Form of the sheets, if the standard has sheets.
    pub sheet_form: Option<Arc<SheetForm>>,
    /// Charts in the standard's order.
    pub charts: Vec<Chart>,
    /// 情况说明
    pub narrative: Narrative,
    /// 关键指标 of the overview page.
    pub key_figures: Vec<KeyFigure>,
    /// Total and 三公 total for home and directory, as printed with their unit.
    pub headline: Headline,
    /// Every rule with its verdicts.
    pub proof: Proof,
    /// Findings that its pages show: all but faults, waived ones included.
    pub findings: Vec<Diagnostic>,
    /// 更正, newest first.
    pub corrections: Vec<Correction>,
    /// Position of each table by id.
    pub table_index: HashMap<Box<str>, usize>,
    /// What is not known of it.
    pub holes: Holes,
}

/// What is not known of a disclosure, beside tables, blocks, rows and values that say so themselves. Nothing is
/// published while there is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holes {
    /// Name or kind of the entity.
    pub entity: Option<Hole>,
    /// Units of the entity.
    pub units: Option<Hole>,
    /// 概况
    pub overview: Option<Hole>,
    /// Whether there are sheets beside those that are known.
    pub sheets: Option<Hole>,
    /// Sections of the narrative that could not be made, by id.
    pub sections: BTreeSet<Box<str>>,
    /// Sections of which only some sentence could not be made, by id.
    pub unfinished: BTreeSet<Box<str>>,
    /// Charts that could not be made, by id.
    pub charts: BTreeSet<Box<str>>,
    /// Tables and inputs whose form the standard does not tell, by id; inputs as `input.<id>`.
    pub forms: Arc<BTreeSet<Box<str>>>,
}

/// One of the key figures of an overview page.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyFigure {
    /// Label.
    pub title: String,
    /// As printed, `0` for a blank.
    pub value: String,
    /// Unit word, empty for a count.
    pub unit: &'static str,
    /// Where it stands.
    pub at: Selector,
    /// Against last year, if that figure is known.
    pub change: Option<KeyChange>,
}

/// A change against last year.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyChange {
    /// `比上年减少66.26万元，下降1.73%`
    pub text: String,
    /// In a few words: `下降1.73%`, `增加5.00万元` where there is no percentage, `持平`.
    pub short: String,
    /// Its figures with their computations; none when nothing changed.
    pub figures: Vec<Figure>,
}

/// The figures by which home and directory show a disclosure.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Headline {
    /// The total.
    pub total: Option<Printed>,
    /// How the total changed against last year, in a few words: `下降1.73%`.
    pub change: Option<String>,
    /// 三公经费
    pub three_public: Option<Printed>,
}

/// A figure as printed, with its unit word.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Printed {
    /// Digits with thousands commas.
    pub text: String,
    /// Unit word.
    pub unit: Box<str>,
}

impl Disclosure {
    /// Position of a table.
    #[must_use]
    pub fn table_position(&self, id: &str) -> Option<usize> {
        self.table_index.get(id).copied()
    }

    /// Whether there may be figures beside those that are known.
    #[must_use]
    pub fn has_unknown_figures(&self) -> bool {
        let hole = |cell: &Cell| cell.value.hole().is_some();
        let figure = |input: &&Input| input.form.kind != InputKind::Text;
        let holes = &self.holes;
        let blocks = self.tables.iter().flat_map(|table| &table.blocks);
        let inputs = self.inputs.iter().filter(figure);
        let funds = self.sheets.iter().flat_map(|sheet| &sheet.funds).flatten();
        holes.sheets.is_some()
            || !holes.forms.is_empty()
            || !holes.sections.is_empty()
            || blocks.into_iter().any(super::table::Block::has_hole)
            || inputs.into_iter().any(|input| hole(&input.cell))
            || funds.into_iter().any(hole)
    }

    /// Folder of its pages: `yq-veterans/2025-budget`.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("{}/{}-{}", self.entity.id, self.year, self.kind.slug())
    }

    /// `2025年部门预算`
    #[must_use]
    pub fn short_title(&self) -> String {
        format!(
            "{}年{}{}",
            self.year,
            self.entity.kind.word(),
            self.kind.word()
        )
    }

    /// `阳泉市退役军人事务局2025年部门预算公开`
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}{}公开", self.entity.name, self.short_title())
    }

    /// What fills the titles of its standard.
    #[must_use]
    pub fn title_values(&self) -> TitleValues<'_> {
        title_values(&self.entity, self.year)
    }
}

/// What fills the titles of a standard for an entity and a year.
#[must_use]
pub fn title_values(entity: &Entity, year: u16) -> TitleValues<'_> {
    TitleValues {
        year,
        name: &entity.name,
        short_name: &entity.short_name,
        kind_word: entity.kind.word(),
        ordinal: 0,
    }
}

/// Where a figure is shown: the page of its table and the anchor of its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Page in the disclosure's folder.
    pub page: String,
    /// Anchor on that page.
    pub anchor: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.page, self.anchor)
    }
}

impl Selector {
    /// Anchor of the row or input on its own page: `r-2080901`, `r-revenue-total`, `in-prior_total`.
    #[must_use]
    pub fn anchor(&self) -> String {
        match self {
            Self::Input(id) => format!("in-{id}"),
            Self::Cell {
                block, row, column, ..
            } => format!("{}.{column}", row_anchor(block, row)),
        }
    }
}

/// Anchor of a row on its table's page.
#[must_use]
pub fn row_anchor(block: &str, row: &str) -> String {
    if block.is_empty() {
        format!("r-{row}")
    } else {
        format!("r-{block}-{row}")
    }
}
