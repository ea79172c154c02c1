//! What a run knows of the trees that the last one left: the published one, and the one before it, which is kept
//! beside. It is only relied on as far as the folders still are as they were left.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::manifest::{self, Earlier, Lines, MANIFEST, SIGNATURE, Text};
use super::tree::{Group, SITE, Tree};
use crate::cache::mark::Mark;
use crate::cache::seen::Root;
use crate::cache::stamp::Moment;
use crate::digest::Digest;
use crate::held::{Folder, Kind};

/// When each folder of a tree was last changed, by its path from the root. A file that comes or goes changes it.
pub type Times = BTreeMap<Box<str>, Moment>;

/// What a run leaves to the next one of the trees that it left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Of the state that it goes with.
    pub state: Mark,
    /// What is published.
    pub published: Tree,
    /// Its manifest.
    manifest: Known,
    times: Times,
    spare: Option<Spare>,
}

/// What is known of a manifest without reading it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// As it states it.
    digest: Digest,
    /// Of its text.
    mark: Mark,
    lines: Lines,
}

/// The tree that is kept beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Spare {
    /// Groups that are not as in the published tree; `None` for one that is only there.
    differs: BTreeMap<Box<str>, Option<Group>>,
    digest: Digest,
    times: Times,
}

/// What is known of a tree that has just been put together.
#[derive(Debug)]
pub struct Left {
    manifest: Known,
    times: Times,
}

/// What can be taken from trees of earlier runs.
#[derive(Debug, Default)]
pub struct Trusted {
    /// What was published before, as its manifest states it.
    pub before: Tree,
    /// Of that, what is certainly there.
    pub published: Tree,
    /// What the tree beside holds; `None` without one.
    pub spare: Option<Tree>,
    /// The manifest of what was published before; `None` when nothing is remembered of it.
    manifest: Option<Known>,
    published_times: Times,
    spare_times: Times,
    spare_digest: Digest,
}

impl Trusted {
    /// Looks at the published folder and the one beside it.
    pub fn new(output: Option<&Folder>, next: Option<&Folder>, known: Remembered) -> Self {
        let is_known = |output: &&Folder| Some(known.manifest.digest) == manifest::head(output);
        let Some(output) = output.filter(is_known) else {
            return Self::nothing(output);
        };
        let mut trusted = Self {
            published: known.published.clone(),
            before: known.published,
            published_times: known.times,
            manifest: Some(known.manifest),
            ..Self::default()
        };
        if let Some((spare, next)) = known.spare.zip(next) {
            let tree = spare.tree(&trusted.published);
            let root = Root::of(next);
            let whole = manifest::head(next) == Some(spare.digest)
                && holds_nothing_else(next, &tree)
                && spare
                    .times
                    .par_iter()
                    .all(|(folder, moment)| is_unchanged(root.as_ref(), folder, *moment));
            if whole {
                trusted.spare = Some(tree);
                trusted.spare_times = spare.times;
                trusted.spare_digest = spare.digest;
            }
        }
        trusted.doubt(output);
        trusted
    }

    /// Without anything remembered the manifest says what was published, but nothing is taken from there.
    pub fn nothing(output: Option<&Folder>) -> Self {
        let manifest = output.and_then(|output| manifest::read(output).ok());
        Self {
            before: manifest.map(|found| found.tree()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Leaves out the groups in whose folders something has come or gone. The tree beside shares its files with the
    /// published one, so it is not relied on then.
    fn doubt(&mut self, output: &Folder) {
        let root = Root::of(output);
        let changed: BTreeSet<&str> = self
            .published_times
            .par_iter()
            .filter(|(folder, moment)| !is_unchanged(root.as_ref(), folder, **moment))
            .map(|(folder, _)| &**folder)
            .collect();
        if changed.is_empty() && holds_nothing_else(output, &self.published) {
            return;
        }
        self.spare = None;
        self.published.groups.retain(|folder, group| {
            folder.as_ref() != SITE
                && Tree::folders(folder, group)
                    .iter()
                    .all(|path| !changed.contains(path.as_str()))
        });
    }

    /// Whether the published folder certainly holds what its manifest states, and nothing else.
    pub fn is_whole(&self) -> bool {
        self.manifest.is_some() && self.before == self.published
    }

    /// The text of the manifest of what was published before, if it is as it was left.
    pub fn text(&self, output: &Folder) -> Option<Vec<u8>> {
        let known = self.manifest.as_ref()?;
        let text = output.read(MANIFEST, manifest::LARGEST).ok()?;
        (Mark::of(&text) == known.mark).then_some(text)
    }

    /// Whether the published manifest is as it was left. It is read a piece at a time.
    pub fn has_manifest(&self, output: Option<&Folder>) -> bool {
        let known = self.manifest.as_ref();
        let file = output.and_then(|output| output.file(MANIFEST).ok());
        let mark = file.and_then(|file| Mark::read(file).ok());
        mark.is_some() && mark == known.map(|known| known.mark)
    }

    /// That text, for one that is mostly the same.
    pub fn earlier<'a>(&'a self, text: &'a [u8]) -> Option<Earlier<'a>> {
        let lines = &self.manifest.as_ref()?.lines;
        let tree = &self.before;
        Some(Earlier { text, tree, lines })
    }

    /// When the folders of a tree were changed: looked up for groups that are not as in the tree beside.
    pub fn times_of(&self, root: &Folder, tree: &Tree) -> Times {
        let root = Root::of(root);
        let (nothing, none) = (Tree::default(), Times::new());
        let spare = self.spare.as_ref();
        let (spare, times) = spare.map_or((&nothing, &none), |tree| (tree, &self.spare_times));
        let mut times = times.clone();
        for (folder, _) in differs(tree, spare) {
            let groups = [spare, tree]
                .into_iter()
                .filter_map(|of| of.groups.get(&folder));
            for path in groups.flat_map(|group| Tree::folders(&folder, group)) {
                match root.as_ref().and_then(|root| root.written(&path)) {
                    Some(moment) => times.insert(path.into(), moment),
                    None => times.remove(path.as_str()),
                };
            }
        }
        times
    }

    /// What is left to the next run when nothing was published. `kept` tells whether the tree beside is as before.
    pub fn unchanged(self, kept: bool, state: Mark) -> Remembered {
        let spare = self.spare.filter(|_| kept).map(|tree| Spare {
            differs: differs(&self.published, &tree),
            digest: self.spare_digest,
            times: self.spare_times,
        });
        Remembered {
            published: self.published,
            manifest: self.manifest.unwrap_or_default(),
            times: self.published_times,
            spare,
            state,
        }
    }

    /// What is left to the next run when `wanted` is published: what was published before is beside then.
    pub fn swapped(&self, wanted: Tree, left: Left, state: Mark) -> Remembered {
        let known = self.manifest.as_ref().filter(|_| self.is_whole());
        let spare = known.map(|manifest| Spare {
            differs: differs(&wanted, &self.published),
            digest: manifest.digest,
            times: self.published_times.clone(),
        });
        Remembered {
            published: wanted,
            manifest: left.manifest,
            times: left.times,
            spare,
            state,
        }
    }
}

impl Left {
    /// Of a manifest, and of a tree with these times.
    pub fn new(text: &Text<'_>, times: Times) -> Self {
        let manifest = Known {
            mark: text.mark(),
            digest: text.digest,
            lines: text.lines.clone(),
        };
        Self { manifest, times }
    }
}

impl Spare {
    fn tree(&self, published: &Tree) -> Tree {
        let mut tree = published.clone();
        for (folder, group) in &self.differs {
            match group {
                Some(group) => tree.groups.insert(folder.clone(), group.clone()),
                None => tree.groups.remove(folder),
            };
        }
        tree
    }
}

/// What must be changed in `base` to give `other`.
fn differs(base: &Tree, other: &Tree) -> BTreeMap<Box<str>, Option<Group>> {
    let folders = base.groups.keys().chain(other.groups.keys());
    folders
        .filter(|folder| base.groups.get(*folder) != other.groups.get(*folder))
        .map(|folder| (folder.clone(), other.groups.get(folder).cloned()))
        .collect()
}

fn is_unchanged(root: Option<&Root>, folder: &str, moment: Moment) -> bool {
    root.and_then(|root| root.written(folder)) == Some(moment)
}

/// Whether the root of a tree has no file and no folder that is not of the tree, and nothing but files and folders. A
/// signature is ours too.
fn holds_nothing_else(root: &Folder, tree: &Tree) -> bool {
    let mut known: BTreeMap<&str, Kind> =
        BTreeMap::from([MANIFEST, SIGNATURE].map(|name| (name, Kind::File)));
    for (folder, group) in &tree.groups {
        if folder.as_ref() == SITE {
            known.extend(group.iter().map(|(name, _)| match name.split_once('/') {
                Some((first, _)) => (first, Kind::Folder),
                None => (&**name, Kind::File),
            }));
        } else {
            let first = folder.split('/').next();
            known.extend(first.map(|first| (first, Kind::Folder)));
        }
    }
    let Ok(list) = root.list() else {
        return false;
    };
    list.iter().all(|(name, kind)| {
        let known = name.to_str().and_then(|name| known.get(name));
        known == Some(kind)
    })
}
