//! New files below a folder. What exists is kept: nothing is ever written over.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::error::Error;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What came of it, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laid {
    /// Paths of files that are new.
    pub written: Vec<String>,
    /// Paths of files that were there before, and are as they were.
    pub kept: Vec<String>,
}

impl NewFile {
    /// A text file.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            bytes: text.into().into_bytes(),
        }
    }
}

/// Writes the files that do not exist, and the folders that they need.
///
/// # Errors
/// When a file or folder cannot be written; those before it stay.
pub fn lay(folder: &Path, files: &[NewFile]) -> Result<Laid, Error> {
    let mut laid = Laid::default();
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))?;
        }
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut out) => {
                out.write_all(&file.bytes)
                    .map_err(|error| Error::io(&path, error))?;
                laid.written.push(file.path.clone());
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                laid.kept.push(file.path.clone());
            }
            Err(error) => return Err(Error::io(&path, error)),
        }
    }
    Ok(laid)
}
