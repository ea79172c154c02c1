//! Systems that cannot hold a folder: its path is looked at before each step.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::{Found, Kind};

/// A name in a folder.
type At<'a> = (&'a Path, &'a OsStr);

#[derive(Debug)]
pub struct Lock;

#[derive(Debug)]
pub struct Handle;

impl Handle {
    pub fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self)
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    pub fn again(&self) -> io::Result<Self> {
        Ok(Self)
    }

    pub fn folder(&self, above: &Path, name: &OsStr) -> io::Result<Self> {
        match self.see(above, name)?.kind {
            Kind::Folder => Ok(Self),
            _ => Err(ErrorKind::NotADirectory.into()),
        }
    }

    pub fn make(&self, above: &Path, name: &OsStr) -> io::Result<()> {
        fs::create_dir(above.join(name))
    }

    pub fn see(&self, above: &Path, name: &OsStr) -> io::Result<Found> {
        let found = fs::symlink_metadata(above.join(name))?;
        Ok(Found {
            kind: kind(&found),
            size: found.len(),
        })
    }

    pub fn list(&self, above: &Path) -> io::Result<Vec<(OsString, Kind)>> {
        let mut list = Vec::new();
        for entry in fs::read_dir(above)? {
            let name = entry?.file_name();
            let kind = self.see(above, &name)?.kind;
            list.push((name, kind));
        }
        Ok(list)
    }

    pub fn file(&self, above: &Path, name: &OsStr) -> io::Result<File> {
        self.only_a_file(above, name)?;
        File::open(above.join(name))
    }

    pub fn create(&self, above: &Path, name: &OsStr, _: u32) -> io::Result<File> {
        File::create_new(above.join(name))
    }

    pub fn overwrite(&self, above: &Path, name: &OsStr) -> io::Result<File> {
        match self.only_a_file(above, name) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = File::options();
        options.create(true).write(true).truncate(false);
        options.open(above.join(name))
    }

    fn only_a_file(&self, above: &Path, name: &OsStr) -> io::Result<()> {
        match self.see(above, name)?.kind {
            Kind::File => Ok(()),
            _ => Err(ErrorKind::InvalidInput.into()),
        }
    }

    pub fn rename(&self, from: At<'_>, _: &Self, new: At<'_>) -> io::Result<()> {
        fs::rename(from.0.join(from.1), new.0.join(new.1))
    }

    pub fn place(&self, from: At<'_>, to: &Self, new: At<'_>) -> io::Result<()> {
        match to.see(new.0, new.1) {
            Err(error) if error.kind() == ErrorKind::NotFound => self.rename(from, to, new),
            found => found.and(Err(ErrorKind::AlreadyExists.into())),
        }
    }

    pub fn exchange(&self, _: At<'_>, _: &Self, _: At<'_>) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    pub fn link(&self, from: At<'_>, _: &Self, new: At<'_>) -> io::Result<()> {
        fs::hard_link(from.0.join(from.1), new.0.join(new.1))
    }

    pub fn remove(&self, above: &Path, name: &OsStr) -> io::Result<()> {
        fs::remove_file(above.join(name))
    }

    pub fn remove_empty(&self, above: &Path, name: &OsStr) -> io::Result<()> {
        fs::remove_dir(above.join(name))
    }

    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    pub fn settle(&self) -> io::Result<()> {
        Ok(())
    }

    /// Nobody is kept out.
    pub fn lock(&self) -> io::Result<Option<Lock>> {
        Ok(Some(Lock))
    }

    pub fn look_like(&self, _: &Self) {}
}

pub fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// How many names a file has; the system does not say.
pub fn names(_: &Metadata) -> u64 {
    1
}

pub fn kind(found: &Metadata) -> Kind {
    let kind = found.file_type();
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
