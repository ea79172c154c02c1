//! Events of the full parser -> values with places.

use std::collections::HashSet;

use saphyr_parser::{Event, ScalarStyle, Span};

use super::{Entry, Kind, MAX_DEPTH, Node, small, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::say;
use crate::source::{Place, Source, Spanned};

/// Most faults reported for one file; a file with more is broken as a whole.
const MAX_FAULTS: usize = 100;

/// Most digits that are put together of the parts of a number, more than any has: each part takes all before it once
/// more.
const MAX_NUMBER: usize = 60;

pub(super) enum Open {
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

/// Makes values of the events of one file, and reports what data files may not hold.
pub struct Builder<'a> {
    pub(super) source: &'a Source,
    pub faults: Diagnostics,
    reported: usize,
    pub(super) open: Vec<Open>,
    pub root: Option<Node>,
    pub stopped: bool,
    /// A number as written that thousands commas have cut in parts.
    cut: Option<Spanned<String>>,
    /// Whether a text inside brackets was cut off by `#`.
    pub flow_cut: bool,
    /// Where the text is that was last asked for: (characters, bytes) before it.
    pub(super) cursor: (usize, usize),
    /// End of the last scalar in bytes.
    pub(super) end: usize,
}

impl<'a> Builder<'a> {
    /// For the events of this file.
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            faults: Diagnostics::default(),
            reported: 0,
            open: Vec::new(),
            root: None,
            stopped: false,
            cut: None,
            flow_cut: false,
            cursor: (0, 0),
            end: 0,
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: Event<'_>, span: Span) {
        let mut place = place_of(span);
        if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) {
            place.width = 1;
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), place);
                self.look(&text, style, span);
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

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.reported += 1;
        self.faults.push(diagnostic);
        self.stop_at_limit();
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
        if key.value.is_empty() || keys.insert(key.value.clone()) {
            entries.push(Entry { key, value });
            return;
        }
        let first = entries
            .iter_mut()
            .find(|entry| entry.key.value == key.value);
        // Either may be the right one.
        let first = first.map_or(Place::FILE, |entry| {
            let value = Box::new(entry.value.clone());
            entry.value.kind = Kind::Unread(value);
            entry.key.place
        });
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
        if text.len() >= MAX_NUMBER {
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
    pub fn report_cut(&mut self) {
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
