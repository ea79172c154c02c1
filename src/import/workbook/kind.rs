//! What a file is, by its content; its ending counts only where the content could be anything.

use std::path::Path;

use encoding_rs::UTF_8;

use super::Reason;
use super::package::Package;
use super::xls::container::{self, Container};
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
const OTHERS: [(&[u8], &str, &str); 8] = [
    (b"%PDF", "PDF", "a PDF"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
];

/// The kind of a file.
pub(super) fn of(bytes: &[u8], path: &Path) -> Result<Kind, Reason> {
    if bytes.is_empty() {
        return Err(Reason::Empty);
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
    if let Some((_, zh, en)) = OTHERS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(Reason::Other(zh, en));
    }
    text(bytes, path)
}

/// What a ZIP file is, by its parts.
fn zip(bytes: &[u8]) -> Result<Kind, Reason> {
    const NOT_TABLES: [(&str, &str, &str); 2] = [
        ("word/document.xml", "Word 文档", "a Word document"),
        ("ppt/presentation.xml", "演示文稿", "a presentation"),
    ];
    let mut package = Package::open(bytes)?;
    if package.has("xl/workbook.bin") {
        return Err(Reason::Unsupported(".xlsb"));
    }
    if let Some((_, zh, en)) = NOT_TABLES.iter().find(|(part, ..)| package.has(part)) {
        return Err(Reason::Other(zh, en));
    }
    if package.has("[Content_Types].xml") {
        return Ok(Kind::Xlsx);
    }
    match package.text("mimetype")? {
        Some(mime) if mime.starts_with(ods::MIME) => Ok(Kind::Ods),
        Some(mime) if mime.starts_with("application/vnd.oasis.opendocument") => Err(Reason::Other(
            "OpenDocument 文档",
            "an OpenDocument document",
        )),
        _ => Err(Reason::Other("ZIP 压缩包", "a ZIP archive")),
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
        Err(Reason::Other("Word 文档", "a Word document"))
    } else if container.has("PowerPoint Document") {
        Err(Reason::Other("演示文稿", "a presentation"))
    } else {
        Err(Reason::Unknown)
    }
}

/// What a text is.
fn text(bytes: &[u8], path: &Path) -> Result<Kind, Reason> {
    let (start, _, _) = UTF_8.decode(&bytes[..bytes.len().min(2048)]);
    let start = start.trim_start().to_lowercase();
    let has = |tags: &[&str]| tags.iter().any(|tag| start.contains(tag));
    if start.starts_with("mime-version:") {
        return Err(Reason::Unsupported("MHTML"));
    }
    if start.starts_with('<') {
        return if has(&["<workbook", "<ss:workbook"]) && start.contains(spreadsheet::NAMESPACE) {
            Ok(Kind::Spreadsheet)
        } else if has(&["<html", "<table", "<!doctype html", "<meta"]) {
            Ok(Kind::Html)
        } else {
            Err(Reason::Other("XML 文件", "an XML file"))
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
