//! Whether files have changed since a run, told without reading them: their names, sizes and times.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::mark::{Mark, Marks};

/// The longest tick of a file system's clock, in nanoseconds: FAT counts in steps of two seconds.
const TICK: i64 = 2_000_000_000;

/// A moment as the file system tells it, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Moment(i64);

/// What a list of files looked like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Of their names, sizes, times and numbers.
    mark: Mark,
    /// When the last of them was changed.
    last: Moment,
}

impl Stamp {
    /// Of everything below these paths, links followed. `None` when something cannot be
    /// looked at: whoever reads it will say so.
    #[must_use]
    pub fn of(paths: &[&Path]) -> Option<Self> {
        let (mut mark, mut last) = (Mark::default(), Moment::default());
        for (at, path) in paths.iter().enumerate() {
            let above = path.as_os_str().as_encoded_bytes().len();
            for entry in WalkDir::new(path).follow_links(true) {
                let entry = entry.ok()?;
                let metadata = entry.metadata().ok()?;
                let (written, changed) = times(&metadata)?;
                let mut marks = Marks::default();
                marks.add(at.to_le_bytes());
                marks.add(&entry.path().as_os_str().as_encoded_bytes()[above..]);
                // A folder is known by what it holds.
                if metadata.is_file() {
                    last = last.max(written).max(changed);
                    marks.add(written.0.to_le_bytes());
                    marks.add(changed.0.to_le_bytes());
                    marks.add(metadata.len().to_le_bytes());
                    marks.add(number(&metadata).to_le_bytes());
                }
                mark = mark.and(marks.finish());
            }
        }
        Some(Self { mark, last })
    }

    /// Whether a file may have changed again within the tick of the clock in which it was looked at, so
    /// that an equal stamp proves nothing. `started` is when the run began.
    #[must_use]
    pub fn is_doubtful(self, started: Moment) -> bool {
        self.last.0 >= started.0.saturating_sub(TICK)
    }
}

impl Moment {
    /// Now, by the clock of the system.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let nanos = since.map_or(0, |since| since.as_nanos());
        Self(i64::try_from(nanos).unwrap_or(i64::MAX))
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
    pub fn of(metadata: &Metadata) -> Option<Self> {
        times(metadata).map(|(written, _)| written)
    }
}

/// When it was written, and when anything of it was changed, its times included.
#[cfg(unix)]
fn times(metadata: &Metadata) -> Option<(Moment, Moment)> {
    use std::os::unix::fs::MetadataExt as _;
    let moment = |seconds: i64, nanos: i64| {
        let seconds = seconds.checked_mul(1_000_000_000)?;
        seconds.checked_add(nanos).map(Moment)
    };
    Some((
        moment(metadata.mtime(), metadata.mtime_nsec())?,
        moment(metadata.ctime(), metadata.ctime_nsec())?,
    ))
}

#[cfg(not(unix))]
fn times(metadata: &Metadata) -> Option<(Moment, Moment)> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let written = Moment(i64::try_from(since.as_nanos()).ok()?);
    Some((written, written))
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ino()
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
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
        fs::rename(folder.path().join("a.yaml"), folder.path().join("b.yaml")).expect("a name");
        let second = stamp();
        assert_ne!(second, first);
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
    }

    #[test]
    fn what_cannot_be_looked_at_has_no_stamp() {
        assert_eq!(Stamp::of(&[Path::new("/nowhere/at/all")]), None);
    }
}
