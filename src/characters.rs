//! Which characters a text may hold: some are refused wherever text comes from, some that nobody sees are pointed out.
//!
//! Judged is what a text comes to, after the escapes of its format.

use memchr::memmem::find_iter;

/// What is wrong with a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It must not be published: XML has no place for it, it turns a line around, or pages use it as a mark.
    Forbidden,
    /// Nobody sees it, or each machine shows something else.
    Odd,
}

/// Controls, noncharacters, those that turn a line around, a byte order mark inside a text, and the private ones that
/// pages use as marks.
#[must_use]
pub const fn is_forbidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{e000}'..='\u{e00f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || character as u32 & 0xFFFE == 0xFFFE
}

/// Whether nothing of a character is seen, or another one than was meant. Joiners and selectors of variants are not
/// among them, for they may belong to the character before.
const fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// 私用区
const fn is_private(character: char) -> bool {
    matches!(character, '\u{e010}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Whether a terminal must not be given a character: it would be moved, or its reader see something else than there is.
#[must_use]
pub const fn is_hidden(character: char) -> bool {
    is_forbidden(character) || is_unseen(character)
}

/// What is wrong with a character after the one before it.
#[must_use]
pub fn judge(before: Option<char>, character: char) -> Option<Kind> {
    if is_forbidden(character) {
        return Some(Kind::Forbidden);
    }
    let odd = match character {
        // Selectors of Mongolian, marks of Arabic script.
        '\u{180b}'..='\u{180f}' => !matches!(before, Some('\u{1800}'..='\u{18af}')),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => !matches!(
            before,
            Some('\u{590}'..='\u{8ff}' | '\u{fb50}'..='\u{fdcf}' | '\u{fe70}'..='\u{fefe}')
        ),
        // Joiners of scripts that join their letters, and of emoji.
        '\u{200c}' | '\u{200d}' => {
            let joined = matches!(
                before,
                Some(
                    '\u{600}'..='\u{1cff}'
                    | '\u{2190}'..='\u{2bff}'
                    | '\u{fe0f}'
                    | '\u{1f000}'..='\u{1faff}',
                )
            );
            !joined
        }
        // Variants of Chinese characters, as names of persons and places have them.
        '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => !before.is_some_and(is_ideograph),
        '\u{fe0e}' | '\u{fe0f}' => {
            let symbol = matches!(
                before,
                Some(
                    '#'
                    | '*'
                    | '0'..='9'
                    | '\u{a9}'
                    | '\u{ae}'
                    | '\u{2010}'..='\u{32ff}'
                    | '\u{1f000}'..='\u{1faff}',
                )
            );
            !symbol
        }
        '\u{fe03}'..='\u{fe0d}' => true,
        _ => is_unseen(character) || is_private(character),
    };
    odd.then_some(Kind::Odd)
}

const fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// First bytes of the characters that are judged one by one; a text has few of them.
const LEADS: [bool; 256] = {
    let mut leads = [false; 256];
    let mut at = 0;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let byte = at as u8;
        leads[at] = matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 0x7F | 0xC2 | 0xCD | 0xD8 | 0xE1..=0xE3 | 0xEE | 0xEF | 0xF0..);
        at += 1;
    }
    leads
};

/// The characters of a text that are not plain ones, with where they start in bytes.
pub fn odd(text: &str) -> impl Iterator<Item = (usize, char, Kind)> {
    let bytes = text.as_bytes();
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let at = next
                + bytes[next..]
                    .iter()
                    .position(|byte| LEADS[usize::from(*byte)])?;
            let character = text[at..].chars().next()?;
            next = at + character.len_utf8();
            // Of the characters of this first byte, which Chinese text is full of, one is meant.
            if bytes[at] == 0xE3 && bytes[at + 1] != 0x85 {
                continue;
            }
            let before = text[..at].chars().next_back();
            if let Some(kind) = judge(before, character) {
                return Some((at, character, kind));
            }
        }
    })
}

/// Whether a text holds what must not be published.
#[must_use]
pub fn has_forbidden(text: &str) -> bool {
    odd(text).any(|(.., kind)| kind == Kind::Forbidden)
}

/// Characters that a page or a drawing has by their numbers, `&#8238;` or `&#x202e;`, with where they stand in bytes. No
/// name that HTML knows, such as `&rlm;`, is that of a forbidden one.
pub fn references(text: &str) -> impl Iterator<Item = (usize, char)> {
    find_iter(text.as_bytes(), "&#").filter_map(|at| {
        let rest = &text[at + 2..];
        let (digits, radix) = match rest.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (rest, 10),
        };
        let end = digits
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(digits.len());
        let number = u32::from_str_radix(&digits[..end], radix).ok()?;
        Some((at, char::from_u32(number)?))
    })
}

/// Characters that JSON has by their numbers, `\u202e`, with where they stand in bytes.
pub fn escapes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let at = next + text.get(next..)?.find('\\')?;
            // A backslash behind a backslash is a text.
            next = at + 1 + text[at + 1..].chars().next()?.len_utf8();
            let digits = text[at + 1..]
                .strip_prefix('u')
                .and_then(|rest| rest.get(..4));
            let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if let Some(character) = number.and_then(char::from_u32) {
                return Some((at, character));
            }
        }
    })
}

/// `U+202E`
#[must_use]
pub fn notation(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// `<U+202E>`, as it stands for the character in a text.
#[must_use]
pub fn numbered(character: char) -> String {
    format!("<{}>", notation(character))
}

/// A name of a file, which has no line ends either, with its characters that nobody sees told by their numbers: `甲<U+202E>乙`.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) || character.is_control() {
            out.push_str(&numbered(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// What a character is called, in Chinese and English.
#[must_use]
pub const fn name(character: char) -> (&'static str, &'static str) {
    match character {
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => ("控制字符", "a control character"),
        '\u{ad}' => ("软连字符", "a soft hyphen"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            ("改变文字方向的字符", "it turns the text around")
        }
        '\u{61c}' | '\u{200e}' | '\u{200f}' => ("书写方向标记", "a mark of writing direction"),
        '\u{200b}' | '\u{2060}' | '\u{2063}' | '\u{180e}' => ("零宽空格", "a blank of no width"),
        '\u{200c}' | '\u{200d}' | '\u{34f}' => ("零宽连字符", "a joiner of no width"),
        '\u{2028}' | '\u{2029}' => ("分行符", "a separator of lines"),
        '\u{feff}' => ("字节顺序标记", "a byte order mark"),
        '\u{fffd}' => (
            "替换符，原来的字已经丢失",
            "it stands for a character that was lost",
        ),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' => {
            ("看起来是空白的填充符", "a filler that looks like a blank")
        }
        '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180f}' | '\u{e0100}'..='\u{e01ef}' => {
            ("字形选择符", "a selector of variants")
        }
        '\u{e0000}'..='\u{e007f}' => ("看不见的标签字符", "an invisible tag"),
        '\u{e000}'..='\u{e00f}' => ("程序自己用的标记", "a mark that the program itself uses"),
        '\u{e010}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}' => (
            "私用区字符，各台机器显示不同",
            "a private character, which each machine shows in its own way",
        ),
        _ if character as u32 & 0xFFFE == 0xFFFE
            || matches!(character, '\u{fdd0}'..='\u{fdef}') =>
        {
            ("Unicode 规定不作文字用的码位", "no character")
        }
        _ => ("看不见的格式符", "an invisible sign of format"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(char, Kind)> {
        odd(text)
            .map(|(_, character, kind)| (character, kind))
            .collect()
    }

    #[test]
    fn each_character_of_unicode_is_judged_alike_in_a_text_and_alone() {
        let mut forbidden = 0;
        for character in '\0'..=char::MAX {
            let alone = judge(Some('甲'), character);
            let text = format!("甲{character}");
            let found: Vec<_> = odd(&text).collect();
            let expected: Vec<_> = alone.map(|kind| (3, character, kind)).into_iter().collect();
            assert_eq!(found, expected, "{}", notation(character));
            forbidden += usize::from(alone == Some(Kind::Forbidden));
            // What XML has no place for is never let pass.
            let xml = matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
            assert!(
                xml || alone == Some(Kind::Forbidden),
                "{}",
                notation(character)
            );
            if alone.is_some() {
                let (zh, en) = name(character);
                assert!(!zh.is_empty() && en.is_ascii());
            }
        }
        assert_eq!(forbidden, 29 + 33 + 16 + 32 + 1 + 5 + 4 + 34);
    }

    #[test]
    fn characters_by_their_numbers_are_found_where_they_stand() {
        let found: Vec<_> = references("甲&#8238;&amp;&#x202e;&#;&#xd800;&#0;").collect();
        assert_eq!(found, [(3, '\u{202e}'), (15, '\u{202e}'), (34, '\0')]);
        let found: Vec<_> = escapes(r"甲\u202e \\u202e \ud800\n\u00\u0008\").collect();
        assert_eq!(found, [(3, '\u{202e}'), (30, '\u{8}')]);
    }

    #[test]
    fn what_belongs_to_the_character_before_is_let_pass() {
        for text in [
            "葛\u{e0100}城",
            "☎\u{fe0f}",
            "👩\u{200d}💻",
            "می\u{200c}خواهم",
            "ᠠ\u{180b}",
            "“甲”、（乙）　·—…",
            "3\u{fe0f}",
            "①Ⅳ㎡℃",
            "\u{a0}\t\r\n",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
        for (text, character) in [
            ("甲\u{200d}乙", '\u{200d}'),
            ("甲\u{fe0f}", '\u{fe0f}'),
            ("a\u{e0100}", '\u{e0100}'),
            ("甲\u{200b}乙", '\u{200b}'),
            ("\u{3164}", '\u{3164}'),
            ("甲\u{e234}", '\u{e234}'),
            ("\u{e0041}", '\u{e0041}'),
        ] {
            assert_eq!(kinds(text), [(character, Kind::Odd)], "{text}");
        }
        assert_eq!(shown("甲\u{202e}乙\n"), "甲<U+202E>乙<U+000A>");
    }
}
