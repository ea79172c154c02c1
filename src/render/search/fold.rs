//! Text as the search compares it: full width as half width, capitals as small letters, no blanks,
//! no punctuation, no thousands separators. `static/script/search.js` folds what the reader types in
//! the same way.

/// A text folded.
///
/// `１２` is `12`, `“三公”经费` is `三公经费`, `3,764.74` is `3764.74`. Digits that something else stands
/// between stay apart by one blank: `第1、2条` is `第1 2条`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = Gap::None;
    for (at, character) in text.char_indices() {
        // Most of all there is, and nothing to decide.
        if matches!(character, '\u{4e00}'..='\u{9fff}') {
            gap = Gap::None;
            out.push(character);
            continue;
        }
        let character = narrow(character);
        if !is_kept(character) {
            if out.ends_with(|before: char| before.is_ascii_digit()) {
                gap = gap.with(character);
            }
            continue;
        }
        if character.is_ascii_digit() {
            match gap {
                Gap::None => {}
                Gap::Point => out.push('.'),
                Gap::Comma if has_three_digits(&text[at..]) => {}
                Gap::Comma | Gap::Other => out.push(' '),
            }
        }
        gap = Gap::None;
        out.push(character);
    }
    out
}

/// What stands between a digit and the next character that is kept.
#[derive(Clone, Copy)]
enum Gap {
    None,
    Point,
    Comma,
    Other,
}

impl Gap {
    const fn with(self, character: char) -> Self {
        match (self, character) {
            (Self::None, '.') => Self::Point,
            (Self::None, ',') => Self::Comma,
            _ => Self::Other,
        }
    }
}

/// Whether exactly three digits follow, so that a comma before them parts thousands.
fn has_three_digits(text: &str) -> bool {
    let digits = text.chars().take(4).map(narrow);
    digits.take_while(char::is_ascii_digit).count() == 3
}

/// Full width as half width, capitals as small letters.
fn narrow(character: char) -> char {
    let half = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        other => other,
    };
    half.to_ascii_lowercase()
}

/// Whether a character counts. Dropped are blanks, punctuation, signs, private use.
fn is_kept(character: char) -> bool {
    match character {
        '\0'..='\x7f' => character.is_ascii_alphanumeric(),
        '〇' => true,
        '\u{80}'..='\u{bf}'
        | '×'
        | '÷'
        | '\u{2000}'..='\u{2bff}'
        | '\u{3000}'..='\u{303f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe10}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ffff}' => false,
        _ => true,
    }
}

/// A number without what its writing adds: `89.00`, `89.0` and `89` are one; the sign is dropped.
#[must_use]
pub fn plain_number(folded: &str) -> &str {
    if folded.contains('.') {
        folded.trim_end_matches('0').trim_end_matches('.')
    } else {
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_punctuation_and_separators_make_no_difference() {
        for (text, folded) in [
            ("１２", "12"),
            ("“三公”经费", "三公经费"),
            ("因公出国（境）费", "因公出国境费"),
            ("3,764.74", "3764.74"),
            ("1，234，567", "1234567"),
            ("2024，2025年", "2024 2025年"),
            ("第1、2条", "第1 2条"),
            ("-66.26", "66.26"),
            ("ＩＣＰ 备", "icp备"),
            ("8023部队 体检", "8023部队体检"),
            ("5.", "5"),
            ("二〇二五", "二〇二五"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_number_is_the_same_however_many_digits_it_is_written_with() {
        for (text, plain) in [
            ("89.00", "89"),
            ("89.10", "89.1"),
            ("100", "100"),
            ("0.00", "0"),
        ] {
            assert_eq!(plain_number(text), plain);
        }
    }
}
