//! The files of a built site by their content, in groups: one for each disclosure, and one for what belongs to
//! the site as a whole. Groups that are the same are shared, so that two trees are compared by what differs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::digest::FileDigest;

/// The files of one group by path relative to its folder, sorted.
pub type Group = Arc<[(Box<str>, FileDigest)]>;

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

/// A sorted group.
#[must_use]
pub fn group(mut files: Vec<(Box<str>, FileDigest)>) -> Group {
    files.sort_by(|left, right| left.0.cmp(&right.0));
    files.into()
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
        let folders = path.match_indices('/').map(|(at, _)| path.split_at(at));
        let inside = folders.map(|(folder, name)| (folder, &name[1..]));
        std::iter::once((SITE, path))
            .chain(inside)
            .any(|(folder, name)| find(self.groups.get(folder), name).is_some())
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
            if same(new, old) {
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

/// Whether two groups are the same; those that share their memory are known without a look.
#[must_use]
pub fn same(left: Option<&Group>, right: Option<&Group>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => Arc::ptr_eq(left, right) || left == right,
        (None, None) => true,
        _ => false,
    }
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
    fn folders_are_those_that_hold_something() {
        let site = tree(&[("", "a/b/c.js", ""), ("", "index.html", "")]);
        assert_eq!(Tree::folders("", &site.groups[""]), ["a", "a/b"]);
    }
}
