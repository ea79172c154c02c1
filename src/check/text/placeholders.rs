//! 占位文字: what stands in a form until somebody fills it in.

use std::ops::Range;

use super::personal::is_surname;
use super::{after, before, is_han};

/// Texts by which a placeholder of three bytes and more is found.
pub const ANCHORS: [&str; 8] = [
    "××",
    "ＸＸ",
    "待填",
    "待补",
    "[Redacted",
    "[redacted",
    "[REDACTED",
    "TODO",
];

/// Longest placeholder in bytes.
const LONGEST: usize = 120;

/// The placeholder that begins with an anchor at `at`.
pub fn starting(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    match rest.chars().next()? {
        repeated @ ('×' | 'Ｘ' | 'X') => run(text, at, repeated),
        '待' => ["待填写", "待填报", "待补充"]
            .iter()
            .find(|word| rest.starts_with(**word))
            .filter(|_| before(text, at) != Some('有'))
            .map(|word| at..at + word.len()),
        '[' => closed(text, at, "]"),
        'T' => {
            let end = at + "TODO".len();
            (is_edge(before(text, at)) && is_edge(after(text, end))).then_some(at..end)
        }
        _ => None,
    }
}

/// The placeholder that begins with a brace at `at`: `{{ … }}`, `{% … %}`, `{单位}`, or with a dollar
/// sign before it.
pub fn braced(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at + 1..)?;
    if rest.starts_with('{') {
        return closed(text, at, "}}");
    }
    if rest.starts_with('%') {
        return closed(text, at, "%}");
    }
    let range = closed(text, at, "}")?;
    let inside = &text[range.start + 1..range.end - 1];
    if before(text, at) == Some('$') {
        return Some(at - 1..range.end);
    }
    let name = inside
        .chars()
        .all(|c| is_han(c) || c.is_ascii_alphanumeric() || c == '_');
    (name && inside.chars().any(is_han)).then_some(range)
}

/// Two or more of a character that stands for something left out; not a name of which only the
/// surname is given (王××), and no part of a word (XXL).
pub fn run(text: &str, at: usize, repeated: char) -> Option<Range<usize>> {
    let near = before(text, at);
    if near == Some(repeated) {
        return None;
    }
    let count = text[at..].chars().take_while(|c| *c == repeated).count();
    let end = at + count * repeated.len_utf8();
    if count < 2 || !is_edge(near) || !is_edge(after(text, end)) {
        return None;
    }
    let masked = near.filter(|c| is_surname(*c)).is_some_and(|surname| {
        count == 2 && !before(text, at - surname.len_utf8()).is_some_and(is_han)
    });
    (!masked).then_some(at..end)
}

fn is_edge(near: Option<char>) -> bool {
    near.is_none_or(|c| !c.is_ascii_alphanumeric())
}

/// From `at` to the nearest `end`, on one line.
fn closed(text: &str, at: usize, end: &str) -> Option<Range<usize>> {
    let near = &text.as_bytes()[at..text.len().min(at + LONGEST)];
    let line = near.split(|b| *b == b'\n').next()?;
    let length = memchr::memmem::find(line, end.as_bytes())? + end.len();
    Some(at..at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_ordinary_text() {
        for (text, found) in [
            ("XX局2025年", Some("XX")),
            ("合计XXX万元", Some("XXX")),
            ("××市", Some("××")),
            ("{单位}预算", Some("{单位}")),
            ("{{ year }}年", Some("{{ year }}")),
            ("{% if x %}", Some("{% if x %}")),
            ("${name}", Some("${name}")),
            ("原因：待填写", Some("待填写")),
            ("[Redacted content]", Some("[Redacted content]")),
            ("TODO 核对", Some("TODO")),
            ("3×4米", None),
            ("王××同志", None),
            ("某某单位", None),
            ("XXL号", None),
            ("有待补充", None),
            ("{a: 1}", None),
            ("{\"单位\":1}", None),
            ("{甲", None),
        ] {
            let range = text.char_indices().find_map(|(at, c)| match c {
                '{' => braced(text, at),
                'X' => run(text, at, 'X'),
                _ if ANCHORS.iter().any(|anchor| text[at..].starts_with(anchor)) => {
                    starting(text, at)
                }
                _ => None,
            });
            assert_eq!(range.map(|range| &text[range]), found, "{text}");
        }
    }
}
