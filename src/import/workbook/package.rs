//! The ZIP container of .xlsx and .ods: parts by name, unpacked within a limit.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
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
        Ok(Some(decoded(bytes)))
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

/// XML as text, in the encoding of its mark, that in which its first sign can be read, or the one that it names; else
/// UTF-8. Bytes that stand for no character become �.
pub(super) fn decoded(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !text.starts_with(['\u{feff}', '\0']) && !text.starts_with("<\0") => {
            return text;
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let start = &bytes[..bytes.len().min(200)];
    let encoding = if Encoding::for_bom(&bytes).is_some() {
        UTF_8
    } else if start.starts_with(b"\0<") {
        UTF_16BE
    } else if start.starts_with(b"<\0") {
        UTF_16LE
    } else {
        named(start).unwrap_or(UTF_8)
    };
    // a mark says it better
    encoding.decode(&bytes).0.into_owned()
}

/// The encoding that the declaration of XML names.
fn named(start: &[u8]) -> Option<&'static Encoding> {
    let rest = &start[memmem::find(start, b"encoding=")? + 9..];
    let quote = rest.first()?;
    let name = rest[1..].split(|byte| byte == quote).next()?;
    Encoding::for_label(name).filter(|encoding| encoding.is_ascii_compatible())
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
    fn text_is_read_in_the_encoding_that_it_is_in() {
        let of = |text: &str, bytes: fn(u16) -> [u8; 2]| {
            text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
        };
        for bytes in [
            "<类/>".into(),
            "\u{feff}<类/>".into(),
            of("\u{feff}<类/>", u16::to_le_bytes),
            of("\u{feff}<类/>", u16::to_be_bytes),
            of("<类/>", u16::to_le_bytes),
            of("<类/>", u16::to_be_bytes),
        ] {
            assert_eq!(decoded(bytes), "<类/>");
        }
        let declared = "<?xml version='1.0' encoding='GBK'?><类/>";
        let (bytes, ..) = encoding_rs::GBK.encode(declared);
        assert_eq!(decoded(bytes.into_owned()), declared);
        assert_eq!(decoded(b"<a>\xff</a>".to_vec()), "<a>\u{fffd}</a>");
    }
}
