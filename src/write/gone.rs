//! What has been replaced. To free it takes a file system many times as long as to make what comes in its place, but
//! that is mostly spent waiting. So a little is left to the next run, whose threads wait for it while data is looked
//! at; more is freed at once.

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use super::work::GONE;
use crate::held::{Folder, Kind};

/// Bytes that are left to the next run.
const LITTLE: u64 = 64 * 1024 * 1024;

/// Threads that free what has been replaced.
const THREADS: usize = 4;

/// Takes what has been replaced.
#[derive(Debug)]
pub struct Gone {
    /// The working folder.
    work: Arc<Folder>,
    /// Where it waits in it, under numbers, once there is something.
    folder: Mutex<Option<Arc<Folder>>>,
    number: AtomicU64,
    bytes: AtomicU64,
    freeing: OnceLock<Freeing>,
}

/// What is to be freed: a number in a folder.
type Waiting = (Arc<Folder>, u64);

/// Threads that free what they are told.
#[derive(Debug)]
struct Freeing {
    tell: Sender<Waiting>,
    threads: Vec<JoinHandle<()>>,
}

impl Gone {
    /// By way of a folder in the working folder. What an earlier run has left there is freed.
    ///
    /// # Errors
    /// When that folder cannot be looked at.
    pub fn new(work: Arc<Folder>) -> io::Result<Self> {
        let gone = Self {
            number: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            freeing: OnceLock::new(),
            folder: Mutex::default(),
            work,
        };
        let folder = match gone.work.folder(GONE) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(gone),
            folder => Arc::new(folder?),
        };
        for (name, _) in folder.list()? {
            // What has no number is not ours.
            if let Some(number) = name.to_str().and_then(|name| name.parse().ok()) {
                let after = u64::saturating_add(number, 1);
                gone.number.fetch_max(after, Ordering::Relaxed);
                gone.free((folder.clone(), number));
            }
        }
        *gone.lock() = Some(folder);
        Ok(gone)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Folder>>> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it waits; made when there is none.
    fn folder(&self) -> io::Result<Arc<Folder>> {
        let mut folder = self.lock();
        if let Some(folder) = &*folder {
            return Ok(folder.clone());
        }
        let made = Arc::new(self.work.make(GONE)?);
        *folder = Some(made.clone());
        Ok(made)
    }

    /// Takes a file or a folder away, if it is there.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn take(&self, above: &Folder, name: &str) -> io::Result<()> {
        let Some(found) = above.see(name)? else {
            return Ok(());
        };
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder()?;
        above.rename(name, &folder, number.to_string())?;
        let before = self.bytes.fetch_add(found.size, Ordering::Relaxed);
        if found.kind != Kind::File || before + found.size > LITTLE {
            self.free((folder, number));
        }
        Ok(())
    }

    /// Without a thread it stays for the next run.
    fn free(&self, waiting: Waiting) {
        let _ = self.freeing.get_or_init(Freeing::begin).tell.send(waiting);
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
        if self.lock().take().is_some() {
            // It stays while it holds something.
            let _ = self.work.remove_empty(GONE);
        }
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

fn free(told: &Mutex<Receiver<Waiting>>) {
    let next = || {
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.recv().ok()
    };
    while let Some((folder, number)) = next() {
        let number = number.to_string();
        if folder.remove(&number).is_err() {
            let _ = folder.remove_all(&number);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_little_is_left_to_the_next_run_and_no_more() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let there = |name: &str| folder.path().join(name);
        let work = Arc::new(Folder::open(folder.path()).expect("a folder"));
        let left = || fs::read_dir(there("gone")).map_or(0, Iterator::count);
        let gone = Gone::new(work.clone()).expect("a folder");
        gone.take(&work, "none").expect("nothing to take");
        for number in 0..9 {
            fs::write(there("a"), number.to_string()).expect("a file");
            gone.take(&work, "a").expect("taken");
            assert!(!there("a").exists());
        }
        fs::create_dir_all(there("b/c")).expect("a folder");
        gone.take(&work, "b").expect("taken");
        let large = fs::File::create(there("large")).and_then(|file| file.set_len(LITTLE));
        large.expect("a file");
        gone.take(&work, "large").expect("taken");
        drop(gone);
        assert_eq!(left(), 9);
        let next = Gone::new(work.clone()).expect("a folder");
        fs::write(there("a"), "").expect("a file");
        next.take(&work, "a").expect("taken");
        drop(next);
        assert_eq!(left(), 1);
        drop(Gone::new(work).expect("a folder"));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn what_cannot_be_taken_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["a", "gone"] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        let work = Arc::new(Folder::open(folder.path()).expect("a folder"));
        assert!(Gone::new(work).is_err());
        assert!(folder.path().join("a").exists());
    }
}
