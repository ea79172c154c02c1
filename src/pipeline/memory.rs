//! A site in memory: pages -> a map from their paths. What has not changed is shared with the one before.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::digest::FileDigest;
use crate::error::Error;
use crate::write::Sink;
use crate::write::tree::{Group, SITE, Tree};

/// The files of one group by path relative to its folder, see [`Tree`].
type Files = BTreeMap<Box<str>, Arc<[u8]>>;

/// A site as a whole.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub(super) tree: Tree,
    groups: BTreeMap<Box<str>, Arc<Files>>,
}

impl Snapshot {
    /// A file by its path from the root of the site.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&Arc<[u8]>> {
        let find = |folder: &str, name: &str| self.groups.get(folder)?.get(name);
        // A path that starts with a slash is none of the site's.
        let mut parts = path.match_indices('/').filter(|(at, _)| *at > 0);
        find(SITE, path).or_else(|| parts.find_map(|(at, _)| find(&path[..at], &path[at + 1..])))
    }

    /// The paths of all files, in the order of their folders.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        let files = self.tree.files().into_iter();
        files.map(|(folder, name, _)| crate::write::tree::join(folder, name))
    }
}

/// Takes the files of the next snapshot.
pub(super) struct Memory<'a> {
    before: &'a Snapshot,
    written: Mutex<BTreeMap<Box<str>, Files>>,
}

impl<'a> Memory<'a> {
    /// Groups of `before` can be taken over.
    pub fn new(before: &'a Snapshot) -> Self {
        Self {
            before,
            written: Mutex::default(),
        }
    }

    /// The site that a run has made.
    pub fn snapshot(self, tree: Tree) -> Snapshot {
        let written = self.written.into_inner();
        let mut written = written.expect("no thread panics while writing");
        let mut groups = BTreeMap::new();
        for (folder, group) in &tree.groups {
            let before = self.before.groups.get(folder);
            let files = match written.remove(folder) {
                None => before.cloned().unwrap_or_default(),
                Some(mut written) => {
                    // What was not made anew is as it was.
                    let mut file = |name: &str| {
                        let new = written.remove(name);
                        new.or_else(|| before?.get(name).cloned())
                    };
                    let files = group.iter().map(|(name, _)| name);
                    let files = files.map(|name| (name.clone(), file(name).unwrap_or_default()));
                    Arc::new(files.collect())
                }
            };
            groups.insert(folder.clone(), files);
        }
        Snapshot { tree, groups }
    }
}

impl Sink for Memory<'_> {
    fn write(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<FileDigest, Error> {
        let (digest, bytes) = (FileDigest::of(bytes), Arc::from(bytes));
        let mut written = self.written.lock().expect("no thread panics while writing");
        let files = written.entry(folder.into()).or_default();
        files.insert(name.into(), bytes);
        Ok(digest)
    }

    fn has(&self, folder: &str, group: &Group) -> bool {
        self.before.tree.groups.get(folder) == Some(group)
    }
}
