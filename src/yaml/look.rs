//! Scalars as they stand in the file, beside what the parser makes of them: what escapes come to, and what `#` cuts off.

use saphyr_parser::{ScalarStyle, Span};

use super::builder::{Builder, Open};
use super::{cut, escape};
use crate::characters::judge;
use crate::diagnostic::characters;
use crate::source::Place;

impl Builder<'_> {
    /// Looks at a scalar as it stands in the file: what its escapes come to, and what `#` cuts off.
    pub(super) fn look(&mut self, text: &str, style: ScalarStyle, span: Span) {
        let source = self.source;
        let start = self.byte(span.start.index());
        let is_value = matches!(self.open.last(), Some(Open::Map { key: Some(_), .. }));
        let empty = span.start.index() == span.end.index();
        if is_value || empty {
            self.look_at_mark(is_value);
        }
        if empty {
            return;
        }
        match style {
            ScalarStyle::Plain => {
                self.end = self.byte(span.end.index());
                self.look_behind(text, span);
            }
            ScalarStyle::DoubleQuoted => {
                let mut before = None;
                for (at, length, character) in
                    escape::escapes(source.text.get(start + 1..).unwrap_or_default())
                {
                    if let Some(kind) = judge(before, character) {
                        let at = start + 1 + at;
                        let place = Place::at(&source.text, &(at..at + length));
                        self.push(characters::diagnostic(kind, character, 0, source, place));
                    }
                    before = Some(character);
                    if self.stopped {
                        break;
                    }
                }
                self.end = self.byte(span.end.index());
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let line = line_from(&source.text, self.end);
                let at = line.find(" #").map_or(line.len(), |at| at + 1);
                if line.contains(['|', '>']) && cut::is_text(&line[at..]) {
                    self.push_cut("", self.end + at);
                }
                self.end = self.byte(span.end.index());
            }
            ScalarStyle::SingleQuoted => self.end = self.byte(span.end.index()),
        }
    }

    /// Reports what `#` makes a comment of behind a text without quotes.
    fn look_behind(&mut self, text: &str, span: Span) {
        let source = self.source;
        let rest = line_from(&source.text, self.end);
        let mut from = self.end;
        let mut found = cut::comment(rest, false);
        let item = rest.trim_start_matches([' ', '\t']);
        if found.is_none()
            && let Some(next) = item.strip_prefix(',')
        {
            // The next item of a list in brackets is lost.
            from += rest.len() - next.len();
            found = cut::comment(next, false);
        }
        let folded = span.end.line() > span.start.line();
        if found.is_none() && folded && rest.trim().is_empty() {
            // A line of a text that goes over several.
            from += rest.len() + 1;
            let line = line_from(&source.text, from);
            let indent = |line: &str| line.len() - line.trim_start().len();
            let last = source.text[..self.end]
                .rsplit('\n')
                .next()
                .unwrap_or_default();
            found = cut::comment(line, true).filter(|_| indent(line) >= indent(last));
        }
        if let Some((at, true)) = found {
            self.flow_cut |= self.is_in_brackets();
            self.push_cut(text, from + at);
        }
    }

    /// Reports what `#` makes a comment of behind the colon of a key or a dash, where a text was to follow.
    fn look_at_mark(&mut self, is_value: bool) {
        let source = self.source;
        let rest = line_from(&source.text, self.end);
        let behind = rest.trim_start_matches([' ', '\t']);
        let (text, from) = match behind.strip_prefix(':') {
            Some(text) if is_value => (text, self.end + rest.len() - text.len()),
            colon => {
                // The dash may stand on a line below the key.
                let from = self.end + colon.map_or(0, |text| rest.len() - text.len());
                let rest = source.text.get(from..).unwrap_or_default();
                let item = rest.trim_start();
                let Some(text) = item.strip_prefix('-').filter(|_| !is_value) else {
                    return;
                };
                (line_from(text, 0), from + rest.len() - text.len())
            }
        };
        if let Some((at, true)) = cut::comment(text, false) {
            self.push_cut("", from + at);
        }
    }

    fn is_in_brackets(&self) -> bool {
        let Some(Open::List { place, .. } | Open::Map { place, .. }) = self.open.last() else {
            return false;
        };
        let start = place.bytes_in(&self.source.text).start;
        self.source.text[start..].starts_with(['[', '{'])
    }

    fn push_cut(&mut self, kept: &str, at: usize) {
        let source = self.source;
        let lost = line_from(&source.text, at);
        let place = Place::at(&source.text, &(at..at + lost.trim_end().len()));
        let brackets = self.is_in_brackets();
        self.push(cut::fault(source, kept, lost, brackets, place));
    }

    /// Where a character stands in bytes. Scalars come in the order of the file.
    fn byte(&mut self, index: usize) -> usize {
        let (known, byte) = if index < self.cursor.0 {
            (0, 0)
        } else {
            self.cursor
        };
        let rest = &self.source.text[byte..];
        let at = rest
            .char_indices()
            .nth(index - known)
            .map_or(rest.len(), |(at, _)| at);
        self.cursor = (index, byte + at);
        byte + at
    }
}

/// The rest of a line.
fn line_from(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes());
    &rest[..end.unwrap_or(rest.len())]
}
