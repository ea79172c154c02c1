//! HTML 标签 in data: left from a web form or a converted document, printed as such on the page.

use std::ops::Range;

use super::{Hit, Kind};

/// Longest tag that is looked for, in bytes.
const LONGEST: usize = 200;
const ENTITIES: [&str; 7] = [
    "&nbsp;", "&amp;", "&lt;", "&gt;", "&quot;", "&ldquo;", "&rdquo;",
];

/// Tags and entities of a text.
pub fn find(text: &str, hits: &mut Vec<Hit>) {
    for at in memchr::memchr2_iter(b'<', b'&', text.as_bytes()) {
        let range = if text[at..].starts_with('<') {
            tag(text, at)
        } else {
            ENTITIES
                .iter()
                .find(|entity| text[at..].starts_with(**entity))
                .map(|entity| at..at + entity.len())
        };
        hits.extend(range.map(|range| Hit::new(Kind::Tag, range)));
    }
}

/// The tag at `at`; `<` as a sign of comparison is none.
fn tag(text: &str, at: usize) -> Option<Range<usize>> {
    let inside = text[at + 1..].strip_prefix('/').unwrap_or(&text[at + 1..]);
    let name = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let closed = matches!(inside.as_bytes().get(name), Some(b' ' | b'/' | b'>'));
    let length = text[at..].find('>')? + 1;
    let real = inside.starts_with(|c: char| c.is_ascii_alphabetic()) && closed;
    (real && length <= LONGEST).then_some(at..at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_signs() {
        for (text, found) in [
            ("<p>甲</p>", &["<p>", "</p>"][..]),
            ("甲<br/>乙", &["<br/>"]),
            ("<span style=\"x\">甲", &["<span style=\"x\">"]),
            ("甲&nbsp;乙", &["&nbsp;"]),
            ("a<5人>3人", &[]),
            ("<5人, >3人", &[]),
            ("<甲>", &[]),
            ("A&B", &[]),
        ] {
            let mut hits = Vec::new();
            find(text, &mut hits);
            let tags: Vec<&str> = hits.iter().map(|hit| &text[hit.range.clone()]).collect();
            assert_eq!(tags, found, "{text}");
        }
    }
}
