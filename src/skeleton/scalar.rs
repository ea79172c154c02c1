//! Texts as YAML scalars that stand between braces: the one writer of them.
//!
//! What is written is read back as the same text, but for characters that no data file may hold: they are
//! written as escapes, so that the reader names their place.

use std::fmt::Write as _;

use crate::characters::is_hidden;

/// A figure as a scalar: digits as they are, anything else as the text that it is.
pub fn figure(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.to_owned() } else { scalar(text) }
}

/// A text as a scalar: plain where nothing in it means anything to YAML, else in quotation marks.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text between quotation marks.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other if is_hidden(other) => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a text starts as a word does and holds no sign of YAML. A text of digits is a code, and
/// a code is quoted.
fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || !c.is_ascii();
    let inner = |c: char| word(c) || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')' | '/' | '%');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off"];
    text.starts_with(word)
        && text.chars().all(inner)
        && !text.ends_with(char::is_whitespace)
        && !text.starts_with(char::is_whitespace)
        && text.chars().any(char::is_alphabetic)
        && !(text.starts_with(|c: char| c.is_ascii_digit()) && text.is_ascii())
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
        && !text.contains(is_hidden)
}

#[cfg(test)]
mod tests {
    use super::{figure, scalar};
    use crate::characters::{is_hidden, odd};
    use crate::diagnostic::Diagnostics;
    use crate::source::{Source, SourceFile};
    use crate::yaml::{self, Kind};

    /// What a reader makes of a scalar that stands between braces and of one that ends its line; `None` where it
    /// reports a fault.
    fn read(written: &str) -> Option<[String; 2]> {
        let source = Source::new(SourceFile {
            path: "x.yaml".to_owned(),
            text: format!("a:\n  - {{name: {written}, next: 1}}\nb: {written}\nc: 1\n"),
        });
        let mut faults = Diagnostics::default();
        let node = yaml::parse(&source, &mut faults).filter(|_| faults.is_empty())?;
        let Kind::List(items) = &node.get("a")?.kind else {
            panic!("a list: {written}")
        };
        assert!(
            items[0].get("next").is_some() && node.get("c").is_some(),
            "{written}"
        );
        let text = |node: Option<&yaml::Node>| match node.map(|node| &node.kind) {
            Some(Kind::Scalar { text, .. }) => text.to_string(),
            other => panic!("{written}: {other:?}"),
        };
        Some([text(items[0].get("name")), text(node.get("b"))])
    }

    #[test]
    fn every_text_is_read_back_as_it_is() {
        for (text, written) in [
            ("一、一般公共预算", "一、一般公共预算"),
            ("①公务用车购置费", "①公务用车购置费"),
            ("“三公”经费", "“三公”经费"),
            ("1. 因公出国（境）费", "1. 因公出国（境）费"),
            ("20805", "\"20805\""),
            ("1e3", "\"1e3\""),
            ("否 定", "否 定"),
            ("No", "\"No\""),
            ("a, b", "\"a, b\""),
            ("甲: 乙", "\"甲: 乙\""),
            ("甲 #乙", "\"甲 #乙\""),
            ("{甲}", "\"{甲}\""),
            ("- 甲", "\"- 甲\""),
            ("他说\"好\"\\", "\"他说\\\"好\\\"\\\\\""),
            ("", "\"\""),
            ("甲\n乙", "\"甲\\n乙\""),
            ("甲\r乙", "\"甲\\r乙\""),
            ("甲\u{3000}", "\"甲\u{3000}\""),
        ] {
            assert_eq!(scalar(text), written);
            let back = read(written).expect(text);
            assert_eq!(back, [text, text]);
        }
    }

    #[test]
    fn a_figure_stands_as_it_is_and_nothing_else_passes_for_one() {
        for (text, written) in [
            ("3764.74", "3764.74"),
            ("-12.00", "-12.00"),
            ("无数据", "无数据"),
            ("1,000.00", "\"1,000.00\""),
            ("1, other: 2", "\"1, other: 2\""),
            ("", "\"\""),
        ] {
            assert_eq!(figure(text), written);
            assert_eq!(read(written).expect(text), [text, text]);
        }
    }

    #[test]
    fn any_text_comes_back_or_is_reported() {
        const SIGNS: &[char] = &[
            'a',
            'N',
            '0',
            '1',
            '9',
            '.',
            '-',
            '+',
            ' ',
            ' ',
            '\t',
            '\n',
            '\r',
            ':',
            '#',
            ',',
            '{',
            '}',
            '[',
            ']',
            '"',
            '\'',
            '\\',
            '&',
            '*',
            '!',
            '|',
            '>',
            '%',
            '@',
            '`',
            '?',
            '~',
            '=',
            '<',
            '甲',
            '、',
            '（',
            '“',
            '　',
            '\u{85}',
            '\u{a0}',
            '\u{2028}',
            '\u{2029}',
            '\u{feff}',
            '\u{7}',
            '\0',
            '\u{7f}',
            '\u{200b}',
            '\u{202e}',
            '\u{e000}',
            '\u{fffd}',
            '\u{fffe}',
            '\u{ffff}',
            '\u{1f600}',
            '\u{10ffff}',
        ];
        let words = [
            "true", "null", "~", "---", "...", "- ", ": ", " #", "{{", "<<",
        ];
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut random = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % bound as u64).unwrap_or(0)
        };
        let mut back = 0;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..=random(6) {
                match random(8) {
                    0 => text.push_str(words[random(words.len())]),
                    1 => text.extend(char::from_u32(
                        u32::try_from(random(0x0011_0000)).unwrap_or(0),
                    )),
                    _ => text.push(SIGNS[random(SIGNS.len())]),
                }
            }
            let written = scalar(&text);
            assert!(
                !written.contains(['\n', '\r']) && !written.contains(is_hidden),
                "{text:?}"
            );
            match read(&written) {
                Some(found) => {
                    assert_eq!(found, [text.as_str(), text.as_str()], "{written}");
                    back += 1;
                }
                // Only what no data file should hold is pointed out.
                None => assert!(odd(&text).next().is_some(), "{text:?}"),
            }
        }
        assert!(back > 10_000, "{back}");
    }
}
