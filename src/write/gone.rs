//! What has been replaced. To free it takes a file system many times as long as to make what comes in its place, so
//! that is left to threads that do nothing else, and mostly wait.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

/// Threads that free what has been replaced.
const THREADS: usize = 4;

/// Frees what has been replaced, until it is dropped.
#[derive(Debug)]
pub struct Gone {
    /// Where things wait for it, under numbers.
    folder: PathBuf,
    number: AtomicUsize,
    freeing: OnceLock<(Sender<PathBuf>, Vec<JoinHandle<()>>)>,
}

impl Gone {
    /// By way of a folder, which is there only meanwhile. It is on the file system of what will be taken.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            number: AtomicUsize::new(0),
            freeing: OnceLock::new(),
        }
    }

    /// Takes a file or a folder away, if it is there.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn take(&self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Ok(());
        }
        let (sender, _) = match self.freeing.get() {
            Some(freeing) => freeing,
            None => {
                fs::create_dir_all(&self.folder)?;
                self.freeing.get_or_init(begin)
            }
        };
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let there = self.folder.join(number.to_string());
        fs::rename(path, &there)?;
        // Without a thread it stays until the folder is removed.
        let _ = sender.send(there);
        Ok(())
    }

    /// Waits until all is freed.
    pub fn wait(&mut self) {
        let Some((sender, threads)) = self.freeing.take() else {
            return;
        };
        drop(sender);
        for thread in threads {
            // One that has panicked has left something.
            let _ = thread.join();
        }
        // What could not be freed is tried again by the next run, which says so.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        self.wait();
    }
}

fn begin() -> (Sender<PathBuf>, Vec<JoinHandle<()>>) {
    let (sender, receiver) = channel();
    let receiver = Arc::new(Mutex::new(receiver));
    let threads = (0..THREADS).filter_map(|_| {
        let receiver = Arc::clone(&receiver);
        thread::Builder::new().spawn(move || free(&receiver)).ok()
    });
    (sender, threads.collect())
}

fn free(receiver: &Mutex<Receiver<PathBuf>>) {
    let next = || {
        let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
        receiver.recv().ok()
    };
    while let Some(path) = next() {
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_gone_at_once_and_freed_at_the_end() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let there = |name: &str| folder.path().join(name);
        let gone = Gone::new(there("gone"));
        gone.take(&there("none")).expect("nothing to take");
        assert!(!there("gone").exists());
        for number in 0..9 {
            fs::write(there("a"), number.to_string()).expect("a file");
            gone.take(&there("a")).expect("taken");
            assert!(!there("a").exists());
        }
        fs::create_dir_all(there("b/c")).expect("a folder");
        gone.take(&there("b")).expect("taken");
        assert!(there("gone").exists() && !there("b").exists());
        drop(gone);
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
