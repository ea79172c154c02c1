//! Values that stay as bytes until somebody looks at them: most of what a run leaves for the next one is only carried
//! on.
//!
//! [`store`] gives the bytes of a value, with all that is packed in it beside as it is; [`load`] reads them again.
//! Where the packed parts stand is known to both by a place of the thread, for serde hands nothing through.

use std::cell::RefCell;
use std::fmt;
use std::ops::{Deref, Range};
use std::panic::resume_unwind;
use std::sync::{Arc, OnceLock};

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

thread_local! {
    /// Packed parts of what is stored, and how long they are together.
    static STORED: RefCell<Option<(Vec<Bytes>, usize)>> = const { RefCell::new(None) };
    /// Where the packed parts stand of what is loaded.
    static LOADED: RefCell<Option<Bytes>> = const { RefCell::new(None) };
}

/// The bytes of a value without what is packed in it, and that.
///
/// # Errors
/// When the value cannot be stored.
pub fn store(value: &impl Serialize) -> Result<(Vec<u8>, Vec<Bytes>), postcard::Error> {
    STORED.set(Some((Vec::new(), 0)));
    let bytes = postcard::to_stdvec(value);
    let parts = STORED.take().unwrap_or_default().0;
    Ok((bytes?, parts))
}

/// A value from its bytes; `parts` are those that are packed in it, one after the other.
///
/// # Errors
/// When they are not what [`store`] has given.
pub fn load<T: DeserializeOwned>(bytes: &[u8], parts: Bytes) -> Result<T, postcard::Error> {
    LOADED.set(Some(parts));
    let value = postcard::from_bytes(bytes);
    LOADED.set(None);
    value
}

/// A part of a shared buffer.
#[derive(Clone)]
pub struct Bytes {
    buffer: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Bytes {
    /// Part of it; `None` when it is not so long.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Option<Self> {
        self.get(range.clone())?;
        let above = self.range.start;
        Some(Self {
            buffer: Arc::clone(&self.buffer),
            range: range.start + above..range.end + above,
        })
    }

    /// Whether both are the same part of the same buffer, so that they are equal without a look.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.buffer, &other.buffer) && self.range == other.range
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || **self == **other
    }
}

impl Eq for Bytes {}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let range = STORED.with_borrow_mut(|stored| {
            let (parts, end) = stored.as_mut()?;
            let start = *end;
            *end += self.len();
            parts.push(self.clone());
            Some(start..*end)
        });
        let range = range.ok_or_else(|| S::Error::custom("packed::store has not been called"))?;
        range.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let range = Range::<usize>::deserialize(deserializer)?;
        let part = LOADED.with_borrow(|parts| parts.as_ref()?.part(range));
        part.ok_or_else(|| D::Error::custom("no such part"))
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            range: 0..bytes.len(),
            buffer: Arc::new(bytes),
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer[self.range.clone()]
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// What unwinds from a look at a value whose bytes are none. They are marked, so the program has not written them:
/// whoever has read them catches it, and goes on without.
#[derive(Debug)]
pub struct Damaged;

/// A value, or the bytes that it was stored as. A look at bytes that are none unwinds with [`Damaged`].
pub struct Packed<T>(Arc<Inner<T>>);

struct Inner<T> {
    stored: Option<Bytes>,
    value: OnceLock<T>,
}

impl<T> Packed<T> {
    /// A value that has not been stored yet.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Arc::new(Inner {
            stored: None,
            value: OnceLock::from(value),
        }))
    }

    /// Whether both are the same value in memory, so that they are equal without a look.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Serialize> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(bytes) = &self.0.stored {
            return bytes.serialize(serializer);
        }
        let value = self.0.value.get();
        let value = value.ok_or_else(|| S::Error::custom("neither a value nor its bytes"))?;
        let bytes = postcard::to_stdvec(value).map_err(S::Error::custom)?;
        Bytes::from(bytes).serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Arc::new(Inner {
            stored: Some(Bytes::deserialize(deserializer)?),
            value: OnceLock::new(),
        })))
    }
}

impl<T: DeserializeOwned> Deref for Packed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.value.get_or_init(|| {
            let bytes = self.0.stored.as_deref().unwrap_or_default();
            postcard::from_bytes(bytes).unwrap_or_else(|_| resume_unwind(Box::new(Damaged)))
        })
    }
}

impl<T> Clone for Packed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: fmt::Debug> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.value.get() {
            Some(value) => value.fmt(f),
            None => self.0.stored.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_read_as_it_was_stored_and_carried_on_unread() {
        let words = vec!["一".to_owned(), "b".to_owned()];
        let first = (
            Packed::new(words.clone()),
            Bytes::from(b"abc".to_vec()),
            7_u8,
        );
        let joined = |parts: Vec<Bytes>| {
            Bytes::from(parts.iter().fold(Vec::new(), |mut all, part| {
                all.extend_from_slice(part);
                all
            }))
        };
        let (bytes, parts) = store(&first).expect("plain data");
        let second: (Packed<Vec<String>>, Bytes, u8) =
            load(&bytes, joined(parts)).expect("as stored");
        let (again, parts) = store(&second).expect("bytes");
        assert_eq!(again, bytes);
        assert!(second.0.0.value.get().is_none(), "carried on unread");
        assert_eq!((&*second.0, &second.1, second.2), (&words, &first.1, 7));
        assert!(second.0.is(&second.0.clone()) && !second.0.is(&first.0));
        assert!(load::<(Packed<Vec<String>>, Bytes, u8)>(&bytes, parts[0].clone()).is_err());
        assert!(
            postcard::to_stdvec(&first).is_err() && postcard::from_bytes::<Bytes>(&[0, 0]).is_err()
        );
    }

    #[test]
    fn bytes_that_are_none_unwind_as_such() {
        let (bytes, parts) = store(&Packed::new(7_u8)).expect("plain data");
        let all = Bytes::from(parts[0].to_vec());
        let other: Packed<String> = load(&bytes, all).expect("bytes, whatever they are");
        let look = std::panic::catch_unwind(|| other.len());
        assert!(look.is_err_and(|payload| payload.is::<Damaged>()));
    }

    #[test]
    fn parts_are_of_the_same_buffer() {
        let all = Bytes::from(b"abcd".to_vec());
        let part = all
            .part(1..4)
            .and_then(|part| part.part(1..2))
            .expect("so long");
        assert_eq!(&*part, b"c");
        assert!(
            part.is(&part.clone())
                && !part.is(&b"c".to_vec().into())
                && part == b"c".to_vec().into()
        );
        assert!(all.part(2..5).is_none());
    }
}
