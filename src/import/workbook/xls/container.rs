//! The compound file that a .xls file is: streams by name, cut into sectors that a table chains.

use super::super::Reason;

/// What a compound file begins with.
pub(in super::super) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Numbers of sectors from here on end a chain or stand for none.
const NO_SECTOR: u32 = 0xffff_fffa;
/// Bytes of the header, and of an entry of the directory.
const HEADER: usize = 512;
const ENTRY: usize = 128;

/// A compound file.
pub(in super::super) struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    entries: Vec<Entry>,
    /// Streams shorter than this are in the stream of small ones.
    cutoff: usize,
    small_table: Vec<u32>,
    small: Vec<u8>,
}

/// An entry of the directory.
struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: usize,
}

const STREAM: u8 = 2;
const ROOT: u8 = 5;
const SMALL_SECTOR: usize = 64;

/// Two bytes at a place as a number.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// Four bytes at a place as a number.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

impl<'a> Container<'a> {
    pub(in super::super) fn open(bytes: &'a [u8]) -> Result<Self, Reason> {
        Self::parts(bytes).ok_or(Reason::Damaged)
    }

    fn parts(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30).filter(|shift| [9, 12].contains(shift))?;
        let mut container = Self {
            bytes,
            sector: 1 << shift,
            table: Vec::new(),
            entries: Vec::new(),
            cutoff: usize::try_from(u32_at(bytes, 56)?).ok()?,
            small_table: Vec::new(),
            small: Vec::new(),
        };
        container.table = container.sector_table()?;
        let directory = container.chain(u32_at(bytes, 48)?, usize::MAX)?;
        container.entries = directory.chunks_exact(ENTRY).filter_map(entry).collect();
        let small_table = container.chain(u32_at(bytes, 60)?, usize::MAX)?;
        container.small_table = numbers(&small_table);
        let root = container.entries.iter().find(|entry| entry.kind == ROOT)?;
        container.small = container.chain(root.start, root.size)?;
        Some(container)
    }

    /// Whether there is a stream of this name.
    pub(in super::super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// A stream. It may break off: some programs leave out the end of the last sector.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entry(name)?;
        if entry.size >= self.cutoff {
            return self.chain(entry.start, entry.size);
        }
        let mut stream = Vec::new();
        follow(&self.small_table, entry.start, |sector| {
            let from = sector.checked_mul(SMALL_SECTOR)?;
            let to = self.small.len().min(from.checked_add(SMALL_SECTOR)?);
            stream.extend_from_slice(self.small.get(from..to)?);
            (stream.len() <= self.bytes.len()).then_some(stream.len() < entry.size)
        })?;
        stream.truncate(entry.size);
        Some(stream)
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let mut streams = self.entries.iter().filter(|entry| entry.kind == STREAM);
        streams.find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a sector, as many as there are.
    fn sector(&self, number: usize) -> Option<&'a [u8]> {
        let from = number.checked_add(1)?.checked_mul(self.sector)?;
        let to = self.bytes.len().min(from.checked_add(self.sector)?);
        self.bytes.get(from..to)
    }

    /// The bytes of a chain of sectors, up to a size.
    fn chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        follow(&self.table, start, |sector| {
            bytes.extend_from_slice(self.sector(sector)?);
            (bytes.len() <= self.bytes.len()).then_some(bytes.len() < size)
        })?;
        bytes.truncate(size);
        Some(bytes)
    }

    /// The table that chains the sectors: its own sectors are named in the header, and in a chain from there.
    fn sector_table(&self) -> Option<Vec<u32>> {
        let mut sectors = numbers(self.bytes.get(76..HEADER)?);
        let mut next = u32_at(self.bytes, 68)?;
        let most = self.bytes.len() / self.sector + 1;
        while next < NO_SECTOR {
            let mut more = numbers(self.sector(usize::try_from(next).ok()?)?);
            next = more.pop()?;
            sectors.extend(more);
            if sectors.len() > most + self.sector {
                return None;
            }
        }
        let mut table = Vec::new();
        for sector in sectors.into_iter().filter(|&sector| sector < NO_SECTOR) {
            table.extend(numbers(self.sector(usize::try_from(sector).ok()?)?));
            if table.len() > most * 4 + self.sector {
                return None;
            }
        }
        Some(table)
    }
}

/// Hands the sectors of a chain to `each` until it has enough; a chain that comes back to itself leads nowhere.
fn follow(table: &[u32], start: u32, mut each: impl FnMut(usize) -> Option<bool>) -> Option<()> {
    let mut next = start;
    for _ in 0..=table.len() {
        if next >= NO_SECTOR {
            return Some(());
        }
        let sector = usize::try_from(next).ok()?;
        if !each(sector)? {
            return Some(());
        }
        next = *table.get(sector)?;
    }
    None
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    (0..bytes.len() / 4)
        .filter_map(|place| u32_at(bytes, place * 4))
        .collect()
}

/// An entry of the directory, if it is in use.
fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).saturating_sub(2).min(62);
    let units: Vec<u16> = (0..length / 2)
        .filter_map(|place| u16_at(bytes, place * 2))
        .collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        kind: *bytes.get(66)?,
        start: u32_at(bytes, 116)?,
        size: usize::try_from(u32_at(bytes, 120)?).ok()?,
    })
}
