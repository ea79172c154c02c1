//! What a chart shows, before it is drawn.

use super::amount::Amount;

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartForm {
    /// 圆环图 with a legend of all parts; bars are added where a ring cannot show the shares.
    Pie,
    /// 横条图: one bar a part, from zero.
    Bars,
}

/// One part of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Name as printed in the table.
    pub name: String,
    /// Amount in the chart's unit; a blank cell is `None` and drawn as nothing.
    pub amount: Option<Amount>,
    /// Selector of the cell that it comes from.
    pub at: String,
}

/// A chart with its parts resolved and checked to add up to the total.
///
/// Unit: every amount is in the unit of `total`. Sign: parts are not negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Identifier of the standard, also used for ids in the page.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// Form of the standard.
    pub form: ChartForm,
    /// The whole.
    pub total: Amount,
    /// Selector of the whole.
    pub total_at: String,
    /// The parts, in the order of the table.
    pub slices: Vec<Slice>,
}
