//! The folder beside the output in which a site is put together: `public` -> `.public.gongkai`. It holds the tree to
//! be published next, what the last run knew, and a lock.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::manifest;
use crate::error::Error;
use crate::say;

const LOCK: &str = "lock";

/// A working folder that no other run uses.
#[derive(Debug)]
pub struct Work {
    folder: PathBuf,
    /// Held until it is closed.
    lock: File,
}

impl Work {
    /// Opens the working folder of an output, and mends what a run that was cut short has left.
    ///
    /// # Errors
    /// When another run uses it, or it cannot be written.
    pub fn open(output: &Path) -> Result<Self, Error> {
        let folder = folder_of(output);
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        let path = folder.join(LOCK);
        let failed = |error| Error::io(&path, error);
        // Its content is left alone until it is ours: the time of writing tells when the run began that holds it.
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path);
        let mut lock = match lock {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(busy(output)),
            lock => lock.map_err(failed)?,
        };
        match lock.try_lock() {
            // A run that has just ended may have removed the folder with the file that was opened.
            Ok(()) if is_at(&lock, &path) => lock.write_all(b"gongkai\n").map_err(failed)?,
            Ok(()) | Err(TryLockError::WouldBlock) => return Err(busy(output)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let work = Self { folder, lock };
        work.recover(output)?;
        Ok(work)
    }

    /// Where the next tree is put together.
    #[must_use]
    pub fn next(&self) -> PathBuf {
        self.folder.join("next")
    }

    /// Where the published tree waits while the next one takes its place, on systems that cannot exchange two
    /// folders.
    #[must_use]
    pub fn old(&self) -> PathBuf {
        self.folder.join("old")
    }

    /// What the last run knew of what it was made from.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// What it knew of the trees that it left.
    #[must_use]
    pub fn trees(&self) -> PathBuf {
        self.folder.join("trees")
    }

    /// Where what has been replaced waits until it is freed.
    #[must_use]
    pub fn gone(&self) -> PathBuf {
        self.folder.join("gone")
    }

    /// The lock; its time is when this run began, as the file system tells it.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.folder.join(LOCK)
    }

    /// Removes it.
    ///
    /// # Errors
    /// When something of it cannot be removed.
    pub fn remove(self) -> Result<(), Error> {
        let failed = |error| Error::io(&self.folder, error);
        for entry in fs::read_dir(&self.folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() && !path.is_symlink() {
                remove(&path)?;
            } else if path != self.lock() {
                fs::remove_file(&path).map_err(|error| Error::io(&path, error))?;
            }
        }
        // Last of all, so that no other run has begun meanwhile. One that begins now keeps the folder.
        let path = self.lock();
        fs::remove_file(&path).map_err(|error| Error::io(&path, error))?;
        drop(self.lock);
        match fs::remove_dir(&self.folder) {
            Err(error)
                if !matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty
                ) =>
            {
                Err(Error::io(&self.folder, error))
            }
            _ => Ok(()),
        }
    }

    /// Puts the published tree back when a run ended between two renames, and removes what is left of it otherwise.
    fn recover(&self, output: &Path) -> Result<(), Error> {
        let old = self.old();
        if !output.exists() && manifest::is_ours(&old) {
            return fs::rename(&old, output).map_err(|error| Error::io(output, error));
        }
        remove(&old)
    }
}

fn busy(output: &Path) -> Error {
    Error::refused(
        output,
        say!(
            "另一个 gongkai 正在往这里生成；等它完成再来，或用 -o 换一个文件夹",
            "another gongkai is building here; wait until it is done, or name another folder with -o"
        ),
    )
}

/// Whether an open file is the one that is found at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (open, found) = (file.metadata(), fs::metadata(path));
    open.is_ok_and(|open| {
        found.is_ok_and(|found| (open.dev(), open.ino()) == (found.dev(), found.ino()))
    })
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// The working folder of an output, on the same file system.
#[must_use]
pub fn folder_of(output: &Path) -> PathBuf {
    let name = output.file_name().map(|name| name.to_string_lossy());
    output.with_file_name(format!(".{}.gongkai", name.unwrap_or_default()))
}

/// Removes a folder with all it holds, if it is there.
///
/// # Errors
/// When something cannot be removed.
pub fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io(folder, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_and_the_next_one_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let first = Work::open(&output).expect("a working folder");
        let refused = Work::open(&output).expect_err("a lock").to_string();
        assert!(
            refused.contains("another gongkai is building here"),
            "{refused}"
        );
        drop(first);
        assert!(Work::open(&output).is_ok());
    }

    #[test]
    fn a_tree_that_was_on_its_way_out_comes_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let old = Work::open(&output).expect("a working folder").old();
        fs::create_dir(&old).expect("a folder");
        let tree = super::super::tree::Tree::default();
        let text = manifest::Text::new(&tree, &std::collections::BTreeMap::new(), None);
        text.write(&old.join(manifest::MANIFEST)).expect("a file");
        drop(Work::open(&output).expect("a working folder"));
        assert!(manifest::is_ours(&output) && !old.exists());
        fs::create_dir(&old).expect("a folder");
        drop(Work::open(&output).expect("a working folder"));
        assert!(manifest::is_ours(&output) && !old.exists());
    }
}
