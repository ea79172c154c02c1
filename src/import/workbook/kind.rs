//! What a file is, by its content; its ending counts only where the content could be anything.

use std::path::Path;

use super::Reason;
use super::package::Package;

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Office Open XML.
    Xlsx,
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
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(Reason::Unsupported(".xls"));
    }
    if let Some((_, zh, en)) = OTHERS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(Reason::Other(zh, en));
    }
    text(bytes, path)
}

/// What a ZIP file is, by its parts.
fn zip(bytes: &[u8]) -> Result<Kind, Reason> {
    let package = Package::open(bytes)?;
    if package.has("xl/workbook.bin") {
        return Err(Reason::Unsupported(".xlsb"));
    }
    if package.has("[Content_Types].xml")
        && !package.has("word/document.xml")
        && !package.has("ppt/presentation.xml")
    {
        return Ok(Kind::Xlsx);
    }
    Err(if package.has("word/document.xml") {
        Reason::Other("Word 文档", "a Word document")
    } else if package.has("ppt/presentation.xml") {
        Reason::Other("演示文稿", "a presentation")
    } else {
        Reason::Other("ZIP 压缩包", "a ZIP archive")
    })
}

/// What a text is.
fn text(bytes: &[u8], path: &Path) -> Result<Kind, Reason> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Err(Reason::Unsupported("XML Spreadsheet 2003"));
    }
    if start.starts_with("mime-version:") {
        return Err(Reason::Unsupported("MHTML"));
    }
    if start.starts_with('<') {
        return Err(if start.contains("<html") || start.contains("<table") {
            Reason::Unsupported("HTML")
        } else {
            Reason::Other("XML", "XML")
        });
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
