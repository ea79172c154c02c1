//! Personal data as messages show it: masked, in the sentence and in the line of source below it.

use std::ops::Range;
use std::sync::Arc;

use super::{Kind, plain};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, SourceFile};

/// A found text with its middle left out: `138****1234`, `35*************123`, `王×`,
/// `g***@example.com`. As long as the text itself, but for e-mail.
pub fn mask(kind: Kind, found: &str) -> String {
    match kind {
        Kind::Identity => masked_digits(found, 2, 3),
        Kind::Card => masked_digits(found, 0, 4),
        Kind::Phone if count(found) > 8 => masked_digits(found, 3, 4),
        Kind::Phone => masked_digits(found, 0, 2),
        Kind::Email => masked_address(found, 3),
        Kind::Name => found
            .char_indices()
            .map(|(at, c)| {
                if at == 0 || super::is_blank(c) {
                    c
                } else {
                    '×'
                }
            })
            .collect(),
        _ => found.to_owned(),
    }
}

/// Likewise, exactly as long as the text, so that it can stand in its place.
fn blot(kind: Kind, found: &str) -> String {
    match kind {
        Kind::Email => {
            let (name, _) = address(found);
            let shown = name
                .chars()
                .next()
                .filter(|first| first.len_utf8() < name.len());
            let from = shown.map_or(0, char::len_utf8);
            let hidden: String = name[from..].chars().map(star).collect();
            format!("{}{hidden}{}", &name[..from], &found[name.len()..])
        }
        _ => mask(kind, found),
    }
}

fn count(found: &str) -> usize {
    found.chars().filter(|c| is_digit(*c)).count()
}

fn is_digit(character: char) -> bool {
    plain::is_digit(character) || matches!(plain::character(character), 'X' | 'x')
}

/// A star of as many bytes as the character that it hides.
const fn star(character: char) -> char {
    match character.len_utf8() {
        1 => '*',
        2 => '×',
        3 => '＊',
        _ => '🞰',
    }
}

/// Name and domain of an address, the at sign being of any form.
fn address(found: &str) -> (&str, &str) {
    let sign = |c: char| plain::character(c) == '@';
    found
        .split_once(sign)
        .or_else(|| found.split_once("&commat;"))
        .or_else(|| found.split_once("&#"))
        .unwrap_or((found, ""))
}

fn masked_digits(found: &str, head: usize, tail: usize) -> String {
    let total = count(found);
    let mut seen = 0;
    found
        .chars()
        .map(|c| {
            if !is_digit(c) {
                return c;
            }
            seen += 1;
            if seen > head && seen + tail <= total {
                star(c)
            } else {
                c
            }
        })
        .collect()
}

fn masked_address(found: &str, stars: usize) -> String {
    let (name, domain) = address(found);
    let domain = domain.split_once(';').map_or(domain, |(_, domain)| domain);
    let first: String = name.chars().take(1).collect();
    format!("{first}{}@{domain}", "*".repeat(stars))
}

/// A file with stretches of personal data masked; every place in it stays true.
pub fn covered(source: &Source, found: &[(Kind, Range<usize>)]) -> Source {
    let mut text = String::with_capacity(source.text.len());
    let mut at = 0;
    for (kind, range) in found {
        let (Some(between), Some(inside)) = (
            source.text.get(at..range.start),
            source.text.get(range.clone()),
        ) else {
            continue;
        };
        text.push_str(between);
        text.push_str(&blot(*kind, inside));
        at = range.end;
    }
    text.push_str(source.text.get(at..).unwrap_or_default());
    Source::new(SourceFile {
        path: source.path.clone(),
        text,
    })
}

/// Gives all diagnostics that speak of a file with personal data the masked one, so that no report
/// shows it as the line beside another fault.
pub fn cover(diagnostics: &mut [Diagnostic], covered: &[Source]) {
    for diagnostic in diagnostics {
        let labels = diagnostic
            .labels
            .iter_mut()
            .map(|label| &mut label.location);
        let operands = diagnostic
            .detail
            .iter_mut()
            .flat_map(|detail| detail.sides.iter_mut().flatten())
            .flat_map(|side| side.operands.iter_mut())
            .filter_map(|operand| operand.location.as_mut());
        for location in std::iter::once(&mut diagnostic.location)
            .chain(labels)
            .chain(operands)
        {
            let path = &location.source.path;
            // A source without text only names its file.
            if !location.source.text.is_empty()
                && let Some(masked) = covered.iter().find(|source| source.path == *path)
            {
                location.source = Arc::clone(masked);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_masked() {
        for (kind, found, masked, blotted) in [
            (Kind::Phone, "13800001234", "138****1234", "138****1234"),
            (
                Kind::Phone,
                "138-0000-1234",
                "138-****-1234",
                "138-****-1234",
            ),
            (Kind::Phone, "2345678", "*****78", "*****78"),
            (
                Kind::Identity,
                "350101199001011123",
                "35*************123",
                "35*************123",
            ),
            (
                Kind::Card,
                "6222000011112223",
                "************2223",
                "************2223",
            ),
            (Kind::Name, "王某某", "王××", "王××"),
            (Kind::Email, "gongkai@a.cn", "g***@a.cn", "g******@a.cn"),
            (Kind::Email, "a@b.cn", "a***@b.cn", "*@b.cn"),
            (Kind::Mark, "内部资料", "内部资料", "内部资料"),
        ] {
            assert_eq!(mask(kind, found), masked);
            assert_eq!(blot(kind, found), blotted);
        }
    }

    #[test]
    fn a_covered_file_keeps_its_places() {
        let source = Source::new(SourceFile {
            path: "a.yaml".to_owned(),
            text: "甲 13800001234 乙 王某\n".to_owned(),
        });
        let found = [(Kind::Phone, 4..15), (Kind::Name, 20..26)];
        assert_eq!(covered(&source, &found).text, "甲 138****1234 乙 王×\n");
    }
}
