//! What a chart shows, said in one sentence.

use rust_decimal::Decimal;

use super::{Part, money, parts, percentage};
use crate::model::amount::Amount;
use crate::model::chart::Chart;

/// Names given in full where several parts are equally large.
const NAMES: usize = 3;

/// The largest part (or parts, if equal) and what is left.
pub(super) struct Finding<'p, 'a> {
    pub(super) largest: Vec<&'p Part<'a>>,
    pub(super) rest: Vec<&'p Part<'a>>,
    /// Share of the rest together, in percent.
    pub(super) rest_share: Option<Decimal>,
}

impl<'p, 'a> Finding<'p, 'a> {
    /// `None` where nothing is drawn.
    pub(super) fn of(parts: &'p [Part<'a>], total: Amount) -> Option<Self> {
        let value = |part: &Part<'_>| part.slice.amount.map(Amount::value);
        let drawn = || parts.iter().filter(|part| part.is_drawn());
        let most = drawn().map(value).max()?;
        let (largest, rest): (Vec<_>, Vec<_>) = drawn().partition(|part| value(part) == most);
        let together = rest
            .iter()
            .filter_map(|part| part.slice.amount)
            .try_fold(Amount::new(Decimal::ZERO, total.unit()), Amount::plus);
        Some(Self {
            rest_share: together.and_then(|sum| sum.percent_of(total)),
            largest,
            rest,
        })
    }
}

/// The sentence that says what to see, made from the data. Plain text: escape it for a page.
#[must_use]
pub fn sentence(chart: &Chart) -> String {
    if chart.total.is_zero() {
        return "本年没有安排。".to_owned();
    }
    let parts = parts(chart);
    let Some(finding) = Finding::of(&parts, chart.total) else {
        return format!("合计 {}，没有分项金额。", money(chart.total));
    };
    format!("{}{}。", largest(&finding), rest(&finding))
}

fn largest(finding: &Finding<'_, '_>) -> String {
    let names: Vec<&str> = finding.largest.iter().map(|part| name(part)).collect();
    let (_, amount, share) = words(finding.largest[0]);
    match (names.as_slice(), finding.rest.len()) {
        ([name], others) => {
            let rank = match others {
                0 => "为唯一一项",
                1 => "为较大一项",
                _ => "为最大一项",
            };
            format!("{name} {amount}，占 {share}，{rank}")
        }
        (names, others) => {
            let listed = match names.get(..NAMES) {
                Some(first) if names.len() > NAMES => {
                    format!("{}等 {} 项", first.join("、"), names.len())
                }
                _ => names.join("、"),
            };
            let rank = match others {
                0 => "金额相等",
                _ => "并列最大",
            };
            format!("{listed}各 {amount}，各占 {share}，{rank}")
        }
    }
}

fn rest(finding: &Finding<'_, '_>) -> String {
    match (finding.rest.as_slice(), finding.rest_share) {
        ([], _) | (_, None) => String::new(),
        ([other], _) => {
            let (name, amount, share) = words(other);
            format!("；{name} {amount}，占 {share}")
        }
        (others, Some(share)) => {
            format!("；其余 {} 项合计占 {}", others.len(), percentage(share))
        }
    }
}

fn name<'a>(part: &Part<'a>) -> &'a str {
    &part.slice.name
}

fn words<'a>(part: &Part<'a>) -> (&'a str, String, String) {
    let amount = part.slice.amount.map(money).unwrap_or_default();
    let share = part.share.map(percentage).unwrap_or_default();
    (name(part), amount, share)
}
