//! A quick fingerprint of what was made from what. It serves the next run of the same program and nobody else: what is
//! published has a SHA-256.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// Bytes of a stream that are read at once.
const PIECE: usize = 64 * 1024;

/// 128 bits of XXH3: equal for equal bytes, and not by chance for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mark(u128);

/// Marks parts so that no two lists of parts are the same stream.
#[derive(Clone, Default)]
pub struct Marks(Xxh3);

impl Mark {
    /// Size in bytes.
    pub const SIZE: usize = 16;

    /// Of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// Of bytes that come in parts.
    #[must_use]
    pub fn of_parts(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Self {
        let mut hasher = Xxh3::new();
        for part in parts {
            hasher.update(part.as_ref());
        }
        Self(hasher.digest128())
    }

    /// Of a stream, a piece at a time.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(mut from: impl Read) -> io::Result<Self> {
        let (mut hasher, mut piece) = (Xxh3::new(), vec![0; PIECE]);
        loop {
            match from.read(&mut piece) {
                Ok(0) => return Ok(Self(hasher.digest128())),
                Ok(read) => hasher.update(&piece[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// As bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; Self::SIZE] {
        self.0.to_le_bytes()
    }

    /// The mark of a set: the order of its members does not matter.
    #[must_use]
    pub fn and(self, member: Self) -> Self {
        Self(self.0.wrapping_add(member.0))
    }
}

impl Marks {
    /// Adds a part.
    pub fn add(&mut self, part: impl AsRef<[u8]>) -> &mut Self {
        let part = part.as_ref();
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// The mark of all parts.
    #[must_use]
    pub fn finish(&self) -> Mark {
        Mark(self.0.digest128())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other_and_sets_have_no_order() {
        let of = |parts: &[&str]| {
            let mut marks = Marks::default();
            for part in parts {
                marks.add(part);
            }
            marks.finish()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a", ""]), of(&["a"]));
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        let (a, b) = (Mark::of(b"a"), Mark::of(b"b"));
        assert_eq!(a.and(b), b.and(a));
        assert_ne!(a.and(b), a.and(a));
        assert_eq!(Mark::of_parts(["ab", "c"]), Mark::of(b"abc"));
        let long = vec![b'a'; 3 * PIECE + 7];
        assert_eq!(
            Mark::read(&long[..]).expect("memory is read"),
            Mark::of(&long)
        );
    }
}
