//! `manifest.json`: every file of a built site with its size and SHA-256, and what each disclosure was made from. No
//! time and no path of the machine.

mod text;

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use serde::{Deserialize, Serialize};

use super::tree::{Group, Tree, group, place};
use crate::digest::{Digest, FileDigest};
use crate::held::Folder;
pub use text::{Earlier, Lines, Text};

/// The file by which a published folder is known as ours.
pub const MANIFEST: &str = "manifest.json";

/// Its signature, when there is one.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// What a manifest has at most, in bytes: that of ten million files has less.
pub(super) const LARGEST: u64 = 2 << 30;

/// What is asked of the first bytes of a manifest.
const HEAD_BYTES: u64 = 512;

const GENERATOR: &str = "gongkai";

/// What one disclosure was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Of its data files, names and texts.
    pub sources: Digest,
    /// Its standard.
    pub standard: Box<str>,
    /// Of the files of the standard and of those it extends, names and texts.
    pub standard_sha256: Digest,
}

/// A manifest as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Of the list of files, see [`Text::digest`].
    pub digest: Digest,
    /// What each disclosure was made from, by folder.
    pub disclosures: BTreeMap<Box<str>, Inputs>,
    /// Of the list of the files of each disclosure, by folder.
    pub lists: BTreeMap<Box<str>, Digest>,
    /// The files.
    pub files: BTreeMap<Box<str>, FileDigest>,
}

#[derive(Deserialize)]
struct Written {
    generator: String,
    digest: Digest,
    #[serde(default)]
    disclosures: BTreeMap<Box<str>, Stated<Box<str>>>,
    files: BTreeMap<Box<str>, FileDigest>,
}

/// What stands of a disclosure.
#[derive(Serialize, Deserialize)]
struct Stated<S> {
    sources: Digest,
    standard: S,
    standard_sha256: Digest,
    #[serde(default)]
    files_sha256: Digest,
}

/// The digest that a manifest states of its files, read from its first lines. `None` when it is not ours.
#[must_use]
pub fn head(folder: &Folder) -> Option<Digest> {
    let text = first_lines(folder)?;
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix("  \"digest\": \""))?;
    line.get(..64)?.parse().ok()
}

/// Whether a folder holds a manifest of ours, of this version or an earlier one.
#[must_use]
pub fn is_ours(folder: &Folder) -> bool {
    first_lines(folder).is_some()
}

/// The beginning of a manifest of ours.
fn first_lines(folder: &Folder) -> Option<String> {
    let mut text = Vec::new();
    let file = folder.file(MANIFEST).ok()?;
    file.take(HEAD_BYTES).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let ours = format!("\"generator\": \"{GENERATOR}\"");
    text.contains(&ours).then_some(text)
}

/// Reads a manifest.
///
/// # Errors
/// When there is none, or it is not ours.
pub fn read(folder: &Folder) -> io::Result<Manifest> {
    parse(&folder.read(MANIFEST, LARGEST)?)
}

/// Reads the text of a manifest.
///
/// # Errors
/// When it is not ours.
pub fn parse(text: &[u8]) -> io::Result<Manifest> {
    let written: Written = serde_json::from_slice(text)?;
    if written.generator != GENERATOR {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let (mut disclosures, mut lists) = (BTreeMap::new(), BTreeMap::new());
    for (folder, stated) in written.disclosures {
        let inputs = Inputs {
            sources: stated.sources,
            standard: stated.standard,
            standard_sha256: stated.standard_sha256,
        };
        lists.insert(folder.clone(), stated.files_sha256);
        disclosures.insert(folder, inputs);
    }
    Ok(Manifest {
        digest: written.digest,
        disclosures,
        lists,
        files: written.files,
    })
}

impl Manifest {
    /// Whether its digests are those of its lists.
    #[must_use]
    pub fn agrees(&self) -> bool {
        let tree = self.tree();
        let lists = self.lists.iter().all(|(folder, stated)| {
            let group = tree.groups.get(folder);
            group.map(Group::digest).unwrap_or_default() == *stated
        });
        lists && text::digest_of(&tree, &self.disclosures) == self.digest
    }

    /// Its files in groups, by the folders of the disclosures.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let mut groups: BTreeMap<Box<str>, Vec<(Box<str>, FileDigest)>> = BTreeMap::new();
        for (path, file) in &self.files {
            let (folder, name) = place(path, |folder| self.disclosures.contains_key(folder));
            groups
                .entry(folder.into())
                .or_default()
                .push((name.into(), *file));
        }
        let groups = groups
            .into_iter()
            .map(|(folder, files)| (folder, group(files)));
        Tree {
            groups: groups.collect::<BTreeMap<Box<str>, Group>>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::mark::Mark;

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let file = |text: &str| FileDigest::of(text.as_bytes());
        let mut tree = Tree::default();
        tree.groups
            .insert("".into(), group(vec![("index.html".into(), file("a"))]));
        tree.groups.insert(
            "x/2025-budget".into(),
            group(vec![
                ("index.html".into(), file("b")),
                ("p/\"q\".html".into(), file("c")),
            ]),
        );
        let inputs = Inputs {
            sources: Digest::of(b"1"),
            standard: "s".into(),
            standard_sha256: Digest::of(b"2"),
        };
        let disclosures = BTreeMap::from([("x/2025-budget".into(), inputs)]);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let held = Folder::open(folder.path()).expect("a folder");
        let text = Text::new(&tree, &disclosures, None);
        text.write(&held).expect("a file");
        let manifest = read(&held).expect("a manifest");
        assert_eq!(manifest.tree(), tree);
        assert_eq!(manifest.disclosures, disclosures);
        assert_eq!(manifest.digest, text.digest);
        assert!(manifest.agrees());
        assert_eq!(head(&held), Some(text.digest));
        assert!(is_ours(&held));
        let written = std::fs::read(folder.path().join(MANIFEST)).expect("a file");
        assert_eq!(written, text.to_vec());
        assert_eq!(Mark::of(&written), text.mark());
        let lines = String::from_utf8(written).expect("text");
        assert_eq!(lines.lines().count(), 13, "{lines}");
        for stated in [manifest.digest, manifest.lists["x/2025-budget"]] {
            let other = lines.replace(&stated.to_string(), &Digest::of(b"3").to_string());
            assert!(!parse(other.as_bytes()).expect("a manifest").agrees());
        }
    }

    #[test]
    fn what_is_no_manifest_of_ours_is_not_taken_for_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let held = Folder::open(folder.path()).expect("a folder");
        assert!(read(&held).is_err() && head(&held).is_none() && !is_ours(&held));
        for text in [
            "",
            "{}",
            "{\n  \"generator\": \"other\",\n  \"files\": {}\n}",
            "\u{0}\u{0}",
        ] {
            std::fs::write(folder.path().join(MANIFEST), text).expect("a file");
            assert!(
                read(&held).is_err() && head(&held).is_none() && !is_ours(&held),
                "{text}"
            );
        }
    }
}
