//! Escapes of double-quoted texts: `"\\u202E"` -> what it comes to.

/// The escapes of a text between double quotes, `raw` starting behind the first of them: where each starts in bytes, how
/// long it is and what it comes to.
pub fn escapes(raw: &str) -> impl Iterator<Item = (usize, usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + raw.get(at..)?.find(['\\', '"'])?;
            if raw[found..].starts_with('"') {
                return None;
            }
            let (length, character) = escape(&raw[found..]);
            at = found + length;
            if let Some(character) = character {
                return Some((found, length, character));
            }
        }
    })
}

/// Length of an escape in bytes, and what it comes to if that is one character.
fn escape(raw: &str) -> (usize, Option<char>) {
    let Some(letter) = raw[1..].chars().next() else {
        return (1, None);
    };
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let number = raw.get(2..2 + digits);
        let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        return match number {
            Some(number) => (2 + digits, char::from_u32(number)),
            None => (2, None),
        };
    }
    let character = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return (1 + letter.len_utf8(), None),
    };
    (2, Some(character))
}

#[cfg(test)]
mod tests {
    use super::escapes;

    #[test]
    fn escapes_are_found_up_to_the_closing_quote() {
        let raw = r#"甲\x41\\u202e\"\u202E\b" \0"#;
        let found: Vec<char> = escapes(raw).map(|(.., character)| character).collect();
        assert_eq!(found, ['A', '\u{202e}', '\u{8}']);
    }
}
