//! `data.json`: everything that a disclosure publishes, with figures as text; `docs/data-json.md`.

mod checks;
mod corrections;
mod sentence;
mod sheet;
mod table;

use serde::{Serialize, Serializer};

use super::csv::unsigned_zero;
use super::lines::{one_line_each, pretty};
use super::{BlockFile, digest};
use crate::markdown;
use crate::model::disclosure::{Disclosure, InputKind};
use crate::model::table::Value;
use crate::standard::Standard;
use checks::{RuleData, checks};
use corrections::{CorrectionData, corrections};
use sentence::{SectionData, sections};
use sheet::{SheetData, sheet};
use table::{TableData, table};

/// What the file begins with; the line of the digest comes after it.
const BEGINNING: &str = "{\n  \"format\": \"gongkai-disclosure\",\n  \"version\": 1,\n";

/// Pairs as a map in their order.
struct Pairs<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Pairs<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[derive(Serialize)]
struct DataFile<'a> {
    format: &'static str,
    version: u8,
    title: String,
    entity: EntityData<'a>,
    year: u16,
    kind: &'static str,
    status: &'static str,
    published: Option<&'a str>,
    source: Option<&'a str>,
    standard: Named<'a>,
    #[serde(serialize_with = "rows")]
    key_figures: Vec<KeyFigureData<'a>>,
    tables: Vec<TableData<'a>>,
    #[serde(serialize_with = "rows")]
    inputs: Vec<InputData<'a>>,
    sheets: Vec<SheetData<'a>>,
    overview: Option<String>,
    sections: Vec<SectionData<'a>>,
    checks: Vec<RuleData<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    corrections: Vec<CorrectionData<'a>>,
}

#[derive(Serialize)]
struct EntityData<'a> {
    id: &'a str,
    code: Option<&'a str>,
    name: &'a str,
    short_name: &'a str,
    kind: &'static str,
    region: Option<&'a str>,
    #[serde(serialize_with = "rows")]
    units: Vec<UnitData<'a>>,
}

#[derive(Serialize)]
struct UnitData<'a> {
    id: &'a str,
    name: &'a str,
    nature: Option<&'a str>,
}

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct KeyFigureData<'a> {
    title: &'a str,
    value: String,
    unit: &'static str,
    at: String,
    change: Option<&'a str>,
}

#[derive(Serialize)]
struct InputData<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'static str,
    unit: Option<&'a str>,
    value: Option<String>,
}

#[derive(Serialize)]
struct TextData<'a> {
    id: &'a str,
    title: &'a str,
    text: String,
}

fn rows<T: Serialize, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    one_line_each(items, serializer)
}

/// The file, and its digest: SHA-256 of the file without the line that holds it.
#[must_use]
pub fn write(
    disclosure: &Disclosure,
    standard: &Standard,
    csv: &[Vec<BlockFile>],
) -> (String, String) {
    let mut text = pretty(&file(disclosure, standard, csv));
    debug_assert!(text.starts_with(BEGINNING));
    let digest = digest::hex([text.as_bytes()]);
    text.insert_str(BEGINNING.len(), &format!("  \"digest\": \"{digest}\",\n"));
    (text, digest)
}

fn file<'a>(
    disclosure: &'a Disclosure,
    standard: &'a Standard,
    csv: &'a [Vec<BlockFile>],
) -> DataFile<'a> {
    let entity = &disclosure.entity;
    let sheets = disclosure.sheet_form.as_ref().map(|form| {
        let sheets = disclosure.sheets.iter();
        sheets.map(|found| sheet(form, found)).collect()
    });
    DataFile {
        format: "gongkai-disclosure",
        version: 1,
        title: disclosure.title(),
        entity: EntityData {
            id: &entity.id,
            code: entity.code.as_deref(),
            name: &entity.name,
            short_name: &entity.short_name,
            kind: entity.kind.slug(),
            region: entity.region.as_deref(),
            units: entity
                .units
                .iter()
                .map(|unit| UnitData {
                    id: &unit.id,
                    name: &unit.name,
                    nature: unit.nature.as_deref(),
                })
                .collect(),
        },
        year: disclosure.year,
        kind: disclosure.kind.slug(),
        status: disclosure.status.slug(),
        published: disclosure.published.as_deref(),
        source: disclosure.origin.as_deref(),
        standard: Named {
            id: &standard.id,
            title: &standard.title,
        },
        key_figures: key_figures(disclosure),
        tables: disclosure
            .tables
            .iter()
            .zip(csv)
            .map(|(found, csv)| table(disclosure, found, csv))
            .collect(),
        inputs: inputs(disclosure),
        sheets: sheets.unwrap_or_default(),
        overview: disclosure
            .overview
            .as_ref()
            .map(|source| markdown::to_text(&source.text, &mut |_| String::new())),
        sections: sections(disclosure),
        checks: checks(disclosure),
        corrections: corrections(disclosure),
    }
}

fn key_figures(disclosure: &Disclosure) -> Vec<KeyFigureData<'_>> {
    let figures = disclosure.key_figures.iter();
    figures
        .map(|figure| KeyFigureData {
            title: &figure.title,
            value: figure.value.replace(',', ""),
            unit: figure.unit,
            at: figure.at.to_string(),
            change: figure.change.as_ref().map(|change| change.text.as_str()),
        })
        .collect()
}

/// A value as data: a figure as written without commas, `None` for a blank, 无数据 as such.
#[must_use]
pub fn data_text(value: &Value) -> Option<String> {
    match value {
        Value::Blank => None,
        Value::NoData | Value::Text(_) | Value::YesNo(_) => Some(value.to_text()),
        figure => figure
            .number()
            .map(|number| unsigned_zero(number).to_string()),
    }
}

/// Inputs that are given: those that the pages show.
fn inputs(disclosure: &Disclosure) -> Vec<InputData<'_>> {
    let given = disclosure.inputs.iter();
    given
        .filter(|input| input.cell.value != Value::Blank)
        .map(|input| {
            let (kind, unit) = match &input.form.kind {
                InputKind::Amount(unit, _) => ("amount", Some(unit.name())),
                InputKind::Count(counter) => ("count", counter.as_deref()),
                InputKind::Percent => ("percent", Some("%")),
                InputKind::Text => ("text", None),
            };
            InputData {
                id: &input.form.id,
                title: &input.form.title,
                kind,
                unit,
                value: data_text(&input.cell.value),
            }
        })
        .collect()
}
