//! SHA-256 of files and of what they are made from.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use engine::Sha256;

/// Bytes of a stream that are read at once.
const PIECE: usize = 64 * 1024;

/// A SHA-256. Printed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest([u8; 32]);

/// One file by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Of its bytes.
    pub sha256: Digest,
    /// In bytes.
    pub size: u64,
}

#[cfg(feature = "ring")]
mod engine {
    use ring::digest::{Context, SHA256};

    /// As `ring` computes it.
    #[derive(Clone)]
    pub struct Sha256(Context);

    impl Default for Sha256 {
        fn default() -> Self {
            Self(Context::new(&SHA256))
        }
    }

    impl Sha256 {
        pub fn update(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        pub fn finish(self) -> [u8; 32] {
            let digest = self.0.finish();
            digest.as_ref().try_into().expect("a SHA-256 has 32 bytes")
        }
    }
}

#[cfg(not(feature = "ring"))]
mod engine {
    use sha2::Digest as _;

    /// As `sha2` computes it.
    #[derive(Clone, Default)]
    pub struct Sha256(sha2::Sha256);

    impl Sha256 {
        pub fn update(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        pub fn finish(self) -> [u8; 32] {
            self.0.finalize().into()
        }
    }
}

/// Digests bytes as they come.
#[derive(Clone, Default)]
pub struct Stream(Sha256);

/// Digests parts so that no two lists of parts are the same stream.
#[derive(Clone, Default)]
pub struct Parts(Stream);

impl Digest {
    /// Of bytes as they are, as `sha256sum` prints it.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut stream = Stream::default();
        stream.add(bytes);
        stream.finish()
    }
}

impl FileDigest {
    /// Of a file.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            sha256: Digest::of(bytes),
            size: bytes.len() as u64,
        }
    }

    /// Of a stream, a piece at a time.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(mut from: impl Read) -> io::Result<Self> {
        let (mut stream, mut size) = (Stream::default(), 0);
        let mut piece = vec![0; PIECE];
        loop {
            match from.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => {
                    stream.add(&piece[..read]);
                    size += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            sha256: stream.finish(),
            size,
        })
    }
}

impl Stream {
    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finish())
    }
}

impl Parts {
    /// Adds a part.
    pub fn add(&mut self, part: impl AsRef<[u8]>) -> &mut Self {
        let part = part.as_ref();
        self.0.add(&(part.len() as u64).to_le_bytes());
        self.0.add(part);
        self
    }

    /// Adds a text, whose line ends may be those of Windows.
    pub fn add_text(&mut self, text: &str) -> &mut Self {
        if text.contains('\r') {
            self.add(text.replace("\r\n", "\n"))
        } else {
            self.add(text)
        }
    }

    /// The digest of all parts.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(str::from_utf8(&text).expect("digits are ASCII"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "64 hexadecimal digits";
        if text.len() != 64 || !text.is_ascii() {
            return Err(EXPECTED);
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| EXPECTED)?;
        }
        Ok(Self(bytes))
    }
}

/// As text for people, as bytes for the program.
impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            <[u8; 32]>::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_printed() {
        let digest = Digest::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse(), Ok(digest));
        for wrong in ["", "ba78", &text.replace('b', "g"), &"é".repeat(32)] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_stream_has_the_digest_of_its_bytes() {
        for size in [0, 3, PIECE, 3 * PIECE + 7] {
            let bytes = vec![b'a'; size];
            let read = FileDigest::read(&bytes[..]).expect("memory is read");
            assert_eq!(read, FileDigest::of(&bytes), "{size}");
            let other = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
            assert_eq!(read.sha256.0, *other, "{size}");
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |parts: &[&str]| {
            let mut digest = Parts::default();
            for part in parts {
                digest.add(part);
            }
            digest.finish()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a", ""]), of(&["a"]));
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
    }
}
