//! Whether files have changed since a run, told without reading them: their names, sizes and times.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::mark::Mark;
use super::seen::{Root, Seen};
use crate::packed::Bytes;

/// The longest tick of a file system's clock, in nanoseconds: FAT counts in steps of two seconds.
const TICK: i64 = 2_000_000_000;

/// Whether a folder that looks as it did holds the same names. One on FAT, seen from Windows, keeps its time.
const FOLDERS_TELL: bool = cfg!(unix);

/// A moment as the file system tells it, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Moment(i64);

/// What files and folders looked like from outside.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Of their names, sizes, times and numbers.
    mark: Mark,
    /// When the last of them was changed.
    last: Moment,
    /// Which they were: of each the number of the path that was given as a digit, the path below that, and a zero.
    seen: Bytes,
}

impl PartialEq for Stamp {
    fn eq(&self, other: &Self) -> bool {
        (self.mark, self.last) == (other.mark, other.last)
    }
}

impl Eq for Stamp {}

impl Stamp {
    /// Of everything below these paths, links followed. `None` when something cannot be
    /// looked at: whoever reads it will say so.
    #[must_use]
    pub fn of(paths: &[&Path]) -> Option<Self> {
        let mut look = Look::default();
        for (at, path) in (b'0'..).zip(paths) {
            look.name.clear();
            look.name.push(at);
            look.add(path, &fs::metadata(path).ok()?)?;
        }
        Some(Self {
            seen: look.seen.into(),
            ..look.stamp
        })
    }

    /// Of one folder, without a look at what it holds. Whatever comes into it or goes changes its times.
    #[must_use]
    pub fn of_folder(path: &Path) -> Option<Self> {
        let mut look = Look::default();
        look.see(&fs::metadata(path).ok()?)?;
        Some(look.stamp)
    }

    /// Whether everything below these paths still looks so. Folders are not listed again: one that is as it was holds
    /// the same names.
    #[must_use]
    pub fn holds(&self, paths: &[&Path]) -> bool {
        FOLDERS_TELL && self.again(paths).is_some_and(|stamp| stamp == *self)
    }

    /// Whether folders that look as they do `now` hold the names that they held.
    #[must_use]
    pub fn proves(&self, now: &Self) -> bool {
        FOLDERS_TELL && self == now
    }

    fn again(&self, paths: &[&Path]) -> Option<Self> {
        let mut look = Look::default();
        let mut root: Option<(u8, Root)> = None;
        for name in self.seen.split_inclusive(|byte| *byte == 0) {
            let name = name.strip_suffix(&[0])?;
            let (at, below) = name.split_first()?;
            if root.as_ref().is_none_or(|(known, _)| known != at) {
                let path = paths.get(usize::from(at.checked_sub(b'0')?))?;
                root = Some((*at, Root::open(path)?));
            }
            look.name.clear();
            look.name.extend_from_slice(name);
            look.add_one(&root.as_ref()?.1.see(below)?);
        }
        Some(look.stamp)
    }

    /// When the last of them was changed.
    #[must_use]
    pub const fn changed(&self) -> Moment {
        self.last
    }

    /// Whether a file may have changed again within the tick of the clock in which it was looked at, so
    /// that an equal stamp proves nothing. `started` is when the run began.
    #[must_use]
    pub fn is_doubtful(&self, started: Moment) -> bool {
        self.last.0 >= started.0.saturating_sub(TICK)
    }
}

/// A look at files and folders.
#[derive(Default)]
struct Look {
    stamp: Stamp,
    seen: Vec<u8>,
    /// Of what is looked at, as in [`Stamp::seen`] but for the zero.
    name: Vec<u8>,
    /// The folders that were left by links.
    left: Vec<PathBuf>,
}

impl Look {
    /// Adds a file, or a folder with all it holds.
    fn add(&mut self, path: &Path, found: &Metadata) -> Option<()> {
        self.see(found)?;
        if !found.is_dir() {
            return Some(());
        }
        for entry in fs::read_dir(path).ok()? {
            let entry = entry.ok()?;
            let end = self.name.len();
            if end > 1 {
                self.name.push(b'/');
            }
            self.name
                .extend_from_slice(entry.file_name().to_str()?.as_bytes());
            let found = entry.metadata().ok()?;
            if found.is_symlink() {
                self.follow(path, &entry.path())?;
            } else if found.is_dir() {
                self.add(&entry.path(), &found)?;
            } else {
                self.see(&found)?;
            }
            self.name.truncate(end);
        }
        Some(())
    }

    /// Adds what a link in a folder leads to, unless that is above, so that it would lead around for ever.
    fn follow(&mut self, folder: &Path, link: &Path) -> Option<()> {
        self.left.push(fs::canonicalize(folder).ok()?);
        let real = fs::canonicalize(link).ok()?;
        if self.left.iter().any(|left| left.starts_with(&real)) {
            return None;
        }
        self.add(&real, &fs::metadata(&real).ok()?)?;
        self.left.pop();
        Some(())
    }

    fn see(&mut self, found: &Metadata) -> Option<()> {
        self.seen.extend_from_slice(&self.name);
        self.seen.push(0);
        self.add_one(&Seen::of(found)?);
        Some(())
    }

    fn add_one(&mut self, seen: &Seen) {
        let stamp = &mut self.stamp;
        stamp.last = stamp.last.max(seen.written).max(seen.changed);
        let end = self.name.len();
        self.name.push(0);
        self.name.push(u8::from(seen.is_file));
        for number in [seen.written.0, seen.changed.0] {
            self.name.extend(number.to_le_bytes());
        }
        self.name.extend(seen.number.to_le_bytes());
        // That of a folder says nothing.
        if seen.is_file {
            self.name.extend(seen.size.to_le_bytes());
        }
        stamp.mark = stamp.mark.and(Mark::of(&self.name));
        self.name.truncate(end);
    }
}

impl Moment {
    /// Now, by the clock of the system.
    #[must_use]
    pub fn now() -> Self {
        Self::at(SystemTime::now()).unwrap_or(Self(i64::MAX))
    }

    /// When a file or folder was last written.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn written(path: &Path) -> io::Result<Self> {
        Self::of(&fs::metadata(path)?).ok_or_else(|| io::ErrorKind::Unsupported.into())
    }

    /// When what was looked at was last written; `None` beyond the range of the clock.
    #[must_use]
    pub fn of(found: &Metadata) -> Option<Self> {
        Seen::of(found).map(|seen| seen.written)
    }

    pub(super) fn new(seconds: i64, nanos: i64) -> Option<Self> {
        let seconds = seconds.checked_mul(1_000_000_000)?;
        seconds.checked_add(nanos).map(Self)
    }

    pub(super) fn at(time: SystemTime) -> Option<Self> {
        let nanos = time.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        i64::try_from(nanos).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_changes_with_names_contents_and_times() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stamp = || Stamp::of(&[folder.path()]).expect("a stamp");
        let empty = stamp();
        fs::write(folder.path().join("a.yaml"), "a: 1").expect("a file");
        let first = stamp();
        assert_ne!(first, empty);
        assert_eq!(first, stamp());
        assert!(!cfg!(unix) || first.holds(&[folder.path()]) && !empty.holds(&[folder.path()]));
        fs::rename(folder.path().join("a.yaml"), folder.path().join("b.yaml")).expect("a name");
        let second = stamp();
        assert_ne!(second, first);
        assert!(!first.holds(&[folder.path()]));
        // The same size, and the same time of writing.
        let written = fs::metadata(folder.path().join("b.yaml")).and_then(|found| found.modified());
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(folder.path().join("b.yaml"), "a: 2").expect("a file");
        let file = fs::File::options()
            .write(true)
            .open(folder.path().join("b.yaml"));
        file.and_then(|file| file.set_modified(written?))
            .expect("a time");
        assert_ne!(stamp(), second);
        assert!(!second.holds(&[folder.path()]));
    }

    #[test]
    fn what_was_seen_is_told_by_path() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("tables")).expect("a folder");
        for path in ["data/tables/01.yaml", "entity.yaml"] {
            fs::write(folder.path().join(path), "a: 1").expect("a file");
        }
        let entity = folder.path().join("entity.yaml");
        let paths: [&Path; 2] = [&data, &entity];
        let stamp = Stamp::of(&paths).expect("a stamp");
        assert_eq!(&*stamp.seen, b"0\x000tables\x000tables/01.yaml\x001\x00");
        assert!(!cfg!(unix) || stamp.holds(&paths));
        fs::remove_file(&entity).expect("gone");
        assert!(!stamp.holds(&paths));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_none_leads_around_for_ever() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (data, other) = (folder.path().join("data"), folder.path().join("other"));
        for path in [&data, &other] {
            fs::create_dir(path).expect("a folder");
        }
        fs::write(other.join("a.yaml"), "a: 1").expect("a file");
        symlink(&other, data.join("linked")).expect("a link");
        let stamp = || Stamp::of(&[&data]);
        let first = stamp();
        fs::write(other.join("a.yaml"), "a: 12").expect("a file");
        assert!(first.is_some() && stamp().is_some() && stamp() != first);
        symlink(&data, data.join("around")).expect("a link");
        assert_eq!(stamp(), None);
        fs::rename(data.join("around"), other.join("around")).expect("a name");
        assert_eq!(stamp(), None);
    }

    #[test]
    fn what_cannot_be_looked_at_has_no_stamp() {
        assert_eq!(Stamp::of(&[Path::new("/nowhere/at/all")]), None);
    }
}
