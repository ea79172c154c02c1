//! What should not be published: internal marks, placeholders, personal data, text of another year
//! or another body, slips of punctuation.
//!
//! Each check is one file that finds its `Hit`s in a text. `draft` and `scan` carry them through
//! the files of a disclosure, `rendered` through what is published; `report` has all the words.

mod checksum;
mod cover;
#[cfg(test)]
mod disguise;
mod draft;
mod marks;
mod numbers;
mod personal;
mod placeholders;
mod plain;
mod punctuation;
mod rendered;
mod report;
mod rules;
mod scalar;
pub(super) use scalar::Written;
mod scan;
mod stale;
mod tags;
mod visible;

use std::ops::Range;

pub(super) use draft::{check, joints};
pub use rendered::{rendered, written};
pub use rules::Rules;
pub(super) use stale::Frame;

/// What a check objects to. The codes stand in [`report`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Mark,
    Placeholder,
    Identity,
    Card,
    Phone,
    Email,
    Name,
    Year,
    Level,
    Body,
    Doubled,
    HalfWidth,
    Tag,
}

impl Kind {
    /// Whether the text itself must not be repeated in a message.
    const fn is_personal(self) -> bool {
        matches!(
            self,
            Self::Identity | Self::Card | Self::Phone | Self::Email | Self::Name
        )
    }
}

/// A stretch of a text, in bytes, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hit {
    kind: Kind,
    range: Range<usize>,
}

impl Hit {
    const fn new(kind: Kind, range: Range<usize>) -> Self {
        Self { kind, range }
    }

    fn shifted(self, by: usize) -> Self {
        Self::new(self.kind, self.range.start + by..self.range.end + by)
    }
}

/// Parts two blocks of a page in its visible text; no check looks across it but for a value that
/// follows its label.
const SEPARATOR: char = '\u{1f}';

/// Characters that may stand between those of a word without changing it for a reader.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
}

/// 汉字
const fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}

fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at).and_then(|text| text.chars().next_back())
}

fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|text| text.chars().next())
}

/// A label such as 电话 or 负责人 is followed by its value: the bytes of what stands between, a colon,
/// blanks, 为. `None` when the next thing is not a value.
fn gap_after_label(text: &str, from: usize, fillers: &[&str]) -> Option<usize> {
    const LONGEST: usize = 12;
    let mut at = from;
    for _ in 0..LONGEST {
        let rest = text.get(at..)?;
        if let Some(filler) = fillers.iter().find(|filler| rest.starts_with(**filler)) {
            at += filler.len();
            continue;
        }
        match rest.chars().next() {
            Some(next) if is_blank(next) || matches!(next, '：' | ':' | '（' | '(' | SEPARATOR) =>
            {
                at += next.len_utf8();
            }
            _ => return (at > from).then_some(at),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::numbers::Medium;
    use super::*;
    use crate::load::config::Config;
    use crate::model::disclosure::EntityKind;

    #[test]
    fn no_text_makes_a_check_stumble() {
        let pieces = [
            "138",
            "0000",
            "1234",
            "-",
            " ",
            "+86",
            "0353",
            "2345678",
            "110101",
            "19900101",
            "X",
            "身份证",
            "电话",
            "：",
            "（",
            "）",
            "负责人",
            "王",
            "某",
            "×",
            "××",
            "{",
            "}",
            "{{",
            "%}",
            "$",
            "[Redacted",
            "]",
            "待填",
            "@",
            "a.cn",
            "<",
            ">",
            "</b>",
            "<p",
            "<!--",
            "-->",
            "&",
            "&amp;",
            "2022",
            "年",
            "度",
            "至",
            "《",
            "》",
            "本",
            "省",
            "直",
            "部门",
            "。",
            "；",
            ",",
            "内",
            "部",
            "资",
            "料",
            "审",
            "初",
            "\u{3000}",
            "\n",
            "\u{1f}",
            "😀",
            "\u{feff}",
        ];
        let rules = Rules::new(&Config::default());
        let frame = Frame {
            year: 2025,
            kind: Some(EntityKind::Unit),
            level: Some('县'),
        };
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut random = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % bound as u64).unwrap_or(0)
        };
        let mut found = 0;
        for _ in 0..20_000 {
            let text: String = (0..=random(12))
                .map(|_| pieces[random(pieces.len())])
                .collect();
            let mut hits = rules.find(&text, Medium::Text);
            hits.extend(rules.find(&text, Medium::Fields));
            stale::find(&text, frame, &mut hits);
            punctuation::find(&text, &mut hits);
            tags::find(&text, &mut hits);
            for hit in hits {
                assert!(!text[hit.range].is_empty(), "{text}");
                found += 1;
            }
            for path in ["a.html", "a.txt", "a.css"] {
                for finding in rendered(path, text.as_bytes(), &rules) {
                    assert!(finding.location.place.line > 0, "{text}");
                }
            }
        }
        assert!(found > 5_000, "{found} hits");
    }
}
