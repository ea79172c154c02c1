//! `data.json`: everything that a disclosure publishes, with figures as text; `docs/data-json.md`.

use serde::{Serialize, Serializer};

use super::columns::{headers, printed};
use super::csv::unsigned_zero;
use super::lines::{one_line_each, pretty};
use super::{BlockFile, digest, table_digest};
use crate::markdown::{self, Mark};
use crate::model::classification::Code;
use crate::model::disclosure::{Disclosure, InputKind};
use crate::model::form::{BlockForm, Column, ColumnKind};
use crate::model::narrative::Figure;
use crate::model::sheet::{Sheet, SheetForm};
use crate::model::table::{Row, Table, Value};
use crate::standard::Standard;

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
    sections: Vec<TextData<'a>>,
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
struct TableData<'a> {
    id: &'a str,
    number: &'a str,
    title: &'a str,
    unit: &'static str,
    page: String,
    digest: String,
    no_data: Option<&'a str>,
    notes: Vec<String>,
    blocks: Vec<BlockData<'a>>,
}

#[derive(Serialize)]
struct BlockData<'a> {
    id: &'a str,
    title: &'a str,
    csv: &'a str,
    #[serde(serialize_with = "rows")]
    columns: Vec<ColumnData<'a>>,
    #[serde(serialize_with = "rows")]
    rows: Vec<RowData<'a>>,
}

#[derive(Serialize)]
struct ColumnData<'a> {
    id: &'a str,
    title: String,
    headers: Vec<String>,
    kind: &'static str,
    unit: Option<&'static str>,
}

#[derive(Serialize)]
struct RowData<'a> {
    id: &'a str,
    code: Option<&'a str>,
    name: &'a str,
    level: u8,
    total: bool,
    cells: Pairs<'a, Option<String>>,
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
struct SheetData<'a> {
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
struct TextData<'a> {
    id: &'a str,
    title: &'a str,
    text: String,
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

fn table<'a>(disclosure: &Disclosure, table: &'a Table, csv: &'a [BlockFile]) -> TableData<'a> {
    let form = &table.form;
    let titles = disclosure.title_values();
    TableData {
        id: &form.id,
        number: &form.number,
        title: &table.title,
        unit: form.unit.name(),
        page: form.page(),
        digest: table_digest(csv),
        no_data: table.no_data.as_deref(),
        notes: form.notes.iter().map(|note| note.fill(&titles)).collect(),
        blocks: form
            .blocks
            .iter()
            .zip(&table.blocks)
            .zip(csv)
            .map(|((form, block), csv)| BlockData {
                id: &form.id,
                title: &csv.title,
                csv: &csv.file.name,
                columns: printed(form)
                    .zip(headers(form, &titles))
                    .map(|((_, column), headers)| ColumnData {
                        id: &column.id,
                        title: column.title.fill(&titles),
                        headers,
                        kind: kind_word(column.kind),
                        unit: unit_word(column.kind),
                    })
                    .collect(),
                rows: block.rows.iter().map(|found| row(form, found)).collect(),
            })
            .collect(),
    }
}

fn row<'a>(form: &'a BlockForm, row: &'a Row) -> RowData<'a> {
    let cell = |(at, column): (usize, &'a Column)| {
        let value = match column.kind {
            ColumnKind::Code(_) | ColumnKind::Name => return None,
            ColumnKind::Line(start) => Some((start + row.line).to_string()),
            _ => data_text(&row.cells[at].value),
        };
        Some((&*column.id, value))
    };
    RowData {
        id: &row.id,
        code: row.code.as_ref().map(Code::as_str),
        name: &row.name,
        level: if row.total { 0 } else { row.level },
        total: row.total,
        cells: Pairs(printed(form).filter_map(cell).collect()),
    }
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

const fn kind_word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Code(_) => "code",
        ColumnKind::Name => "name",
        ColumnKind::Text => "text",
        ColumnKind::Amount { .. } => "amount",
        ColumnKind::Percent => "percent",
        ColumnKind::Count => "count",
        ColumnKind::Line(_) => "line",
        ColumnKind::YesNo => "yes_no",
    }
}

const fn unit_word(kind: ColumnKind) -> Option<&'static str> {
    match kind {
        ColumnKind::Amount { unit, .. } => Some(unit.name()),
        ColumnKind::Percent => Some("%"),
        _ => None,
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

fn sheet<'a>(form: &'a SheetForm, sheet: &'a Sheet) -> SheetData<'a> {
    let text = |id: &'a str, title: &'a str, text: &Option<String>| {
        text.as_ref().map(|text| TextData {
            id,
            title,
            text: text.clone(),
        })
    };
    let items = |items: &'a [crate::model::sheet::Item], texts: &'a [Option<String>]| {
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

/// The narrative as plain text, charts left out.
fn sections(disclosure: &Disclosure) -> Vec<TextData<'_>> {
    let figures = &disclosure.narrative.figures;
    let mut said = |mark| match mark {
        Mark::Figure(at) => match figures.get(at) {
            Some(
                Figure::Text(text) | Figure::Cell { text, .. } | Figure::Computed { text, .. },
            ) => text.clone(),
            None => String::new(),
        },
        Mark::Chart(_) => String::new(),
    };
    let sections = disclosure.narrative.sections.iter();
    sections
        .map(|section| TextData {
            id: &section.id,
            title: &section.title,
            text: markdown::to_text(&section.markdown, &mut said),
        })
        .collect()
}
