//! What has been replaced. To free it takes a file system many times as long as to make what comes in its place, but
//! that is mostly spent waiting. So a little is left to the next run, whose threads wait for it while data is looked
//! at; more is freed at once.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

/// Bytes that are left to the next run.
const LITTLE: u64 = 64 * 1024 * 1024;

/// Threads that free what has been replaced.
const THREADS: usize = 4;

/// Takes what has been replaced.
#[derive(Debug)]
pub struct Gone {
    /// Where it waits, under numbers.
    folder: PathBuf,
    number: AtomicU64,
    bytes: AtomicU64,
    freeing: OnceLock<Freeing>,
}

/// Threads that free what they are told.
#[derive(Debug)]
struct Freeing {
    tell: Sender<PathBuf>,
    threads: Vec<JoinHandle<()>>,
}

impl Gone {
    /// By way of a folder on the file system of what will be taken. What an earlier run has left there is freed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        let gone = Self {
            number: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            freeing: OnceLock::new(),
            folder,
        };
        for left in fs::read_dir(&gone.folder).into_iter().flatten().flatten() {
            let number = left.file_name().to_str().and_then(|name| name.parse().ok());
            let after = number.map_or(0, |number: u64| number.saturating_add(1));
            gone.number.fetch_max(after, Ordering::Relaxed);
            gone.free(left.path());
        }
        gone
    }

    /// Takes a file or a folder away, if it is there.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn take(&self, path: &Path) -> io::Result<()> {
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            found => found?,
        };
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let there = self.folder.join(number.to_string());
        if fs::rename(path, &there).is_err() {
            fs::create_dir_all(&self.folder)?;
            fs::rename(path, &there)?;
        }
        let before = self.bytes.fetch_add(found.len(), Ordering::Relaxed);
        if found.is_dir() || before + found.len() > LITTLE {
            self.free(there);
        }
        Ok(())
    }

    /// Without a thread it stays for the next run.
    fn free(&self, path: PathBuf) {
        let _ = self.freeing.get_or_init(Freeing::begin).tell.send(path);
    }

    /// Waits until what was to be freed is.
    pub fn wait(&mut self) {
        if let Some(Freeing { tell, threads }) = self.freeing.take() {
            drop(tell);
            for thread in threads {
                // One that has panicked has left something.
                let _ = thread.join();
            }
        }
        // It stays while it holds something.
        let _ = fs::remove_dir(&self.folder);
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        self.wait();
    }
}

impl Freeing {
    fn begin() -> Self {
        let (tell, told) = channel();
        let told = Arc::new(Mutex::new(told));
        let threads = (0..THREADS).filter_map(|_| {
            let told = Arc::clone(&told);
            thread::Builder::new().spawn(move || free(&told)).ok()
        });
        let threads = threads.collect();
        Self { tell, threads }
    }
}

fn free(told: &Mutex<Receiver<PathBuf>>) {
    let next = || {
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.recv().ok()
    };
    while let Some(path) = next() {
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_is_left_to_the_next_run_and_no_more() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let there = |name: &str| folder.path().join(name);
        let left = || fs::read_dir(there("gone")).map_or(0, Iterator::count);
        let gone = Gone::new(there("gone"));
        gone.take(&there("none")).expect("nothing to take");
        for number in 0..9 {
            fs::write(there("a"), number.to_string()).expect("a file");
            gone.take(&there("a")).expect("taken");
            assert!(!there("a").exists());
        }
        fs::create_dir_all(there("b/c")).expect("a folder");
        gone.take(&there("b")).expect("taken");
        let large = fs::File::create(there("large")).and_then(|file| file.set_len(LITTLE));
        large.expect("a file");
        gone.take(&there("large")).expect("taken");
        drop(gone);
        assert_eq!(left(), 9);
        let next = Gone::new(there("gone"));
        fs::write(there("a"), "").expect("a file");
        next.take(&there("a")).expect("taken");
        drop(next);
        assert_eq!(left(), 1);
        drop(Gone::new(there("gone")));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn what_cannot_be_taken_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (file, place) = (folder.path().join("a"), folder.path().join("b"));
        for path in [&file, &place] {
            fs::write(path, "").expect("a file");
        }
        let gone = Gone::new(place);
        assert!(gone.take(&file).is_err() && file.exists());
    }
}
