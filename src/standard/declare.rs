//! The files of a standard as written: one struct per shape, unknown keys refused.
//!
//! `docs/standards.md` describes every key.

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};

use crate::model::amount::MoneyUnit;
use crate::model::chart::ChartForm;
use crate::model::classification::{Classification, Level};
use crate::model::disclosure::Kind;
use crate::model::narrative::NoPercent;
use crate::model::sheet::{IndicatorGroup, Item, Phase};

/// `standard.yaml`; what is left out comes from the standard that it extends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardFile {
    pub title: Option<String>,
    pub kind: Option<Kind>,
    pub source: Option<String>,
    #[serde(rename = "extends")]
    _extends: Option<String>,
    pub unit: Option<MoneyUnit>,
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: Option<u32>,
    pub tables: Option<Vec<String>>,
    pub parts: Option<Vec<PartDecl>>,
    pub key_figures: Option<Vec<KeyFigureDecl>>,
    pub outlier_percent: Option<u32>,
    pub no_percent: Option<NoPercentDecl>,
    pub headline: Option<HeadlineDecl>,
    pub narrative: Option<Vec<SectionDecl>>,
}

impl StandardFile {
    /// Keys that a standard needs and does not have.
    pub fn lacking(&self) -> Vec<&'static str> {
        [
            ("title", self.title.is_none()),
            ("kind", self.kind.is_none()),
            ("unit", self.unit.is_none()),
            ("tables", self.tables.is_none()),
            ("parts", self.parts.is_none()),
        ]
        .into_iter()
        .filter_map(|(key, lacks)| lacks.then_some(key))
        .collect()
    }

    /// This file's keys, and those of `parent` where this file has none.
    pub fn over(self, parent: Self) -> Self {
        Self {
            title: self.title.or(parent.title),
            kind: self.kind.or(parent.kind),
            source: self.source.or(parent.source),
            _extends: None,
            unit: self.unit.or(parent.unit),
            decimals: self.decimals.or(parent.decimals),
            tables: self.tables.or(parent.tables),
            parts: self.parts.or(parent.parts),
            key_figures: self.key_figures.or(parent.key_figures),
            outlier_percent: self.outlier_percent.or(parent.outlier_percent),
            no_percent: self.no_percent.or(parent.no_percent),
            headline: self.headline.or(parent.headline),
            narrative: self.narrative.or(parent.narrative),
        }
    }
}

/// `no_percent`: what a sentence says where there is no percentage.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoPercentDecl {
    pub prior_zero: Option<String>,
    pub prior_negative: Option<String>,
    pub whole_zero: Option<String>,
    pub whole_negative: Option<String>,
}

impl NoPercentDecl {
    /// With the words of every standard where it says nothing.
    pub fn words(self) -> NoPercent {
        let usual = NoPercent::default();
        let or = |own: Option<String>, usual| own.map_or(usual, Into::into);
        NoPercent {
            prior_zero: or(self.prior_zero, usual.prior_zero),
            prior_negative: or(self.prior_negative, usual.prior_negative),
            whole_zero: or(self.whole_zero, usual.whole_zero),
            whole_negative: or(self.whole_negative, usual.whole_negative),
        }
    }
}

/// `headline`: the figures of home and directory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadlineDecl {
    pub total: String,
    #[serde(default)]
    pub three_public: Option<String>,
}

/// One of `parts`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartDecl {
    pub id: String,
    pub title: String,
    pub content: PartContent,
}

/// What a part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartContent {
    /// 概况
    Overview,
    /// 报表
    Tables,
    /// 情况说明
    Narrative,
    /// 绩效目标表
    Sheets,
    /// 名词解释
    Glossary,
}

/// One of `key_figures`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFigureDecl {
    pub title: String,
    pub value: String,
    #[serde(default)]
    pub prior: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// One of `narrative`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionDecl {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub when: Option<String>,
}

/// `tables/*.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    pub id: String,
    pub number: String,
    pub title: String,
    #[serde(default)]
    pub lead: Option<String>,
    #[serde(default)]
    pub unit: Option<MoneyUnit>,
    #[serde(default)]
    pub show: Option<MoneyUnit>,
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: Option<u32>,
    #[serde(default, deserialize_with = "decimals")]
    pub show_decimals: Option<u32>,
    #[serde(default)]
    pub empty: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    pub blocks: Vec<BlockDecl>,
}

/// One of `blocks`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockDecl {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub title: Option<String>,
    pub columns: Vec<ColumnDecl>,
    pub rows: RowsDecl,
    #[serde(default)]
    pub classification: Option<Classification>,
    #[serde(default)]
    pub key: Vec<String>,
    #[serde(default)]
    pub blank: BlankRows,
    #[serde(default)]
    pub fixed: Vec<FixedRowDecl>,
    #[serde(default)]
    pub totals: Vec<TotalDecl>,
}

/// `rows`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsDecl {
    Fixed,
    Tree,
    List,
}

/// `blank`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankRows {
    #[default]
    Print,
    Omit,
}

/// One of `columns`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDecl {
    pub id: String,
    pub kind: ColumnKindDecl,
    pub title: String,
    #[serde(default)]
    pub under: Vec<String>,
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub level: Option<Level>,
    #[serde(default)]
    pub start: Option<u32>,
    #[serde(default)]
    pub unit: Option<MoneyUnit>,
    #[serde(default)]
    pub show: Option<MoneyUnit>,
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: Option<u32>,
    #[serde(default, deserialize_with = "decimals")]
    pub show_decimals: Option<u32>,
    #[serde(default = "yes")]
    pub printed: bool,
    #[serde(default)]
    pub computed: Option<ComputedDecl>,
    #[serde(default)]
    pub codes: Option<CodesDecl>,
    #[serde(default)]
    pub prior_of: Option<String>,
}

/// `codes` of a text column: the list its codes are of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodesDecl {
    pub list: String,
    #[serde(default)]
    pub name: Option<String>,
}

const fn yes() -> bool {
    true
}

/// `kind` of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKindDecl {
    Code,
    Name,
    Text,
    Amount,
    Percent,
    Count,
    Line,
    YesNo,
}

/// `computed`: one key with two columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputedDecl {
    #[serde(default)]
    pub difference: Option<[String; 2]>,
    #[serde(default)]
    pub growth: Option<[String; 2]>,
    #[serde(default)]
    pub ratio: Option<[String; 2]>,
}

/// One of `fixed`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedRowDecl {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub part_of: Option<String>,
    #[serde(default)]
    pub role: Option<RowRole>,
}

/// `role` of a fixed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowRole {
    Total,
}

/// One of `totals`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalDecl {
    pub id: String,
    pub name: String,
    pub at: TotalAt,
}

/// `at` of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalAt {
    First,
    Last,
}

/// `inputs.yaml`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputsFile {
    #[serde(default)]
    pub inputs: Vec<InputDecl>,
}

/// One of `inputs`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputDecl {
    pub id: String,
    pub title: String,
    pub kind: InputKindDecl,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub unit: Option<MoneyUnit>,
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: Option<u32>,
    #[serde(default)]
    pub counter: Option<String>,
    #[serde(default)]
    pub prior_of: Option<String>,
}

/// `kind` of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKindDecl {
    Amount,
    Count,
    Percent,
    Text,
}

/// `charts.yaml`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartsFile {
    #[serde(default)]
    pub charts: Vec<ChartDecl>,
}

/// One of `charts`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartDecl {
    pub id: String,
    pub title: String,
    pub form: ChartForm,
    pub total: String,
    pub slices: SlicesDecl,
}

/// `slices`: every row of a level, or a list of cells.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum SlicesDecl {
    Rows(SliceRows),
    Cells(Vec<SliceCell>),
}

/// `slices` as the rows of a table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceRows {
    pub table: String,
    pub column: String,
    pub level: u8,
}

/// One of `slices` as a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceCell {
    pub name: String,
    pub at: String,
}

/// `sheet.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetFile {
    pub title: String,
    pub table: String,
    #[serde(default)]
    pub facts: Vec<Item>,
    pub unit: MoneyUnit,
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: u32,
    pub phases: Vec<Phase>,
    #[serde(default)]
    pub sources: Vec<Item>,
    #[serde(default)]
    pub texts: Vec<Item>,
    #[serde(default)]
    pub indicators: Vec<IndicatorGroup>,
}

/// Digits after the point that a form may ask for: those of 元 in 亿元.
pub const MOST_DECIMALS: u32 = 8;

/// What serde says that it expected where a form asks for more.
pub const DECIMALS: &str = "0 to 8 decimals";

fn decimals<'de, D: Deserializer<'de>, T: From<u32>>(input: D) -> Result<T, D::Error> {
    let number = u32::deserialize(input)?;
    if number <= MOST_DECIMALS {
        return Ok(T::from(number));
    }
    let found = Unexpected::Unsigned(number.into());
    Err(D::Error::invalid_value(found, &DECIMALS))
}
