//! Bytes of a YAML file -> values with places, under limits.
//!
//! Scalars stay text: what a number, a code or a blank is, the check decides from the text. Anchors,
//! aliases, tags, merge keys and several documents in one file are refused, so a hostile file is
//! cheap and a reader sees every value where it stands.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::syntax;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::say;
use crate::source::{Place, Source, Spanned, is_hidden};

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

/// Reads one document. Faults that leave the rest readable are reported and the reading goes on;
/// `None` when nothing can be made of the file.
pub fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Node> {
    if let Some((at, hidden)) = source.text.char_indices().find(|(_, c)| is_hidden(*c)) {
        let place = Place::at(&source.text, &(at..at));
        let code = format!("U+{:04X}", hidden as u32);
        diagnostics.push(
            Diagnostic::error(
                "forbidden-character",
                source,
                place,
                say!(
                    "这里有一个看不见的字符（{code}）",
                    "there is an invisible character here ({code})"
                ),
            )
            .hint(say!(
                "删去这个字符，或把这一段重新打一遍",
                "delete the character, or type this part anew"
            )),
        );
        return None;
    }
    let mut builder = Builder {
        source,
        faults: Diagnostics::default(),
        reported: 0,
        open: Vec::new(),
        root: None,
        stopped: false,
        cut: None,
    };
    let mut parser = Parser::new(StrInput::new(&source.text));
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                diagnostics.append(builder.faults);
                diagnostics.push(syntax::fault(source, &error));
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
    /// A number as written that thousands commas have cut in parts.
    cut: Option<Spanned<String>>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) {
        let place = place_of(span);
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
                self.stopped = true;
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
            self.stopped = true;
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
            let (message, hint) = syntax::too_deep();
            self.fault("yaml-depth", place, message, hint);
            self.stopped = true;
            return;
        }
        self.open.push(open);
    }

    fn close(&mut self) {
        self.report_cut();
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
        if !matches!(&node.kind, Kind::Scalar { text, .. } if text.starts_with(|c: char| c.is_ascii_digit()))
        {
            self.report_cut();
        }
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
                self.stopped = true;
            }
            text
        } else {
            "".into()
        };
        if text.is_empty() {
            self.fault(
                "yaml-key",
                place,
                say!("键必须是文字", "a key must be a text"),
                say!(
                    "检查冒号和括号的位置",
                    "check where colons and brackets stand"
                ),
            );
        }
        if let Some(Open::Map { key, .. }) = self.open.last_mut() {
            *key = Some(Spanned::new(text, place));
        }
    }

    fn add_entry(&mut self, key: Spanned<Box<str>>, value: Node) {
        if self.joined(&key, &value) {
            return;
        }
        let (key, value) = self.parted(key, value);
        let Some(Open::Map { entries, keys, .. }) = self.open.last_mut() else {
            return;
        };
        if key.value.is_empty() {
            return;
        }
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

    /// A key without value that lacks the blank after its colon (`total:1.00`), or has a full-width
    /// one, as the key and value that were meant.
    fn parted(&mut self, key: Spanned<Box<str>>, value: Node) -> (Spanned<Box<str>>, Node) {
        let colon = key.value.find([':', '：']).filter(|at| *at > 0);
        let Some(at) = colon.filter(|_| value.is_null()) else {
            return (key, value);
        };
        let (name, rest) = key.value.split_at(at);
        let wide = rest.starts_with('：');
        let text = rest.trim_start_matches([':', '：']).trim_start();
        let colon = Place {
            column: key.place.column + small(name.chars().count()),
            width: 1,
            ..key.place
        };
        let skipped = small(rest.chars().count() - text.chars().count());
        let value = Node {
            place: Place {
                column: colon.column + skipped,
                width: small(text.chars().count().max(1)),
                ..key.place
            },
            kind: Kind::Scalar {
                text: text.into(),
                plain: true,
            },
        };
        let name = Spanned::new(name.trim_end().into(), key.place);
        let (message, hint) = if wide {
            syntax::wide_colon()
        } else {
            syntax::tight_colon()
        };
        self.fault("yaml-syntax", colon, message, hint);
        (name, value)
    }

    /// Whether this is no key but the rest of the number before it, which a thousands comma has cut
    /// in two: `{total: 3,764.74}`.
    fn joined(&mut self, key: &Spanned<Box<str>>, value: &Node) -> bool {
        let Some(Open::Map { entries, .. }) = self.open.last_mut() else {
            return false;
        };
        let digits = |text: &str| {
            let unsigned = text.strip_prefix('-').unwrap_or(text);
            unsigned.starts_with(|c: char| c.is_ascii_digit())
                && unsigned.chars().all(|c| c.is_ascii_digit() || c == '.')
        };
        let Some(before) = entries.last_mut().map(|entry| &mut entry.value) else {
            return false;
        };
        let Kind::Scalar { text, plain: true } = &mut before.kind else {
            return false;
        };
        let end = before.place.column + before.place.width;
        let beside = key.place.line == before.place.line && key.place.column <= end + 2;
        if !(beside && value.is_null() && digits(&key.value) && digits(text)) {
            return false;
        }
        let mut written = self.cut.take().map_or(text.to_string(), |cut| cut.value);
        written.push(',');
        written.push_str(&key.value);
        *text = format!("{text}{}", key.value).into();
        before.place.width = key.place.column + key.place.width - before.place.column;
        self.cut = Some(Spanned::new(written, before.place));
        true
    }

    /// Reports a number that thousands commas have cut, once all of it is there.
    fn report_cut(&mut self) {
        let Some(cut) = self.cut.take() else { return };
        let (written, whole) = (&cut.value, cut.value.replace(',', ""));
        self.fault(
            "amount-comma",
            cut.place,
            say!(
                "花括号里的千分位逗号把 `{written}` 拆开了",
                "inside braces the thousands comma takes `{written}` apart"
            ),
            say!("写 {whole}，不用逗号", "write {whole} without the comma"),
        );
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
