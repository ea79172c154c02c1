//! Files that are made of pieces, one after the other.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

/// Bytes that are written at once.
const BUFFER: usize = 256 * 1024;

/// Writes a new file.
///
/// # Errors
/// When it cannot be written.
pub fn write(file: &File, pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
    write_to(file, pieces).map(|_| ())
}

/// Writes a large file that every run leaves in the room of the one before, for to free that and to find other room
/// takes a file system many times as long as to write. When that is cut short, it is neither the old file nor the new one.
///
/// # Errors
/// When it cannot be written.
pub fn overwrite(
    file: &File,
    pieces: impl IntoIterator<Item = impl AsRef<[u8]>>,
) -> io::Result<()> {
    file.set_len(write_to(file, pieces)?)
}

/// Gives how many bytes there were.
fn write_to(file: &File, pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<u64> {
    let (mut buffer, mut size) = (BufWriter::with_capacity(BUFFER, file), 0);
    for piece in pieces {
        let piece = piece.as_ref();
        size += piece.len() as u64;
        buffer.write_all(piece)?;
    }
    buffer.flush()?;
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held::{EVERYBODY, Folder};

    #[test]
    fn a_file_has_what_was_written_last_and_no_more() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let held = Folder::open(folder.path()).expect("a folder");
        let path = folder.path().join("a");
        for text in [&["abc", "def"][..], &["x"], &[], &["long", "er", " still"]] {
            let file = held.overwrite("a").expect("a file");
            overwrite(&file, text).expect("a file");
            let found = std::fs::read_to_string(&path).expect("a file");
            assert_eq!(found, text.concat());
        }
        let new = held.create("b", EVERYBODY).expect("a file");
        write(&new, ["x", "y"]).expect("a file");
        let found = std::fs::read_to_string(folder.path().join("b"));
        assert_eq!(found.expect("a file"), "xy");
    }
}
