//! Diagnostics as one JSON object: `{"findings": […], "summary": {…}}`.
//!
//! Every sentence comes in both languages, so that the same data gives the same bytes whatever the
//! language of the run. Paths are relative to the site. Every key is always there; what a finding
//! does not have is `null`, a file as a whole has no line.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::text::clean;
use super::{Class, Counts, Detail, Diagnostic, Label, Operand, Say, Severity, Side, Waived};
use crate::source::{Location, Place};

/// Writes sorted diagnostics of a run over so many disclosures.
///
/// # Errors
/// Only those of the writer.
pub fn write(
    out: &mut dyn Write,
    diagnostics: &[Diagnostic],
    disclosures: usize,
) -> io::Result<()> {
    let report = Report {
        findings: diagnostics.iter().map(Finding::new).collect(),
        summary: Summary {
            disclosures,
            counts: Counts::of(diagnostics),
        },
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    disclosures: usize,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    severity: &'static str,
    class: &'static str,
    message: Words<'a>,
    location: Where<'a>,
    labels: Vec<Labelled<'a>>,
    hint: Option<Words<'a>>,
    detail: Option<Details<'a>>,
    waived: Option<Waiver<'a>>,
}

impl<'a> Finding<'a> {
    fn new(diagnostic: &'a Diagnostic) -> Self {
        Self {
            code: diagnostic.code,
            severity: severity(diagnostic.severity),
            class: match diagnostic.class {
                Class::Fault => "fault",
                Class::Finding => "finding",
            },
            message: Words::new(&diagnostic.say),
            location: Where::new(&diagnostic.location),
            labels: diagnostic.labels.iter().map(Labelled::new).collect(),
            hint: diagnostic.hint.as_ref().map(Words::new),
            detail: diagnostic.detail.as_deref().map(Details::new),
            waived: diagnostic.waived.as_deref().map(Waiver::new),
        }
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[derive(Serialize)]
struct Words<'a> {
    zh: Cow<'a, str>,
    en: Cow<'a, str>,
}

impl<'a> Words<'a> {
    fn new(say: &'a Say) -> Self {
        Self {
            zh: clean(&say.zh),
            en: clean(&say.en),
        }
    }
}

#[derive(Serialize)]
struct Where<'a> {
    path: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    width: Option<u32>,
}

impl<'a> Where<'a> {
    fn new(location: &'a Location) -> Self {
        let place = Some(location.place).filter(|place| *place != Place::FILE);
        Self {
            path: &location.source.path,
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            width: place.map(|place| place.width),
        }
    }
}

#[derive(Serialize)]
struct Labelled<'a> {
    message: Words<'a>,
    location: Where<'a>,
}

impl<'a> Labelled<'a> {
    fn new(label: &'a Label) -> Self {
        Self {
            message: Words::new(&label.say),
            location: Where::new(&label.location),
        }
    }
}

/// All of a [`Detail`] but the text that was matched, which may be personal.
#[derive(Serialize)]
struct Details<'a> {
    rule: Option<&'a str>,
    at: Option<&'a str>,
    coordinates: Option<&'a str>,
    sides: Option<[Sum<'a>; 2]>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
}

impl<'a> Details<'a> {
    fn new(detail: &'a Detail) -> Self {
        Self {
            rule: detail.rule.as_deref(),
            at: detail.at.as_deref(),
            coordinates: detail.coordinates.as_deref(),
            sides: detail
                .sides
                .as_ref()
                .map(|sides| sides.each_ref().map(Sum::new)),
            expected: detail.expected.as_deref(),
            found: detail.found.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Sum<'a> {
    text: &'a str,
    operands: Vec<Addend<'a>>,
}

impl<'a> Sum<'a> {
    fn new(side: &'a Side) -> Self {
        Self {
            text: &side.text,
            operands: side.operands.iter().map(Addend::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct Addend<'a> {
    minus: bool,
    text: &'a str,
    coordinates: &'a str,
    at: Option<&'a str>,
    location: Option<Where<'a>>,
}

impl<'a> Addend<'a> {
    fn new(operand: &'a Operand) -> Self {
        Self {
            minus: operand.minus,
            text: &operand.text,
            coordinates: &operand.coordinates,
            at: Some(operand.at.as_str()).filter(|at| !at.is_empty()),
            location: operand.location.as_ref().map(Where::new),
        }
    }
}

#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    by: &'a str,
    until: Option<&'a str>,
}

impl<'a> Waiver<'a> {
    fn new(waived: &'a Waived) -> Self {
        Self {
            reason: &waived.reason,
            by: &waived.by,
            until: waived.until.as_deref(),
        }
    }
}
