//! XML of workbooks as a stream of elements and texts. Names are without prefix; no entity is expanded but the five
//! of XML and characters by number, so none can grow.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Reason;

/// What comes next.
pub(super) enum Node<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// An element ends.
    Close,
    /// A text.
    Text(Cow<'a, str>),
    /// The document ends.
    Done,
}

/// The begin of an element.
pub(super) struct Element<'a>(BytesStart<'a>);

/// A document that is read from front to back.
pub(super) struct Document<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    /// Elements around what comes next.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// What comes next; text that is not well formed is damaged.
    pub(super) fn next(&mut self) -> Result<Node<'a>, Reason> {
        loop {
            return Ok(
                match self.reader.read_event().map_err(|_| Reason::Damaged)? {
                    Event::Start(start) => {
                        self.depth += 1;
                        Node::Open(Element(start))
                    }
                    Event::End(_) => {
                        self.depth -= 1;
                        Node::Close
                    }
                    Event::Text(text) => Node::Text(lines(text.into_inner())),
                    Event::CData(text) => Node::Text(lines(text.into_inner())),
                    Event::GeneralRef(reference) => Node::Text(Cow::Owned(resolved(&reference))),
                    Event::Eof if self.depth > 0 => return Err(Reason::Damaged),
                    Event::Eof => Node::Done,
                    Event::Empty(_)
                    | Event::Comment(_)
                    | Event::Decl(_)
                    | Event::PI(_)
                    | Event::DocType(_) => continue,
                },
            );
        }
    }

    /// Passes over what is left of the element that has begun last.
    pub(super) fn skip(&mut self) -> Result<(), Reason> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Node::Done = self.next()? {
                return Err(Reason::Damaged);
            }
        }
        Ok(())
    }

    /// The text in what is left of the element that has begun last, that of elements inside it included.
    pub(super) fn text(&mut self) -> Result<String, Reason> {
        let outside = self.depth.saturating_sub(1);
        let mut all = String::new();
        while self.depth > outside {
            match self.next()? {
                Node::Text(text) => all.push_str(&text),
                Node::Open(_) | Node::Close => {}
                Node::Done => return Err(Reason::Damaged),
            }
        }
        Ok(all)
    }
}

impl Element<'_> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, named without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.0
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.local_name().as_ref() == name)
            .and_then(|attribute| {
                Some(
                    attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .ok()?
                        .into_owned(),
                )
            })
    }

    /// An attribute that is a number from 0 on.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// An attribute that says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.attribute(name)
            .is_some_and(|value| value == "1" || value == "true")
    }
}

/// A text whose lines end as XML says.
fn lines(text: Cow<str>) -> Cow<str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

/// The character that a reference stands for; a name that is not of XML itself stays as it is.
fn resolved(reference: &BytesRef) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        _ => quick_xml::escape::resolve_predefined_entity(reference)
            .map_or_else(|| format!("&{};", &**reference), str::to_owned),
    }
}
