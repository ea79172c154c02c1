//! Long prose on several lines of a page, so that a changed figure changes the line of its sentence.

/// Ends a line of the source where a browser may break one anyway. The line end is inside the tag, for
/// outside it browsers show a gap between two Chinese characters.
pub const LINE_END: &str = "<wbr\n>";

/// Sentences, and parts of one between semicolons; nothing is left out. Full stops end a sentence only
/// in Chinese, for 9.30 is a date.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (sentence, next) = rest.split_at(end(rest));
        rest = next;
        Some(sentence)
    })
}

/// Sentences of a plain text of several lines, without the space around them.
pub fn of_lines(text: &str) -> impl Iterator<Item = &str> {
    let all = text.lines().flat_map(sentences).map(str::trim);
    all.filter(|sentence| !sentence.is_empty())
}

const MARKS: [char; 4] = ['。', '！', '？', '；'];
const CLOSING: [char; 8] = ['”', '’', '）', '》', '」', '』', '】', '〕'];

/// Where the first sentence ends: after its mark and the quotes and brackets that close with it.
fn end(text: &str) -> usize {
    text.find(MARKS).map_or(text.len(), |at| {
        let after = text[at..].trim_start_matches(|c| MARKS.contains(&c) || CLOSING.contains(&c));
        text.len() - after.len()
    })
}

/// Whether a text ends with a sentence.
#[must_use]
pub fn ends(text: &str) -> bool {
    text.trim_end_matches(CLOSING).ends_with(MARKS)
}

/// Whether a text begins with what closes the one before it.
#[must_use]
pub fn begins_with_closing(text: &str) -> bool {
    text.starts_with(CLOSING)
}

/// A text as HTML, a line for each sentence.
#[must_use]
pub fn to_html(text: &str, escape: impl Fn(&str) -> String) -> String {
    let escaped: Vec<String> = sentences(text).map(escape).collect();
    escaped.join(LINE_END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_after_its_mark_and_what_closes_with_it() {
        for (text, expected) in [
            ("", &[][..]),
            ("甲", &["甲"]),
            ("甲。", &["甲。"]),
            ("甲。乙；丙", &["甲。", "乙；", "丙"]),
            ("（甲。）乙“丙！”丁", &["（甲。）", "乙“丙！”", "丁"]),
            ("甲？！乙", &["甲？！", "乙"]),
            ("9.30甲,乙", &["9.30甲,乙"]),
        ] {
            assert_eq!(sentences(text).collect::<Vec<_>>(), expected, "{text}");
        }
        assert_eq!(to_html("甲。乙", str::to_owned), "甲。<wbr\n>乙");
        assert!(begins_with_closing("）甲") && !begins_with_closing("（甲）"));
        assert!(ends("甲；") && ends("“甲。”") && !ends("甲。乙") && !ends("（甲）"));
    }
}
