//! The folder beside the output in which a site is put together: `public` -> `.public.gongkai`. It holds the tree to
//! be published next, what the last run knew, and a lock. It comes along when a site is copied, so nothing in it is
//! taken for ours by its name alone: what we would not have put there is refused, and left as it is.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{manifest, swap};
use crate::cache::stamp::Moment;
use crate::error::Error;
use crate::held::{Folder, Kind};
use crate::say;

/// Held while a run works here; its time is when that run began, as the file system tells it.
const LOCK: &str = "lock";

/// What the last run knew of what it was made from.
pub const STATE: &str = "state";

/// What it knew of the trees that it left.
pub const TREES: &str = "trees";

/// Where the next tree is put together.
pub const NEXT: &str = "next";

/// Where the published tree waits while the next one takes its place, on systems that cannot exchange two folders.
pub const OLD: &str = "old";

/// Where what has been replaced waits until it is freed, under numbers.
pub const GONE: &str = "gone";

/// Everything that we put there.
const OURS: [(&str, Kind); 6] = [
    (LOCK, Kind::File),
    (STATE, Kind::File),
    (TREES, Kind::File),
    (NEXT, Kind::Folder),
    (OLD, Kind::Folder),
    (GONE, Kind::Folder),
];

/// A working folder that no other run uses.
#[derive(Debug)]
pub struct Work {
    /// The folder that the output is in.
    above: Folder,
    /// What the output is called there.
    output: OsString,
    folder: Arc<Folder>,
    /// Held until it is closed.
    lock: File,
}

impl Work {
    /// Opens the working folder of an output, and mends what a run that was cut short has left.
    ///
    /// # Errors
    /// When another run uses it, something in it is not ours, or it cannot be written.
    pub fn open(output: &Path) -> Result<Self, Error> {
        let place = folder_of(output);
        let failed = |error| Error::io(&place, error);
        let (above, name) = above(&place);
        std::fs::create_dir_all(above).map_err(failed)?;
        let above = Folder::open(above).map_err(failed)?;
        let folder = match above.make(name) {
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                return Err(not_ours(&above, name));
            }
            made => made.map_err(failed)?,
        };
        look(&folder)?;
        let path = folder.at(LOCK);
        let failed = |error| Error::io(&path, error);
        // Its content is left alone until it is ours: the time of writing tells when the run began that holds it.
        let mut lock = match folder.overwrite(LOCK) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(busy(output)),
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                return Err(not_ours(&folder, LOCK));
            }
            lock => lock.map_err(failed)?,
        };
        match lock.try_lock() {
            // A run that has just ended may have removed the folder with the file that was opened.
            Ok(()) if is_at(&lock, &folder) => lock.write_all(b"gongkai\n").map_err(failed)?,
            Ok(()) | Err(TryLockError::WouldBlock) => return Err(busy(output)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let work = Self {
            output: output.file_name().unwrap_or_default().to_owned(),
            above,
            folder: Arc::new(folder),
            lock,
        };
        work.recover()?;
        Ok(work)
    }

    /// Keeps builds from an output while it is looked at; `None` where none has left a working folder, so that nothing
    /// can be held.
    ///
    /// # Errors
    /// When a build works on it.
    pub fn hold(output: &Path) -> Result<Option<File>, Error> {
        let output = swap::real(output);
        let folder = Folder::open(&folder_of(&output)).ok();
        let Some(lock) = folder.and_then(|folder| folder.file(LOCK).ok()) else {
            return Ok(None);
        };
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Err(busy(&output)),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    /// The folder itself.
    #[must_use]
    pub const fn folder(&self) -> &Arc<Folder> {
        &self.folder
    }

    /// The output as it is; `None` when there is none.
    ///
    /// # Errors
    /// When it is no folder, or cannot be opened.
    pub fn published(&self) -> Result<Option<Folder>, Error> {
        self.tree(&self.above, &self.output)
    }

    /// The tree that an earlier run left for this one; `None` when there is none.
    ///
    /// # Errors
    /// When it is no folder, or cannot be opened.
    pub fn next(&self) -> Result<Option<Folder>, Error> {
        self.tree(&self.folder, NEXT.as_ref())
    }

    #[allow(clippy::unused_self, reason = "only who works here may")]
    fn tree(&self, above: &Folder, name: &OsStr) -> Result<Option<Folder>, Error> {
        match above.folder(name) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotADirectory => Err(not_ours(above, name)),
            Err(error) => Err(above.failed(name, error)),
        }
    }

    /// When this run began, as the file system tells it.
    #[must_use]
    pub fn started(&self) -> Moment {
        let found = self.lock.metadata().ok();
        found.as_ref().and_then(Moment::of).unwrap_or_default()
    }

    /// Whether something has a name in it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        matches!(self.folder.see(name), Ok(Some(_)))
    }

    /// Puts the next tree in the place of the output. What was there stands in the place of the next tree afterwards.
    ///
    /// # Errors
    /// When a rename fails; the output is then as before.
    pub fn swap(&self) -> Result<(), Error> {
        let Self {
            above,
            output,
            folder,
            ..
        } = self;
        let failed = |error| above.failed(output, error);
        if above.see(output).map_err(failed)?.is_none() {
            return folder.rename(NEXT, above, output).map_err(failed);
        }
        if folder.exchange(NEXT, above, output).is_ok() {
            return Ok(());
        }
        above.rename(output, folder, OLD).map_err(failed)?;
        if let Err(error) = folder.rename(NEXT, above, output) {
            folder.rename(OLD, above, output).map_err(failed)?;
            return Err(folder.failed(NEXT, error));
        }
        let aside = folder.rename(OLD, folder, NEXT);
        aside.map_err(|error| folder.failed(OLD, error))
    }

    /// Removes it with what is ours in it.
    ///
    /// # Errors
    /// When something of it cannot be removed.
    pub fn remove(self) -> Result<(), Error> {
        let Self {
            above,
            folder,
            lock,
            ..
        } = self;
        for (name, _) in OURS.iter().filter(|(name, _)| *name != LOCK) {
            folder.remove_all(name)?;
        }
        // Last of all, so that no other run has begun meanwhile. One that begins now keeps the folder.
        let removed = folder.remove(LOCK);
        removed.map_err(|error| folder.failed(LOCK, error))?;
        drop(lock);
        let path = folder.path().to_owned();
        drop(folder);
        match above.remove_empty(path.file_name().unwrap_or_default()) {
            Err(error)
                if !matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty
                ) =>
            {
                Err(Error::io(&path, error))
            }
            _ => Ok(()),
        }
    }

    /// Puts the published tree back when a run ended between two renames, and removes what is left of it otherwise.
    fn recover(&self) -> Result<(), Error> {
        let Self {
            above,
            output,
            folder,
            ..
        } = self;
        let Some(old) = self.tree(folder, OLD.as_ref())? else {
            return Ok(());
        };
        let failed = |error| above.failed(output, error);
        if above.see(output).map_err(failed)?.is_none() && manifest::is_ours(&old) {
            return folder.rename(OLD, above, output).map_err(failed);
        }
        drop(old);
        folder.remove_all(OLD)
    }
}

/// Refuses what we would not have put there.
fn look(folder: &Folder) -> Result<(), Error> {
    let list = |folder: &Folder| folder.list().map_err(|error| folder.failed("", error));
    for (name, kind) in list(folder)? {
        if !OURS.iter().any(|ours| name == ours.0 && kind == ours.1) {
            return Err(not_ours(folder, &name));
        }
    }
    // Only files and folders under numbers wait there.
    let gone = match folder.folder(GONE) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        gone => gone.map_err(|error| folder.failed(GONE, error))?,
    };
    for (name, kind) in list(&gone)? {
        let number = name.to_str().and_then(|name| name.parse::<u64>().ok());
        if number.is_none() || !matches!(kind, Kind::File | Kind::Folder) {
            return Err(not_ours(&gone, &name));
        }
    }
    Ok(())
}

/// Refuses something by what it is.
fn not_ours(above: &Folder, name: impl AsRef<OsStr>) -> Error {
    let name = name.as_ref();
    let found = above.see(name).ok().flatten();
    let what = found.map_or(Kind::Other, |found| found.kind).say();
    let (zh, en) = (what.zh, what.en);
    Error::refused(
        &above.at(name),
        say!(
            "是{zh}，不是 gongkai 放在这里的，没有动它，也没有生成；移开它再来",
            "is {en} that gongkai did not put here; it was left alone and nothing was built; move it away, then build again"
        ),
    )
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

/// Whether an open file is the lock of a folder that is still there.
#[cfg(unix)]
fn is_at(file: &File, folder: &Folder) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let found = folder.file(LOCK).and_then(|file| file.metadata());
    let open = file.metadata();
    open.is_ok_and(|open| {
        found.is_ok_and(|found| (open.dev(), open.ino()) == (found.dev(), found.ino()))
    })
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Folder) -> bool {
    true
}

/// The working folder of an output, on the same file system.
#[must_use]
pub fn folder_of(output: &Path) -> PathBuf {
    let name = output.file_name().map(|name| name.to_string_lossy());
    output.with_file_name(format!(".{}.gongkai", name.unwrap_or_default()))
}

/// The folder that something is in, and its name there.
fn above(path: &Path) -> (&Path, &OsStr) {
    let name = path.file_name().unwrap_or_default();
    (path.parent().unwrap_or(path), name)
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        let old = folder_of(&output).join(OLD);
        drop(Work::open(&output).expect("a working folder"));
        fs::create_dir(&old).expect("a folder");
        let tree = super::super::tree::Tree::default();
        let text = manifest::Text::new(&tree, &std::collections::BTreeMap::new(), None);
        fs::write(old.join(manifest::MANIFEST), text.to_vec()).expect("a file");
        let is_ours = |path: &Path| Folder::open(path).is_ok_and(|open| manifest::is_ours(&open));
        drop(Work::open(&output).expect("a working folder"));
        assert!(is_ours(&output) && !old.exists());
        fs::create_dir(&old).expect("a folder");
        drop(Work::open(&output).expect("a working folder"));
        assert!(is_ours(&output) && !old.exists());
    }
}
