//! Parts of pages that come, go or take another form, because the checked data come to something else.

use std::collections::BTreeSet;

use gongkai::model::amount::Amount;
use gongkai::model::chart::Chart;
use gongkai::model::disclosure::{Disclosure, KeyFigure};
use rust_decimal::Decimal;

/// Which parts have another form in one of two versions of the data.
pub struct Moved {
    /// Rules with other verdicts, by id.
    pub rules: BTreeSet<String>,
    /// Charts that are there only once, or draw other parts, by id.
    pub charts: BTreeSet<String>,
    /// Whether a key figure has begun or ceased to differ from last year's.
    pub changes: bool,
    /// Whether there are other findings.
    pub findings: bool,
}

impl Moved {
    pub fn new(before: &Disclosure, after: &Disclosure) -> Self {
        let both = [before, after];
        Self {
            rules: differing(&both.map(verdicts)),
            charts: differing(&both.map(charts)),
            changes: changes(before) != changes(after),
            findings: sentences(before) != sentences(after),
        }
    }
}

/// Names that stand in one list and not in the other, or with something else.
fn differing<T: Ord>([before, after]: &[BTreeSet<(String, T)>; 2]) -> BTreeSet<String> {
    let differing = before.symmetric_difference(after);
    differing.map(|(name, _)| name.clone()).collect()
}

fn verdicts(disclosure: &Disclosure) -> BTreeSet<(String, Vec<String>)> {
    let rules = disclosure.proof.rules.iter();
    rules
        .map(|rule| {
            let relations = rule.relations.iter();
            let verdicts = relations.map(|one| format!("{:?} {}", one.verdict, one.waived));
            (rule.id.to_string(), verdicts.collect())
        })
        .collect()
}

fn charts(disclosure: &Disclosure) -> BTreeSet<(String, Vec<Vec<bool>>)> {
    let charts = disclosure.charts.iter();
    charts
        .map(|chart| (chart.id.clone(), drawn(chart)))
        .collect()
}

/// Which parts are drawn at all, in the large, alone, and too thin to be seen.
fn drawn(chart: &Chart) -> Vec<Vec<bool>> {
    let share = |amount: Amount| amount.percent_of(chart.total);
    let limits = [Decimal::ZERO, Decimal::ONE, Decimal::TEN, Decimal::from(90)];
    chart
        .slices
        .iter()
        .map(|slice| {
            let share = slice.amount.and_then(share).unwrap_or_default();
            limits.iter().map(|limit| share > *limit).collect()
        })
        .collect()
}

/// Which key figures open to the computation of their change.
fn changes(disclosure: &Disclosure) -> Vec<bool> {
    let opens = |figure: &KeyFigure| {
        let change = figure.change.as_ref();
        change.is_some_and(|change| !change.figures.is_empty())
    };
    disclosure.key_figures.iter().map(opens).collect()
}

fn sentences(disclosure: &Disclosure) -> BTreeSet<&str> {
    let findings = disclosure.findings.iter();
    findings.map(|one| one.say.zh.as_str()).collect()
}
