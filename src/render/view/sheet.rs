//! What the page of one performance sheet knows: facts, funds, texts, indicators.

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::model::selector::Selector;
use crate::model::sheet::{Indicator, Sheet, SheetForm};
use crate::model::table::Value;
use crate::render::address::Edition;

/// A sheet as templates see it.
#[derive(Debug, Clone, Serialize)]
pub struct SheetView {
    id: String,
    page: String,
    form_title: String,
    name: String,
    facts: Vec<Fact>,
    unit: &'static str,
    phases: Vec<PhaseView>,
    funds: Vec<FundLine>,
    texts: Vec<Fact>,
    goals: Vec<Fact>,
    indicators: Vec<IndicatorLine>,
    /// Rows of the project table that it explains.
    rows: Vec<RowLink>,
    /// Total of the last phase, for lists.
    total: String,
}

#[derive(Debug, Clone, Serialize)]
struct Fact {
    title: String,
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct PhaseView {
    title: String,
    /// Title of the total of its funds.
    total: String,
}

#[derive(Debug, Clone, Serialize)]
struct FundLine {
    title: String,
    total: bool,
    values: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct IndicatorLine {
    /// 一级指标 with the lines it spans; `None` below its first line.
    level1: Option<Span>,
    /// 二级指标 likewise.
    level2: Option<Span>,
    level3: String,
    values: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Span {
    title: String,
    lines: usize,
}

#[derive(Debug, Clone, Serialize)]
struct RowLink {
    href: String,
    title: String,
    amount: String,
    unit: &'static str,
    table: String,
}

impl SheetView {
    /// A sheet as templates see it, with links for one edition.
    #[must_use]
    pub fn new(disclosure: &Disclosure, form: &SheetForm, sheet: &Sheet, edition: Edition) -> Self {
        let written = |title: &str, text: &Option<String>| {
            text.as_ref().map(|text| Fact {
                title: title.to_owned(),
                text: text.clone(),
            })
        };
        let facts = form.facts.iter().zip(&sheet.facts);
        let texts = form.texts.iter().zip(&sheet.texts);
        let goals = form.phases.iter().zip(&sheet.goals);
        Self {
            id: sheet.id.to_string(),
            page: sheet.page(),
            form_title: form.title.fill(&disclosure.title_values()),
            name: sheet.name.clone(),
            facts: facts
                .filter_map(|(item, text)| written(&item.title, text))
                .collect(),
            unit: form.unit.name(),
            phases: form
                .phases
                .iter()
                .map(|phase| PhaseView {
                    title: phase.title.to_string(),
                    total: phase.total.to_string(),
                })
                .collect(),
            funds: funds(form, sheet),
            texts: texts
                .filter_map(|(item, text)| written(&item.title, text))
                .collect(),
            goals: goals
                .filter_map(|(phase, text)| written(&phase.goal, text))
                .collect(),
            indicators: indicators(&sheet.indicators),
            rows: rows(disclosure, form, sheet, edition),
            total: sheet
                .funds
                .last()
                .and_then(|funds| funds.first())
                .map(|cell| cell.value.to_text())
                .unwrap_or_default(),
        }
    }
}

/// One line for the totals of the phases, then one a source; lines without any figure are kept, as
/// the form prints them.
fn funds(form: &SheetForm, sheet: &Sheet) -> Vec<FundLine> {
    let titles =
        std::iter::once("资金总额").chain(form.sources.iter().map(|source| &*source.title));
    titles
        .enumerate()
        .map(|(at, title)| FundLine {
            title: title.to_owned(),
            total: at == 0,
            values: sheet
                .funds
                .iter()
                .map(|phase| phase[at].value.to_text())
                .collect(),
        })
        .collect()
}

/// Indicators with the spans of their first two levels.
fn indicators(indicators: &[Indicator]) -> Vec<IndicatorLine> {
    let run = |at: usize, same: &dyn Fn(&Indicator, &Indicator) -> bool| {
        let here = &indicators[at];
        if at > 0 && same(&indicators[at - 1], here) {
            return None;
        }
        Some(
            indicators[at..]
                .iter()
                .take_while(|next| same(here, next))
                .count(),
        )
    };
    let level1 = |left: &Indicator, right: &Indicator| left.level1 == right.level1;
    let level2 = |left: &Indicator, right: &Indicator| {
        left.level1 == right.level1 && left.level2 == right.level2
    };
    indicators
        .iter()
        .enumerate()
        .map(|(at, indicator)| IndicatorLine {
            level1: run(at, &level1).map(|lines| Span {
                title: indicator.level1.clone(),
                lines,
            }),
            level2: run(at, &level2).map(|lines| Span {
                title: indicator.level2.clone(),
                lines,
            }),
            level3: indicator.level3.clone(),
            values: indicator
                .values
                .iter()
                .map(|value| value.clone().unwrap_or_default())
                .collect(),
        })
        .collect()
}

fn rows(
    disclosure: &Disclosure,
    form: &SheetForm,
    sheet: &Sheet,
    edition: Edition,
) -> Vec<RowLink> {
    let Some(at) = disclosure.table_position(&form.table) else {
        return Vec::new();
    };
    let table = &disclosure.tables[at];
    let mut links = Vec::with_capacity(sheet.rows.len());
    for id in &sheet.rows {
        for (block_form, block) in table.form.blocks.iter().zip(&table.blocks) {
            let Some(row) = block.row(id) else { continue };
            let first = block_form
                .columns
                .iter()
                .zip(&row.cells)
                .find(|(column, cell)| column.is_addressed() && cell.value.amount().is_some());
            let Some((column, cell)) = first else {
                let anchor = edition.row(table.form.position, &block_form.id, &row.id);
                links.push(RowLink {
                    href: match edition {
                        Edition::Pages => format!("{}#{anchor}", table.form.page()),
                        Edition::Full => format!("#{anchor}"),
                    },
                    title: row.name.to_string(),
                    amount: String::new(),
                    unit: "",
                    table: table.form.number.to_string(),
                });
                continue;
            };
            let shown = column.shown(&cell.value);
            let at = Selector::Cell {
                table: table.form.id.clone(),
                block: block_form.id.clone(),
                row: row.id.clone(),
                column: column.id.clone(),
            };
            links.push(RowLink {
                href: edition.href(disclosure, &at).unwrap_or_default(),
                title: row.name.to_string(),
                amount: shown.to_text(),
                unit: match &shown {
                    Value::Amount(amount) => amount.unit().name(),
                    _ => "",
                },
                table: table.form.number.to_string(),
            });
        }
    }
    links
}
