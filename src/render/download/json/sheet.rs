//! The performance sheets of `data.json`: facts, funds, texts, goals, indicators.

use serde::Serialize;

use super::{Pairs, TextData, data_text, rows};
use crate::model::sheet::{Item, Sheet, SheetForm};

/// A sheet.
#[derive(Serialize)]
pub struct SheetData<'a> {
    id: &'a str,
    name: &'a str,
    page: String,
    unit: &'static str,
    rows: Vec<&'a str>,
    #[serde(serialize_with = "rows")]
    facts: Vec<TextData<'a>>,
    #[serde(serialize_with = "rows")]
    funds: Vec<FundData<'a>>,
    texts: Vec<TextData<'a>>,
    goals: Vec<TextData<'a>>,
    #[serde(serialize_with = "rows")]
    indicators: Vec<IndicatorData<'a>>,
}

#[derive(Serialize)]
struct FundData<'a> {
    phase: &'a str,
    source: &'a str,
    title: &'a str,
    value: Option<String>,
}

#[derive(Serialize)]
struct IndicatorData<'a> {
    level1: &'a str,
    level2: &'a str,
    level3: &'a str,
    values: Pairs<'a, Option<&'a str>>,
}

/// A sheet with all that it says.
pub fn sheet<'a>(form: &'a SheetForm, sheet: &'a Sheet) -> SheetData<'a> {
    let text = |id: &'a str, title: &'a str, text: &Option<String>| {
        text.as_ref().map(|text| TextData {
            id,
            title,
            text: text.clone(),
        })
    };
    let items = |items: &'a [Item], texts: &'a [Option<String>]| {
        let both = items.iter().zip(texts);
        both.filter_map(|(item, found)| text(&item.id, &item.title, found))
            .collect()
    };
    let goals = form.phases.iter().zip(&sheet.goals);
    SheetData {
        id: &sheet.id,
        name: &sheet.name,
        page: sheet.page(),
        unit: form.unit.name(),
        rows: sheet.rows.iter().map(|row| &**row).collect(),
        facts: items(&form.facts, &sheet.facts),
        funds: funds(form, sheet),
        texts: items(&form.texts, &sheet.texts),
        goals: goals
            .filter_map(|(phase, found)| text(&phase.id, &phase.goal, found))
            .collect(),
        indicators: sheet
            .indicators
            .iter()
            .map(|indicator| {
                let values = form.phases.iter().zip(&indicator.values);
                IndicatorData {
                    level1: &indicator.level1,
                    level2: &indicator.level2,
                    level3: &indicator.level3,
                    values: Pairs(
                        values
                            .map(|(phase, value)| (&*phase.id, value.as_deref()))
                            .collect(),
                    ),
                }
            })
            .collect(),
    }
}

/// Per phase the total, then each source.
fn funds<'a>(form: &'a SheetForm, sheet: &'a Sheet) -> Vec<FundData<'a>> {
    let mut funds = Vec::new();
    for (phase, cells) in form.phases.iter().zip(&sheet.funds) {
        let sources = form.sources.iter();
        let sources = sources.map(|source| (&*source.id, &*source.title));
        let lines = std::iter::once(("total", &*phase.total)).chain(sources);
        for ((source, title), cell) in lines.zip(cells) {
            funds.push(FundData {
                phase: &phase.id,
                source,
                title,
                value: data_text(&cell.value),
            });
        }
    }
    funds
}
