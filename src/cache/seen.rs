//! What one file or folder looks like from outside.

use std::fs::Metadata;
use std::path::Path;
#[cfg(not(target_os = "linux"))]
use std::path::PathBuf;

use super::stamp::Moment;
use crate::held::Folder;

/// What tells that a file is another one, or folders hold other names.
pub(super) struct Seen {
    pub is_file: bool,
    pub is_folder: bool,
    pub written: Moment,
    /// When anything of it was changed, its times included.
    pub changed: Moment,
    pub size: u64,
    pub number: u64,
}

impl Seen {
    /// `None` beyond the range of the clock.
    pub fn of(found: &Metadata) -> Option<Self> {
        let (written, changed) = times(found)?;
        Some(Self {
            is_file: found.is_file(),
            is_folder: found.is_dir(),
            written,
            changed,
            size: found.len(),
            number: number(found),
        })
    }
}

#[cfg(unix)]
fn times(found: &Metadata) -> Option<(Moment, Moment)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((
        Moment::new(found.mtime(), found.mtime_nsec())?,
        Moment::new(found.ctime(), found.ctime_nsec())?,
    ))
}

#[cfg(not(unix))]
fn times(found: &Metadata) -> Option<(Moment, Moment)> {
    let written = Moment::at(found.modified().ok()?)?;
    Some((written, written))
}

#[cfg(unix)]
fn number(found: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    found.ino()
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// A file or folder to look at, and what is below it.
#[cfg(target_os = "linux")]
pub struct Root(std::os::fd::OwnedFd);

#[cfg(target_os = "linux")]
impl Root {
    /// Opens it once, so that the way to it is not looked up for each name.
    #[must_use]
    pub fn open(path: &Path) -> Option<Self> {
        use rustix::fs::{Mode, OFlags, open};
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        open(path, flags, Mode::empty()).ok().map(Self)
    }

    /// A folder that is held already.
    #[must_use]
    pub fn of(folder: &Folder) -> Option<Self> {
        use std::os::fd::AsFd as _;
        folder.as_fd().try_clone_to_owned().ok().map(Self)
    }

    /// What a path below it looks like, links followed; itself for an empty one.
    pub(super) fn see(&self, below: &[u8]) -> Option<Seen> {
        self.look(below, rustix::fs::AtFlags::EMPTY_PATH)
    }

    /// Likewise, but a link looks like one.
    fn see_itself(&self, below: &str) -> Option<Seen> {
        use rustix::fs::AtFlags;
        self.look(
            below.as_bytes(),
            AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW,
        )
    }

    fn look(&self, below: &[u8], flags: rustix::fs::AtFlags) -> Option<Seen> {
        use rustix::fs::{FileType, StatxFlags, statx};
        let found = statx(&self.0, below, flags, StatxFlags::BASIC_STATS).ok()?;
        let (written, changed) = (found.stx_mtime, found.stx_ctime);
        let kind = FileType::from_raw_mode(found.stx_mode.into());
        Some(Seen {
            is_file: kind.is_file(),
            is_folder: kind.is_dir(),
            written: Moment::new(written.tv_sec, written.tv_nsec.into())?,
            changed: Moment::new(changed.tv_sec, changed.tv_nsec.into())?,
            size: found.stx_size,
            number: found.stx_ino,
        })
    }
}

/// A file or folder to look at, and what is below it.
#[cfg(not(target_os = "linux"))]
pub struct Root(PathBuf);

#[cfg(not(target_os = "linux"))]
impl Root {
    /// Remembers where it is.
    #[must_use]
    pub fn open(path: &Path) -> Option<Self> {
        Some(Self(path.to_owned()))
    }

    /// A folder that is held already.
    #[must_use]
    pub fn of(folder: &Folder) -> Option<Self> {
        Self::open(folder.path())
    }

    /// What a path below it looks like, links followed; itself for an empty one.
    pub(super) fn see(&self, below: &[u8]) -> Option<Seen> {
        let path = if below.is_empty() {
            self.0.clone()
        } else {
            self.0.join(str::from_utf8(below).ok()?)
        };
        Seen::of(&std::fs::metadata(path).ok()?)
    }

    /// Likewise, but a link looks like one.
    fn see_itself(&self, below: &str) -> Option<Seen> {
        Seen::of(&std::fs::symlink_metadata(self.0.join(below)).ok()?)
    }
}

impl Root {
    /// When a folder below it was last written; itself for an empty path. A link is no folder.
    #[must_use]
    pub fn written(&self, below: &str) -> Option<Moment> {
        let seen = self.see_itself(below).filter(|seen| seen.is_folder);
        seen.map(|seen| seen.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_looks_as_it_does_by_itself() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (above, file) = (folder.path(), folder.path().join("a/b.yaml"));
        std::fs::create_dir(above.join("a")).expect("a folder");
        std::fs::write(&file, "a: 1").expect("a file");
        for (root, below, whole) in [
            (above, "a/b.yaml", &*file),
            (above, "a", &above.join("a")),
            (&file, "", &file),
        ] {
            let seen = Root::open(root).and_then(|root| root.see(below.as_bytes()));
            let alone = std::fs::metadata(whole)
                .ok()
                .and_then(|found| Seen::of(&found));
            let parts = |seen: Seen| {
                (
                    seen.is_file,
                    seen.written,
                    seen.changed,
                    seen.size,
                    seen.number,
                )
            };
            assert!(
                seen.is_some() && seen.map(parts) == alone.map(parts),
                "{below}"
            );
        }
        let root = Root::open(above).expect("a folder");
        assert!(root.see(b"a/none").is_none());
    }
}
