//! Any text in any place: it is refused where it stands, or every file that comes of it can be read and says it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gongkai::diagnostic::{Diagnostic, Severity};
use gongkai::pipeline::{self, BuildOptions};
use scraper::{Html, Node};
use serde_json::Value;

use crate::parsed;
use crate::support::{Random, Site, tree};

/// So many random texts are put into each place, behind a plain one that every place must publish.
const TEXTS: usize = 3;

/// How a text is written into a file.
#[derive(Clone, Copy)]
enum As {
    /// Between double quotes, what is not plain by escapes; YAML and TOML have the same.
    Escapes,
    /// Between single quotes, as it is.
    Quoted,
    /// With backslashes before all that has a meaning.
    Markdown,
    /// Between double quotes, all by escapes of four digits as JSON has them.
    Json,
    /// Each character by its number: `&#x5b57;`.
    References,
}

/// A place for a text: a file, what stands there now, and how it is written. Files that are not there are made of what
/// stands around `@`.
type Position = (&'static str, &'static str, As);

const FOLDER: &str = "data/demo/2025-budget";

const POSITIONS: [Position; 36] = [
    ("static/data.json", "{\"name\":\n@}", As::Json),
    ("site.toml", "title = @", As::Escapes),
    (
        "site.toml",
        "title = \"小站\"\ndescription = @",
        As::Escapes,
    ),
    (
        "site.toml",
        "title = \"小站\"\n[publisher]\nname = @",
        As::Escapes,
    ),
    ("data/demo/entity.yaml", "\nname: @", As::Escapes),
    ("data/demo/entity.yaml", "\nname: @", As::Quoted),
    ("data/demo/entity.yaml", "short_name: @", As::Escapes),
    ("data/demo/entity.yaml", "region: @", As::Escapes),
    ("data/demo/entity.yaml", "nature: @}", As::Escapes),
    ("~/disclosure.yaml", "source: @", As::Escapes),
    ("~/disclosure.yaml", "reason: @", As::Escapes),
    ("~/disclosure.yaml", "reason: @", As::Quoted),
    (
        "~/tables/projects.yaml",
        "name: @, total: 10.00",
        As::Escapes,
    ),
    (
        "~/tables/projects.yaml",
        "    name: @\n    total: 40.00",
        As::Escapes,
    ),
    (
        "~/tables/projects.yaml",
        "name: @, total: 10.00",
        As::Quoted,
    ),
    ("~/projects/repairs.yaml", "unit: @", As::Escapes),
    ("~/projects/repairs.yaml", "summary: @", As::Escapes),
    ("~/projects/repairs.yaml", "summary: @", As::Quoted),
    (
        "~/projects/repairs.yaml",
        "goals:\n  annual: @",
        As::Escapes,
    ),
    ("~/projects/repairs.yaml", "level3: @, ", As::Escapes),
    ("~/projects/repairs.yaml", ", annual: @}", As::Escapes),
    ("~/overview.md", "## 一、本单位职责\n\n甲@乙", As::Markdown),
    (
        "~/overview.md",
        "## 一、本单位职责\n\n甲@乙",
        As::References,
    ),
    ("~/overview.md", "## 一、甲@乙", As::Markdown),
    ("~/narrative/spending.md", "甲@乙\n", As::Markdown),
    ("~/narrative/spending.md", "甲@乙\n", As::References),
    (
        "~/corrections.yaml",
        "corrections:\n  - date: 2025-06-01\n    reason: @\n    changes:\n      - {where: 甲, was: 乙, now: 丙}\n",
        As::Escapes,
    ),
    (
        "~/corrections.yaml",
        "corrections:\n  - date: 2025-06-01\n    reason: 甲。\n    changes:\n      - {where: 甲, was: @, now: 丙}\n",
        As::Escapes,
    ),
    (
        "standards/tiny/standard.yaml",
        "title: @\nkind",
        As::Escapes,
    ),
    (
        "standards/tiny/standard.yaml",
        "key_figures:\n  - {title: @,",
        As::Escapes,
    ),
    (
        "standards/tiny/tables/1-spending.yaml",
        "title: @}\n      - {id: basic",
        As::Escapes,
    ),
    (
        "standards/tiny/tables/1-spending.yaml",
        "name: @, at",
        As::Escapes,
    ),
    (
        "standards/tiny/inputs.yaml",
        "vehicles, title: @, kind",
        As::Escapes,
    ),
    ("standards/tiny/charts.yaml", "title: @", As::Escapes),
    (
        "standards/tiny/glossary.md",
        "## 基本支出\n甲@乙",
        As::Markdown,
    ),
    (
        "static/notice.html",
        "<!DOCTYPE html><html lang=\"zh\"><title>甲</title><p>甲@乙</p></html>",
        As::References,
    ),
];

/// Texts that have broken something somewhere, and characters that are odd in their own way.
const PIECES: [&str; 48] = [
    "]]>",
    "--",
    "<!--",
    "</script>",
    "</title>",
    "<b>",
    "\"",
    "'",
    "{{",
    "}}",
    "{%",
    "{#",
    "\\",
    "\\n",
    "&",
    "&amp;",
    "&#0;",
    "\0",
    "\u{8}",
    "\u{b}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{301}",
    "\u{200b}",
    "\u{200f}",
    "\u{2028}",
    "\u{202e}",
    "\u{2066}",
    "\u{3000}",
    "\u{3164}",
    "\u{d7ff}",
    "\u{e000}0\u{e001}",
    "\u{f8ff}",
    "\u{fdd0}",
    "\u{feff}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{1f469}\u{200d}\u{1f4bb}",
    "\u{20000}",
    "\u{e0041}",
    "\u{10ffff}",
    "=1+1",
    ",",
    "\t",
    " #甲",
];

/// A text of a few pieces among Chinese characters, sometimes of blanks only, sometimes very long.
fn draw(random: &mut Random) -> String {
    match random.below(20) {
        0 => return ["", " ", "\u{3000}", "\u{a0}\t"][random.below(4)].to_owned(),
        1 => return "长".repeat(2000 + random.below(2000)),
        _ => {}
    }
    let mut text = String::from("甲");
    for _ in 0..=random.below(3) {
        match random.below(3) {
            0 => text.push_str("乙丙"),
            1 => text.extend(char::from_u32(
                u32::try_from(random.below(0x11_0000)).expect("21 bits"),
            )),
            _ => text.push_str(PIECES[random.below(PIECES.len())]),
        }
    }
    text + "丁"
}

/// The text as it stands in the file.
fn written(text: &str, way: As) -> String {
    let mut out = String::new();
    match way {
        As::Quoted => write!(out, "'{}'", text.replace('\'', "''")).expect("memory"),
        As::Escapes => {
            out.push('"');
            for character in text.chars() {
                match character {
                    '"' | '\\' => out.extend(['\\', character]),
                    ' '..='~' | '\u{4e00}'..='\u{9fff}' => out.push(character),
                    _ => write!(out, "\\U{:08X}", u32::from(character)).expect("memory"),
                }
            }
            out.push('"');
        }
        As::Json => {
            out.push('"');
            for unit in text.encode_utf16() {
                write!(out, "\\u{unit:04x}").expect("memory");
            }
            out.push('"');
        }
        As::Markdown => {
            for character in text.chars() {
                if character.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(character);
            }
        }
        As::References => {
            for character in text.chars() {
                write!(out, "&#x{:x};", u32::from(character)).expect("memory");
            }
        }
    }
    out
}

/// Puts a text into its place; the path of the file and the lines that it takes.
fn put(
    site: &Site,
    (file, around, way): Position,
    text: &str,
) -> (String, std::ops::RangeInclusive<usize>) {
    let path = file.replace('~', FOLDER);
    let (before, after) = around.split_once('@').expect("a place");
    let text = written(text, way);
    let whole = format!("{before}{text}{after}");
    let known = if site.path(&path).exists() {
        site.read(&path)
    } else {
        String::new()
    };
    // What stands there now, up to the end of the value.
    let start = known
        .match_indices(before)
        .map(|(start, _)| start)
        .find(|start| {
            let rest = &known[start + before.len()..];
            rest.find(after)
                .is_some_and(|end| !rest[..end].contains('\n'))
        })
        .filter(|_| !file.ends_with("md") && !file.ends_with("toml"));
    let (content, at) = match start {
        Some(start) => {
            let from = start + before.len();
            let rest = &known[from..];
            let end = match after {
                "" => rest.find('\n').unwrap_or(rest.len()),
                after => rest.find(after).expect("what follows"),
            };
            (format!("{}{text}{}", &known[..from], &rest[end..]), from)
        }
        None => (format!("{whole}\n"), before.len()),
    };
    let lines = |text: &str| text.matches('\n').count();
    let first = 1 + lines(&content[..at]);
    site.write(&path, &content);
    (path, first..=first + lines(&text))
}

/// What people or programs read in the files of a site, without blanks.
fn said(site: &Site) -> String {
    let mut said = String::new();
    for (path, bytes) in tree(&site.path("public")) {
        let text = String::from_utf8_lossy(&bytes);
        if std::path::Path::new(&path)
            .extension()
            .is_some_and(|end| end == "html")
        {
            for node in Html::parse_document(&text).tree.values() {
                match node {
                    Node::Text(text) => said.push_str(text),
                    Node::Element(element) => {
                        for (_, value) in element.attrs() {
                            said.push('\n');
                            said.push_str(value);
                        }
                    }
                    _ => {}
                }
            }
        } else if path.ends_with("data.json") {
            strings(&serde_json::from_str(&text).expect("JSON"), &mut said);
        }
    }
    blankless(&said)
}

fn strings(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => {
            into.push('\n');
            into.push_str(text);
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(map) => map.values().for_each(|item| strings(item, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn blankless(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn refuses(found: &Diagnostic) -> bool {
    found.is_fault() || found.severity == Severity::Error
}

#[test]
fn any_text_is_refused_at_its_place_or_published_in_files_that_can_be_read() {
    let mut random = Random::new(0x0005_CA1A);
    let mut wrong = Vec::new();
    let mut seen = [0, 0];
    let mut held = BTreeSet::new();
    for position in POSITIONS {
        for number in 0..=TEXTS {
            let text = match number {
                0 => "甲乙丙丁".to_owned(),
                _ => draw(&mut random),
            };
            let site = Site::case("tiny");
            site.replace(
                &format!("{FOLDER}/disclosure.yaml"),
                "status: approved",
                "status: draft",
            );
            let (path, lines) = put(&site, position, &text);
            let options = BuildOptions {
                root: site.root().to_owned(),
                fresh: true,
                ..BuildOptions::default()
            };
            let outcome = pipeline::build(&options, &()).expect("a site");
            let refused = outcome.diagnostics.iter().any(|found| {
                let place = &found.location;
                refuses(found)
                    && place.source.path == path
                    && lines.contains(&(place.place.line as usize))
            });
            let published = outcome.output.is_some();
            if published {
                parsed::look(&site.path("public"), &site.path("no"));
            }
            let holds = published && said(&site).contains(&blankless(&text));
            if published && holds {
                held.insert((position.0, position.1));
            }
            seen[usize::from(holds)] += 1;
            if !refused && !holds {
                let others: Vec<String> = outcome
                    .diagnostics
                    .iter()
                    .filter(|found| refuses(found))
                    .map(|found| {
                        format!(
                            "{}:{} {} {}",
                            found.location.source.path,
                            found.location.place.line,
                            found.code,
                            found.say.zh
                        )
                    })
                    .collect();
                let short: String = text.chars().take(40).collect();
                wrong.push(format!(
                    "{path}:{lines:?} {} {short:?} published {published}: {others:?}",
                    position.1
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {seen:?}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // Each place is one, and neither answer is the only one.
    let places: BTreeSet<_> = POSITIONS
        .iter()
        .map(|(file, around, _)| (*file, *around))
        .collect();
    assert_eq!(held, places);
    assert!(seen.iter().all(|count| *count > 10), "{seen:?}");
}
