//! Every file of every site that a test builds, read by parsers that are not ours.
//!
//! Files that were read before in this process are not read again.

use std::collections::{BTreeSet, HashSet};
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use scraper::{Html, Node, Selector};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use crate::support::tree;

/// What the parser of HTML calls an error though every browser reads it alike.
const HARMLESS: [&str; 0] = [];

/// What a run of `build` with these arguments has left.
pub fn built(root: &Path, arguments: &[&str]) {
    let output = arguments
        .windows(2)
        .find(|pair| matches!(pair[0], "-o" | "--output"))
        .map_or("public", |pair| pair[1]);
    let folder = root.join(output);
    if folder.join("manifest.json").is_file() {
        look(&folder, &root.join("static"));
    }
}

/// What is built anywhere below a folder.
pub fn below(folder: &Path) {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("a readable folder");
        let place = entry.path().parent().expect("a folder");
        if entry.file_name() == "manifest.json"
            && place.file_name().is_some_and(|name| name == "public")
        {
            look(place, &place.with_file_name("static"));
        }
    }
}

/// Every file of a built folder, but for those that a site's own folder `statics` holds: they are published as they are.
pub fn look(folder: &Path, statics: &Path) {
    static READ: LazyLock<Mutex<HashSet<u128>>> = LazyLock::new(Mutex::default);
    for (path, bytes) in tree(folder) {
        let (_, ending) = path.rsplit_once('.').unwrap_or_default();
        let known = READ
            .lock()
            .is_ok_and(|mut read| !read.insert(xxh3_128(&bytes)));
        if known || statics.join(&path).exists() {
            continue;
        }
        let faults = faults(ending, &bytes);
        assert_eq!(
            faults,
            [""; 0],
            "{path}:\n{}",
            String::from_utf8_lossy(&bytes)
        );
    }
}

/// What a parser objects to in a file.
fn faults(ending: &str, bytes: &[u8]) -> Vec<String> {
    if ending == "xlsx" {
        return workbook(bytes);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return vec![error.to_string()],
    };
    let mut found = match ending {
        "html" => page(text),
        "xml" | "svg" => xml(text).into_iter().collect(),
        "json" | "jsonld" => json(text).into_iter().collect(),
        "csv" => csv(text),
        "js" => script(text).into_iter().collect(),
        "css" | "txt" | "minisig" => Vec::new(),
        _ => vec![format!("nobody here reads {ending}")],
    };
    found.extend(control(text));
    found
}

/// A character that no text has but by mistake; not every parser minds it.
fn control(text: &str) -> Option<String> {
    let found = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
    found.map(|character| format!("a control character: {character:?}"))
}

fn page(text: &str) -> Vec<String> {
    static ALL: LazyLock<Selector> = LazyLock::new(|| Selector::parse("[id]").expect("a selector"));
    let page = Html::parse_document(text);
    let errors = page.errors.iter().map(ToString::to_string);
    let mut faults: Vec<String> = errors
        .filter(|error| !HARMLESS.contains(&error.as_str()))
        .collect();
    faults.extend(page.tree.values().find_map(|node| match node {
        Node::Text(text) => control(text),
        Node::Element(element) => element.attrs().find_map(|(_, value)| control(value)),
        _ => None,
    }));
    let mut ids = BTreeSet::new();
    let all = page.select(&ALL).filter_map(|element| element.attr("id"));
    faults.extend(
        all.filter(|id| !ids.insert(*id))
            .map(|id| format!("two have the id {id}")),
    );
    faults
}

fn xml(text: &str) -> Option<String> {
    roxmltree::Document::parse(text)
        .err()
        .map(|error| error.to_string())
}

fn json(text: &str) -> Option<String> {
    fn within(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => control(text),
            Value::Array(items) => items.iter().find_map(within),
            Value::Object(map) => map
                .iter()
                .find_map(|(key, value)| control(key).or_else(|| within(value))),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }
    match serde_json::from_str(text) {
        Ok(value) => within(&value),
        Err(error) => Some(error.to_string()),
    }
}

/// A table opens in a spreadsheet: its first bytes say that it is UTF-8, it has a line, and each line has as many fields.
fn csv(text: &str) -> Vec<String> {
    let Some(text) = text.strip_prefix('\u{feff}') else {
        return vec!["no byte order mark".to_owned()];
    };
    let read = |text: &str| {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
        reader.records().collect::<Result<Vec<_>, _>>()
    };
    match read(text) {
        Ok(records) if records.is_empty() => vec!["no line".to_owned()],
        Ok(_) => Vec::new(),
        Err(error) => vec![error.to_string()],
    }
}

/// What the search loads is a call with JSON in its brackets; other scripts are written by hand.
fn script(text: &str) -> Option<String> {
    let call = text.strip_prefix("gongkai.")?;
    let (_, inner) = call.split_once('(')?;
    match inner.strip_suffix(");\n") {
        Some(inner) => json(&format!("[{inner}]")),
        None => Some("no call".to_owned()),
    }
}

fn workbook(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut faults = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        let found = xml(&text);
        faults.extend(found.map(|error| format!("part {at}: {error}")));
    }
    faults
}

#[test]
fn each_kind_of_file_has_a_parser_that_objects() {
    let page = "<!DOCTYPE html><html lang=\"zh\"><title>甲</title><p id=\"a\">";
    for (ending, good, bad) in [
        ("html", page.to_owned(), format!("{page}</b>")),
        ("html", page.to_owned(), format!("{page}<p id=\"a\">")),
        ("html", page.to_owned(), format!("{page}&nosuch;")),
        ("html", page.to_owned(), format!("{page}\u{1}")),
        ("html", page.to_owned(), page.replace("<!DOCTYPE html>", "")),
        ("xml", "<a>甲</a>".to_owned(), "<a>甲".to_owned()),
        (
            "svg",
            "<a b=\"&lt;\"/>".to_owned(),
            "<a>\u{8}</a>".to_owned(),
        ),
        ("json", "[1]".to_owned(), "[1,]".to_owned()),
        (
            "csv",
            "\u{feff}a,b\r\n\"1\n\",2\r\n".to_owned(),
            "\u{feff}a,b\r\n1\r\n".to_owned(),
        ),
        ("json", r#"["\t"]"#.to_owned(), r#"["\u0008"]"#.to_owned()),
        ("txt", "甲\r\n".to_owned(), "甲\u{b}".to_owned()),
        ("html", format!("{page}&#9;"), format!("{page}&#27;")),
        ("csv", "\u{feff}a\r\n".to_owned(), "a\r\n".to_owned()),
        (
            "js",
            "gongkai.a(1,[\"甲\"]);\n".to_owned(),
            "gongkai.a(1,[\"甲);\n".to_owned(),
        ),
    ] {
        assert_eq!(faults(ending, good.as_bytes()), [""; 0], "{ending}: {good}");
        assert_ne!(faults(ending, bad.as_bytes()), [""; 0], "{ending}: {bad}");
        assert_ne!(faults(ending, b"\xff"), [""; 0], "{ending}");
    }
    assert_ne!(faults("new", b""), [""; 0]);
}
