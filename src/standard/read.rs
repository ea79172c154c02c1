//! A YAML file of a standard -> its declared shape, with faults as diagnostics.

use serde::de::DeserializeOwned;

use super::declare::{DECIMALS, MOST_DECIMALS};
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::model::title::{Title, known_blanks};
use crate::say;
use crate::source::{Place, Source};
use crate::yaml::fields::nearest_hint;
use crate::yaml::{self, Kind, Node};

/// One file of a standard as read: its typed value, and the places of everything in it.
pub struct Read<T> {
    pub value: T,
    pub file: File,
}

/// Places of a file of a standard, and where to report.
pub struct File {
    pub source: Source,
    pub node: Node,
}

impl File {
    /// Where `path` (`blocks.0.columns.2.title`) stands.
    pub fn place(&self, path: &str) -> Place {
        self.node
            .at_path(path.split('.').filter(|step| !step.is_empty()))
            .place
    }

    /// Reports `standard-invalid` at a path.
    pub fn fault(&self, diagnostics: &mut Diagnostics, path: &str, message: Say, hint: Say) {
        diagnostics.push(
            Diagnostic::error("standard-invalid", &self.source, self.place(path), message)
                .hint(hint),
        );
    }

    /// Reads a title, reporting what it may not use.
    pub fn title(&self, diagnostics: &mut Diagnostics, path: &str, text: &str) -> Title {
        Title::new(text).unwrap_or_else(|name| {
            let known = known_blanks();
            self.fault(
                diagnostics,
                path,
                say!("`{name}` 在这里不能用", "`{name}` cannot be used here"),
                say!("可用的有：{known}", "at hand: {known}"),
            );
            Title::default()
        })
    }
}

/// Reads one file; `None` after reporting its fault.
pub fn read<T: DeserializeOwned>(
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Option<Read<T>> {
    let errors = diagnostics.count(crate::diagnostic::Severity::Error);
    let node = yaml::parse(source, diagnostics)?;
    if diagnostics.count(crate::diagnostic::Severity::Error) > errors {
        return None;
    }
    let mut found = Vec::new();
    blanks(&node, &mut found);
    if !found.is_empty() {
        for (key, place) in found {
            diagnostics.push(blank(source, key, place));
        }
        return None;
    }
    match serde_yaml::from_str(&source.text) {
        Ok(value) => Some(Read {
            value,
            file: File {
                source: source.clone(),
                node,
            },
        }),
        Err(error) => {
            diagnostics.push(fault(source, &node, &error));
            None
        }
    }
}

/// The items of the one list that a file holds below `key`; those that cannot be read are `None`, and reported.
pub fn read_items<F: DeserializeOwned, T: DeserializeOwned>(
    source: &Source,
    key: &str,
    all: fn(F) -> Vec<T>,
    diagnostics: &mut Diagnostics,
) -> Option<Read<Vec<Option<T>>>> {
    let before = diagnostics.count(crate::diagnostic::Severity::Error);
    if let Some(Read { value, file }) = read::<F>(source, diagnostics) {
        let value = all(value).into_iter().map(Some).collect();
        return Some(Read { value, file });
    }
    let node = yaml::parse(source, &mut Diagnostics::default())?;
    let Some(Kind::List(items)) = node.get(key).map(|list| &list.kind) else {
        return None;
    };
    let mut value = Vec::with_capacity(items.len());
    // The first fault of shape has been reported where the file was read as a whole.
    let mut reported = diagnostics.count(crate::diagnostic::Severity::Error) > before + 1;
    for item in items {
        value.push(match serde_yaml::from_value(value_of(item)) {
            Ok(item) => Some(item),
            Err(error) => {
                if reported {
                    diagnostics.push(fault(source, item, &error));
                }
                reported = true;
                None
            }
        });
    }
    let file = File {
        source: source.clone(),
        node,
    };
    Some(Read { value, file })
}

/// A value with its places left behind; plain whole numbers and truth values are such.
pub fn value_of(node: &Node) -> serde_yaml::Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } => match (&**text, text.parse::<i64>()) {
            ("true", _) => true.into(),
            ("false", _) => false.into(),
            (_, Ok(number)) => number.into(),
            (text, Err(_)) => text.into(),
        },
        Kind::Scalar { text, .. } => (&**text).into(),
        Kind::Unread(first) => value_of(first),
        Kind::List(items) => serde_yaml::Value::Sequence(items.iter().map(value_of).collect()),
        Kind::Map(entries) => serde_yaml::Value::Mapping(
            entries
                .iter()
                .map(|entry| ((&*entry.key.value).into(), value_of(&entry.value)))
                .collect(),
        ),
    }
}

/// A fault of serde at the place it speaks of; at the node where it names none.
pub fn fault(source: &Source, node: &Node, error: &serde_yaml::Error) -> Diagnostic {
    let full = error.to_string();
    let message = full
        .rsplit_once(" at line ")
        .map_or(full.as_str(), |(message, _)| message);
    let place = error.location().map_or(node.place, |at| Place {
        line: u32::try_from(at.line()).unwrap_or(u32::MAX),
        column: u32::try_from(at.column()).unwrap_or(u32::MAX),
        width: 1,
    });
    if let Some(key) = between(message, "unknown field `", "`") {
        let known = expected(message);
        let place = key_place(node, key, place.line).unwrap_or(place);
        let say = say!("不认识的键 `{key}`", "unknown key `{key}`");
        let diagnostic = Diagnostic::error("unknown-key", source, place, say);
        return diagnostic.hint(nearest_hint(key, &known));
    }
    if let Some(key) = between(message, "missing field `", "`") {
        return Diagnostic::error(
            "missing-key",
            source,
            place,
            say!("缺少 `{key}`", "`{key}` is missing"),
        )
        .hint(say!("补上 `{key}: …`", "add `{key}: …`"));
    }
    let too_many = message.ends_with(DECIMALS).then(|| too_many_decimals(node));
    let place = too_many.flatten().unwrap_or_else(|| place_of(node, place));
    let (say, hint) = words(message);
    Diagnostic::error("standard-syntax", source, place, say).hint(hint)
}

/// Where more decimals are asked for than there may be; serde tells no place of a value that it could read.
fn too_many_decimals(node: &Node) -> Option<Place> {
    match &node.kind {
        Kind::List(items) => items.iter().find_map(too_many_decimals),
        Kind::Map(entries) => entries.iter().find_map(|entry| match &entry.value.kind {
            Kind::Scalar { text, .. } => {
                let asked = entry
                    .key
                    .value
                    .ends_with("decimals")
                    .then(|| text.parse::<u32>());
                let too_many = asked?.is_ok_and(|number| number > MOST_DECIMALS);
                too_many.then_some(entry.value.place)
            }
            _ => too_many_decimals(&entry.value),
        }),
        _ => None,
    }
}

/// `missing-key` for a key with nothing behind it.
fn blank(source: &Source, key: &str, place: Place) -> Diagnostic {
    let message = say!(
        "`{key}` 后面是空的，还没有填",
        "`{key}` is blank, it is not filled in yet"
    );
    Diagnostic::error("missing-key", source, place, message).hint(say!(
        "填在冒号后面；可以不写的键就删去这一行",
        "write it behind the colon; remove the line of a key that may be left out"
    ))
}

/// What serde says of a value, in our words.
fn words(message: &str) -> (Say, Say) {
    if let Some(word) = between(message, "unknown variant `", "`") {
        return (
            say!("这里不能写 `{word}`", "`{word}` cannot stand here"),
            nearest_hint(word, &expected(message)),
        );
    }
    let hint = say!(
        "各键的写法见 docs/standards.md",
        "docs/standards.md describes every key"
    );
    if message.contains("SlicesDecl") {
        return (
            say!("slices 的写法不对", "`slices` is not as expected"),
            say!(
                "写 {{table: 表, column: 列, level: 1}}，或几行 {{name: 名称, at: 选择器}}",
                "write {{table: …, column: …, level: 1}}, or lines of {{name: …, at: …}}"
            ),
        );
    }
    let wanted = message.rsplit_once("expected ").map_or("", |(_, end)| end);
    let (zh, en) = match wanted {
        "a sequence" => ("列表", "a list"),
        "a string" => ("文字", "a text"),
        "a boolean" => ("true 或 false", "true or false"),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => ("整数", "a whole number"),
        DECIMALS => (" 0 到 8 的小数位数", "a number of decimals from 0 to 8"),
        "a map" => ("「键: 值」", "`key: value` pairs"),
        wanted if wanted.starts_with("struct ") => ("「键: 值」", "`key: value` pairs"),
        _ => {
            return (say!("这里的写法不对", "this is not as expected here"), hint);
        }
    };
    (say!("这里应是{zh}", "{en} is expected here"), hint)
}

/// The names between backticks after `expected`.
fn expected(message: &str) -> Vec<&str> {
    message
        .split_once("expected")
        .map_or("", |(_, rest)| rest)
        .split('`')
        .skip(1)
        .step_by(2)
        .collect()
}

/// The place of the value that starts where serde says; of `slices` in the map that starts there.
fn place_of(node: &Node, place: Place) -> Place {
    let inner: Vec<&Node> = match &node.kind {
        yaml::Kind::Scalar { .. } | yaml::Kind::Unread(_) => Vec::new(),
        yaml::Kind::List(items) => items.iter().collect(),
        yaml::Kind::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
    };
    let starts = |node: &Node| (node.place.line, node.place.column) == (place.line, place.column);
    if starts(node)
        && let Some(slices) = node.get("slices")
    {
        return slices.place;
    }
    if starts(node) && inner.is_empty() {
        return node.place;
    }
    inner
        .into_iter()
        .map(|inner| place_of(inner, place))
        .find(|found| *found != place)
        .unwrap_or(place)
}

/// Every key with nothing behind it, with its place.
fn blanks<'n>(node: &'n Node, found: &mut Vec<(&'n str, Place)>) {
    match &node.kind {
        yaml::Kind::Scalar { .. } | yaml::Kind::Unread(_) => {}
        yaml::Kind::List(items) => items.iter().for_each(|item| blanks(item, found)),
        yaml::Kind::Map(entries) => {
            for entry in entries {
                if entry.value.is_null() {
                    found.push((&*entry.key.value, entry.key.place));
                }
                blanks(&entry.value, found);
            }
        }
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside)
}

/// The place of a key at or after a line: serde names the map, a reader wants the key.
fn key_place(node: &Node, key: &str, line: u32) -> Option<Place> {
    match &node.kind {
        yaml::Kind::Scalar { .. } | yaml::Kind::Unread(_) => None,
        yaml::Kind::List(items) => items.iter().find_map(|item| key_place(item, key, line)),
        yaml::Kind::Map(entries) => entries.iter().find_map(|entry| {
            if &*entry.key.value == key && entry.key.place.line >= line {
                return Some(entry.key.place);
            }
            key_place(&entry.value, key, line)
        }),
    }
}
