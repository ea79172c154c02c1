//! A report as JSON, for machines: keys in a fixed order, figures as text. `docs/diff.md`

use rust_decimal::Decimal;
use serde::Serialize;

use super::report::{
    Change, CheckChange, Disclosure, Figure, Pages, Presence, Report, RowChange, TextChange,
    Verdict, What,
};

#[derive(Serialize)]
struct ReportData<'a> {
    format: &'static str,
    version: u8,
    changed: bool,
    disclosures: Vec<DisclosureData<'a>>,
    pages: PagesData<'a>,
}

#[derive(Serialize)]
struct DisclosureData<'a> {
    folder: &'a str,
    title: &'a str,
    presence: &'static str,
    figures: Vec<FigureData<'a>>,
    rows: Vec<RowData<'a>>,
    sentences: Vec<TextData<'a>>,
    sheets: Vec<TextData<'a>>,
    checks: Vec<CheckData<'a>>,
}

#[derive(Serialize)]
struct FigureData<'a> {
    at: &'a str,
    table: &'a str,
    title: &'a str,
    row: &'a str,
    column: &'a str,
    unit: Option<&'a str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    difference: Option<String>,
    percent: Option<String>,
    because: &'a [String],
    rule: Option<&'a str>,
    causes: &'a [String],
}

#[derive(Serialize)]
struct RowData<'a> {
    change: &'static str,
    what: &'static str,
    at: &'a str,
    table: &'a str,
    name: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
    cells: Vec<CellData<'a>>,
}

#[derive(Serialize)]
struct CellData<'a> {
    column: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct TextData<'a> {
    at: &'a str,
    place: &'a str,
    presence: &'static str,
    pieces: Vec<PieceData<'a>>,
    because: Vec<&'a str>,
}

#[derive(Serialize)]
struct PieceData<'a> {
    presence: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct CheckData<'a> {
    rule: &'a str,
    title: &'a str,
    relation: &'a str,
    place: &'a str,
    old: Option<VerdictData<'a>>,
    new: Option<VerdictData<'a>>,
}

#[derive(Serialize)]
struct VerdictData<'a> {
    verdict: &'a str,
    difference: Option<&'a str>,
    waived: bool,
}

#[derive(Serialize)]
struct PagesData<'a> {
    added: &'a [String],
    gone: &'a [String],
    presentation: usize,
    worded: &'a [String],
}

/// The report as a file, with a line end.
///
/// # Panics
/// Never: texts, numbers and lists are always JSON.
#[must_use]
pub fn text(report: &Report) -> String {
    let Pages {
        added,
        gone,
        presentation,
        worded,
    } = &report.pages;
    let data = ReportData {
        format: "gongkai-diff",
        version: 1,
        changed: !report.is_empty(),
        disclosures: report.disclosures.iter().map(disclosure).collect(),
        pages: PagesData {
            added,
            gone,
            presentation: *presentation,
            worded,
        },
    };
    let mut text =
        serde_json::to_string_pretty(&data).expect("texts, numbers and lists are always JSON");
    text.push('\n');
    text
}

fn disclosure(one: &Disclosure) -> DisclosureData<'_> {
    DisclosureData {
        folder: &one.folder,
        title: &one.title,
        presence: word(one.presence),
        figures: one.figures.iter().map(figure).collect(),
        rows: one.rows.iter().map(row).collect(),
        sentences: one.texts.iter().map(text_change).collect(),
        sheets: one.sheets.iter().map(text_change).collect(),
        checks: one.checks.iter().map(check).collect(),
    }
}

const fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Both => "both",
        Presence::Added => "added",
        Presence::Removed => "removed",
    }
}

fn figure(figure: &Figure) -> FigureData<'_> {
    let number = |value: &Decimal| value.to_string();
    FigureData {
        at: &figure.at,
        table: &figure.table,
        title: &figure.title,
        row: &figure.row,
        column: &figure.column,
        unit: figure.unit.as_deref(),
        old: figure.old.as_deref(),
        new: figure.new.as_deref(),
        difference: figure.difference.as_ref().map(number),
        percent: figure.percent.as_ref().map(number),
        because: &figure.because,
        rule: figure.rule.as_deref(),
        causes: &figure.causes,
    }
}

fn row(row: &RowChange) -> RowData<'_> {
    RowData {
        change: match row.change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Renamed => "renamed",
            Change::Recoded => "recoded",
            Change::Moved => "moved",
            Change::Level => "level",
            Change::Unit => "unit",
            Change::NoData => "no_data",
            Change::Note => "note",
        },
        what: match row.what {
            What::Table => "table",
            What::Block => "block",
            What::Column => "column",
            What::Row => "row",
        },
        at: &row.at,
        table: &row.table,
        name: &row.name,
        old: row.old.as_deref(),
        new: row.new.as_deref(),
        cells: row
            .cells
            .iter()
            .map(|(column, value)| CellData { column, value })
            .collect(),
    }
}

fn text_change(text: &TextChange) -> TextData<'_> {
    TextData {
        at: &text.at,
        place: &text.place.zh,
        presence: word(text.presence),
        pieces: text
            .pieces
            .iter()
            .map(|piece| PieceData {
                presence: word(piece.presence),
                text: &piece.text,
            })
            .collect(),
        because: text.because.iter().map(|(at, _)| &**at).collect(),
    }
}

fn check(check: &CheckChange) -> CheckData<'_> {
    CheckData {
        rule: &check.rule,
        title: &check.title,
        relation: &check.relation,
        place: &check.place,
        old: check.old.as_ref().map(verdict),
        new: check.new.as_ref().map(verdict),
    }
}

fn verdict(verdict: &Verdict) -> VerdictData<'_> {
    VerdictData {
        verdict: &verdict.word,
        difference: verdict.difference.as_deref(),
        waived: verdict.waived,
    }
}
