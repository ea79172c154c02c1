//! Characters that nobody sees and no data needs: taken out of what workbooks and exports say, with a doubt.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::doubt::Doubt;
use super::workbook::Value;
use crate::characters::{is_forbidden, odd};
use crate::diagnostic::Say;
use crate::say;

/// Whether a character is taken out. Those of private use may belong to a name, and one that stands for what could not
/// be read is not nothing: they stay, and a check points them out.
const fn is_taken_out(character: char) -> bool {
    !matches!(character, '\u{e010}'..='\u{f8ff}' | '\u{fffd}' | '\u{f0000}'..='\u{10ffff}')
        || is_forbidden(character)
}

/// A text without them, and which there were. A line end of two characters is one line end.
pub fn clean(text: &str) -> (Cow<'_, str>, BTreeSet<char>) {
    let found = |text: &str| -> BTreeMap<usize, char> {
        let odd = odd(text).map(|(at, letter, _)| (at, letter));
        let returns = text.match_indices('\r').map(|(at, _)| (at, '\r'));
        let all = odd.chain(returns);
        all.filter(|(_, letter)| is_taken_out(*letter)).collect()
    };
    if found(text).is_empty() {
        return (Cow::Borrowed(text), BTreeSet::new());
    }
    let text = text.replace("\r\n", "\n");
    let found = found(&text);
    let left = text
        .char_indices()
        .filter(|(at, _)| !found.contains_key(at));
    let left = left.map(|(_, letter)| letter).collect();
    (Cow::Owned(left), found.into_values().collect())
}

/// The same without a word, for what is only shown.
pub fn shown(text: String) -> String {
    if let (Cow::Owned(left), _) = clean(&text) {
        return left;
    }
    text
}

/// What is said of characters that were taken out; `None` where there were none.
pub fn said(found: &BTreeSet<char>) -> Option<Say> {
    let code = |letter: &char| format!("U+{:04X}", u32::from(*letter));
    let names: Vec<String> = found.iter().map(code).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    (!names.is_empty()).then(|| {
        say!(
            "有看不见的字符（{zh}），去掉了",
            "invisible characters ({en}) were left out"
        )
    })
}

/// The doubt of a text at a place of the workbook.
pub fn doubt(found: &BTreeSet<char>, at: &str) -> Option<Doubt> {
    said(found).map(|say| Doubt::new("import-doubt", say, at.to_owned()))
}

/// A cell without them, and what is said of that.
pub fn cell(value: &Value) -> (Cow<'_, Value>, Option<Say>) {
    let text = match value {
        Value::Text(text) | Value::Other(text) => text,
        Value::Empty | Value::Number(_) => return (Cow::Borrowed(value), None),
    };
    match clean(text) {
        (Cow::Borrowed(_), _) => (Cow::Borrowed(value), None),
        (Cow::Owned(text), odd) => {
            let cleaned = match value {
                Value::Other(_) => Value::Other(text),
                _ => Value::Text(text),
            };
            (Cow::Owned(cleaned), said(&odd))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, said};

    #[test]
    fn what_nobody_sees_is_taken_out_and_named() {
        for (text, left, named) in [
            ("项目甲", "项目甲", ""),
            ("项目\u{feff}甲", "项目甲", "U+FEFF"),
            ("\u{7}项\0目", "项目", "U+0000、U+0007"),
            ("甲\r\n乙\r丙", "甲\n乙丙", "U+000D"),
            ("甲\r\n乙", "甲\n乙", ""),
            ("\u{202e}甲\u{200b}\u{ffff}", "甲", "U+200B、U+202E、U+FFFF"),
            ("　甲\t乙", "　甲\t乙", ""),
            ("\u{e123}\u{fffd}", "\u{e123}\u{fffd}", ""),
        ] {
            let (cleaned, odd) = clean(text);
            assert_eq!(cleaned, left);
            let said = said(&odd).map(|say| say.zh).unwrap_or_default();
            assert_eq!(said.is_empty(), named.is_empty(), "{text:?}: {said}");
            assert!(said.contains(named), "{text:?}: {said}");
        }
    }
}
