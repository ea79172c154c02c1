//! Where a part of a YAML value stands in its file, whatever way the value is written.

use std::ops::Range;

use super::is_blank;
use crate::source::{Place, Places};

/// Most places of one value that are looked for among its words; what is found beyond is told at the value.
const MOST: usize = 100;

/// A YAML value as it is written in its file.
pub struct Written<'a> {
    raw: &'a str,
    /// Byte of the file at which `raw` begins.
    from: usize,
    value: &'a str,
    /// Whether the value is written as it is read.
    exact: bool,
    searches: usize,
}

impl<'a> Written<'a> {
    /// The value that starts at `start`.
    pub fn of(places: &Places<'a>, start: Place, value: &'a str) -> Self {
        let text = places.text();
        let from = places.start_of(start);
        let quote = usize::from(text[from..].starts_with(['"', '\'']));
        let exact = text[from + quote..].starts_with(value);
        let from = from + if exact { quote } else { 0 };
        // An escape has up to ten bytes; the blanks before folded lines are taken for few.
        let mut end = text.len().min(from + value.len() * 12 + 1024);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            raw: &text[from..end],
            from,
            value,
            exact,
            searches: 0,
        }
    }

    /// Range of the file behind a range of the value. Values on one line are exact; in folded or escaped
    /// ones the same words are looked for. `None` when they are not to be found.
    pub fn locate(&mut self, range: &Range<usize>) -> Option<Range<usize>> {
        let from = self.from;
        if self.exact {
            return Some(from + range.start..from + range.end);
        }
        self.searches += 1;
        if self.searches > MOST {
            return None;
        }
        let words = self.value.get(range.clone())?;
        let earlier = self.value.get(..range.start)?.matches(words).count();
        let raw = self.raw;
        raw.char_indices()
            .filter_map(|(at, _)| Some(at..at + folded_length(raw.get(at..)?, words)?))
            .nth(earlier)
            .map(|range| from + range.start..from + range.end)
    }
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
    use crate::source::{Source, SourceFile};
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
            let range =
                Written::of(&Places::of(text), node.place, value).locate(&(at..at + words.len()));
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
        let places = Places::of(&source.text);
        assert_eq!(Written::of(&places, place, "甲乙").locate(&(0..3)), None);
    }
}
