//! Styles of .xlsx files: of each the number format and the indent.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::Reason;
use super::super::format::Format;
use super::super::xml::{Document, Element, Node};

/// Most styles and formats that a workbook has.
const MAX_STYLES: usize = 100_000;
/// Largest indent there is.
const MAX_INDENT: usize = 250;

/// The styles that cells name by number.
#[derive(Default)]
pub(super) struct Styles {
    styles: Vec<Style>,
}

/// A style.
#[derive(Clone, Default)]
pub(super) struct Style {
    pub(super) format: Rc<Format>,
    pub(super) indent: usize,
}

impl Styles {
    /// Of the part that has them.
    pub(super) fn of(text: &str) -> Result<Self, Reason> {
        let mut document = Document::new(text);
        let mut formats: BTreeMap<usize, Rc<Format>> = BTreeMap::new();
        let mut styles: Vec<Style> = Vec::new();
        let mut of_cells = false;
        loop {
            match document.next()? {
                Node::Open(element) => match element.name() {
                    "numFmt" => {
                        let code = element.attribute("formatCode").unwrap_or_default();
                        if let Some(id) = element.number("numFmtId") {
                            formats.insert(id, Rc::new(Format::of(&code)));
                        }
                    }
                    "cellXfs" => of_cells = true,
                    "cellStyles" | "dxfs" | "cellStyleXfs" => of_cells = false,
                    "xf" if of_cells => styles.push(style(&element, &mut formats)),
                    "alignment" if of_cells => {
                        if let Some(style) = styles.last_mut() {
                            style.indent = element.number("indent").unwrap_or(0).min(MAX_INDENT);
                        }
                    }
                    _ => {}
                },
                Node::Done => return Ok(Self { styles }),
                Node::Close | Node::Text(_) => {}
            }
            if styles.len() > MAX_STYLES || formats.len() > MAX_STYLES {
                return Err(Reason::TooLarge);
            }
        }
    }

    /// The style of a number; one that is not there shows all digits.
    pub(super) fn get(&self, number: usize) -> Style {
        self.styles.get(number).cloned().unwrap_or_default()
    }
}

/// What a style says of its number format.
fn style(element: &Element, formats: &mut BTreeMap<usize, Rc<Format>>) -> Style {
    let id = element.number("numFmtId").unwrap_or(0);
    let format = formats
        .entry(id)
        .or_insert_with(|| Rc::new(Format::built_in(u32::try_from(id).unwrap_or(0))));
    Style {
        format: Rc::clone(format),
        indent: 0,
    }
}
