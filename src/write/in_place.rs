//! Large files that every run writes: in the room of the file before, for to free that and to find other room takes a
//! file system many times as long as to write.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// Bytes that are written at once.
const BUFFER: usize = 256 * 1024;

/// Writes pieces one after the other as one file. When that is cut short, the file is neither the old one nor the new
/// one.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    let mut buffer = BufWriter::with_capacity(BUFFER, &file);
    let mut size = 0;
    for piece in pieces {
        let piece = piece.as_ref();
        size += piece.len() as u64;
        buffer.write_all(piece)?;
    }
    buffer.flush()?;
    file.set_len(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_what_was_written_last_and_no_more() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a");
        for text in [&["abc", "def"][..], &["x"], &[], &["long", "er", " still"]] {
            write(&path, text).expect("a file");
            let found = std::fs::read_to_string(&path).expect("a file");
            assert_eq!(found, text.concat());
        }
        assert!(write(&folder.path().join("none/a"), ["x"]).is_err());
    }
}
