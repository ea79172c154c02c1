//! Where a part of a YAML value stands in its file, whatever way the value is written.

use std::ops::Range;

use super::is_blank;
use crate::source::{Place, Source};

/// Range of the file behind a range of a value that starts at `start`. Values on one line are exact;
/// in folded or escaped ones the same words are looked for. `None` when they are not to be found.
pub fn locate(
    source: &Source,
    start: Place,
    value: &str,
    range: &Range<usize>,
) -> Option<Range<usize>> {
    let from = start.bytes_in(&source.text).start;
    let raw = source.text.get(from..)?;
    let quote = usize::from(raw.starts_with(['"', '\'']));
    if raw.get(quote..).is_some_and(|raw| raw.starts_with(value)) {
        let by = from + quote;
        return Some(by + range.start..by + range.end);
    }
    let words = value.get(range.clone())?;
    let earlier = value.get(..range.start)?.matches(words).count();
    raw.char_indices()
        .filter_map(|(at, _)| Some(at..at + folded_length(raw.get(at..)?, words)?))
        .nth(earlier)
        .map(|range| from + range.start..from + range.end)
}

/// Length of what `raw` begins with, if it is `words` where one blank may be a line break and the
/// blanks around it.
fn folded_length(raw: &str, words: &str) -> Option<usize> {
    let mut at = 0;
    let mut words = words.chars().peekable();
    while let Some(word) = words.next() {
        let rest = raw.get(at..)?;
        if is_blank(word) {
            let gap = rest.len() - rest.trim_start_matches(is_blank).len();
            if gap == 0 {
                return None;
            }
            while words.next_if(|next| is_blank(*next)).is_some() {}
            at += gap;
        } else {
            at += rest.starts_with(word).then(|| word.len_utf8())?;
        }
    }
    (at > 0).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::SourceFile;
    use crate::yaml::{self, Kind};

    #[test]
    fn a_part_of_a_value_is_found_in_its_file() {
        for (text, words, line, column) in [
            ("a: 甲乙丙丁\n", "丙", 1, 6),
            ("a: \"甲乙丙丁\"\n", "丙", 1, 7),
            ("a: 'it''s 丙'\n", "丙", 1, 11),
            ("a: >-\n  甲乙\n  丙丁\n", "丙丁", 3, 3),
            ("a: >-\n  甲乙\n  丙丁\n", "乙 丙", 2, 4),
            ("a: |\n  丙\n  甲丙\n", "丙\n", 2, 3),
            ("a: 甲\n  乙 丙\n", "丙", 2, 5),
        ] {
            let source = Source::new(SourceFile {
                path: "a.yaml".to_owned(),
                text: text.to_owned(),
            });
            let node = yaml::parse(&source, &mut Diagnostics::default()).expect("a document");
            let node = node.get("a").expect("a value");
            let Kind::Scalar { text: value, .. } = &node.kind else {
                panic!("{text} is no scalar");
            };
            let at = value.find(words).expect("the words");
            let range = locate(&source, node.place, value, &(at..at + words.len()));
            let place = range.map(|range| Place::at(text, &range)).expect("a place");
            assert_eq!((place.line, place.column), (line, column), "{text}");
        }
    }

    #[test]
    fn words_that_are_written_as_escapes_have_no_place_of_their_own() {
        let source = Source::new(SourceFile {
            path: "a.yaml".to_owned(),
            text: "a: \"\\u7532乙\"\n".to_owned(),
        });
        let place = Place {
            line: 1,
            column: 4,
            width: 1,
        };
        assert_eq!(locate(&source, place, "甲乙", &(0..3)), None);
    }
}
