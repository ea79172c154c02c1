//! Bytes of a file -> text.

use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::{Place, Source, SourceFile};

/// Bytes of a text file -> text: strips a byte order mark, refuses what is not UTF-8.
///
/// # Errors
/// `encoding` with the first byte that does not fit; the hint names UTF-16 or GBK when the bytes
/// look like it.
pub fn decode(bytes: Vec<u8>, path: &str) -> Result<String, Box<Diagnostic>> {
    if is_utf16(&bytes) {
        let hint = say!(
            "这个文件是 UTF-16（Unicode）编码，请在编辑器里另存为 UTF-8",
            "it is UTF-16 (Unicode); save it as UTF-8 in the editor"
        );
        // None of its text can be shown.
        return Err(fault(path, String::new(), Place::FILE, hint));
    }
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let gbk = matches!(&bytes[good..], [0x81..=0xFE, 0x40..=0xFE, ..]);
        let before = String::from_utf8_lossy(&bytes[..good]);
        let place = Place::at(&before, &(before.len()..before.len()));
        let hint = if gbk {
            say!(
                "看起来是 GBK（ANSI）编码，请在编辑器里另存为 UTF-8",
                "it looks like GBK (ANSI); save it as UTF-8 in the editor"
            )
        } else {
            say!(
                "文件可能已损坏；用原来的软件打开，另存为 UTF-8",
                "it may be damaged; open it where it was written and save it as UTF-8"
            )
        };
        fault(
            path,
            String::from_utf8_lossy(bytes).into_owned(),
            place,
            hint,
        )
    })
}

/// UTF-16 starts with a mark, or has zero bytes beside its ASCII characters.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().take(1024).filter(|byte| **byte == 0).count();
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || zeros > 8
}

fn fault(path: &str, text: String, place: Place, hint: Say) -> Box<Diagnostic> {
    let source = Source::new(SourceFile {
        path: path.to_owned(),
        text,
    });
    Box::new(
        Diagnostic::error(
            "encoding",
            &source,
            place,
            say!("文件不是 UTF-8 编码", "the file is not UTF-8"),
        )
        .hint(hint),
    )
}
