//! The files as other programs read them.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use serde_json::Value as Json;

use crate::pages::Built;

/// Header and rows of a CSV file.
pub fn csv(built: &Built, path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = built.files.get(path).unwrap_or_else(|| panic!("no {path}"));
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(
        text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count(),
        "{path}: lines end in CRLF"
    );
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect(path).iter().map(str::to_owned).collect())
        .collect();
    let header = rows.remove(0);
    (header, rows)
}

/// The sheets of a workbook by name, in order.
pub fn sheets(bytes: &[u8]) -> Vec<(String, Range<Data>)> {
    let mut workbook: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook");
    workbook.worksheets()
}

/// A JSON file.
pub fn json(built: &Built, path: &str) -> Json {
    let text = built.files.get(path).unwrap_or_else(|| panic!("no {path}"));
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}
