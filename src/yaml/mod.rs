//! Bytes of a YAML file -> values with places, under limits.
//!
//! Scalars stay text: what a number, a code or a blank is, the check decides from the text. Anchors,
//! aliases, tags, merge keys and several documents in one file are refused, so a hostile file is
//! cheap and a reader sees every value where it stands.

mod builder;
mod cut;
pub mod encoding;
pub(crate) mod fields;
mod escape;
mod look;
mod plain;
mod slip;
mod syntax;

use saphyr_parser::{Parser, StrInput};

use crate::characters::has_forbidden;
use crate::diagnostic::{Diagnostics, characters};
use crate::source::{Place, Source, Spanned};
use builder::Builder;

/// Deepest nesting of lists and maps; a disclosure needs six.
pub const MAX_DEPTH: usize = 32;
/// Largest data file in bytes; the largest table of a province has some 300 KB.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// One value of a YAML file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it starts.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// The three shapes of a YAML value, and what has none that is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Text as written; `plain` when it stands without quotes.
    Scalar {
        /// The text after unquoting and unfolding.
        text: Box<str>,
        /// Without quotes or block indicator.
        plain: bool,
    },
    /// `[…]` or lines that start with a dash.
    List(Vec<Node>),
    /// `{…}` or lines of `key: value`.
    Map(Vec<Entry>),
    /// What cannot be known as it stands, and has been reported: a key that is written twice, with its first value.
    Unread(Box<Node>),
}

/// One `key: value` of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key and its place.
    pub key: Spanned<Box<str>>,
    /// The value.
    pub value: Node,
}

impl Eq for Spanned<Box<str>> {}

impl Node {
    /// Whether this is an empty value: nothing, `~` or `null` without quotes.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true }
            if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The value of a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Map(entries) => entries
                .iter()
                .find(|entry| &*entry.key.value == key)
                .map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The node at a path of keys and positions such as `blocks.0.columns.2`, as far as it exists.
    #[must_use]
    pub fn at_path<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> &Self {
        let mut node = self;
        for step in path {
            let next = match &node.kind {
                Kind::List(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)),
                Kind::Map(_) => node.get(step),
                Kind::Scalar { .. } | Kind::Unread(_) => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

/// Reads one document. Faults that leave the rest readable are reported and the reading goes on;
/// `None` when nothing can be made of the file.
pub fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Node> {
    if has_forbidden(&source.text) {
        characters::look(source, diagnostics);
        return None;
    }
    plain::parse(&source.text).or_else(|| parse_fully(source, diagnostics))
}

/// Reads one document with the full parser.
fn parse_fully(source: &Source, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut builder = Builder::new(source);
    let mut parser = Parser::new(StrInput::new(&source.text));
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                let cut = builder.flow_cut;
                diagnostics.append(builder.faults);
                // What is cut off takes the bracket behind it along: that is the one slip.
                if !cut {
                    diagnostics.push(syntax::fault(source, &error));
                }
                return None;
            }
        }
        if builder.stopped {
            break;
        }
    }
    builder.report_cut();
    diagnostics.append(builder.faults);
    if builder.stopped {
        return None;
    }
    Some(builder.root.unwrap_or(Node {
        place: Place::FILE,
        kind: Kind::Scalar {
            text: "".into(),
            plain: true,
        },
    }))
}

/// Lines and columns of a file of at most 16 MiB fit 32 bits.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether the plain reader takes a text; then the full parser makes the same of it, with equal places and without a
/// fault.
#[cfg(test)]
pub(crate) fn agree(text: &str) -> bool {
    let Some(plain) = plain::parse(text).filter(|_| !has_forbidden(text)) else {
        return false;
    };
    let mut faults = Diagnostics::default();
    let source = Source::new(crate::source::SourceFile {
        path: "test.yaml".to_owned(),
        text: text.to_owned(),
    });
    let full = parse_fully(&source, &mut faults);
    assert_eq!(Some(plain), full, "{text}");
    assert!(faults.is_empty(), "{text}");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_reader_agrees_with_the_full_parser_on_the_reference_data() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
        let mut plain = 0;
        for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
            let entry = entry.expect("a readable folder");
            if entry.path().extension().is_some_and(|end| end == "yaml") {
                let text = std::fs::read_to_string(entry.path()).expect("a readable file");
                assert!(agree(&text), "{} is not plain", entry.path().display());
                plain += 1;
            }
        }
        assert!(plain > 30, "{plain} files");
    }

    #[test]
    fn the_plain_reader_takes_the_common_shapes_and_leaves_the_rest() {
        for text in [
            "a: 1\n",
            "a: 1",
            "# c\n\na: 甲 乙 # d\nb: \"x\"\r\nc: 'y'\n",
            "a:\n  - {x: -1.5, y: \"甲, 乙\", z: []}\n  - b\nc: [1, 2,]\n",
            "a:\n- 1\n- 2\nb: {}\n",
            "- a: 1\n  b:\n    c: 2\n-   d: 3\n",
            "rows:\n  - id: x\n    rows:\n      - {id: y}\n",
            "甲-乙: 丙\n",
        ] {
            assert!(agree(text), "{text}");
        }
        for text in [
            "",
            "a",
            "a:\n",
            "a: &x 1\n",
            "a: *x\n",
            "a: |\n  b\n",
            "a: b\n  c\n",
            "a: b: c\n",
            "a: 1\na: 2\n",
            "\ta: 1\n",
            "--- \na: 1\n",
            "{a: 1}\n{b: 2}\n",
            "a: {b: 1\n",
            "a: {b}\n",
            "a: \"x\\n\"\n",
            "a: 'x''y'\n",
            "a: ~\n",
            "? a\n",
            "a: {b: 1, b: 2}\n",
            "a:1\n",
            "a: \"x\"y\n",
        ] {
            assert!(!agree(text), "{text}");
        }
    }

    #[test]
    fn the_plain_reader_agrees_with_the_full_parser_on_mutilated_data() {
        let seed = "table: t\n# 注\ntotal: {total: 3764.74, basic: -1}\nrows:\n  - {code: \"201\", name: 甲（乙）, x: [a, 'b']}\n  - id: y\n    name: 丙 丁\n    rows:\n      - {id: z, v: 1.00}\nlast: \"完\"\n";
        let pieces = [
            ":", " ", "\n", "- ", "{", "}", "[", "]", ",", "\"", "'", "#", "  ", "甲", "a: ", "~",
            "&", "*", "!", "|", ">", "?", "\t", "\r", "1", "---", ": ", " #", "\\",
        ];
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut random = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % bound as u64).unwrap_or(0)
        };
        let mut plain = 0;
        for _ in 0..30_000 {
            let mut text: Vec<char> = seed.chars().collect();
            for _ in 0..=random(3) {
                let at = random(text.len());
                match random(3) {
                    0 => {
                        text.remove(at);
                    }
                    1 => {
                        let piece = pieces[random(pieces.len())];
                        text.splice(at..at, piece.chars());
                    }
                    _ => {
                        let end = (at + random(12)).min(text.len());
                        text.drain(at..end);
                    }
                }
            }
            plain += usize::from(agree(&text.into_iter().collect::<String>()));
        }
        assert!(
            plain > 5_000,
            "only {plain} of the mutilated texts are plain"
        );
    }
}
