//! One file that is written beside its place, and put there when it is whole.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::{Over, busy};
use crate::error::Error;
use crate::held::{EVERYBODY, Folder, Kind};
use crate::say;

/// How the name of what is not in its place yet ends; it begins with a dot, so that nothing reads it.
const ENDING: &str = ".gongkai-new";

/// What a file or folder is called until it is in its place.
pub fn beside(name: &OsStr) -> OsString {
    let mut new = OsString::from(".");
    new.push(name);
    new.push(ENDING);
    new
}

/// Whether something may have been left by a run that was cut short.
pub(super) fn is_left(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") && name.ends_with(ENDING.as_bytes())
}

/// Removes what a run that was cut short has left under a name.
///
/// # Errors
/// When it is not ours, another run works on it, or it cannot be removed.
pub fn sweep(above: &Folder, name: &OsStr) -> Result<(), Error> {
    let path = above.at(name);
    let failed = |error| Error::io(&path, error);
    match above.see(name).map_err(failed)?.map(|found| found.kind) {
        None => Ok(()),
        Some(Kind::File) => {
            let file = above.file(name).map_err(failed)?;
            lock(&file, &path)?;
            above.remove(name).map_err(failed)
        }
        Some(Kind::Folder) => {
            let folder = above.folder(name).map_err(failed)?;
            let held = folder.lock().map_err(failed)?;
            let _held = held.ok_or_else(|| busy(&path))?;
            above.remove_all(name)
        }
        Some(kind) => {
            let what = kind.say();
            let (zh, en) = (what.zh, what.en);
            Err(Error::refused(
                &path,
                say!(
                    "是{zh}，不是 gongkai 放在这里的，没有动它；移开它再来",
                    "is {en} that gongkai did not put here, so it was left alone; move it away, then try again"
                ),
            ))
        }
    }
}

/// Removes all that runs that were cut short have left in a folder, but what others work on.
pub(super) fn sweep_all(folder: &Folder) {
    let left = folder.list().unwrap_or_default();
    for (name, _) in left.iter().filter(|(name, _)| is_left(name)) {
        // It is in nobody's way.
        let _ = sweep(folder, name);
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(busy(path)),
        // A file system without locks.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(Error::io(path, error)),
    }
}

/// A file beside its place. It goes away unless it is [`put`](Beside::put) there.
#[derive(Debug)]
pub struct Beside {
    /// The folder of its place.
    place: Folder,
    name: OsString,
    /// The folder that it is in.
    above: Folder,
    new: OsString,
    file: File,
    done: bool,
}

impl Beside {
    /// Makes it, for everybody to read.
    ///
    /// # Errors
    /// When another run writes the same file, or it cannot be made.
    pub fn new(above: Folder, name: &OsStr) -> Result<Self, Error> {
        Self::with_mode(above, name, EVERYBODY)
    }

    /// Makes it, with a mode.
    ///
    /// # Errors
    /// As [`Beside::new`].
    pub fn with_mode(place: Folder, name: &OsStr, mode: u32) -> Result<Self, Error> {
        let above = place.again();
        let above = above.map_err(|error| place.failed(name, error))?;
        Self::from(above, name, place, name, mode)
    }

    /// Makes it in another folder than that of its place, as a file that will be called `called` would be there. Both
    /// must be on one file system.
    ///
    /// # Errors
    /// As [`Beside::new`].
    pub fn from(
        above: Folder,
        called: &OsStr,
        place: Folder,
        name: &OsStr,
        mode: u32,
    ) -> Result<Self, Error> {
        let new = beside(called);
        sweep(&above, &new)?;
        let file = above.create(&new, mode);
        let file = file.map_err(|error| above.failed(&new, error))?;
        lock(&file, &above.at(&new))?;
        Ok(Self {
            name: name.to_owned(),
            place,
            new,
            above,
            file,
            done: false,
        })
    }

    /// Its content is written here.
    #[must_use]
    pub const fn file(&self) -> &File {
        &self.file
    }

    /// Writes its content.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        let written = (&self.file).write_all(bytes);
        written.map_err(|error| self.place.failed(&self.name, error))
    }

    /// Waits until its content is on the disk. It is as readable as the file that it will replace.
    ///
    /// # Errors
    /// When the disk reports a failure.
    pub fn settle(&self) -> Result<(), Error> {
        let failed = |error| self.place.failed(&self.name, error);
        if let Ok(before) = self.place.file(&self.name).and_then(|file| file.metadata()) {
            let mode = before.permissions();
            self.file.set_permissions(mode).map_err(failed)?;
        }
        self.file.sync_all().map_err(failed)
    }

    /// Puts it in its place, once it is on the disk.
    ///
    /// # Errors
    /// When the disk reports a failure, or something is there and should stay.
    pub fn put(mut self, over: Over) -> Result<(), Error> {
        self.settle()?;
        self.put_settled(over)
    }

    pub(super) fn put_settled(&mut self, over: Over) -> Result<(), Error> {
        let Self {
            place,
            name,
            above,
            new,
            ..
        } = self;
        let put = match over {
            Over::Keep => above.place(new, place, &*name),
            Over::Replace => above.rename(new, place, &*name),
        };
        put.map_err(|error| place.failed(&*name, error))?;
        self.done = true;
        let synced = self.place.sync();
        synced.map_err(|error| self.place.failed(&self.name, error))
    }

    /// Exchanges it with the file in its place, which stands beside then.
    pub(super) fn exchange(&self) -> std::io::Result<()> {
        self.above.exchange(&self.new, &self.place, &self.name)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.done {
            // The next run removes it otherwise.
            let _ = self.above.remove(&self.new);
        }
    }
}
