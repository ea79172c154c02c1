//! What a file is, by its content; its ending counts only where the content could be anything.

use std::path::Path;

use super::package::{self, Package};
use super::xls::container::{self, Container};
use super::{Other, Reason};
use super::{ods, spreadsheet, xls};

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Office Open XML.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// `OpenDocument`.
    Ods,
    /// XML Spreadsheet 2003.
    Spreadsheet,
    /// A page with tables.
    Html,
    /// Text with separators.
    Text,
}

/// Endings with which a text is taken for a table: systems export text under any of them.
const TABLE_ENDINGS: [&str; 6] = ["csv", "tsv", "txt", "xls", "xlsx", "et"];

/// Files that are none, by their first bytes.
const OTHERS: [(&[u8], Other); 10] = [
    (b"%PDF", Other::Pdf),
    (b"{\\rtf", Other::Document("RTF 文档", "an RTF document")),
    (b"\x89PNG", Other::Picture),
    (b"\xff\xd8\xff", Other::Picture),
    (b"GIF8", Other::Picture),
    (b"II*\0", Other::Picture),
    (b"MM\0*", Other::Picture),
    (b"Rar!", Other::Archive("RAR", "a RAR archive")),
    (b"7z\xbc\xaf", Other::Archive("7z", "a 7z archive")),
    (b"\x1f\x8b", Other::Archive("gzip", "a gzip archive")),
];

/// Longest file that programs lay beside one that is open.
const MAX_LOCK: usize = 1024;

/// The kind of a file.
pub(super) fn of(bytes: &[u8], path: &Path) -> Result<Kind, Reason> {
    if bytes.is_empty() {
        return Err(Reason::Empty);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = name.starts_with("~$") || name.starts_with(".~");
    if beside && bytes.len() <= MAX_LOCK {
        return Err(Reason::Other(Other::Lock));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return zip(bytes);
    }
    if bytes.starts_with(container::MAGIC) {
        return compound(bytes);
    }
    if bytes.starts_with(xls::BARE) {
        return Ok(Kind::Xls);
    }
    if xls::OLD.iter().any(|start| bytes.starts_with(start)) {
        return Err(Reason::Unsupported("Excel 2.0–4.0 .xls"));
    }
    if let Some((_, other)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Reason::Other(*other));
    }
    text(bytes, path)
}

/// What a ZIP file is, by its parts.
fn zip(bytes: &[u8]) -> Result<Kind, Reason> {
    const NOT_TABLES: [(&str, Other); 3] = [
        (
            "word/document.xml",
            Other::Document("Word 文档", "a Word document"),
        ),
        (
            "ppt/presentation.xml",
            Other::Document("演示文稿", "a presentation"),
        ),
        ("OFD.xml", Other::Document("OFD 文档", "an OFD document")),
    ];
    let mut package = Package::open(bytes)?;
    if package.has("xl/workbook.bin") {
        return Err(Reason::Unsupported(".xlsb"));
    }
    if let Some((_, other)) = NOT_TABLES.iter().find(|(part, _)| package.has(part)) {
        return Err(Reason::Other(*other));
    }
    if package.has("[Content_Types].xml") || package.has("xl/workbook.xml") {
        return Ok(Kind::Xlsx);
    }
    match package.text("mimetype")? {
        Some(mime) if mime.starts_with(ods::MIME) => Ok(Kind::Ods),
        Some(mime) if mime.starts_with("application/vnd.oasis.opendocument") => Err(Reason::Other(
            Other::Document("OpenDocument 文档", "an OpenDocument document"),
        )),
        _ => Err(Reason::Other(Other::Archive("ZIP", "a ZIP archive"))),
    }
}

/// What a compound file is, by its streams; an encrypted .xlsx is one too.
fn compound(bytes: &[u8]) -> Result<Kind, Reason> {
    let container = Container::open(bytes)?;
    if container.has("EncryptedPackage") {
        Err(Reason::Encrypted)
    } else if xls::STREAMS.iter().any(|name| container.has(name)) {
        Ok(Kind::Xls)
    } else if container.has("WordDocument") {
        Err(Reason::Other(Other::Document(
            "Word 文档",
            "a Word document",
        )))
    } else if container.has("PowerPoint Document") {
        Err(Reason::Other(Other::Document("演示文稿", "a presentation")))
    } else {
        Err(Reason::Unknown)
    }
}

/// What a text is.
fn text(bytes: &[u8], path: &Path) -> Result<Kind, Reason> {
    let start = package::decoded(bytes[..bytes.len().min(2048)].to_vec());
    let start = start.trim_start().to_lowercase();
    let has = |tags: &[&str]| tags.iter().any(|tag| start.contains(tag));
    if start.starts_with("mime-version:") {
        return Err(Reason::Unsupported("MHTML"));
    }
    if start.starts_with('<') {
        return if start.contains("office:document") && start.contains(ods::MIME) {
            Err(Reason::Other(Other::FlatOds))
        } else if has(&["<workbook", "<ss:workbook"]) && start.contains(spreadsheet::NAMESPACE) {
            Ok(Kind::Spreadsheet)
        } else if has(&["<html", "<table", "<!doctype html", "<meta"]) {
            Ok(Kind::Html)
        } else {
            Err(Reason::Other(Other::Document("XML 文件", "an XML file")))
        };
    }
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.is_some_and(|ending| TABLE_ENDINGS.contains(&ending.as_str())) {
        Ok(Kind::Text)
    } else {
        Err(Reason::Unknown)
    }
}
