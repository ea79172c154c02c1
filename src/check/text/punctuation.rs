//! 标点: doubled, or half-width in Chinese prose.

use super::{Hit, Kind, after, before, is_han};

/// Marks of which no two follow each other; two of 。 are what a template and its input both write.
const SINGLE: [char; 5] = ['。', '；', '，', '、', '：'];

/// Doubled and half-width punctuation of a stretch of prose.
pub fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut end = 0;
    for (at, character) in text.char_indices() {
        if at < end {
            continue;
        }
        let doubled = is_single(character)
            .then(|| doubled(text, at))
            .filter(|length| *length > character.len_utf8());
        if let Some(length) = doubled {
            end = at + length;
            hits.push(Hit::new(Kind::Doubled, at..end));
        } else if is_half_width(text, at, character) {
            hits.push(Hit::new(Kind::HalfWidth, at..at + character.len_utf8()));
        }
    }
}

/// Whether two of these never follow each other.
pub fn is_single(character: char) -> bool {
    SINGLE.contains(&character)
}

/// Bytes of the marks that follow each other from `at`.
fn doubled(text: &str, at: usize) -> usize {
    text[at..]
        .char_indices()
        .find(|(_, c)| !(is_single(*c) || matches!(c, ',' | ';' | ':')))
        .map_or(text.len() - at, |(length, _)| length)
}

/// A half-width mark after a Chinese character. A number or a word of ASCII may be set off by one
/// (见GB/T:1); an address is none of our business.
fn is_half_width(text: &str, at: usize, character: char) -> bool {
    matches!(character, ',' | ';' | ':' | '?' | '!' | '(' | ')')
        && before(text, at).is_some_and(is_han)
        && !text[at..].starts_with("://")
        && !(character == ':' && after(text, at + 1) == Some(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_and_half_width_marks_are_found() {
        for (text, found) in [
            ("0万元。。", Some((Kind::Doubled, "。。"))),
            ("压减。；本年", Some((Kind::Doubled, "。；"))),
            ("用车。;公务", Some((Kind::Doubled, "。;"))),
            ("甲,乙", Some((Kind::HalfWidth, ","))),
            ("支出(万元)", Some((Kind::HalfWidth, "("))),
            ("为什么?", Some((Kind::HalfWidth, "?"))),
            ("甲，乙。丙；丁", None),
            ("等等……", None),
            ("3,764.74万元", None),
            ("（GB/T 1:2）", None),
            ("10:30", None),
            ("真的？！", None),
            ("“甲。”。", None),
        ] {
            let mut hits = Vec::new();
            find(text, &mut hits);
            let first = hits.first().map(|hit| (hit.kind, &text[hit.range.clone()]));
            assert_eq!(first, found, "{text}");
        }
    }
}
