//! Files as read, and places in them.
//!
//! A [`Place`] is small and copied into every value that is read, so that any later stage can point
//! at the figure it speaks of. The text behind it is kept by the
//! [`Document`](crate::load::draft::Document) it belongs to.

use std::fmt;
use std::sync::Arc;

/// One file that was read: its path as the user knows it, and its text.
///
/// Shape: `path` is relative to the site root with `/` between parts, or `<builtin>/…` for a file
/// inside the program, so that messages do not depend on the machine.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as printed in messages.
    pub path: String,
    /// The whole text, without a byte order mark.
    pub text: String,
}

/// What paths of files inside the program begin with.
pub const BUILTIN: &str = "<builtin>/";

impl SourceFile {
    /// The path inside the program, of a file that is part of it.
    #[must_use]
    pub fn builtin(&self) -> Option<&str> {
        self.path.strip_prefix(BUILTIN)
    }
}

/// A shared handle to a [`SourceFile`]; equal handles are the same file.
pub type Source = Arc<SourceFile>;

/// A stretch of one line of a file.
///
/// Shape: `line` and `column` count from 1, `column` and `width` in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters, at least 1 when drawn.
    pub width: u32,
}

impl Place {
    /// The whole file, for faults that have no line.
    pub const FILE: Self = Self {
        line: 0,
        column: 0,
        width: 0,
    };

    /// The place of a byte range: its first line, as far as the range goes on it.
    #[must_use]
    pub fn at(text: &str, range: &std::ops::Range<usize>) -> Self {
        let start = range.start.min(text.len());
        let before = text.get(..start).unwrap_or_default();
        let inside = text
            .get(start..range.end.min(text.len()))
            .unwrap_or_default();
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let count = |text: &str| small(text.chars().count());
        Self {
            line: small(before.matches('\n').count() + 1),
            column: count(before.rsplit('\n').next().unwrap_or_default()) + 1,
            width: count(inside.lines().next().unwrap_or_default()).max(1),
        }
    }

    /// Byte range of this place in `text`; an empty range at the start for [`Place::FILE`].
    #[must_use]
    pub fn bytes_in(self, text: &str) -> std::ops::Range<usize> {
        if self.line == 0 {
            return 0..0;
        }
        let mut start = 0;
        for _ in 1..self.line {
            match text[start..].find('\n') {
                Some(at) => start += at + 1,
                None => return text.len()..text.len(),
            }
        }
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[start..end].trim_end_matches('\r');
        let byte_of = |characters: usize| {
            line.char_indices()
                .nth(characters)
                .map_or(line.len(), |(at, _)| at)
        };
        let from = (self.column as usize).saturating_sub(1);
        start + byte_of(from)..start + byte_of(from + self.width as usize)
    }
}

/// Many places of one text: what stands before each is gone through once, not once for each.
pub struct Places<'a> {
    text: &'a str,
    marks: Vec<Mark>,
}

/// Where a byte is: the line and column of the character that begins there.
#[derive(Clone, Copy)]
struct Mark {
    byte: usize,
    line: u32,
    column: u32,
}

impl Mark {
    const START: Self = Self {
        byte: 0,
        line: 1,
        column: 1,
    };

    fn past(self, character: char) -> Self {
        let byte = self.byte + character.len_utf8();
        let (line, column) = match character {
            '\n' => (self.line.saturating_add(1), 1),
            _ => (self.line, self.column.saturating_add(1)),
        };
        Self { byte, line, column }
    }
}

impl<'a> Places<'a> {
    /// Bytes between two marks, and so what is gone through for one place.
    const STEP: usize = 512;

    /// Goes through a text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let mut marks = vec![Mark::START];
        let (mut at, mut next) = (Mark::START, Self::STEP);
        for character in text.chars() {
            at = at.past(character);
            if at.byte >= next {
                marks.push(at);
                next = at.byte + Self::STEP;
            }
        }
        Self { text, marks }
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// As [`Place::at`].
    #[must_use]
    pub fn at(&self, range: &std::ops::Range<usize>) -> Place {
        let mark = self.near(|mark| mark.byte <= range.start);
        let at = self.walk(mark, |at| at.byte < range.start);
        let end = range.end.min(self.text.len());
        let inside = self.text.get(range.start..end).unwrap_or_default();
        let width = inside.lines().next().unwrap_or_default().chars().count();
        Place {
            line: at.line,
            column: at.column,
            width: u32::try_from(width).unwrap_or(u32::MAX).max(1),
        }
    }

    /// Byte at which a place starts, at most the end of its line.
    #[must_use]
    pub fn start_of(&self, place: Place) -> usize {
        let wanted = (place.line, place.column);
        let mark = self.near(|mark| (mark.line, mark.column) <= wanted);
        let start = self.walk(mark, |at| {
            let ends = self.text[at.byte..].starts_with(['\r', '\n']);
            (at.line, at.column) < wanted && !(at.line == place.line && ends)
        });
        start.byte
    }

    fn near(&self, before: impl Fn(&Mark) -> bool) -> Mark {
        let after = self.marks.partition_point(before);
        self.marks[after.saturating_sub(1)]
    }

    fn walk(&self, mut at: Mark, more: impl Fn(Mark) -> bool) -> Mark {
        for character in self.text[at.byte..].chars() {
            if !more(at) {
                break;
            }
            at = at.past(character);
        }
        at
    }
}

/// A value together with the place it was read from. Equal when the values are equal.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where.
    pub place: Place,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    pub const fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A place with the file it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub source: Source,
    /// Where in it.
    pub place: Place,
}

/// `path:line:column`, or the path alone for a file as a whole.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, place) = (&self.source.path, self.place);
        if place == Place::FILE {
            return f.write_str(path);
        }
        write!(f, "{path}:{}:{}", place.line, place.column)
    }
}

impl Location {
    /// Joins a file and a place in it.
    #[must_use]
    pub fn new(source: &Source, place: Place) -> Self {
        Self {
            source: Arc::clone(source),
            place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_places_are_those_found_one_by_one() {
        for text in [
            "",
            "甲乙丙",
            &"甲: 1,234.56\r\n\n  乙丙: x\n".repeat(200),
            &"一行很长".repeat(900),
            &"\n".repeat(2000),
        ] {
            let places = Places::of(text);
            for (at, _) in text.char_indices() {
                let end = text.len().min(at + 9);
                let place = Place::at(text, &(at..end));
                assert_eq!(places.at(&(at..end)), place);
                let start = place.bytes_in(text).start;
                assert_eq!(places.start_of(place), start, "{place:?}");
            }
        }
    }

    #[test]
    fn a_place_is_found_without_going_through_what_stands_before() {
        let text = "电话".repeat(100_000);
        let places = Places::of(&text);
        let far = text.len() - 3..text.len();
        let mark = places.near(|mark| mark.byte <= far.start);
        assert!(far.start - mark.byte <= Places::STEP + 3);
        assert_eq!(places.at(&far), Place::at(&text, &far));
    }

    #[test]
    fn a_place_finds_its_bytes_after_wide_characters() {
        let text = "name: 合计\ntotal: 1.00\r\n";
        let place = Place {
            line: 1,
            column: 7,
            width: 2,
        };
        assert_eq!(&text[place.bytes_in(text)], "合计");
        let place = Place {
            line: 2,
            column: 8,
            width: 99,
        };
        assert_eq!(&text[place.bytes_in(text)], "1.00");
        assert_eq!(Place::FILE.bytes_in(text), 0..0);
    }
}
