//! A text as a reader takes it: wide and styled letters and digits plain, blanks and dashes of one
//! kind, what cannot be seen left out. What is found in it is told as a stretch of the source.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

/// A normalised text and the way back to its source.
#[derive(Debug)]
pub struct Plain<'a> {
    pub text: Cow<'a, str>,
    /// Places in bytes, in the text and in the source, from which both go on alike.
    joints: Vec<(usize, usize)>,
}

/// What a character becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Same,
    Nothing,
    As(char),
    /// Plain in company only: ⑬⑧, but ① alone begins an item, ² alone is a note.
    Raised(char),
    /// A dash behind a digit, otherwise as it is.
    Dash,
}

impl<'a> Plain<'a> {
    /// Takes one pass; a text without any such character is borrowed.
    pub fn of(source: &'a str) -> Self {
        let mut text = String::new();
        let mut joints = Vec::new();
        let mut copied = 0;
        let mut raised = false;
        let bytes = source.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if !may_change(*byte) {
                at += 1;
                continue;
            }
            let Some((mut form, length)) = written(source, at) else {
                at += 1;
                continue;
            };
            let end = at + length;
            if let Form::Raised(plain) = form {
                let beside = (raised && copied == at)
                    || written(source, end)
                        .is_some_and(|(form, _)| matches!(form, Form::Raised(_)));
                form = if beside { Form::As(plain) } else { Form::Same };
                raised = beside;
            }
            if form == Form::Dash {
                let near = if copied == at {
                    &text
                } else {
                    &source[copied..at]
                };
                let behind = near.ends_with(|c: char| c.is_ascii_digit());
                form = if behind { Form::As('-') } else { Form::Same };
            }
            if form != Form::Same {
                text.push_str(&source[copied..at]);
                joints.push((text.len(), at));
                if let Form::As(plain) = form {
                    text.push(plain);
                }
                joints.push((text.len(), end));
                copied = end;
            }
            at = end;
        }
        if joints.is_empty() {
            return Self {
                text: Cow::Borrowed(source),
                joints,
            };
        }
        text.push_str(&source[copied..]);
        Self {
            text: Cow::Owned(text),
            joints,
        }
    }

    /// The stretch of the source that a stretch of the text, which is not empty, was written as.
    pub fn source(&self, range: &Range<usize>) -> Range<usize> {
        let along = |joint: usize, at: usize| {
            let (here, there) = joint
                .checked_sub(1)
                .map_or((0, 0), |joint| self.joints[joint]);
            there + at - here
        };
        let start = self
            .joints
            .partition_point(|(here, _)| *here <= range.start);
        let end = self.joints.partition_point(|(here, _)| *here < range.end);
        let exact = self.joints.get(end).filter(|(here, _)| *here == range.end);
        let end = exact.map_or_else(|| along(end, range.end), |(_, there)| *there);
        along(start, range.start)..end
    }
}

/// The plain form of one character, for what is compared with a plain text.
pub fn character(character: char) -> char {
    match form(character) {
        Form::As(plain) => plain,
        _ => character,
    }
}

/// Whether a reader takes a character for a digit.
pub fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
        || matches!(form(character), Form::As(plain) | Form::Raised(plain) if plain.is_ascii_digit())
}

/// First bytes of characters that have another form, of references and of emphasis.
const fn may_change(byte: u8) -> bool {
    matches!(byte, b'&' | b'*' | 0xc2 | 0xcc | 0xcd | 0xd8 | 0xe1..=0xe3 | 0xef..)
}

/// The form of what is written at `at`, and its length in bytes.
fn written(source: &str, at: usize) -> Option<(Form, usize)> {
    let rest = source.get(at..)?;
    let first = rest.chars().next()?;
    match first {
        '&' => reference(rest),
        '*' => {
            // Emphasis within a number; a longer run hides digits.
            let stars = rest.bytes().take_while(|b| *b == b'*').count();
            let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            let inside = digit(source.as_bytes()[..at].last()) && digit(rest.as_bytes().get(stars));
            let form = if stars <= 2 && inside {
                Form::Nothing
            } else {
                Form::Same
            };
            Some((form, stars))
        }
        _ => Some((form(first), first.len_utf8())),
    }
}

/// A character reference such as `&nbsp;` or `&#8203;`.
fn reference(rest: &str) -> Option<(Form, usize)> {
    const LONGEST: usize = 10;
    let end = rest.bytes().take(LONGEST).position(|b| b == b';')?;
    let form = match &rest[1..end] {
        "nbsp" | "ensp" | "emsp" | "thinsp" | "numsp" => Form::As(' '),
        "shy" | "zwj" | "zwnj" | "NoBreak" => Form::Nothing,
        "commat" => Form::As('@'),
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let character = char::from_u32(code.ok()?)?;
            match form(character) {
                Form::Same if character.is_ascii_alphanumeric() || "@.-".contains(character) => {
                    Form::As(character)
                }
                form => form,
            }
        }
    };
    Some((form, end + 1))
}

fn form(character: char) -> Form {
    match character {
        '\0'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Form::Same,
        '\u{ad}'
        | '\u{300}'..='\u{36f}'
        | '\u{61c}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}' => Form::Nothing,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '－' => Form::Dash,
        _ if character.is_whitespace() => Form::As(' '),
        _ => {
            let mut plain = std::iter::once(character).nfkc();
            match (plain.next(), plain.next()) {
                (Some(one), None) if one != character => compatible(character, one),
                _ => Form::Same,
            }
        }
    }
}

/// Letters, digits, signs of addresses and 汉字; wide brackets and colons stay as the checks know them.
fn compatible(character: char, plain: char) -> Form {
    let raised = matches!(
        character,
        '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}'..='\u{209c}' | '\u{2460}'..='\u{24ff}'
    );
    match plain {
        _ if raised && plain.is_ascii_digit() => Form::Raised(plain),
        _ if plain.is_ascii_alphanumeric() || matches!(plain, '@' | '.' | '+' | '_') => {
            Form::As(plain)
        }
        _ if super::is_han(plain) => Form::As(plain),
        _ => Form::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_takes_for_the_same_becomes_the_same() {
        for (source, text) in [
            ("预算2025年，（1）", "预算2025年，（1）"),
            ("１３８", "138"),
            ("𝟏𝟑𝟖", "138"),
            ("①③⑧", "138"),
            ("①2025", "①2025"),
            ("13²", "13²"),
            ("138\u{a0}1\u{ad}2\u{200b}3", "138 123"),
            ("1\u{fe0f}\u{20e3}3", "13"),
            ("138－3532—9384−1", "138-3532-9384-1"),
            ("电话—138", "电话—138"),
            ("a＠ｂ．cn", "a@b.cn"),
            ("138**3532**9384", "13835329384"),
            ("138****9384", "138****9384"),
            ("138&nbsp;3&#8203;&#x35;", "138 35"),
            ("甲&amp;乙&", "甲&amp;乙&"),
        ] {
            assert_eq!(Plain::of(source).text, text, "{source}");
        }
    }

    #[test]
    fn a_stretch_leads_back_to_what_was_written() {
        let source = "甲\u{200b}１\u{ad}３\u{200b}乙";
        let plain = Plain::of(source);
        let at = plain.text.find("13").expect("digits");
        assert_eq!(&source[plain.source(&(at..at + 2))], "１\u{ad}３");
    }
}
