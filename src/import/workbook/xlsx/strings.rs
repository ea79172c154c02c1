//! Texts of .xlsx files: those that cells share, and their runs.

use super::super::Reason;
use super::super::xml::{Document, Node};

/// Most texts that a workbook shares.
const MAX_STRINGS: usize = 2_000_000;

/// The texts that cells name by number.
pub(super) fn all(text: &str) -> Result<Vec<String>, Reason> {
    let mut document = Document::new(text);
    let mut strings = Vec::new();
    loop {
        match document.next()? {
            Node::Open(element) if element.name() == "si" => {
                if strings.len() == MAX_STRINGS {
                    return Err(Reason::TooLarge);
                }
                strings.push(runs(&mut document)?);
            }
            Node::Done => return Ok(strings),
            Node::Open(_) | Node::Close | Node::Text(_) => {}
        }
    }
}

/// The text in what is left of the element that has begun last: its runs joined, without how they are pronounced.
pub(super) fn runs(document: &mut Document) -> Result<String, Reason> {
    let outside = document.depth().saturating_sub(1);
    let mut all = String::new();
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "t" => all.push_str(&document.text()?),
                "rPh" => document.skip()?,
                _ => {}
            },
            Node::Close | Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(unescaped(&all))
}

/// A text in which `_x000A_` stands for a character that XML has no place for.
pub(super) fn unescaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        all.push_str(before);
        let character = escape
            .get(2..7)
            .and_then(|code| code.strip_suffix('_'))
            .filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match character {
            Some(character) => {
                all.push(character);
                rest = &escape[7..];
            }
            None => {
                all.push_str("_x");
                rest = &escape[2..];
            }
        }
    }
    all.push_str(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_by_their_code_are_put_back() {
        for (written, text) in [
            ("类_x000D_款", "类\r款"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00G0_", "_x00G0_"),
            ("_x", "_x"),
            ("_x000款", "_x000款"),
            ("a_x4E00_", "a一"),
        ] {
            assert_eq!(unescaped(written), text);
        }
    }
}
