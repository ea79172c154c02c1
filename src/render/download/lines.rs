//! JSON for people who compare files: indented, but each row of a table on a line of its own.

use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::to_raw_value;

/// Writes each item of a list on one line.
pub fn one_line_each<T: Serialize, S: Serializer>(
    items: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(items.len()))?;
    for item in items {
        list.serialize_element(&to_raw_value(item).map_err(S::Error::custom)?)?;
    }
    list.end()
}

/// Pretty JSON with a line end.
pub fn pretty<T: Serialize>(value: &T) -> String {
    let mut text =
        serde_json::to_string_pretty(value).expect("texts, numbers and lists are always JSON");
    text.push('\n');
    text
}
