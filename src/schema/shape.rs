//! The shapes that data files are made of, as the readers take them.

use serde_json::{Map, Value, json};

use crate::model::table::NO_DATA;

/// The version of JSON Schema: the newest that the editors in use understand.
pub const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Identifiers: see `model::selector::is_id`.
pub const ID: &str = r"^\s*[A-Za-z0-9_-]+\s*$";

/// Whether a value may be left out or left empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Empty is as good as left out.
    Optional,
    /// Must be written.
    Required,
}

/// Figures written as texts: what `model::amount::read_number` takes, and 无数据.
fn figure_pattern() -> String {
    let digit = "[0-9０-９]";
    let blank = "[ \u{3000}\u{a0}]*";
    let plain = format!("(?:{digit}{blank})+");
    let grouped = format!("{digit}{{1,3}}(?:[,，]{digit}{{3}})+{blank}");
    let fraction = format!("(?:[.．]{blank}(?:{digit}{blank})+)?");
    let no_code = "(?!0[0-9])";
    format!("^\\s*(?:{NO_DATA}|[-－−﹣]?{blank}{no_code}(?:{grouped}|{plain}){fraction})\\s*$")
}

/// A number, or a text that is read as one.
pub fn figure(description: &str, need: Need) -> Value {
    json!({
        "description": description,
        "type": types(&["number", "string"], need),
        "pattern": figure_pattern(),
    })
}

/// A text; numbers and truth values count as what is written.
pub fn text(description: &str, need: Need) -> Value {
    json!({"description": description, "type": types(&["string", "number", "boolean"], need)})
}

/// A code: a text, so that a leading 0 stays.
pub fn code(description: &str, pattern: Option<&str>, need: Need) -> Value {
    let mut schema = json!({"description": description, "type": types(&["string"], need)});
    if let Some(pattern) = pattern {
        schema["pattern"] = json!(pattern);
    }
    schema
}

/// One of these texts.
pub fn one_of(description: &str, texts: &[String], need: Need) -> Value {
    let mut values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    if need == Need::Optional {
        values.push(Value::Null);
    }
    json!({"description": description, "enum": values})
}

/// A list of these.
pub fn list(description: &str, items: &Value, need: Need) -> Value {
    json!({"description": description, "type": types(&["array"], need), "items": items})
}

/// A map of these keys and no others.
pub fn map(
    description: &str,
    properties: impl IntoIterator<Item = (String, Value)>,
    required: &[String],
    need: Need,
) -> Value {
    let properties: Map<String, Value> = properties.into_iter().collect();
    let mut schema = json!({
        "description": description,
        "type": types(&["object"], need),
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// `then` holds where `key` has this value.
pub fn when(key: &str, value: &str, then: &Value) -> Value {
    json!({
        "if": {"properties": {(key): {"const": value}}, "required": [key]},
        "then": then,
    })
}

fn types(types: &[&str], need: Need) -> Value {
    let null = (need == Need::Optional).then_some("null");
    json!(types.iter().copied().chain(null).collect::<Vec<_>>())
}
