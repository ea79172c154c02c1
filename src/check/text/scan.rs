//! One file after another: YAML values and Markdown through the checks, hits to their places.

use std::ops::Range;

use super::cover::covered;
use super::numbers::Medium;
use super::report::finding;
use super::rules::tidy;
use super::scalar::Written;
use super::stale::{self, Frame};
use super::{Hit, Kind, Rules, personal, punctuation, tags};
use crate::diagnostic::Diagnostics;
use crate::load::draft::Document;
use crate::markdown;
use crate::source::{Place, Places, Source};
use crate::yaml::{Kind as NodeKind, Node};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// A name, a code, a fact; with the title that is printed before it, if that matters.
    Plain(Option<&'a str>),
    /// Sentences.
    Prose,
    /// Amounts and counts: a bare number is no telephone.
    Figures,
}

/// What a file holds, and so how closely it is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Names and figures: nothing is to be found unless the file as a whole has something in it.
    Names,
    /// Sentences, each of which is read.
    Prose,
    /// Sentences, and values that only their titles make personal.
    LabelledProse,
}

impl Holds {
    /// Prose under these titles.
    pub fn prose<'t>(mut titles: impl Iterator<Item = &'t str>) -> Self {
        if titles.any(personal::is_label) {
            Self::LabelledProse
        } else {
            Self::Prose
        }
    }
}

/// One run over a disclosure.
pub struct Scan<'a> {
    pub rules: &'a Rules,
    pub frame: Frame,
    /// Files that hold personal data, with it masked.
    pub masked: Vec<Source>,
    pub diagnostics: &'a mut Diagnostics,
}

/// Hits in one YAML file, as ranges of its text.
pub struct Found<'a> {
    rules: &'a Rules,
    pub frame: Frame,
    source: &'a Source,
    /// Whether the file as a whole has marks, placeholders or personal data in it.
    suspect: bool,
    /// What a hit objects to, and where it stands in the file.
    hits: Vec<(String, Hit, Option<Range<usize>>, Place)>,
    places: Option<Places<'a>>,
}

impl Scan<'_> {
    /// Values of a YAML file.
    pub fn document(
        &mut self,
        document: &Document,
        holds: Holds,
        walk: &dyn Fn(&Node, &mut Found<'_>),
    ) {
        let Some(node) = &document.node else { return };
        let source = &document.source;
        let suspect = holds == Holds::LabelledProse || self.is_suspect(&source.text);
        if holds == Holds::Names && !suspect && !source.text.contains("no_data") {
            return;
        }
        let mut found = Found {
            rules: self.rules,
            frame: self.frame,
            source,
            suspect,
            hits: Vec::new(),
            places: None,
        };
        walk(node, &mut found);
        let hits = found.hits;
        let personal: Vec<(Kind, Range<usize>)> = hits
            .iter()
            .filter(|(_, hit, ..)| hit.kind.is_personal())
            .filter_map(|(_, hit, range, _)| Some((hit.kind, range.clone()?)))
            .collect();
        self.mask(source, personal);
        let Some(places) = found.places else { return };
        for (text, hit, range, start) in hits {
            let at = range.map_or(start, |range| places.at(&range));
            self.diagnostics
                .push(finding(&text, &hit, Some(self.frame), source, at));
        }
    }

    /// Whether a file has anything that the checks of all values would find. Escapes may hide it.
    fn is_suspect(&self, text: &str) -> bool {
        memchr::memchr3(b'<', b'&', b'\\', text.as_bytes()).is_some()
            || !self.rules.find(text, Medium::Text).is_empty()
    }

    /// A Markdown file; `template` when it has places to be filled.
    pub fn markdown(&mut self, source: &Source, template: bool) {
        let mut text = blanked(&source.text, "<!--", "-->");
        if template {
            for (open, close) in [("{{", "}}"), ("{%", "%}"), ("{#", "#}")] {
                text = blanked(&text, open, close);
            }
        }
        let mut hits = self.rules.find(&text, Medium::Text);
        for range in markdown::texts(&text) {
            let mut found = Vec::new();
            let stretch = &text[range.clone()];
            stale::find(stretch, self.frame, &mut found);
            punctuation::find(stretch, &mut found);
            hits.extend(found.into_iter().map(|hit| hit.shifted(range.start)));
        }
        tidy(&mut hits);
        self.report(source, hits);
    }

    /// A text of the standard: only words that do not fit this body; the rest is the standard's own.
    pub fn standard(&mut self, source: &Source) {
        let mut hits = Vec::new();
        if source.text.contains("<!--") {
            let text = blanked(&source.text, "<!--", "-->");
            stale::words(&text, self.frame, &mut hits);
        } else {
            stale::words(&source.text, self.frame, &mut hits);
        }
        self.report(source, hits);
    }

    fn report(&mut self, source: &Source, hits: Vec<Hit>) {
        let personal = hits
            .iter()
            .filter(|hit| hit.kind.is_personal())
            .map(|hit| (hit.kind, hit.range.clone()))
            .collect();
        self.mask(source, personal);
        if hits.is_empty() {
            return;
        }
        let places = Places::of(&source.text);
        for hit in hits {
            let at = places.at(&hit.range);
            self.diagnostics
                .push(finding(&source.text, &hit, Some(self.frame), source, at));
        }
    }

    fn mask(&mut self, source: &Source, mut personal: Vec<(Kind, Range<usize>)>) {
        if !personal.is_empty() {
            personal.sort_by_key(|(_, range)| range.start);
            self.masked.push(covered(source, &personal));
        }
    }
}

impl Found<'_> {
    /// Every value below a node.
    pub fn node(&mut self, node: &Node, field: Field<'_>) {
        match &node.kind {
            NodeKind::Scalar { text, plain } => self.scalar(node, text, *plain, field),
            NodeKind::List(items) => items.iter().for_each(|item| self.node(item, field)),
            NodeKind::Map(entries) => entries
                .iter()
                .for_each(|entry| self.node(&entry.value, field)),
            NodeKind::Unread(first) => self.node(first, field),
        }
    }

    /// Every value below a node, what it is being told by its key.
    pub fn keyed<'k>(&mut self, node: &Node, field: impl Fn(&str) -> Field<'k> + Copy) {
        match &node.kind {
            NodeKind::Scalar { .. } | NodeKind::Unread(_) => self.node(node, field("")),
            NodeKind::List(items) => items.iter().for_each(|item| self.keyed(item, field)),
            NodeKind::Map(entries) => {
                for entry in entries {
                    match &entry.value.kind {
                        NodeKind::Scalar { .. } | NodeKind::Unread(_) => {
                            self.node(&entry.value, field(&entry.key.value));
                        }
                        _ => self.keyed(&entry.value, field),
                    }
                }
            }
        }
    }

    fn scalar(&mut self, node: &Node, text: &str, plain: bool, field: Field<'_>) {
        let figure = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b' ');
        if plain && field == Field::Figures && text.bytes().all(figure) {
            return;
        }
        let title = match field {
            Field::Plain(title) => title.filter(|title| personal::is_label(title)),
            _ => None,
        };
        // A value that its title makes personal is read with it.
        let head = title.map_or(0, |title| title.len() + '：'.len_utf8());
        let mut hits = match title {
            _ if !self.suspect => Vec::new(),
            None => self.rules.find(text, Medium::Text),
            Some(title) => self
                .rules
                .find(&format!("{title}：{text}"), Medium::Text)
                .into_iter()
                .filter(|hit| hit.range.start >= head)
                .map(|hit| Hit::new(hit.kind, hit.range.start - head..hit.range.end - head))
                .collect(),
        };
        if self.suspect {
            tags::find(text, &mut hits);
        }
        if field == Field::Prose {
            stale::find(text, self.frame, &mut hits);
            punctuation::find(text, &mut hits);
        }
        tidy(&mut hits);
        if hits.is_empty() {
            return;
        }
        let source = self.source;
        let places = self.places.get_or_insert_with(|| Places::of(&source.text));
        let mut written = Written::of(places, node.place, text);
        for Hit { kind, range } in hits {
            let found = written.locate(&range);
            let words = text[range].to_owned();
            let hit = Hit::new(kind, 0..words.len());
            self.hits.push((words, hit, found, node.place));
        }
    }
}

/// A text with everything between two marks replaced by letters that mean nothing, so that places
/// and line breaks stay.
fn blanked(text: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let end = rest[at..]
            .find(close)
            .map_or(rest.len(), |end| at + end + close.len());
        out.push_str(&rest[..at]);
        let fill = if open == "<!--" { ' ' } else { 'a' };
        out.extend(
            rest[at..end]
                .bytes()
                .map(|b| if b == b'\n' { '\n' } else { fill }),
        );
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
