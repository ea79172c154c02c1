//! What every page of a disclosure knows of it: names, parts, tables, sections.

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::render::address::{Edition, NARRATIVE_PAGE};
use crate::render::mark::Marks;
use crate::render::narrative;
use crate::render::page::Link;
use crate::render::view::checks::ChecksView;
use crate::render::view::corrections::CorrectionsView;
use crate::standard::{PartContent, Standard};

/// A disclosure as templates see it.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureView {
    title: String,
    short_title: String,
    entity: EntityView,
    year: u16,
    kind: &'static str,
    kind_word: &'static str,
    status: &'static str,
    published: Option<String>,
    origin: Option<String>,
    standard: String,
    standard_origin: Option<String>,
    key_figures: Vec<KeyFigureView>,
    parts: Vec<PartView>,
    tables: Vec<TableLink>,
    sections: Vec<SectionView>,
    sheets: Vec<Link>,
    /// Whether the standard has a part of its own for them.
    sheets_part: bool,
    terms: Vec<TermView>,
    charts: Vec<ChartLink>,
    has_computations: bool,
    has_overview: bool,
    checks: ChecksView,
    corrections: Option<CorrectionsView>,
}

#[derive(Debug, Clone, Serialize)]
struct EntityView {
    name: String,
    short_name: String,
    code: Option<String>,
    units: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct KeyFigureView {
    title: String,
    value: String,
    unit: &'static str,
    href: Option<String>,
    change: Option<ChangeView>,
}

/// A change against last year with how it was computed.
#[derive(Debug, Clone, Serialize)]
struct ChangeView {
    text: String,
    /// The same in plain words.
    how: String,
    /// One line a figure, as HTML with links to the cells.
    lines: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct PartView {
    id: String,
    title: String,
    content: &'static str,
    href: String,
}

/// A table in lists of tables.
#[derive(Debug, Clone, Serialize)]
struct TableLink {
    id: String,
    href: String,
    number: String,
    title: String,
    lead: Option<String>,
    rows: usize,
    wide: bool,
    no_data: Option<String>,
    empty_note: Option<String>,
    notes: Vec<String>,
    /// Whether a cell did not pass.
    marked: bool,
    /// Whether a cell was corrected and says so.
    corrected: bool,
}

#[derive(Debug, Clone, Serialize)]
struct SectionView {
    id: String,
    title: String,
}

#[derive(Debug, Clone, Serialize)]
struct TermView {
    number: usize,
    name: String,
}

#[derive(Debug, Clone, Serialize)]
struct ChartLink {
    id: String,
    title: String,
}

/// Tables of more columns than this are printed on a landscape page.
const PORTRAIT_COLUMNS: usize = 7;

impl DisclosureView {
    /// A disclosure as templates see it.
    #[must_use]
    pub fn new(disclosure: &Disclosure, standard: &Standard, marks: &Marks) -> Self {
        let titles = disclosure.title_values();
        let entity = &disclosure.entity;
        Self {
            title: disclosure.title(),
            short_title: disclosure.short_title(),
            entity: EntityView {
                name: entity.name.clone(),
                short_name: entity.short_name.clone(),
                code: entity.code.clone(),
                units: entity.units.iter().map(|unit| unit.name.clone()).collect(),
            },
            year: disclosure.year,
            kind: disclosure.kind.word(),
            kind_word: entity.kind.word(),
            status: disclosure.status.slug(),
            published: disclosure.published.clone(),
            origin: disclosure.origin.clone(),
            standard: standard.title.clone(),
            standard_origin: standard.origin.clone(),
            key_figures: key_figures(disclosure),
            parts: standard
                .parts
                .iter()
                .filter(|part| is_there(part.content, disclosure, standard))
                .map(|part| PartView {
                    id: part.id.clone(),
                    title: part.title.fill(&titles),
                    content: content_word(part.content),
                    href: part_href(part.content).to_owned(),
                })
                .collect(),
            tables: tables(disclosure, marks),
            sections: disclosure
                .narrative
                .sections
                .iter()
                .map(|section| SectionView {
                    id: section.id.to_string(),
                    title: section.title.clone(),
                })
                .collect(),
            sheets: disclosure
                .sheets
                .iter()
                .map(|sheet| Link::new(sheet.page(), sheet.name.clone()))
                .collect(),
            sheets_part: standard
                .parts
                .iter()
                .any(|part| part.content == PartContent::Sheets),
            terms: standard
                .glossary
                .iter()
                .enumerate()
                .map(|(at, term)| TermView {
                    number: at + 1,
                    name: term.name.clone(),
                })
                .collect(),
            charts: disclosure
                .charts
                .iter()
                .map(|chart| ChartLink {
                    id: chart.id.clone(),
                    title: chart.title.clone(),
                })
                .collect(),
            has_computations: disclosure
                .narrative
                .figures
                .iter()
                .any(|figure| matches!(figure, crate::model::narrative::Figure::Computed { .. })),
            has_overview: disclosure.overview.is_some(),
            checks: ChecksView::new(disclosure),
            corrections: CorrectionsView::new(disclosure),
        }
    }
}

fn key_figures(disclosure: &Disclosure) -> Vec<KeyFigureView> {
    disclosure
        .key_figures
        .iter()
        .map(|figure| KeyFigureView {
            title: figure.title.clone(),
            value: figure.value.clone(),
            unit: figure.unit,
            href: Edition::Pages.href(disclosure, &figure.at),
            change: figure.change.as_ref().map(|change| ChangeView {
                text: change.text.clone(),
                how: change
                    .figures
                    .iter()
                    .filter_map(narrative::computation_words)
                    .collect::<Vec<_>>()
                    .join("；"),
                lines: change
                    .figures
                    .iter()
                    .filter_map(|figure| narrative::computation(disclosure, figure, Edition::Pages))
                    .collect(),
            }),
        })
        .collect()
}

fn tables(disclosure: &Disclosure, marks: &Marks) -> Vec<TableLink> {
    let titles = disclosure.title_values();
    disclosure
        .tables
        .iter()
        .enumerate()
        .map(|(at, table)| {
            let form = &table.form;
            let columns = form
                .blocks
                .iter()
                .map(|block| block.columns.iter().filter(|column| column.printed).count())
                .max()
                .unwrap_or(0);
            TableLink {
                id: form.id.to_string(),
                href: form.page(),
                number: form.number.to_string(),
                title: table.title.clone(),
                lead: form.lead.as_ref().map(|lead| lead.fill(&titles)),
                rows: table.rows_with_figures(),
                wide: columns > PORTRAIT_COLUMNS,
                no_data: table.no_data.clone(),
                empty_note: table
                    .no_data
                    .as_ref()
                    .and_then(|_| form.empty.as_ref().map(ToString::to_string)),
                notes: form.notes.iter().map(|note| note.fill(&titles)).collect(),
                marked: marks.touch(at),
                corrected: marks.corrected_in(at),
            }
        })
        .collect()
}

/// Whether a part has anything in it: one without has no page to lead to.
fn is_there(content: PartContent, disclosure: &Disclosure, standard: &Standard) -> bool {
    match content {
        PartContent::Overview => disclosure.overview.is_some(),
        PartContent::Sheets => !disclosure.sheets.is_empty(),
        PartContent::Glossary => !standard.glossary.is_empty(),
        PartContent::Tables | PartContent::Narrative => true,
    }
}

const fn content_word(content: PartContent) -> &'static str {
    match content {
        PartContent::Overview => "overview",
        PartContent::Tables => "tables",
        PartContent::Narrative => "narrative",
        PartContent::Sheets => "sheets",
        PartContent::Glossary => "glossary",
    }
}

const fn part_href(content: PartContent) -> &'static str {
    match content {
        PartContent::Overview => "index.html#overview",
        PartContent::Tables => "index.html#tables",
        PartContent::Narrative => NARRATIVE_PAGE,
        PartContent::Sheets => "projects.html",
        PartContent::Glossary => "glossary.html",
    }
}
