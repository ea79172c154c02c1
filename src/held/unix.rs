//! Folders held by a descriptor.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, TryLockError};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{self, AtFlags, Dir, FileType, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::{Found, Kind};

/// A folder may be listed.
const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

/// Neither a link is followed nor a pipe waited for.
const FILE: OFlags = OFlags::NOFOLLOW
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// The mode of new folders, less what the umask takes.
const MODE: Mode = Mode::from_raw_mode(0o777);

/// Held until it is closed.
pub type Lock = File;

#[derive(Debug)]
pub struct Handle(OwnedFd);

impl Handle {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::open(path, FOLDER, Mode::empty())?))
    }

    pub fn again(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    pub fn folder(&self, _: &Path, name: &OsStr) -> io::Result<Self> {
        let flags = FOLDER | OFlags::NOFOLLOW;
        match fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(found) => Ok(Self(found)),
            // What systems say of a link.
            Err(Errno::LOOP | Errno::MLINK) => Err(io::ErrorKind::NotADirectory.into()),
            Err(error) => Err(error.into()),
        }
    }

    pub fn make(&self, _: &Path, name: &OsStr) -> io::Result<()> {
        Ok(fs::mkdirat(&self.0, name, MODE)?)
    }

    pub fn see(&self, _: &Path, name: &OsStr) -> io::Result<Found> {
        let found = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(Found {
            kind: kind_of(FileType::from_raw_mode(found.st_mode)),
            size: found.st_size.try_into().unwrap_or(0),
        })
    }

    pub fn list(&self, above: &Path) -> io::Result<Vec<(OsString, Kind)>> {
        let mut list = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => self.see(above, name)?.kind,
                known => kind_of(known),
            };
            list.push((name.to_owned(), kind));
        }
        Ok(list)
    }

    pub fn file(&self, _: &Path, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::RDONLY, 0)
    }

    pub fn create(&self, _: &Path, name: &OsStr, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        self.open_file(name, flags, mode)
    }

    pub fn overwrite(&self, _: &Path, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::WRONLY | OFlags::CREATE, super::EVERYBODY)
    }

    fn open_file(&self, name: &OsStr, flags: OFlags, mode: u32) -> io::Result<File> {
        let mode = Mode::from_bits_truncate(mode as _);
        match fs::openat(&self.0, name, flags | FILE, mode) {
            Ok(file) => Ok(file.into()),
            // A link, a folder, a pipe that nobody reads, a socket.
            Err(Errno::LOOP | Errno::MLINK | Errno::ISDIR | Errno::NXIO) => {
                Err(io::ErrorKind::InvalidInput.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    pub fn rename(&self, from: (&Path, &OsStr), to: &Self, new: (&Path, &OsStr)) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from.1, &to.0, new.1)?)
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    pub fn place(&self, from: (&Path, &OsStr), to: &Self, new: (&Path, &OsStr)) -> io::Result<()> {
        let flags = fs::RenameFlags::NOREPLACE;
        match fs::renameat_with(&self.0, from.1, &to.0, new.1, flags) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => self.place_at_once(from, to, new),
            placed => Ok(placed?),
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub fn place(&self, from: (&Path, &OsStr), to: &Self, new: (&Path, &OsStr)) -> io::Result<()> {
        self.place_at_once(from, to, new)
    }

    /// Where the system does not look by itself whether anything has the name.
    fn place_at_once(
        &self,
        from: (&Path, &OsStr),
        to: &Self,
        new: (&Path, &OsStr),
    ) -> io::Result<()> {
        match to.see(new.0, new.1) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.rename(from, to, new),
            found => found.and(Err(io::ErrorKind::AlreadyExists.into())),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    pub fn exchange(
        &self,
        from: (&Path, &OsStr),
        to: &Self,
        new: (&Path, &OsStr),
    ) -> io::Result<()> {
        let flags = fs::RenameFlags::EXCHANGE;
        Ok(fs::renameat_with(&self.0, from.1, &to.0, new.1, flags)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub fn exchange(&self, _: (&Path, &OsStr), _: &Self, _: (&Path, &OsStr)) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn link(&self, from: (&Path, &OsStr), to: &Self, new: (&Path, &OsStr)) -> io::Result<()> {
        Ok(fs::linkat(&self.0, from.1, &to.0, new.1, AtFlags::empty())?)
    }

    pub fn remove(&self, _: &Path, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    pub fn remove_empty(&self, _: &Path, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    pub fn sync(&self) -> io::Result<()> {
        match fs::fsync(&self.0) {
            // Some file systems do not do that for folders.
            Err(Errno::INVAL) => Ok(()),
            done => Ok(done?),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn settle(&self) -> io::Result<()> {
        Ok(fs::syncfs(&self.0)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    #[allow(clippy::unused_self, reason = "the other system needs it")]
    pub fn settle(&self) -> io::Result<()> {
        Ok(())
    }

    pub fn lock(&self) -> io::Result<Option<Lock>> {
        // Opened anew, for a copy of a descriptor shares its locks.
        let file = File::from(fs::openat(&self.0, ".", FOLDER, Mode::empty())?);
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub fn look_like(&self, other: &Self) {
        if let Ok(found) = fs::fstat(&other.0) {
            // Only the administrator may give a folder away; it is theirs otherwise.
            let owner = (Uid::from_raw(found.st_uid), Gid::from_raw(found.st_gid));
            let _ = fs::fchown(&self.0, Some(owner.0), Some(owner.1));
            let _ = fs::fchmod(&self.0, Mode::from_raw_mode(found.st_mode));
        }
    }
}

impl AsFd for Handle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

pub fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let flags = flags.try_into().map_err(|_| io::ErrorKind::Unsupported)?;
    match File::options().read(true).custom_flags(flags).open(path) {
        Err(error) if Errno::from_io_error(&error) == Some(Errno::NXIO) => {
            Err(io::ErrorKind::InvalidInput.into())
        }
        opened => opened,
    }
}

/// How many names a file has.
pub fn names(found: &Metadata) -> u64 {
    found.nlink()
}

pub fn kind(found: &Metadata) -> Kind {
    let kind = found.file_type();
    if kind.is_fifo() {
        Kind::Pipe
    } else if kind.is_block_device() || kind.is_char_device() {
        Kind::Device
    } else {
        plain(kind)
    }
}

fn plain(kind: std::fs::FileType) -> Kind {
    if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Folder
    } else if kind.is_symlink() {
        Kind::Link
    } else {
        Kind::Other
    }
}

fn kind_of(kind: FileType) -> Kind {
    match kind {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        FileType::Fifo => Kind::Pipe,
        FileType::CharacterDevice | FileType::BlockDevice => Kind::Device,
        _ => Kind::Other,
    }
}
