//! Which words a shard may hold, in a fixed number of bits, so that the script can leave out shards
//! that cannot match without loading them.
//!
//! Each word sets bits at places that its hash gives; a query asks whether the bits of its words are
//! set. A set bit may stem from another word, which costs a shard loaded in vain and nothing else. The
//! size does not depend on the disclosure, and the bits of all disclosures side by side can be cut into
//! files by their place, so that a query loads a few of them (`site`).

use super::fold::{fold, plain_number};

/// Bits of a signature; a power of two. Twice as many halve the shards loaded in vain: the reference
/// disclosure sets about one bit in eight.
pub const BITS: usize = 1 << 15;

/// A number is known by its first digits, at most as many as this.
const LONGEST_PREFIX: usize = 12;

/// The bits of one disclosure.
pub struct Signature {
    bytes: Box<[u8]>,
    /// The text at hand as the script sees it.
    units: Vec<u16>,
}

impl Signature {
    /// Without a word.
    #[must_use]
    pub fn new() -> Self {
        Self {
            bytes: vec![0; BITS / 8].into(),
            units: Vec::new(),
        }
    }

    /// The bits: number `n` is bit `n % 8` of byte `n / 8`.
    #[must_use]
    pub fn into_bytes(self) -> Box<[u8]> {
        self.bytes
    }

    /// Adds a text: every two characters side by side, and each number.
    pub fn add_text(&mut self, text: &str) {
        for part in fold(text).split(' ') {
            let mut rest = part;
            while let Some(first) = rest.chars().next() {
                let number = is_of_number(first);
                let end = rest.find(|next| is_of_number(next) != number);
                let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
                if !number {
                    self.add_pairs(run);
                } else if run.contains('.') {
                    self.add_number(run);
                } else {
                    self.add_prefixes(run);
                }
                rest = after;
            }
        }
    }

    /// Adds an amount as printed, which is found only as a whole.
    pub fn add_amount(&mut self, text: &str) {
        self.add_number(&fold(text));
    }

    /// Adds a number that is found by its first digits: a code, a year.
    pub fn add_prefixes(&mut self, digits: &str) {
        let mut hash = Hash::new('#');
        for digit in digits.encode_utf16().take(LONGEST_PREFIX) {
            hash.add(digit);
            self.set_both(hash);
        }
    }

    fn add_number(&mut self, folded: &str) {
        let mut hash = Hash::new('=');
        for unit in plain_number(folded).encode_utf16() {
            hash.add(unit);
        }
        self.set_both(hash);
    }

    fn add_pairs(&mut self, run: &str) {
        let mut units = std::mem::take(&mut self.units);
        units.clear();
        units.extend(run.encode_utf16());
        for pair in units.windows(2) {
            let mut hash = Hash::new('~');
            hash.add(pair[0]);
            hash.add(pair[1]);
            self.set(hash.places().0);
        }
        self.units = units;
    }

    /// Numbers are many and asked for alone, so each has two bits.
    fn set_both(&mut self, hash: Hash) {
        let (first, second) = hash.places();
        self.set(first);
        self.set(second);
    }

    fn set(&mut self, place: usize) {
        self.bytes[place / 8] |= 1 << (place % 8);
    }
}

impl Default for Signature {
    fn default() -> Self {
        Self::new()
    }
}

const fn is_of_number(character: char) -> bool {
    character.is_ascii_digit() || character == '.'
}

/// FNV-1a over UTF-16 units, mixed at the end; `search.js` has the same.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    fn new(kind: char) -> Self {
        let mut hash = Self(0x811c_9dc5);
        hash.add(u16::try_from(kind as u32).unwrap_or_default());
        hash
    }

    fn add(&mut self, unit: u16) {
        self.0 = (self.0 ^ u32::from(unit)).wrapping_mul(0x0100_0193);
    }

    fn places(self) -> (usize, usize) {
        let mut hash = self.0;
        hash ^= hash >> 15;
        hash = hash.wrapping_mul(0x2c1b_3c6d);
        hash ^= hash >> 12;
        let place = |hash: u32| hash as usize % BITS;
        (place(hash), place(hash >> 15))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(add: impl FnOnce(&mut Signature)) -> Box<[u8]> {
        let mut signature = Signature::new();
        add(&mut signature);
        signature.into_bytes()
    }

    fn holds(all: &[u8], some: &[u8]) -> bool {
        all.iter().zip(some).all(|(all, some)| all & some == *some)
    }

    #[test]
    fn what_a_text_holds_is_known_by_its_parts_and_nothing_else_is() {
        let all = of(|all| {
            all.add_text("“三公”经费共6.20万元，2025年");
            all.add_amount("3,764.74");
            all.add_prefixes("2080905");
        });
        for text in ["三公经费", "共6.2万元", "2025", "202"] {
            assert!(holds(&all, &of(|some| some.add_text(text))), "{text}");
        }
        for number in ["3764.74", "6.20"] {
            assert!(holds(&all, &of(|some| some.add_amount(number))), "{number}");
        }
        assert!(holds(&all, &of(|some| some.add_prefixes("20809"))));
        for text in ["退役安置", "2026", "3764"] {
            assert!(!holds(&all, &of(|some| some.add_text(text))), "{text}");
        }
    }

    #[test]
    fn bits_stand_where_the_script_looks_for_them() {
        let places = |kind, text: &str| {
            let mut hash = Hash::new(kind);
            for unit in text.encode_utf16() {
                hash.add(unit);
            }
            hash.places()
        };
        assert_eq!(places('~', "三公").0, 4073);
        assert_eq!(places('#', "2080905"), (22945, 10722));
        assert_eq!(places('=', "3764.74"), (23401, 1943));
    }
}
