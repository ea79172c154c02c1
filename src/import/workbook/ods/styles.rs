//! Styles of .ods files: which tables they hide, how far they indent.

use std::collections::BTreeMap;

use super::super::Reason;
use super::super::xml::{Document, Element, Node};

/// Most styles that a workbook has.
const MAX_STYLES: usize = 100_000;
/// Largest indent there is, in steps.
const MAX_INDENT: usize = 250;
/// A step of indent is 10 points, which is 3.53 mm; programs round it either way.
const STEP: usize = 353;

/// The styles that tables and cells name.
#[derive(Default)]
pub(super) struct Styles {
    styles: BTreeMap<String, Style>,
}

/// A style.
#[derive(Default)]
struct Style {
    parent: Option<String>,
    hides: bool,
    indent: Option<usize>,
}

impl Styles {
    /// Adds those of what is left of an element, or of a document.
    pub(super) fn add(&mut self, document: &mut Document) -> Result<(), Reason> {
        let outside = document.depth().checked_sub(1);
        let mut current = None;
        while outside.is_none_or(|outside| document.depth() > outside) {
            match document.next()? {
                Node::Open(element) => self.note(&element, &mut current)?,
                Node::Close | Node::Text(_) => {}
                Node::Done if outside.is_none() => return Ok(()),
                Node::Done => return Err(Reason::Damaged),
            }
        }
        Ok(())
    }

    /// Notes what an element says of the style that has begun last.
    fn note(&mut self, element: &Element, current: &mut Option<String>) -> Result<(), Reason> {
        if element.name() == "style" {
            if self.styles.len() == MAX_STYLES {
                return Err(Reason::TooLarge);
            }
            *current = element.attribute("name");
            if let Some(name) = current {
                let parent = element.attribute("parent-style-name");
                let style = Style {
                    parent,
                    ..Style::default()
                };
                self.styles.insert(name.clone(), style);
            }
            return Ok(());
        }
        let Some(style) = current.as_ref().and_then(|name| self.styles.get_mut(name)) else {
            return Ok(());
        };
        match element.name() {
            "table-properties" => {
                style.hides = element
                    .attribute("display")
                    .is_some_and(|shown| shown == "false");
            }
            "paragraph-properties" => {
                style.indent = element
                    .attribute("margin-left")
                    .and_then(|length| steps(&length));
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a table with this style is hidden.
    pub(super) fn hides(&self, name: Option<&str>) -> bool {
        name.and_then(|name| self.styles.get(name))
            .is_some_and(|style| style.hides)
    }

    /// Steps of indent of a cell with this style, its own or that of a style it comes from.
    pub(super) fn indent(&self, name: Option<&str>) -> usize {
        let mut name = name;
        for _ in 0..8 {
            let Some(style) = name.and_then(|name| self.styles.get(name)) else {
                return 0;
            };
            if let Some(indent) = style.indent {
                return indent;
            }
            name = style.parent.as_deref();
        }
        0
    }
}

/// Steps of a length such as `0.353cm` or `20pt`.
fn steps(length: &str) -> Option<usize> {
    let unit = length.find(|sign: char| sign.is_ascii_alphabetic())?;
    let (number, unit) = length.split_at(unit);
    // hundredths of a millimetre
    let (times, by) = match unit {
        "cm" => (1000, 1),
        "mm" => (100, 1),
        "in" => (2540, 1),
        "pt" => (2540, 72),
        _ => return None,
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let thousandths = format!("{whole}{decimals:0<3.3}").parse::<usize>().ok()?;
    let length = thousandths.checked_mul(times)? / by / 1000;
    Some(((length + STEP / 2) / STEP).min(MAX_INDENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_steps_of_ten_points() {
        for (length, expected) in [
            ("0.353cm", Some(1)),
            ("0.706cm", Some(2)),
            ("0.71cm", Some(2)),
            ("3.5mm", Some(1)),
            ("20pt", Some(2)),
            ("0.1389in", Some(1)),
            ("0cm", Some(0)),
            ("99999999cm", Some(250)),
            ("99999999999999999999cm", None),
            ("5%", None),
            ("类cm", None),
            ("", None),
        ] {
            assert_eq!(steps(length), expected, "{length}");
        }
    }
}
