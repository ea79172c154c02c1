//! The files of a built site by their content, in groups: one for each disclosure, and one for what belongs to
//! the site as a whole. Groups that are the same are shared, so that two trees are compared by what differs.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::{Digest, FileDigest, Stream};
use crate::packed::Packed;

/// Files by path relative to the folder of their group, sorted.
pub type Files = Vec<(Box<str>, FileDigest)>;

/// The files of one group.
#[derive(Debug, Clone)]
pub struct Group(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    files: Packed<Files>,
    /// See [`Group::digest`].
    digest: OnceLock<Digest>,
}

/// The group of what belongs to no disclosure.
pub const SITE: &str = "";

/// The group of what the search asks first, of all disclosures together.
pub const SEARCH: &str = "search";

/// All files of a built site but those that speak of it: the manifest and its signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Files by folder of the disclosure, or [`SITE`].
    pub groups: BTreeMap<Box<str>, Group>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// Its content is another.
    Changed,
}

/// One file that two trees do not share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// From the root of the site.
    pub path: String,
    /// What became of it.
    pub change: Change,
}

/// The digest of a list of files: of what `sha256sum` prints for them, in the order of their paths.
#[derive(Default)]
pub struct List(Stream);

impl List {
    /// Adds the next file.
    pub fn add(&mut self, path: &[u8], sha256: Digest) {
        self.0.add(sha256.to_string().as_bytes());
        self.0.add(b"  ");
        self.0.add(path);
        self.0.add(b"\n");
    }

    /// The digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

impl Group {
    /// Of its list of files.
    #[must_use]
    pub fn digest(&self) -> Digest {
        *self.0.digest.get_or_init(|| {
            let mut list = List::default();
            for (name, file) in self.iter() {
                list.add(name.as_bytes(), file.sha256);
            }
            list.finish()
        })
    }
}

impl Deref for Group {
    type Target = [(Box<str>, FileDigest)];

    fn deref(&self) -> &Self::Target {
        &self.0.files
    }
}

/// By their digests, so without a look at the files of those that were left by a run before.
impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.digest() == other.digest()
    }
}

impl Eq for Group {}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.0.files, self.digest()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (files, digest) = <(Packed<Files>, Digest)>::deserialize(deserializer)?;
        let digest = OnceLock::from(digest);
        Ok(Self(Arc::new(Inner { files, digest })))
    }
}

/// A sorted group.
#[must_use]
pub fn group(mut files: Files) -> Group {
    files.sort_by(|left, right| left.0.cmp(&right.0));
    Group(Arc::new(Inner {
        files: Packed::new(files),
        digest: OnceLock::new(),
    }))
}

/// The digest of a file in a group.
#[must_use]
pub fn find(group: Option<&Group>, name: &str) -> Option<FileDigest> {
    let group = group?;
    let at = group
        .binary_search_by(|(known, _)| (**known).cmp(name))
        .ok()?;
    Some(group[at].1)
}

/// The group that a file of the site belongs to, and its name in there: that of the disclosure in whose folder it stands,
/// whatever it was made from, else [`SITE`].
#[must_use]
pub fn place(path: &str, is_disclosure: impl Fn(&str) -> bool) -> (&str, &str) {
    let mut slashes = path.match_indices('/').map(|(at, _)| at);
    match slashes.nth(1) {
        Some(at) if is_disclosure(&path[..at]) => (&path[..at], &path[at + 1..]),
        _ => (SITE, path),
    }
}

/// A path from the root of the site.
#[must_use]
pub fn join(folder: &str, name: &str) -> String {
    if folder == SITE {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

impl Tree {
    /// Whether a file is there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.digest(path).is_some()
    }

    /// The digest of a file, whatever its group.
    fn digest(&self, path: &str) -> Option<FileDigest> {
        let folders = path.match_indices('/').map(|(at, _)| path.split_at(at));
        let inside = folders.map(|(folder, name)| (folder, &name[1..]));
        std::iter::once((SITE, path))
            .chain(inside)
            .find_map(|(folder, name)| find(self.groups.get(folder), name))
    }

    /// Every file as the folder of its group, its name in there, and its digest; in the order of their paths.
    #[must_use]
    pub fn files(&self) -> Vec<(&str, &str, FileDigest)> {
        let mut files: Vec<(&str, &str, FileDigest)> = self
            .groups
            .iter()
            .flat_map(|(folder, group)| {
                group.iter().map(move |found| {
                    let (name, digest) = (&*found.0, found.1);
                    (&**folder, name, digest)
                })
            })
            .collect();
        files.sort_by(|left, right| {
            if left.0 == right.0 {
                left.1.cmp(right.1)
            } else {
                bytes(left).cmp(bytes(right))
            }
        });
        files
    }

    /// Every file that differs from an older tree, sorted by path.
    #[must_use]
    pub fn since(&self, older: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        let folders: std::collections::BTreeSet<&str> = self
            .groups
            .keys()
            .chain(older.groups.keys())
            .map(|folder| &**folder)
            .collect();
        for folder in folders {
            let (new, old) = (self.groups.get(folder), older.groups.get(folder));
            if new == old {
                continue;
            }
            let mut tell = |name: &str, change| {
                let path = join(folder, name);
                found.push(Difference { path, change });
            };
            for (name, digest) in new.into_iter().flat_map(|group| group.iter()) {
                match find(old, name) {
                    None => tell(name, Change::Added),
                    Some(before) if before != *digest => tell(name, Change::Changed),
                    Some(_) => (),
                }
            }
            for (name, _) in old.into_iter().flat_map(|group| group.iter()) {
                if find(new, name).is_none() {
                    tell(name, Change::Removed);
                }
            }
        }
        found.sort_by(|left, right| left.path.cmp(&right.path));
        // A file that has gone over to another group, with a disclosure that came or went, has come and gone.
        found.dedup_by(|second, first| {
            let moved = second.path == first.path;
            if moved {
                first.change = Change::Changed;
            }
            moved
        });
        found.retain(|one| {
            one.change != Change::Changed || self.digest(&one.path) != older.digest(&one.path)
        });
        found
    }

    /// Every folder that holds a file, from the root of the site, without the root.
    pub fn folders(folder: &str, group: &Group) -> Vec<String> {
        let mut folders = std::collections::BTreeSet::new();
        for (name, _) in group.iter() {
            let path = join(folder, name);
            let above = Path::new(&path).ancestors().skip(1);
            folders.extend(
                above
                    .filter_map(|path| path.to_str())
                    .filter(|path| !path.is_empty())
                    .map(str::to_owned),
            );
        }
        folders.into_iter().collect()
    }
}

/// The bytes of the path of a file.
fn bytes<'a>(
    (folder, name, _): &(&'a str, &'a str, FileDigest),
) -> impl Iterator<Item = u8> + use<'a> {
    let slash = if *folder == SITE { "" } else { "/" };
    folder.bytes().chain(slash.bytes()).chain(name.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str, &str)]) -> Tree {
        let mut groups: BTreeMap<Box<str>, Vec<(Box<str>, FileDigest)>> = BTreeMap::new();
        for (folder, name, text) in files {
            let file = ((*name).into(), FileDigest::of(text.as_bytes()));
            groups.entry((*folder).into()).or_default().push(file);
        }
        let groups = groups
            .into_iter()
            .map(|(folder, files)| (folder, group(files)));
        Tree {
            groups: groups.collect(),
        }
    }

    #[test]
    fn differences_are_told_by_path() {
        let older = tree(&[
            ("", "index.html", "1"),
            ("a/2025-budget", "t1.html", "1"),
            ("a/2025-budget", "t2.html", "1"),
        ]);
        let newer = tree(&[
            ("", "index.html", "1"),
            ("a/2025-budget", "t1.html", "2"),
            ("b/2025-budget", "t1.html", "1"),
        ]);
        let told: Vec<(String, Change)> = newer
            .since(&older)
            .into_iter()
            .map(|found| (found.path, found.change))
            .collect();
        assert_eq!(
            told,
            [
                ("a/2025-budget/t1.html".to_owned(), Change::Changed),
                ("a/2025-budget/t2.html".to_owned(), Change::Removed),
                ("b/2025-budget/t1.html".to_owned(), Change::Added),
            ]
        );
        assert_eq!(newer.since(&newer.clone()), []);
    }

    #[test]
    fn a_file_is_told_by_its_path_whatever_group_it_has_gone_over_to() {
        let older = tree(&[
            ("", "a/2025-budget/x.pdf", "1"),
            ("", "a/2025-budget/y.pdf", "1"),
        ]);
        let newer = tree(&[
            ("a/2025-budget", "x.pdf", "1"),
            ("a/2025-budget", "y.pdf", "2"),
        ]);
        for (new, old) in [(&newer, &older), (&older, &newer)] {
            let told: Vec<_> = new.since(old).into_iter().collect();
            let changed = Difference {
                path: "a/2025-budget/y.pdf".to_owned(),
                change: Change::Changed,
            };
            assert_eq!(told, [changed]);
        }
    }

    #[test]
    fn a_file_belongs_to_the_disclosure_in_whose_folder_it_stands() {
        let is = |folder: &str| folder == "a/2025-budget";
        for (path, folder, name) in [
            ("a/2025-budget/t01.html", "a/2025-budget", "t01.html"),
            ("a/2025-budget/b/c.pdf", "a/2025-budget", "b/c.pdf"),
            ("a/2025-budget", SITE, "a/2025-budget"),
            ("a/2025-budget.pdf", SITE, "a/2025-budget.pdf"),
            ("a/2025-budgets/c.pdf", SITE, "a/2025-budgets/c.pdf"),
            ("b/a/2025-budget/c.pdf", SITE, "b/a/2025-budget/c.pdf"),
            ("search/c.js", SITE, "search/c.js"),
            ("c.pdf", SITE, "c.pdf"),
        ] {
            assert_eq!(place(path, is), (folder, name), "{path}");
        }
    }

    #[test]
    fn folders_are_those_that_hold_something() {
        let site = tree(&[("", "a/b/c.js", ""), ("", "index.html", "")]);
        assert_eq!(Tree::folders("", &site.groups[""]), ["a", "a/b"]);
    }
}
