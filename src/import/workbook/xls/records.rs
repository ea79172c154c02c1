//! The records of a workbook stream, and the texts in them.

use super::super::Reason;
use super::container::{u16_at, u32_at};

/// What a record that went on in the next ones is continued by.
const CONTINUE: u16 = 0x3c;

/// A record: its number, and its bytes, in pieces where others continue it.
pub(super) struct Record<'a> {
    pub(super) id: u16,
    pub(super) pieces: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The bytes of its first piece, in which all but texts have room.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.pieces.first().copied().unwrap_or_default()
    }

    pub(super) fn u16(&self, at: usize) -> Result<u16, Reason> {
        u16_at(self.bytes(), at).ok_or(Reason::Damaged)
    }

    pub(super) fn u32(&self, at: usize) -> Result<u32, Reason> {
        u32_at(self.bytes(), at).ok_or(Reason::Damaged)
    }

    pub(super) fn byte(&self, at: usize) -> Result<u8, Reason> {
        self.bytes().get(at).copied().ok_or(Reason::Damaged)
    }

    /// A number with a point, by its bytes.
    pub(super) fn float(&self, at: usize) -> Result<f64, Reason> {
        let bytes = self.bytes().get(at..at + 8).ok_or(Reason::Damaged)?;
        Ok(f64::from_le_bytes(
            bytes.try_into().map_err(|_| Reason::Damaged)?,
        ))
    }

    /// Its texts from a place on.
    pub(super) fn texts(&self, at: usize) -> Texts<'_> {
        Texts {
            pieces: &self.pieces,
            piece: 0,
            at,
        }
    }
}

/// A stream of records.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn from(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The same records from the same place on.
    pub(super) fn again(&self) -> Self {
        Self::from(self.stream, self.at)
    }

    /// Where the next one stands.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// The next record; a stream that breaks off inside one is damaged.
    pub(super) fn next(&mut self) -> Result<Option<Record<'a>>, Reason> {
        let Some((id, bytes)) = self.piece()? else {
            return Ok(None);
        };
        let mut pieces = vec![bytes];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            if let Some((_, bytes)) = self.piece()? {
                pieces.push(bytes);
            }
        }
        Ok(Some(Record { id, pieces }))
    }

    fn piece(&mut self) -> Result<Option<(u16, &'a [u8])>, Reason> {
        let Some(id) = u16_at(self.stream, self.at) else {
            return Ok(None);
        };
        let length = u16_at(self.stream, self.at + 2).ok_or(Reason::Damaged)?;
        let from = self.at + 4;
        let bytes = self.stream.get(from..from + usize::from(length));
        self.at = from + usize::from(length);
        Ok(Some((id, bytes.ok_or(Reason::Damaged)?)))
    }
}

/// Texts that stand one after another in a record.
pub(super) struct Texts<'a> {
    pieces: &'a [&'a [u8]],
    piece: usize,
    at: usize,
}

impl Texts<'_> {
    /// A text after its length in two bytes.
    pub(super) fn long(&mut self) -> Result<String, Reason> {
        let length = usize::from(self.u16()?);
        self.text(length)
    }

    /// A text after its length in one byte.
    pub(super) fn short(&mut self) -> Result<String, Reason> {
        let length = usize::from(self.byte()?);
        self.text(length)
    }

    /// Characters after a byte that says how they are written, with how they look and are pronounced passed over. A
    /// piece that continues them begins with such a byte again.
    fn text(&mut self, length: usize) -> Result<String, Reason> {
        let flags = self.byte()?;
        let looks = if flags & 8 == 0 {
            0
        } else {
            usize::from(self.u16()?) * 4
        };
        let sounds = if flags & 4 == 0 {
            0
        } else {
            let (low, high) = (self.u16()?, self.u16()?);
            usize::from(high) << 16 | usize::from(low)
        };
        let mut wide = flags & 1 == 1;
        let mut units = Vec::new();
        while units.len() < length {
            if self.rest().is_empty() {
                self.turn()?;
                wide = self.byte()? & 1 == 1;
            }
            let rest = self.rest();
            let size = if wide { 2 } else { 1 };
            let count = (rest.len() / size).min(length - units.len());
            if count == 0 && !rest.is_empty() {
                return Err(Reason::Damaged);
            }
            for unit in rest[..count * size].chunks_exact(size) {
                units
                    .push(u16::from(unit[0]) | unit.get(1).map_or(0, |&high| u16::from(high) << 8));
            }
            self.at += count * size;
        }
        self.pass(looks + sounds)?;
        Ok(String::from_utf16_lossy(&units))
    }

    /// What is left of the piece.
    fn rest(&self) -> &[u8] {
        let piece = self.pieces.get(self.piece).copied().unwrap_or_default();
        piece.get(self.at..).unwrap_or_default()
    }

    /// Goes to the next piece.
    fn turn(&mut self) -> Result<(), Reason> {
        self.piece += 1;
        self.at = 0;
        if self.piece < self.pieces.len() {
            Ok(())
        } else {
            Err(Reason::Damaged)
        }
    }

    fn byte(&mut self) -> Result<u8, Reason> {
        while self.rest().is_empty() {
            self.turn()?;
        }
        let byte = self.rest()[0];
        self.at += 1;
        Ok(byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Reason> {
        Ok(u16::from(self.byte()?) | u16::from(self.byte()?) << 8)
    }

    fn pass(&mut self, mut bytes: usize) -> Result<(), Reason> {
        while bytes > self.rest().len() {
            bytes -= self.rest().len();
            self.turn()?;
        }
        self.at += bytes;
        Ok(())
    }
}
