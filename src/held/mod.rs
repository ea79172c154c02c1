//! A folder that is held open. What is below it is reached through its handle, name by name, so that no link is ever
//! followed, no pipe waited for and no device read; what another system or another person has put there is seen as
//! what it is.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::diagnostic::Say;
use crate::error::Error;
use crate::say;

/// Whoever may use what is beside it may use it: the mode of new files, less what the umask takes.
pub const EVERYBODY: u32 = 0o666;

/// The mode of a file for its owner alone.
pub const OWNER: u32 = 0o600;

/// What has a name in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An ordinary file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe with a name.
    Pipe,
    /// A device.
    Device,
    /// Anything else, such as a socket.
    Other,
}

/// What something in a folder looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its size, in bytes.
    pub size: u64,
}

/// Keeps others from working in a folder, where the system can do that.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held until it is closed")] system::Lock);

/// A folder that is held open.
#[derive(Debug)]
pub struct Folder {
    /// For messages, and for systems that cannot hold a folder.
    path: PathBuf,
    handle: system::Handle,
}

impl Kind {
    /// What it is called, in both languages.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::File => say!("文件", "a file"),
            Self::Folder => say!("文件夹", "a folder"),
            Self::Link => say!("链接", "a link"),
            Self::Pipe => say!("管道", "a pipe"),
            Self::Device => say!("设备", "a device"),
            Self::Other => say!("特殊文件", "a special file"),
        }
    }
}

impl Folder {
    /// Opens a folder that somebody has named; links on the way to it are followed.
    ///
    /// # Errors
    /// When it is not there, no folder, or cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            handle: system::Handle::open(path)?,
            path: path.to_owned(),
        })
    }

    /// Where it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where something in it stands, for messages.
    #[must_use]
    pub fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// The error of something in it.
    #[must_use]
    pub fn failed(&self, name: impl AsRef<Path>, cause: io::Error) -> Error {
        Error::io(&self.at(name), cause)
    }

    /// A folder in it.
    ///
    /// # Errors
    /// When there is none, or something else has the name: `NotADirectory`.
    pub fn folder(&self, name: impl AsRef<OsStr>) -> io::Result<Self> {
        let name = one(name.as_ref())?;
        Ok(Self {
            handle: self.handle.folder(&self.path, name)?,
            path: self.path.join(name),
        })
    }

    /// A folder in it, which is made when it is not there.
    ///
    /// # Errors
    /// As [`Folder::folder`], or when it cannot be made.
    pub fn make(&self, name: impl AsRef<OsStr>) -> io::Result<Self> {
        let name = one(name.as_ref())?;
        match self.folder(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                match self.handle.make(&self.path, name) {
                    Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
                    _ => self.folder(name),
                }
            }
            found => found,
        }
    }

    /// The folder at a path below it with `/`; itself for an empty one.
    ///
    /// # Errors
    /// As [`Folder::folder`].
    pub fn below(&self, path: &str) -> io::Result<Self> {
        let mut found = self.again()?;
        for name in parts(path) {
            found = found.folder(name)?;
        }
        Ok(found)
    }

    /// The same folder, held once more.
    ///
    /// # Errors
    /// When the system has no handle left.
    pub fn again(&self) -> io::Result<Self> {
        Ok(Self {
            path: self.path.clone(),
            handle: self.handle.again()?,
        })
    }

    /// What has a name in it; `None` when nothing has.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn see(&self, name: impl AsRef<OsStr>) -> io::Result<Option<Found>> {
        match self.handle.see(&self.path, one(name.as_ref())?) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    /// Everything in it, sorted by name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn list(&self) -> io::Result<Vec<(OsString, Kind)>> {
        let mut list = self.handle.list(&self.path)?;
        list.sort();
        Ok(list)
    }

    /// Opens an ordinary file to read it.
    ///
    /// # Errors
    /// When there is none, or something else has the name: `InvalidInput`.
    pub fn file(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        let file = self.handle.file(&self.path, one(name.as_ref())?)?;
        ordinary(file)
    }

    /// Reads an ordinary file of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Folder::file`], when it is larger (`FileTooLarge`), or cannot be read.
    pub fn read(&self, name: impl AsRef<OsStr>, limit: u64) -> io::Result<Vec<u8>> {
        read(self.file(name)?, limit)
    }

    /// Makes a file, with a mode where the system has them.
    ///
    /// # Errors
    /// When anything has the name, or it cannot be made.
    pub fn create(&self, name: impl AsRef<OsStr>, mode: u32) -> io::Result<File> {
        self.handle.create(&self.path, one(name.as_ref())?, mode)
    }

    /// Opens an ordinary file to write it in place, or makes it. One that has other names too is made anew, for what
    /// it holds belongs to these as well.
    ///
    /// # Errors
    /// When something else has the name (`InvalidInput`), or it cannot be opened.
    pub fn overwrite(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        let name = one(name.as_ref())?;
        let file = ordinary(self.handle.overwrite(&self.path, name)?)?;
        if system::names(&file.metadata()?) == 1 {
            return Ok(file);
        }
        self.remove(name)?;
        self.create(name, EVERYBODY)
    }

    /// Gives something in it another name, in another folder; a file that has that name goes.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn rename(
        &self,
        name: impl AsRef<OsStr>,
        to: &Self,
        new: impl AsRef<OsStr>,
    ) -> io::Result<()> {
        let (name, new) = (one(name.as_ref())?, one(new.as_ref())?);
        self.handle
            .rename((&self.path, name), &to.handle, (&to.path, new))
    }

    /// Likewise, but never over anything.
    ///
    /// # Errors
    /// When that cannot be done; `AlreadyExists` when something has the name.
    pub fn place(
        &self,
        name: impl AsRef<OsStr>,
        to: &Self,
        new: impl AsRef<OsStr>,
    ) -> io::Result<()> {
        let (name, new) = (one(name.as_ref())?, one(new.as_ref())?);
        self.handle
            .place((&self.path, name), &to.handle, (&to.path, new))
    }

    /// Exchanges something in it with something in another folder, in one step.
    ///
    /// # Errors
    /// When the system cannot do that.
    pub fn exchange(
        &self,
        name: impl AsRef<OsStr>,
        to: &Self,
        new: impl AsRef<OsStr>,
    ) -> io::Result<()> {
        let (name, new) = (one(name.as_ref())?, one(new.as_ref())?);
        self.handle
            .exchange((&self.path, name), &to.handle, (&to.path, new))
    }

    /// Gives a file in it one more name.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn link(
        &self,
        name: impl AsRef<OsStr>,
        to: &Self,
        new: impl AsRef<OsStr>,
    ) -> io::Result<()> {
        let (name, new) = (one(name.as_ref())?, one(new.as_ref())?);
        self.handle
            .link((&self.path, name), &to.handle, (&to.path, new))
    }

    /// Removes anything but a folder; a link and not what it leads to.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn remove(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        self.handle.remove(&self.path, one(name.as_ref())?)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn remove_empty(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        self.handle.remove_empty(&self.path, one(name.as_ref())?)
    }

    /// Removes whatever has a name, a folder with all it holds; links in it, and not what they lead to.
    ///
    /// # Errors
    /// When something cannot be removed, with its path.
    pub fn remove_all(&self, name: impl AsRef<OsStr>) -> Result<(), Error> {
        let name = name.as_ref();
        let inside = match self.folder(name) {
            Ok(inside) => inside,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                return gone(self.remove(name)).map_err(|error| self.failed(name, error));
            }
            Err(error) => return Err(self.failed(name, error)),
        };
        let list = inside.list().map_err(|error| self.failed(name, error))?;
        for (below, kind) in list {
            if kind == Kind::Folder {
                inside.remove_all(&below)?;
            } else {
                gone(inside.remove(&below)).map_err(|error| inside.failed(&below, error))?;
            }
        }
        drop(inside);
        gone(self.remove_empty(name)).map_err(|error| self.failed(name, error))
    }

    /// Waits until its names are on the disk.
    ///
    /// # Errors
    /// When the disk reports a failure.
    pub fn sync(&self) -> io::Result<()> {
        self.handle.sync()
    }

    /// Waits until everything on its file system is on the disk, where the system has such a call.
    ///
    /// # Errors
    /// When the disk reports a failure.
    pub fn settle(&self) -> io::Result<()> {
        self.handle.settle()
    }

    /// Keeps others from working in it for as long as what is given is there; `None` when others do.
    ///
    /// # Errors
    /// When the file system knows no locks.
    pub fn lock(&self) -> io::Result<Option<Lock>> {
        Ok(self.handle.lock()?.map(Lock))
    }

    /// Has the mode and the owner of another folder, as far as that may be.
    pub fn look_like(&self, other: &Self) {
        self.handle.look_like(&other.handle);
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Folder {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.handle.as_fd()
    }
}

/// Opens an ordinary file that somebody has named, to read it; links to it are followed.
///
/// # Errors
/// When there is none, it is no ordinary file (`InvalidInput`), or cannot be opened.
pub fn open(path: &Path) -> io::Result<File> {
    ordinary(system::open(path)?)
}

/// Reads what is left of a file of at most `limit` bytes.
///
/// # Errors
/// When it is larger (`FileTooLarge`), or cannot be read.
pub fn read(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let size = file.metadata()?.len();
    if size > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // It may grow meanwhile.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The names of a path with `/`.
pub fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

/// What it is that was looked at.
#[must_use]
pub fn kind(found: &Metadata) -> Kind {
    system::kind(found)
}

fn ordinary(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(ErrorKind::InvalidInput.into())
    }
}

/// A name that leads nowhere else.
fn one(name: &OsStr) -> io::Result<&OsStr> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(std::path::Component::Normal(part)), None) if part == name => Ok(name),
        _ => Err(ErrorKind::InvalidFilename.into()),
    }
}

/// Whatever is gone already need not be removed.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(all(test, unix))]
mod tests;
