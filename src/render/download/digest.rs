//! Digests of files, by which a citation names a version and anybody can check it: `sha256sum t03.csv`.

use crate::digest::Stream;

/// Characters of a digest that a citation shows.
const SHOWN: usize = 12;

/// SHA-256 of the parts one after the other, in hexadecimal.
#[must_use]
pub fn hex<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut stream = Stream::default();
    for part in parts {
        stream.add(part);
    }
    stream.finish().to_string()
}

/// The beginning of a digest, as citations show it: twelve characters, and more when none of these is a
/// letter, so that it is never taken for a telephone number.
#[must_use]
pub fn short(hex: &str) -> &str {
    let letter = hex.bytes().position(|byte| byte.is_ascii_alphabetic());
    let end = letter.map_or(hex.len(), |at| (at + 1).max(SHOWN));
    &hex[..end.min(hex.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_and_the_beginning_has_a_letter() {
        let abc = hex([b"a".as_slice(), b"bc"]);
        assert_eq!(abc, hex([b"abc".as_slice()]));
        assert_eq!(short(&abc), "ba7816bf8f01");
        assert_eq!(short("035112345678901b2c"), "035112345678901b");
        assert_eq!(short("0123"), "0123");
    }
}
