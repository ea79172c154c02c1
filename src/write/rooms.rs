//! The folders of the tree that is put together, each opened once however many files go into it.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

use super::gone::Gone;
use super::work::NEXT;
use crate::error::Error;
use crate::held::{Folder, parts};

/// So many are held open: systems give a program a few hundred.
const HELD: usize = 64;

/// The folders of a tree.
#[derive(Debug)]
pub struct Rooms {
    /// The working folder, in which the tree stands.
    work: Arc<Folder>,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    root: Option<Arc<Folder>>,
    /// By path from the root.
    below: HashMap<String, Arc<Folder>>,
}

impl Rooms {
    /// Of a tree, if it is there already.
    pub fn new(work: Arc<Folder>, root: Option<Folder>) -> Self {
        let held = Held {
            root: root.map(Arc::new),
            below: HashMap::new(),
        };
        Self {
            work,
            held: Mutex::new(held),
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its root; made when it is not there.
    pub fn root(&self) -> Result<Arc<Folder>, Error> {
        root(&self.work, &mut self.held())
    }

    /// A folder at a path from the root; made when it is not there. What is no folder and has the name of one goes.
    pub fn make(&self, path: &str, gone: &Gone) -> Result<Arc<Folder>, Error> {
        let mut held = self.held();
        if let Some(known) = held.below.get(path) {
            return Ok(known.clone());
        }
        let mut at = root(&self.work, &mut held)?;
        for name in parts(path) {
            let failed = |error| at.failed(name, error);
            let made = match at.make(name) {
                Err(error) if error.kind() == ErrorKind::NotADirectory => {
                    gone.take(&at, name).map_err(failed)?;
                    at.make(name)
                }
                made => made,
            };
            at = Arc::new(made.map_err(failed)?);
        }
        held.keep(path, &at);
        Ok(at)
    }

    /// A folder at a path from the root, if it is there.
    pub fn find(&self, path: &str) -> Result<Option<Arc<Folder>>, Error> {
        let mut held = self.held();
        if let Some(known) = held.below.get(path) {
            return Ok(Some(known.clone()));
        }
        let root = root(&self.work, &mut held)?;
        match root.below(path) {
            Ok(found) => {
                let found = Arc::new(found);
                held.keep(path, &found);
                Ok(Some(found))
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(root.failed(path, error)),
        }
    }

    /// Removes a folder, and those that it leaves empty. One that still holds something stays.
    pub fn remove_empty(&self, path: &str) {
        let mut path = path;
        while !path.is_empty() {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            let Ok(Some(room)) = self.find(above) else {
                return;
            };
            if room.remove_empty(name).is_err() {
                return;
            }
            self.held().below.remove(path);
            path = above;
        }
    }
}

impl Held {
    fn keep(&mut self, path: &str, folder: &Arc<Folder>) {
        if self.below.len() >= HELD {
            self.below.clear();
        }
        self.below.insert(path.to_owned(), folder.clone());
    }
}

fn root(work: &Folder, held: &mut Held) -> Result<Arc<Folder>, Error> {
    if let Some(root) = &held.root {
        return Ok(root.clone());
    }
    let made = work.make(NEXT);
    let made = Arc::new(made.map_err(|error| work.failed(NEXT, error))?);
    held.root = Some(made.clone());
    Ok(made)
}
