//! The sums and dates by which a personal number is told from another of its length.

use std::ops::Range;

/// Whether eight digits are a day between 1900 and 2099.
pub fn is_date(digits: &str) -> bool {
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(4..6), part(6..8)) else {
        return false;
    };
    (1900..=2099).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// 公民身份号码 of 18 characters: place, date, number, checksum (GB 11643, ISO 7064 MOD 11-2).
pub fn is_identity(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [u8; 11] = *b"10X98765432";
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !matches!(bytes[0], b'1'..=b'8') || !is_date(&text[6..14]) {
        return false;
    }
    let sum: u32 = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECKS[(sum % 11) as usize] == bytes[17].to_ascii_uppercase()
}

/// Number of a bank card: an issuer that is in use here, and the checksum of Luhn.
pub fn is_card(digits: &str) -> bool {
    let issued = digits.starts_with(['3', '4', '5', '6']) || digits.starts_with("9558");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| match (at % 2, u32::from(byte - b'0')) {
            (0, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    issued && (16..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_this_century_or_the_last() {
        for (digits, valid) in [
            ("19900101", true),
            ("20250124", true),
            ("20251301", false),
            ("20250132", false),
            ("18990101", false),
            ("2025012", false),
        ] {
            assert_eq!(is_date(digits), valid, "{digits}");
        }
    }

    #[test]
    fn the_last_character_of_an_identity_number_is_its_checksum() {
        for (number, valid) in [
            ("110101199001011237", true),
            ("11010119900101004X", true),
            ("11010119900101004x", true),
            ("110101199001011238", false),
            ("110101199013011230", false),
            ("910101199001011237", false),
            ("11010119900101123", false),
        ] {
            assert_eq!(is_identity(number), valid, "{number}");
        }
    }

    #[test]
    fn a_card_number_has_the_checksum_of_luhn_and_a_known_issuer() {
        for (number, valid) in [
            ("6222000011112223", true),
            ("6222000011112224", false),
            ("4000000000000002", true),
            ("2025012416191504", false),
            ("622200001111222", false),
        ] {
            assert_eq!(is_card(number), valid, "{number}");
        }
    }
}
