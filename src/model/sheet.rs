//! Performance target sheets (项目支出绩效目标表): their form and their content.

use super::amount::MoneyUnit;
use super::table::{Cell, Hole};
use super::title::Title;
use crate::source::{Place, Source};

/// The form of a sheet as a standard prescribes it.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetForm {
    /// Title as printed.
    pub title: Title,
    /// Table whose rows the sheets explain.
    pub table: Box<str>,
    /// Facts about the project, in printed order.
    pub facts: Vec<Item>,
    /// Unit of the funds.
    pub unit: MoneyUnit,
    /// Digits that funds should have after the point.
    pub decimals: u32,
    /// Periods: the whole period and the year.
    pub phases: Vec<Phase>,
    /// Sources of funds, in printed order; the total of a phase comes before them.
    pub sources: Vec<Item>,
    /// Descriptions, in printed order.
    pub texts: Vec<Item>,
    /// Indicators of level one with those of level two that may stand below.
    pub indicators: Vec<IndicatorGroup>,
}

/// An identifier with its title.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key in the data.
    pub id: Box<str>,
    /// As printed.
    pub title: Box<str>,
}

/// A period of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Key in the data.
    pub id: Box<str>,
    /// As printed.
    pub title: Box<str>,
    /// Title of the total of its funds.
    pub total: Box<str>,
    /// Title of its overall goal.
    pub goal: Box<str>,
}

/// A 一级指标 with its 二级指标.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorGroup {
    /// 一级指标
    pub title: Box<str>,
    /// 二级指标
    pub items: Vec<Box<str>>,
}

/// One sheet of a disclosure.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Identifier: the file's name; the page is `p-<id>.html`.
    pub id: Box<str>,
    /// 项目名称
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// Values of the form's facts.
    pub facts: Vec<Option<String>>,
    /// Rows of the form's table that it explains.
    pub rows: Vec<Box<str>>,
    /// Funds: per phase the total, then each source.
    pub funds: Vec<Vec<Cell>>,
    /// Values of the form's texts.
    pub texts: Vec<Option<String>>,
    /// 总体目标 per phase.
    pub goals: Vec<Option<String>>,
    /// Indicators in printed order.
    pub indicators: Vec<Indicator>,
    /// Set where its name, a fact or the rows that it explains are not known.
    pub hole: Option<Hole>,
    /// File it was read from.
    pub source: Source,
}

/// One line of the indicator table.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 三级指标
    pub level3: String,
    /// 指标值 per phase; `None` where nothing is set.
    pub values: Vec<Option<String>>,
    /// Where it stands.
    pub place: Place,
}

impl Sheet {
    /// Name of the page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("p-{}.html", self.id)
    }
}
