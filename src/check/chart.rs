//! The charts of a standard over the tables of a disclosure -> [`Chart`]s that add up.

use std::collections::BTreeSet;

use super::interval::Sum;
use crate::diagnostic::{Detail, Diagnostic, Diagnostics, Severity, Unfit};
use crate::model::amount::{Amount, grouped};
use crate::model::chart::{Chart, Slice};
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, CellAt, Verdict};
use crate::model::selector::{Found, Selector};
use crate::narrative::look_up;
use crate::say;
use crate::source::Location;
use crate::standard::{ChartPlan, Named, SlicePlan, Standard};
use rust_decimal::Decimal;

/// Makes every chart whose cells are there; those of which a cell is not known are named apart.
///
/// Reports `chart-cell` for a cell that is not there, `chart-negative` and `chart-total` for parts
/// that cannot be drawn as a whole.
pub fn charts(
    standard: &Standard,
    disclosure: &Disclosure,
    diagnostics: &mut Diagnostics,
) -> (Vec<Chart>, BTreeSet<Box<str>>) {
    let (known, unknown): (Vec<&ChartPlan>, Vec<&ChartPlan>) = standard
        .charts
        .iter()
        .partition(|plan| !has_hole(plan, disclosure));
    let charts = known
        .into_iter()
        .filter_map(|plan| chart(plan, disclosure, diagnostics));
    let charts = charts.collect();
    let unknown = unknown.into_iter().map(|plan| plan.id.clone());
    (charts, unknown.collect())
}

/// Whether a cell that a chart needs is not known.
fn has_hole(plan: &ChartPlan, disclosure: &Disclosure) -> bool {
    let hole = |named: &Named| disclosure.hole_at(&named.selector).is_some();
    let parts = match &plan.slices {
        SlicePlan::Cells(cells) => cells.iter().any(|(_, named)| hole(named)),
        SlicePlan::Rows {
            table,
            block,
            column,
            level,
        } => disclosure.tables.get(*table).is_some_and(|table| {
            let block = &table.blocks[*block];
            let mut rows = block.rows.iter().filter(|row| row.level == *level);
            block.hole.is_some()
                || rows.any(|row| row.hole.or(row.cells[*column].value.hole()).is_some())
        }),
    };
    parts || hole(&plan.total)
}

fn chart(
    plan: &ChartPlan,
    disclosure: &Disclosure,
    diagnostics: &mut Diagnostics,
) -> Option<Chart> {
    let values = disclosure.title_values();
    let total = amount(plan, &plan.total, disclosure, diagnostics)?;
    let unit = total.map(Amount::unit);
    let mut slices = Vec::new();
    match &plan.slices {
        SlicePlan::Rows {
            table,
            block,
            column,
            level,
        } => {
            let table = disclosure.tables.get(*table)?;
            let block_form = &table.form.blocks[*block];
            for row in table.blocks[*block]
                .rows
                .iter()
                .filter(|row| row.level == *level)
            {
                slices.push(Slice {
                    name: row.name.to_string(),
                    amount: block_form.columns[*column]
                        .shown(&row.cells[*column].value)
                        .amount(),
                    at: Selector::Cell {
                        table: table.form.id.clone(),
                        block: block_form.id.clone(),
                        row: row.id.clone(),
                        column: block_form.columns[*column].id.clone(),
                    }
                    .to_string(),
                });
            }
        }
        SlicePlan::Cells(cells) => {
            for (name, named) in cells {
                slices.push(Slice {
                    name: name.fill(&values),
                    amount: amount(plan, named, disclosure, diagnostics)?,
                    at: named.selector.to_string(),
                });
            }
        }
    }
    let unit = unit.or_else(|| {
        slices
            .iter()
            .find_map(|slice| slice.amount)
            .map(Amount::unit)
    })?;
    let chart = Chart {
        id: plan.id.to_string(),
        title: plan.title.fill(&values),
        form: plan.form,
        total: total.unwrap_or(Amount::new(Decimal::ZERO, unit)),
        total_at: plan.total.selector.to_string(),
        slices,
    };
    check_parts(&chart, plan, disclosure, diagnostics).then_some(chart)
}

/// The amount of a named cell as the page shows it: `Some(None)` when it is blank, `None` when there is no such cell.
#[expect(clippy::option_option, reason = "a blank cell is not a missing one")]
fn amount(
    plan: &ChartPlan,
    named: &Named,
    disclosure: &Disclosure,
    diagnostics: &mut Diagnostics,
) -> Option<Option<Amount>> {
    let found = look_up(disclosure, named.selector.clone());
    if found.is_none() {
        diagnostics.push(super::absent("chart-cell", named).detail(unfit(&plan.id, Vec::new())));
    }
    found.map(|found| found.value.amount())
}

/// Whether the parts make up the whole, but for rounding.
fn check_parts(
    chart: &Chart,
    plan: &ChartPlan,
    disclosure: &Disclosure,
    diagnostics: &mut Diagnostics,
) -> bool {
    let title = &chart.title;
    let negative = |slice: &&Slice| {
        slice
            .amount
            .is_some_and(|amount| amount.value().is_sign_negative() && !amount.is_zero())
    };
    if let Some(slice) = chart.slices.iter().find(negative) {
        let location = in_data(&slice.at, disclosure, plan);
        diagnostics.push(
            Diagnostic::finding(
                "chart-negative",
                Severity::Error,
                &location.source,
                location.place,
                say!(
                    "《{title}》有负数，不能画成各部分之和",
                    "{title} has a negative part and cannot be drawn as parts of a whole"
                ),
            )
            .hint(say!(
                "核对负数；本来就可能为负的不要放进图里",
                "check the negative figure; leave out what may be negative"
            ))
            .detail(unfit(&plan.id, Vec::new())),
        );
        return false;
    }
    let Some((sum, verdict)) = added_up(chart) else {
        return false;
    };
    if verdict == Verdict::Broken {
        let location = in_data(&chart.total_at, disclosure, plan);
        let (sum_of, unit) = (sum, chart.total.unit());
        let (sum, total) = (sum.to_text(), chart.total.to_text());
        let gap = grouped(sum_of.value().saturating_sub(chart.total.value()).abs());
        diagnostics.push(
            Diagnostic::finding(
                "chart-total",
                Severity::Error,
                &location.source,
                location.place,
                say!("《{title}》各部分之和 {sum} {unit}，合计 {total} {unit}，相差 {gap} {unit}", "the parts of {title} add up to {sum} {unit}, the total is {total} {unit}, {gap} {unit} apart"),
            )
            .hint(say!("核对合计与各部分的数", "check the total and its parts"))
            .detail(unfit(&plan.id, equation(chart, disclosure))),
        );
        return false;
    }
    true
}

/// What a finding says of a chart that cannot be drawn.
fn unfit(id: &str, equation: Vec<(bool, CellAt)>) -> Detail {
    Detail {
        chart: Some(Unfit {
            id: id.into(),
            equation,
        }),
        ..Detail::default()
    }
}

/// The whole less its parts, as cells; empty where one of them is no cell.
fn equation(chart: &Chart, disclosure: &Disclosure) -> Vec<(bool, CellAt)> {
    let parts = chart.slices.iter().filter(|slice| slice.amount.is_some());
    let all = std::iter::once((false, &chart.total_at)).chain(parts.map(|slice| (true, &slice.at)));
    let cells = all.map(|(minus, at)| {
        let found = disclosure.operand(at)?;
        match found {
            At::Cell(cell) => Some((minus, cell)),
            _ => None,
        }
    });
    cells.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The sum of the parts, and how it stands to the total. `None` beyond 28 digits.
fn added_up(chart: &Chart) -> Option<(Amount, Verdict)> {
    let figure = |amount: Amount| {
        let unit = Some(amount.unit());
        Sum::of(amount.value(), unit, Some(amount.scale()))
    };
    let mut amount = Amount::new(Decimal::ZERO, chart.total.unit());
    let mut sum = Sum::default();
    for part in chart.slices.iter().filter_map(|slice| slice.amount) {
        amount = amount.plus(part)?;
        sum = sum.and(figure(part)?, false)?;
    }
    Some((amount, figure(chart.total)?.equal(sum)))
}

/// Where the data has a figure; the line of the standard that names it when it stands in no table.
fn in_data(at: &str, disclosure: &Disclosure, plan: &ChartPlan) -> Location {
    match Selector::new(at).and_then(|selector| disclosure.find(&selector)) {
        Some(Found::Cell { table, cell, .. }) => {
            Location::new(&disclosure.tables[table].source, cell.place)
        }
        _ => plan.total.location.clone(),
    }
}
