//! Bytes of a YAML file -> values with places, under limits.
//!
//! Scalars stay text: what a number, a code or a blank is, the check decides from the text. Anchors,
//! aliases, tags, merge keys and several documents in one file are refused, so a hostile file is
//! cheap and a reader sees every value where it stands.

mod plain;

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::say;
use crate::source::{Place, Source, Spanned};

/// Deepest nesting of lists and maps; a disclosure needs six.
pub const MAX_DEPTH: usize = 32;
/// Largest data file in bytes; the largest table of a province has some 300 KB.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Most faults reported for one file; a file with more is broken as a whole.
const MAX_FAULTS: usize = 100;

/// One value of a YAML file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it starts.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// The three shapes of a YAML value.
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
                Kind::Scalar { .. } => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

/// Bytes of a text file -> text: strips a byte order mark, refuses what is not UTF-8.
///
/// # Errors
/// `encoding` with the line of the first byte that does not fit; the hint names GBK when the bytes
/// look like it.
pub fn decode(bytes: Vec<u8>, path: &str) -> Result<String, Box<Diagnostic>> {
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let rest = &bytes[good..bytes.len().min(good + 2)];
        let utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
        let gbk = matches!(rest, [0x81..=0xFE, 0x40..=0xFE]);
        let text = String::from_utf8_lossy(bytes).into_owned();
        let before = String::from_utf8_lossy(&bytes[..good]);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let source = Source::new(crate::source::SourceFile {
            path: path.to_owned(),
            text,
        });
        let place = Place {
            line: small(line),
            column: small(column),
            width: 1,
        };
        let hint = if utf16 {
            say!(
                "这个文件是 UTF-16（Unicode）编码，请另存为 UTF-8",
                "the file is UTF-16; save it as UTF-8"
            )
        } else if gbk {
            say!(
                "看起来是 GBK（ANSI）编码，请在编辑器里另存为 UTF-8",
                "it looks like GBK (ANSI); save it as UTF-8 in the editor"
            )
        } else {
            say!(
                "文件可能已损坏，请另存为 UTF-8",
                "the file may be damaged; save it as UTF-8"
            )
        };
        Box::new(
            Diagnostic::error(
                "encoding",
                &source,
                place,
                say!("文件不是 UTF-8 编码", "the file is not UTF-8"),
            )
            .hint(hint),
        )
    })
}

/// Reads one document. Faults that leave the rest readable are reported and the reading goes on;
/// `None` when nothing can be made of the file.
pub fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Node> {
    if let Some(at) = source.text.find(is_reserved) {
        let place = Place::at(&source.text, &(at..at));
        diagnostics.push(
            Diagnostic::error(
                "forbidden-character",
                source,
                place,
                say!(
                    "文件里有不可见的控制字符或私用字符",
                    "the file has an invisible control or private-use character"
                ),
            )
            .hint(say!("删掉这个字符再保存", "delete the character and save")),
        );
        return None;
    }
    plain::parse(&source.text).or_else(|| parse_fully(source, diagnostics))
}

/// Reads one document with the full parser.
fn parse_fully(source: &Source, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut builder = Builder {
        source,
        faults: Diagnostics::default(),
        reported: 0,
        open: Vec::new(),
        root: None,
        stopped: false,
    };
    let mut parser = Parser::new(StrInput::new(&source.text));
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                diagnostics.append(builder.faults);
                diagnostics.push(syntax_fault(source, &error));
                return None;
            }
        }
        if builder.stopped {
            break;
        }
    }
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

/// Characters that no data needs: controls, and the private ones that pages use as marks.
fn is_reserved(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'
        | '\u{e000}'..='\u{e00f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

enum Open {
    List {
        place: Place,
        items: Vec<Node>,
    },
    Map {
        place: Place,
        entries: Vec<Entry>,
        keys: HashSet<Box<str>>,
        key: Option<Spanned<Box<str>>>,
    },
}

struct Builder<'a> {
    source: &'a Source,
    faults: Diagnostics,
    reported: usize,
    open: Vec<Open>,
    root: Option<Node>,
    stopped: bool,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) {
        let mut place = place_of(span);
        if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) {
            place.width = 1;
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), place);
                self.add(Node {
                    place,
                    kind: Kind::Scalar {
                        text: text.as_ref().into(),
                        plain: style == ScalarStyle::Plain,
                    },
                });
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), place);
                self.open(Open::List {
                    place,
                    items: Vec::new(),
                });
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), place);
                self.open(Open::Map {
                    place,
                    entries: Vec::new(),
                    keys: HashSet::new(),
                    key: None,
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) => {
                self.fault(
                    "yaml-alias",
                    place,
                    say!(
                        "数据文件里不能用别名（*）",
                        "data files may not use aliases (*)"
                    ),
                    say!("把内容直接写在这里", "write the content here"),
                );
                self.add(Node {
                    place,
                    kind: Kind::Scalar {
                        text: "".into(),
                        plain: true,
                    },
                });
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                self.fault(
                    "yaml-documents",
                    place,
                    say!(
                        "一个文件只能有一份 YAML 文档",
                        "a file holds one YAML document"
                    ),
                    say!(
                        "删去 --- 及其后的内容，或分成两个文件",
                        "remove --- and what follows, or split the file"
                    ),
                );
                self.stopped = true;
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }

    fn refuse_extras(&mut self, anchor: usize, tagged: bool, place: Place) {
        if anchor != 0 {
            self.fault(
                "yaml-alias",
                place,
                say!(
                    "数据文件里不能用锚点（&）",
                    "data files may not use anchors (&)"
                ),
                say!(
                    "删去锚点，把内容写在每一处",
                    "remove the anchor and write the content at each place"
                ),
            );
        }
        if tagged {
            self.fault(
                "yaml-tag",
                place,
                say!(
                    "数据文件里不能用类型标记（!）",
                    "data files may not use tags (!)"
                ),
                say!(
                    "删去标记；文字要保留感叹号时加引号",
                    "remove the tag; quote a text that starts with !"
                ),
            );
        }
    }

    fn open(&mut self, open: Open) {
        if self.open.len() >= MAX_DEPTH {
            let (Open::List { place, .. } | Open::Map { place, .. }) = &open;
            let place = *place;
            self.fault(
                "yaml-depth",
                place,
                say!(
                    "嵌套超过 {MAX_DEPTH} 层",
                    "nested more than {MAX_DEPTH} levels"
                ),
                say!("检查括号或缩进是否写错", "check brackets and indentation"),
            );
            self.stopped = true;
            return;
        }
        self.open.push(open);
    }

    fn close(&mut self) {
        let node = match self.open.pop() {
            Some(Open::List { place, items }) => Node {
                place,
                kind: Kind::List(items),
            },
            Some(Open::Map { place, entries, .. }) => Node {
                place,
                kind: Kind::Map(entries),
            },
            None => return,
        };
        self.add(node);
    }

    fn add(&mut self, node: Node) {
        let key = match self.open.last_mut() {
            None => {
                self.root = Some(node);
                return;
            }
            Some(Open::List { items, .. }) => {
                items.push(node);
                return;
            }
            Some(Open::Map { key, .. }) => key.take(),
        };
        match key {
            Some(key) => self.add_entry(key, node),
            None => self.add_key(node),
        }
    }

    fn add_key(&mut self, node: Node) {
        let place = node.place;
        let text: Box<str> = if let Kind::Scalar { text, .. } = node.kind {
            if &*text == "<<" {
                self.fault(
                    "yaml-alias",
                    place,
                    say!(
                        "数据文件里不能用合并键（<<）",
                        "data files may not use merge keys (<<)"
                    ),
                    say!("把内容直接写在这里", "write the content here"),
                );
            }
            text
        } else {
            self.fault(
                "yaml-key",
                place,
                say!("键必须是文字", "a key must be a text"),
                say!(
                    "检查冒号和括号的位置",
                    "check where colons and brackets stand"
                ),
            );
            "".into()
        };
        if let Some(Open::Map { key, .. }) = self.open.last_mut() {
            *key = Some(Spanned::new(text, place));
        }
    }

    fn add_entry(&mut self, key: Spanned<Box<str>>, value: Node) {
        let Some(Open::Map { entries, keys, .. }) = self.open.last_mut() else {
            return;
        };
        if keys.insert(key.value.clone()) {
            entries.push(Entry { key, value });
            return;
        }
        let first = entries
            .iter()
            .find(|entry| entry.key.value == key.value)
            .map_or(Place::FILE, |entry| entry.key.place);
        let name = &key.value;
        self.reported += 1;
        self.faults.push(
            Diagnostic::error(
                "duplicate-key",
                self.source,
                key.place,
                say!("键 `{name}` 写了两次", "the key `{name}` is written twice"),
            )
            .label(
                self.source,
                first,
                say!("第一次在这里", "first written here"),
            )
            .hint(say!("留下正确的一个", "keep the right one")),
        );
        self.stop_at_limit();
    }

    fn fault(
        &mut self,
        code: &'static str,
        place: Place,
        message: crate::diagnostic::Say,
        hint: crate::diagnostic::Say,
    ) {
        self.reported += 1;
        self.faults
            .push(Diagnostic::error(code, self.source, place, message).hint(hint));
        self.stop_at_limit();
    }

    fn stop_at_limit(&mut self) {
        if self.reported >= MAX_FAULTS {
            self.stopped = true;
        }
    }
}

fn place_of(span: Span) -> Place {
    let width = if span.end.line() == span.start.line() {
        span.end.index().saturating_sub(span.start.index())
    } else {
        1
    };
    Place {
        line: small(span.start.line()),
        column: small(span.start.col() + 1),
        width: small(width.max(1)),
    }
}

/// Lines and columns of a file of at most 16 MiB fit 32 bits.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn syntax_fault(source: &Source, error: &ScanError) -> Diagnostic {
    let marker = error.marker();
    let lines: Vec<&str> = source.text.lines().collect();
    let mut line = marker.line().max(1);
    let mut column = marker.col() + 1;
    if line > lines.len() {
        line = lines.len().max(1);
        column = lines.last().map_or(1, |last| last.chars().count().max(1));
    }
    let info = error.info();
    let here = lines.get(line - 1).copied().unwrap_or_default();
    let before = line
        .checked_sub(2)
        .and_then(|at| lines.get(at))
        .copied()
        .unwrap_or_default();
    let lacks_colon = |text: &str| text.contains('：') && !text.contains(": ");
    let (message, hint) = if info.contains("tab") || here.starts_with('\t') {
        (
            say!("缩进里有制表符（Tab）", "a tab in the indentation"),
            say!("改用空格缩进", "indent with blanks"),
        )
    } else if lacks_colon(here) || lacks_colon(before) {
        if !lacks_colon(here) {
            line -= 1;
        }
        let text = if lacks_colon(here) { here } else { before };
        column = text.chars().position(|c| c == '：').map_or(1, |at| at + 1);
        (
            say!("冒号是全角的（：）", "the colon is full-width (：)"),
            say!(
                "改成半角冒号，后面空一格",
                "use a half-width colon and a blank after it"
            ),
        )
    } else if info.contains("unexpected end of") || info.contains("quoted scalar") {
        (
            say!("引号没有成对", "a quotation mark is not closed"),
            say!("补上引号", "close the quotation mark"),
        )
    } else if info.contains("flow") || info.contains("',' or") {
        (
            say!("括号或逗号没有写对", "a bracket or comma is out of place"),
            say!(
                "检查 {{ }}、[ ] 是否成对，项目之间用半角逗号",
                "check that {{ }} and [ ] are closed and items are separated by commas"
            ),
        )
    } else if info.contains("anchor") || info.contains("alias") {
        (
            say!(
                "数据文件里不能用别名（*）和锚点（&）",
                "data files may not use aliases (*) or anchors (&)"
            ),
            say!(
                "文字以 * 或 & 开头时加引号",
                "quote a text that starts with * or &"
            ),
        )
    } else {
        (
            say!(
                "这里不合 YAML 格式（{info}）",
                "not valid YAML here ({info})"
            ),
            say!(
                "检查缩进是否对齐，冒号和短横后面是否空一格",
                "check the indentation, and the blank after colons and dashes"
            ),
        )
    };
    let place = Place {
        line: small(line),
        column: small(column),
        width: 1,
    };
    Diagnostic::error("yaml-syntax", source, place, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn source(text: &str) -> Source {
        Source::new(SourceFile {
            path: "test.yaml".to_owned(),
            text: text.to_owned(),
        })
    }

    /// What the plain reader makes of a text is what the full parser makes of it, with equal places
    /// and without a fault.
    fn agree(text: &str) -> bool {
        let Some(plain) = plain::parse(text) else {
            return false;
        };
        let mut faults = Diagnostics::default();
        let full = parse_fully(&source(text), &mut faults);
        assert_eq!(Some(plain), full, "{text}");
        assert!(faults.is_empty(), "{text}");
        true
    }

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
