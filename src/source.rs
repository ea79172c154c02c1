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
