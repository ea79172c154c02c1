//! The ZIP container of .xlsx and .ods: parts by name, unpacked within a limit.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use encoding_rs::Encoding;
use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::Reason;

/// Most parts that a workbook has.
const MAX_PARTS: usize = 10_000;
/// Most bytes that are unpacked of a file.
const MAX_UNPACKED: u64 = 128 << 20;
/// What each part begins with in the list of them.
const ENTRY: &[u8] = b"PK\x01\x02";

/// A ZIP file.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Where its parts stand, by their names as [`folded`] has them.
    parts: BTreeMap<String, usize>,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Reason> {
        Self::within(bytes, MAX_UNPACKED)
    }

    /// It, with so many bytes that may be unpacked.
    fn within(bytes: &'a [u8], left: u64) -> Result<Self, Reason> {
        if memmem::find_iter(bytes, ENTRY).nth(MAX_PARTS).is_some() {
            return Err(Reason::TooLarge);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Damaged)?;
        let parts = (0..archive.len())
            .filter_map(|place| Some((folded(&archive.name_for_index(place)?.ok()?), place)))
            .collect();
        Ok(Self {
            archive,
            parts,
            left,
        })
    }

    /// Whether it has a part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&folded(name))
    }

    /// The text of a part, if there is one of that name.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Reason> {
        let Some(&place) = self.parts.get(&folded(name)) else {
            return Ok(None);
        };
        let part = match self.archive.by_index(place) {
            Ok(part) => part,
            Err(error) if needs_password(&error) => return Err(Reason::Encrypted),
            Err(_) => return Err(Reason::Damaged),
        };
        let mut bytes = Vec::new();
        part.take(self.left + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| Reason::Damaged)?;
        self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or(Reason::TooLarge)?;
        decoded(bytes).map(Some)
    }
}

/// The name of a part, which programs write in upper or lower case and with either slash.
fn folded(name: &str) -> String {
    name.replace('\\', "/").to_lowercase()
}

/// Whether a part has a password.
fn needs_password(error: &ZipError) -> bool {
    matches!(error, ZipError::InvalidPassword)
        || matches!(error, ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED)
}

/// XML as text: it is UTF-8, or says by a mark that it is UTF-16.
fn decoded(bytes: Vec<u8>) -> Result<String, Reason> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
            .map(std::borrow::Cow::into_owned),
        None => String::from_utf8(bytes).ok(),
    }
    .ok_or(Reason::Damaged)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A ZIP file of parts that hold so many spaces each.
    fn zipped(parts: &[usize]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (number, &length) in parts.iter().enumerate() {
            let options = SimpleFileOptions::default();
            writer
                .start_file(number.to_string(), options)
                .expect("a part");
            writer.write_all(&vec![b' '; length]).expect("a part");
        }
        writer.finish().expect("a ZIP file").into_inner()
    }

    #[test]
    fn no_more_is_unpacked_than_may_be() {
        const LIMIT: usize = 100_000;
        let within = |parts: &[usize]| {
            let bytes = zipped(parts);
            assert!(bytes.len() < LIMIT / 10);
            let mut package = Package::within(&bytes, LIMIT as u64).expect("a package");
            (0..parts.len()).try_for_each(|number| {
                let text = package.text(&number.to_string())?;
                assert_eq!(text.map(|text| text.len()), Some(parts[number]));
                Ok(())
            })
        };
        assert_eq!(within(&[LIMIT]), Ok(()));
        assert_eq!(within(&[LIMIT + 1]), Err(Reason::TooLarge));
        assert_eq!(within(&[LIMIT / 2, LIMIT / 2]), Ok(()));
        assert_eq!(within(&[LIMIT / 2, LIMIT / 2, 1]), Err(Reason::TooLarge));
        assert_eq!(within(&[10 * LIMIT]), Err(Reason::TooLarge));
    }

    #[test]
    fn text_may_be_utf_16_with_a_mark() {
        let utf16 = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<u8>>()
        };
        assert_eq!(decoded(utf16("\u{feff}<类/>")), Ok("<类/>".to_owned()));
        assert_eq!(decoded("\u{feff}<类/>".into()), Ok("<类/>".to_owned()));
        assert_eq!(decoded(vec![0xff]), Err(Reason::Damaged));
    }
}
