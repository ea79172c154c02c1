//! The plain subset of YAML that data files are written in, read in one pass.
//!
//! Block maps and lists, flow maps and lists on one line, plain and quoted scalars without escapes,
//! comments. Whatever else a file holds, this reader gives up on it without a word and the full
//! parser reads the file from its start; a test holds the two against each other.

use std::collections::HashSet;

use super::{Entry, Kind, MAX_DEPTH, Node, cut, small};
use crate::source::{Place, Spanned};

/// One line that is neither blank nor a comment.
struct Line<'a> {
    number: u32,
    /// Blanks before the text, all of them ASCII.
    indent: usize,
    /// Text without indentation and line end.
    text: &'a str,
}

/// The document, or `None` when it is not of the plain subset.
pub fn parse(text: &str) -> Option<Node> {
    let mut lines = Vec::with_capacity(text.len() / 48 + 4);
    for (at, raw) in text.split('\n').enumerate() {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        if raw.bytes().any(|b| b == b'\r' || b == b'\t') {
            return None;
        }
        let line = raw.trim_start_matches(' ');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("---") || line.starts_with("...") || line.starts_with('%') {
            return None;
        }
        lines.push(Line {
            number: small(at + 1),
            indent: raw.len() - line.len(),
            text: line,
        });
    }
    let mut reader = Reader { lines, next: 0 };
    let first = reader.lines.first()?.indent;
    let node = reader.block(first, 0)?;
    (reader.next == reader.lines.len()).then_some(node)
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    next: usize,
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&Line<'a>> {
        self.lines.get(self.next)
    }

    fn block(&mut self, indent: usize, depth: usize) -> Option<Node> {
        if depth >= MAX_DEPTH {
            return None;
        }
        if is_item(self.peek()?.text) {
            self.list(indent, depth)
        } else {
            self.map(indent, depth)
        }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Option<Node> {
        let place = start(self.peek()?.number, indent);
        let mut items = Vec::new();
        while let Some(line) = self.peek() {
            if line.indent < indent || (line.indent == indent && !is_item(line.text)) {
                break;
            }
            if line.indent > indent {
                return None;
            }
            let rest = line.text.strip_prefix("- ")?;
            let inside = rest.trim_start_matches(' ');
            let column = indent + 2 + (rest.len() - inside.len());
            if inside.is_empty() || inside.starts_with('#') || is_item(inside) {
                return None;
            }
            let number = line.number;
            let is_map = !inside.starts_with(['{', '[', '"', '\'']) && split_key(inside).is_some();
            if is_map {
                // A map that starts beside its dash: the rest of the line is its first entry.
                let at = self.next;
                self.lines[at] = Line {
                    number,
                    indent: column,
                    text: inside,
                };
                items.push(self.map(column, depth + 1)?);
            } else {
                self.next += 1;
                items.push(value(inside, number, column, depth + 1)?);
                self.no_continuation(indent)?;
            }
        }
        Some(Node {
            place,
            kind: Kind::List(items),
        })
    }

    fn map(&mut self, indent: usize, depth: usize) -> Option<Node> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let place = start(self.peek()?.number, indent);
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = HashSet::new();
        while let Some(line) = self.peek() {
            if line.indent < indent || (line.indent == indent && is_item(line.text)) {
                break;
            }
            if line.indent > indent {
                return None;
            }
            let number = line.number;
            let (key, rest) = split_key(line.text)?;
            if !keys.insert(key) {
                return None;
            }
            let key_width = key.chars().count();
            let after = rest.trim_start_matches(' ');
            let column = indent + key_width + 1 + (rest.len() - after.len());
            self.next += 1;
            if cut::is_text(after) {
                return None;
            }
            let node = if after.is_empty() || after.starts_with('#') {
                let below = self.peek()?;
                let inside = below.indent;
                // A list may stand at the indentation of its key.
                if inside < indent || (inside == indent && !is_item(below.text)) {
                    return None;
                }
                let mut node = self.block(inside, depth + 1)?;
                // The full parser lets such a list start at its first item, not at the dash.
                if let (true, Kind::List(items)) = (inside == indent, &node.kind) {
                    node.place = items.first()?.place;
                    node.place.width = 1;
                }
                node
            } else {
                let node = value(after, number, column, depth + 1)?;
                self.no_continuation(indent)?;
                node
            };
            entries.push(Entry {
                key: Spanned::new(
                    key.into(),
                    Place {
                        line: number,
                        column: small(indent + 1),
                        width: small(key_width),
                    },
                ),
                value: node,
            });
        }
        Some(Node {
            place,
            kind: Kind::Map(entries),
        })
    }

    /// A deeper line would carry a scalar on.
    fn no_continuation(&self, indent: usize) -> Option<()> {
        self.peek()
            .is_none_or(|line| line.indent <= indent)
            .then_some(())
    }
}

fn start(line: u32, indent: usize) -> Place {
    Place {
        line,
        column: small(indent + 1),
        width: 1,
    }
}

/// `key: rest`, where the key is a plain word.
fn split_key(text: &str) -> Option<(&str, &str)> {
    let end = text.find([
        ':', ' ', '#', '"', '\'', '[', ']', '{', '}', ',', '&', '*', '!', '|', '>', '%', '@', '`',
        '?', '-',
    ])?;
    // A dash may stand inside a key, not before it.
    let end = if text[end..].starts_with('-') && end > 0 {
        end + text[end..].find([
            ':', ' ', '#', '"', '\'', '[', ']', '{', '}', ',', '&', '*', '!', '|', '>', '%', '@',
            '`', '?',
        ])?
    } else {
        end
    };
    let rest = text[end..].strip_prefix(':')?;
    (end > 0 && (rest.is_empty() || rest.starts_with(' '))).then(|| (&text[..end], rest))
}

/// A value that ends on its line.
fn value(text: &str, line: u32, column: usize, depth: usize) -> Option<Node> {
    let mut flow = Flow {
        text,
        at: 0,
        line,
        column,
    };
    let node = match text.as_bytes().first()? {
        b'{' | b'[' => flow.collection(depth)?,
        b'"' | b'\'' => flow.quoted()?,
        _ => return block_scalar(text, line, column),
    };
    let rest = text[flow.at..].trim_start_matches(' ');
    let spaced = rest.len() < text.len() - flow.at;
    (rest.is_empty() || (spaced && rest.starts_with('#'))).then_some(node)
}

/// A plain scalar in block context: to the end of the line or a comment.
fn block_scalar(text: &str, line: u32, column: usize) -> Option<Node> {
    if !may_start_plain(text) || text.contains(": ") || text.ends_with(':') {
        return None;
    }
    let text = match text.find(" #") {
        // Part of the text, it may be.
        Some(at) if cut::is_text(&text[at + 1..]) => return None,
        Some(at) => &text[..at],
        None => text,
    };
    Some(scalar(text.trim_end_matches(' '), true, line, column, None))
}

fn may_start_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    match bytes.next() {
        None => false,
        Some(b'-') => bytes.next().is_some_and(|b| b.is_ascii_digit()),
        Some(first) => !b"?:,[]{}#&*!|<>'\"%@`~".contains(&first),
    }
}

/// A scalar whose width on the line is that of its text, or `width` where it is quoted.
fn scalar(text: &str, plain: bool, line: u32, column: usize, width: Option<usize>) -> Node {
    Node {
        place: Place {
            line,
            column: small(column + 1),
            width: small(width.unwrap_or_else(|| text.chars().count()).max(1)),
        },
        kind: Kind::Scalar {
            text: text.into(),
            plain,
        },
    }
}

/// A flow collection on one line.
struct Flow<'a> {
    text: &'a str,
    /// Byte position.
    at: usize,
    line: u32,
    /// Characters before the byte position, on the whole line.
    column: usize,
}

impl Flow<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on by ASCII bytes.
    fn skip(&mut self, bytes: usize) {
        self.at += bytes;
        self.column += bytes;
    }

    fn blanks(&mut self) {
        while self.byte() == Some(b' ') {
            self.skip(1);
        }
    }

    fn collection(&mut self, depth: usize) -> Option<Node> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let is_map = self.byte()? == b'{';
        let close = if is_map { b'}' } else { b']' };
        let place = start(self.line, self.column);
        self.skip(1);
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = HashSet::new();
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.byte()? == close {
                break;
            }
            if is_map {
                let entry = self.entry(depth)?;
                if !keys.insert(entry.key.value.clone()) {
                    return None;
                }
                entries.push(entry);
            } else {
                items.push(self.item(depth, false)?);
            }
            self.blanks();
            match self.byte()? {
                b',' => self.skip(1),
                other if other == close => {}
                _ => return None,
            }
        }
        self.skip(1);
        let kind = if is_map {
            Kind::Map(entries)
        } else {
            Kind::List(items)
        };
        Some(Node { place, kind })
    }

    fn entry(&mut self, depth: usize) -> Option<Entry> {
        let Node { place, kind } = self.item(depth, true)?;
        let Kind::Scalar { text, plain: true } = kind else {
            return None;
        };
        if self.byte()? != b':' {
            return None;
        }
        self.skip(1);
        if self.byte()? != b' ' {
            return None;
        }
        self.blanks();
        if matches!(self.byte()?, b',' | b'}') {
            return None;
        }
        Some(Entry {
            key: Spanned::new(text, place),
            value: self.item(depth, false)?,
        })
    }

    fn item(&mut self, depth: usize, key: bool) -> Option<Node> {
        match self.byte()? {
            b'{' | b'[' if !key => self.collection(depth + 1),
            b'"' | b'\'' if !key => self.quoted(),
            _ => self.plain(key),
        }
    }

    fn plain(&mut self, key: bool) -> Option<Node> {
        let rest = &self.text[self.at..];
        if !may_start_plain(rest) {
            return None;
        }
        let end = rest
            .bytes()
            .position(|b| matches!(b, b',' | b'[' | b']' | b'{' | b'}' | b':' | b'#'))?;
        match (rest.as_bytes()[end], key) {
            (b':', true) | (b',' | b'}' | b']', false) => {}
            _ => return None,
        }
        let text = rest[..end].trim_end_matches(' ');
        if key && text.len() != end {
            return None;
        }
        let width = text.chars().count();
        let node = scalar(text, true, self.line, self.column, Some(width));
        self.column += width + (end - text.len());
        self.at += end;
        Some(node)
    }

    fn quoted(&mut self) -> Option<Node> {
        let quote = self.byte()?;
        let inside = &self.text[self.at + 1..];
        let end = inside.bytes().position(|b| b == quote || b == b'\\')?;
        let doubled = inside.as_bytes().get(end + 1) == Some(&quote);
        // The full parser counts blanks and a comment after the quote into the width.
        let spaced = inside.as_bytes().get(end + 1) == Some(&b' ');
        if inside.as_bytes()[end] != quote || doubled || spaced {
            return None;
        }
        let text = &inside[..end];
        let width = text.chars().count() + 2;
        let node = scalar(text, false, self.line, self.column, Some(width));
        self.at += end + 2;
        self.column += width;
        Some(node)
    }
}
