//! Diagnostics as SARIF 2.1.0 (OASIS), for code scanning services and editors.
//!
//! One run; a rule for each code that occurs, with the text of `gongkai explain`; waived findings
//! are suppressed results. Columns count characters.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::text::{Setting, clean, from_call, with_hint};
use super::{Diagnostic, Language, Severity};
use crate::explain;
use crate::source::{Location, Place};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes sorted diagnostics.
///
/// # Errors
/// Only those of the writer.
pub fn write(
    out: &mut dyn Write,
    diagnostics: &[Diagnostic],
    setting: Setting<'_>,
) -> io::Result<()> {
    let codes: BTreeSet<&'static str> = diagnostics.iter().map(|found| found.code).collect();
    let codes: Vec<&'static str> = codes.into_iter().collect();
    let results = diagnostics
        .iter()
        .map(|diagnostic| Outcome::new(diagnostic, &codes, setting))
        .collect();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "gongkai",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: codes
                        .iter()
                        .map(|code| Rule::new(code, setting.language))
                        .collect(),
                },
            },
            language: match setting.language {
                Language::Zh => "zh-CN",
                Language::En => "en-US",
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    language: &'static str,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Text>,
}

impl Rule {
    fn new(id: &'static str, language: Language) -> Self {
        let entry = explain::entry(id);
        let text = |text: String| Text { text };
        Self {
            id,
            short_description: entry.map(|entry| text(entry.heading(language).to_owned())),
            help: entry.map(|entry| text(entry.text(language).trim_end().to_owned())),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Position; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Position>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_fingerprints: Option<Fingerprints>,
}

impl Outcome {
    fn new(diagnostic: &Diagnostic, codes: &[&'static str], setting: Setting<'_>) -> Self {
        let language = setting.language;
        let text = with_hint(diagnostic.say.text(language), diagnostic, language);
        let suppressions = diagnostic.waived.iter().map(|waived| Suppression {
            kind: "external",
            status: "accepted",
            justification: match language {
                Language::Zh => format!("{}（{}）", waived.reason, waived.by),
                Language::En => format!("{} ({})", waived.reason, waived.by),
            },
        });
        Self {
            rule_id: diagnostic.code,
            rule_index: codes.iter().position(|code| *code == diagnostic.code),
            level: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            message: Text {
                text: clean(&text).into_owned(),
            },
            locations: [Position::new(&diagnostic.location, setting)],
            related_locations: related(diagnostic, setting),
            suppressions: suppressions.collect(),
            partial_fingerprints: Fingerprints::of(diagnostic),
        }
    }
}

/// Other places, and the operands of both sides.
fn related(diagnostic: &Diagnostic, setting: Setting<'_>) -> Vec<Position> {
    let labels = diagnostic.labels.iter().map(|label| {
        let text = clean(label.say.text(setting.language)).into_owned();
        (&label.location, text)
    });
    let sides = diagnostic.detail.iter().flat_map(|detail| &detail.sides);
    let operands = sides.flatten().flat_map(|side| &side.operands);
    let operands = operands.filter_map(|operand| {
        let location = operand.location.as_ref()?;
        let sign = if operand.minus { "−" } else { "" };
        let text = format!("{} {sign}{}", operand.coordinates, operand.text);
        Some((location, text))
    });
    labels
        .chain(operands)
        .enumerate()
        .map(|(id, (location, text))| Position {
            id: Some(id),
            message: Some(Text { text }),
            ..Position::new(location, setting)
        })
        .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Position {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

impl Position {
    fn new(location: &Location, setting: Setting<'_>) -> Self {
        let place = location.place;
        let region = Region {
            start_line: place.line,
            start_column: place.column,
            end_column: place.column + place.width.max(1),
        };
        Self {
            id: None,
            physical_location: Physical {
                artifact_location: Artifact {
                    uri: uri(&from_call(setting.root, &location.source.path)),
                },
                region: (place != Place::FILE).then_some(region),
            },
            message: None,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

/// By what a finding is known again when lines have moved: its file, code, rule and cell.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "cell/v1")]
    cell: String,
}

impl Fingerprints {
    fn of(diagnostic: &Diagnostic) -> Option<Self> {
        let detail = diagnostic.detail.as_ref()?;
        let at = detail.at.as_ref()?;
        let rule = detail.rule.as_deref().unwrap_or_default();
        let (path, code) = (&diagnostic.location.source.path, diagnostic.code);
        Some(Self {
            cell: format!("{path}|{code}|{rule}|{at}"),
        })
    }
}

/// A path as a relative URI: everything but unreserved characters and `/` as `%XX`.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.extend([byte >> 4, byte & 15].map(hex));
        }
    }
    uri
}

fn hex(digit: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(digit)])
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_relative_uri() {
        assert_eq!(
            uri("data/a-b/旧 表.yaml"),
            "data/a-b/%E6%97%A7%20%E8%A1%A8.yaml"
        );
        assert_eq!(uri("<builtin>/a.yaml"), "%3Cbuiltin%3E/a.yaml");
    }
}
