//! A disclosure as written -> every text with numbers in it that somebody typed.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::mention::{self, Mention};
use crate::check::text::Written;
use crate::load::draft::{Document, Draft};
use crate::source::{Place, Places, Source};
use crate::yaml::{Kind, Node};

/// What kind of text it is, and so what its numbers may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A hand-written section, whose figures can be bound.
    Section,
    /// A text that speaks of the figures of the disclosure: the overview, a text input, why a table is
    /// empty.
    Told,
    /// A text that has numbers of its own: of sheets and tables, of waivers and corrections.
    Aside,
}

/// A text with the numbers in it.
pub struct Typed<'a> {
    /// What kind of text it is.
    pub text: Text,
    /// Its file.
    pub source: &'a Source,
    /// Every number with a unit, in the order of the text.
    pub mentions: Vec<Mention>,
    places: Rc<OnceCell<Places<'a>>>,
    /// Where the text starts and what it says, where it is a value of a YAML file.
    value: Option<(Place, &'a str)>,
    written: RefCell<Option<Written<'a>>>,
}

impl Typed<'_> {
    /// Where a number stands.
    pub fn place(&self, mention: &Mention) -> Place {
        let source = self.source;
        let places = self.places.get_or_init(|| Places::of(&source.text));
        let Some((start, value)) = self.value else {
            return places.at(&mention.range);
        };
        let mut written = self.written.borrow_mut();
        let written = written.get_or_insert_with(|| Written::of(places, start, value));
        let found = written.locate(&mention.range);
        found.map_or(start, |range| places.at(&range))
    }
}

/// Every text that holds a number with a unit.
pub fn all(draft: &Draft) -> Vec<Typed<'_>> {
    let mut found = Vec::new();
    let overview = draft.overview.iter().map(|source| (Text::Told, source));
    let sections = draft.narrative.values();
    for (text, source) in overview.chain(sections.map(|source| (Text::Section, source))) {
        push(&mut found, text, source, &source.text, None);
    }
    let inputs = draft.head.node.as_ref().and_then(|node| node.get("inputs"));
    if let Some(inputs) = inputs {
        walk(&mut found, Text::Told, &draft.head.source, inputs);
    }
    for Document { source, node, .. } in &draft.tables {
        let Some(node) = node else { continue };
        if let Some(reason) = node.get("no_data") {
            walk(&mut found, Text::Told, source, reason);
        }
        walk(&mut found, Text::Aside, source, node);
    }
    let others = draft.projects.iter().chain(&draft.waivers);
    for Document { source, node, .. } in others.chain(&draft.corrections) {
        if let Some(node) = node {
            walk(&mut found, Text::Aside, source, node);
        }
    }
    found
}

/// Keys whose values are names, or what stood there before a correction.
const NO_PROSE: [&str; 5] = ["id", "code", "name", "was", "no_data"];

fn walk<'a>(found: &mut Vec<Typed<'a>>, text: Text, source: &'a Source, node: &'a Node) {
    match &node.kind {
        Kind::Unread(first) => walk(found, text, source, first),
        Kind::Scalar { text: value, .. } => {
            push(found, text, source, value, Some((node.place, value)));
        }
        Kind::List(items) => {
            for item in items {
                walk(found, text, source, item);
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                if !NO_PROSE.contains(&&*entry.key.value) {
                    walk(found, text, source, &entry.value);
                }
            }
        }
    }
}

fn push<'a>(
    found: &mut Vec<Typed<'a>>,
    text: Text,
    source: &'a Source,
    words: &str,
    value: Option<(Place, &'a str)>,
) {
    let mentions = mention::scan(words);
    if mentions.is_empty() {
        return;
    }
    // The texts of one file come one after another.
    let before = found
        .last()
        .filter(|last| Source::ptr_eq(last.source, source));
    found.push(Typed {
        text,
        source,
        mentions,
        places: before
            .map(|last| Rc::clone(&last.places))
            .unwrap_or_default(),
        value,
        written: RefCell::default(),
    });
}
