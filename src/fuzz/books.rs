//! Workbooks of every kind; those that are ZIP files as they are, and part by part.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::sync::OnceLock;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Told, repository, seeds, targets, told};
use crate::import::workbook;

/// The parts of a ZIP file by name.
type Parts = Vec<(String, Vec<u8>)>;

fn read(name: &str, bytes: &[u8]) -> Told {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("room");
    match workbook::read(&path) {
        Ok(book) => told((book.sheets, book.oddities)),
        Err(unreadable) => told(unreadable.reason),
    }
}

/// The parts of a workbook of the repository.
fn parts(path: &str) -> Parts {
    let file = fs::File::open(repository(path)).expect("a workbook");
    let mut archive = ZipArchive::new(file).expect("a ZIP file");
    let count = archive.len();
    let mut part = |at| {
        let mut part = archive.by_index(at).expect("a part");
        let name = part.name().expect("a name of UTF-8").into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("a part");
        (name, bytes)
    };
    (0..count).map(&mut part).collect()
}

/// Each part with its name on a line above: what is altered of a workbook.
fn named(parts: &Parts) -> Vec<Vec<u8>> {
    let named = parts.iter();
    named
        .map(|(name, bytes)| [name.as_bytes(), b"\n", bytes].concat())
        .collect()
}

/// A workbook in which a part, named on the first line of `bytes`, is another.
fn with_part(parts: &Parts, bytes: &[u8]) -> Vec<u8> {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let name = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let content = bytes.get(end + 1..).unwrap_or_default();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let others = parts.iter().filter(|part| part.0 != name);
    let others = others.map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    for (name, bytes) in others.chain([(name.as_str(), content)]) {
        // A name that no part can have leaves the workbook without it.
        if archive.start_file(name, options).is_ok() {
            archive.write_all(bytes).expect("memory");
        }
    }
    archive.finish().expect("memory").into_inner()
}

fn xlsx() -> &'static Parts {
    static PARTS: OnceLock<Parts> = OnceLock::new();
    PARTS.get_or_init(|| parts("tests/fuzz/seeds/xlsx/spending.xlsx"))
}

fn ods() -> &'static Parts {
    static PARTS: OnceLock<Parts> = OnceLock::new();
    PARTS.get_or_init(|| parts("tests/fuzz/seeds/ods/spending.ods"))
}

targets! {
    xlsx_files: 1_500, 16, || {
        // Those of the import that are small; it has several that ever failed.
        [seeds("tests/fuzz/seeds/xlsx"), seeds("tests/cases/import")].concat()
    }, |bytes| read("book.xlsx", bytes);
    xlsx_parts: 1_500, 16, || [named(xlsx()), seeds("tests/fuzz/seeds/xlsx-part")].concat(), |bytes| {
        read("book.xlsx", &with_part(xlsx(), bytes))
    };
    ods_files: 2_000, 16, || seeds("tests/fuzz/seeds/ods"), |bytes| read("book.ods", bytes);
    ods_parts: 1_500, 16, || [named(ods()), seeds("tests/fuzz/seeds/ods-part")].concat(), |bytes| {
        read("book.ods", &with_part(ods(), bytes))
    };
    xls_files: 2_000, 16, || {
        let of_cases = ["budget.xls", "c_07.xls"];
        let of_cases = of_cases.map(|name| repository("tests/cases/import").join(name));
        let of_cases = of_cases.map(|path| fs::read(path).expect("a workbook")).to_vec();
        [of_cases, seeds("tests/fuzz/seeds/xls")].concat()
    }, |bytes| read("book.xls", bytes);
    spreadsheet_files: 2_000, 16, || seeds("tests/fuzz/seeds/spreadsheet"), |bytes| read("book.xml", bytes);
    html_files: 3_000, 16, || seeds("tests/fuzz/seeds/html"), |bytes| read("book.xls", bytes);
    csv_files: 6_000, 16, || seeds("tests/fuzz/seeds/csv"), |bytes| read("book.csv", bytes);
}
