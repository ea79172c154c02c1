//! The text of a manifest, as far as possible out of the one before.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::iter;
use std::ops::Range;

use super::{GENERATOR, Inputs, MANIFEST, Stated};
use crate::cache::mark::Mark;
use crate::digest::{Digest, FileDigest};
use crate::held::{EVERYBODY, Folder};
use crate::write::pieces;
use crate::write::tree::{Group, List, Tree, join};

/// Bytes of a line, about.
const ROOM: usize = 192;

/// Where the lines of the files of each disclosure stand in the text, by folder.
pub type Lines = BTreeMap<Box<str>, Range<usize>>;

/// An earlier text. The lines of what has not changed are taken from there.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// Its bytes.
    pub text: &'a [u8],
    /// Of these files.
    pub tree: &'a Tree,
    /// Where they stand.
    pub lines: &'a Lines,
}

/// The text of a manifest.
#[derive(Debug)]
pub struct Text<'a> {
    /// One after the other.
    pieces: Vec<Cow<'a, [u8]>>,
    /// Of its list of files: a line for each disclosure with the digest of its own list, and one for every other file,
    /// as `sha256sum` prints them, in the order of their paths.
    pub digest: Digest,
    /// Where the files of each disclosure stand.
    pub lines: Lines,
}

/// What the list of a manifest names.
enum Entry<'a> {
    /// A disclosure by its folder.
    Disclosure(&'a str, &'a Group),
    /// A file that belongs to none.
    File(FileDigest),
}

impl<'a> Text<'a> {
    /// Of these files, made from these inputs.
    #[must_use]
    pub fn new(
        tree: &Tree,
        disclosures: &BTreeMap<Box<str>, Inputs>,
        earlier: Option<Earlier<'a>>,
    ) -> Self {
        let list = list(tree, disclosures);
        let head = || {
            let digest = digest(&list);
            (head_of(digest, tree, disclosures), digest)
        };
        let ((head, digest), body) = rayon::join(head, || body(&list, earlier));
        let (mut pieces, mut lines, mut at) = (Vec::new(), Lines::new(), 0);
        for (folder, piece) in iter::once((None, Cow::Owned(head))).chain(body) {
            let start = at;
            at += piece.len();
            pieces.push(piece);
            lines.extend(folder.map(|folder| (folder.into(), start..at)));
        }
        Self {
            pieces,
            digest,
            lines,
        }
    }

    /// Of its bytes.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark::of_parts(self.pieces.iter())
    }

    /// All of it.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces.concat()
    }

    /// Writes it as a new file.
    ///
    /// # Errors
    /// When it cannot be written, or there is one.
    pub fn write(&self, folder: &Folder) -> io::Result<()> {
        pieces::write(&folder.create(MANIFEST, EVERYBODY)?, &self.pieces)
    }
}

impl<'a> Earlier<'a> {
    /// The lines of a disclosure whose files are the same.
    fn find(&self, folder: &str, group: &Group) -> Option<&'a [u8]> {
        let same = self.tree.groups.get(folder) == Some(group);
        let range = self.lines.get(folder).filter(|_| same)?;
        self.text.get(range.clone())
    }
}

/// What a manifest lists, by path. The path of a disclosure ends with a slash, so that its files stand in its place.
fn list<'a>(tree: &'a Tree, disclosures: &BTreeMap<Box<str>, Inputs>) -> Vec<(String, Entry<'a>)> {
    let mut list = Vec::new();
    for (folder, group) in &tree.groups {
        if disclosures.contains_key(folder) {
            list.push((format!("{folder}/"), Entry::Disclosure(folder, group)));
        } else {
            let files = group.iter();
            list.extend(files.map(|(name, file)| (join(folder, name), Entry::File(*file))));
        }
    }
    list.sort_by(|left, right| left.0.cmp(&right.0));
    list
}

/// See [`Text::digest`].
pub(super) fn digest_of(tree: &Tree, disclosures: &BTreeMap<Box<str>, Inputs>) -> Digest {
    digest(&list(tree, disclosures))
}

fn digest(list: &[(String, Entry<'_>)]) -> Digest {
    let mut digest = List::default();
    for (path, entry) in list {
        let sha256 = match entry {
            Entry::Disclosure(_, group) => group.digest(),
            Entry::File(file) => file.sha256,
        };
        digest.add(path.as_bytes(), sha256);
    }
    digest.finish()
}

/// All that stands before the first file.
fn head_of(digest: Digest, tree: &Tree, disclosures: &BTreeMap<Box<str>, Inputs>) -> Vec<u8> {
    let version = env!("CARGO_PKG_VERSION");
    let mut out = Vec::with_capacity(2 * ROOM * (disclosures.len() + 1));
    line(
        &mut out,
        format_args!(
            "{{\n  \"generator\": \"{GENERATOR}\",\n  \"version\": \"{version}\",\n  \"digest\": \"{digest}\",\n  \"disclosures\": {{"
        ),
    );
    let mut comma = "";
    for (folder, inputs) in disclosures {
        let group = tree.groups.get(folder);
        let stated = Stated {
            sources: inputs.sources,
            standard: &inputs.standard,
            standard_sha256: inputs.standard_sha256,
            files_sha256: group.map(Group::digest).unwrap_or_default(),
        };
        line(&mut out, format_args!("{comma}\n    "));
        string(&mut out, &[folder]);
        out.extend_from_slice(b": ");
        serde_json::to_writer(&mut out, &stated).expect("digests are plain data");
        comma = ",";
    }
    out.extend_from_slice(b"\n  },\n  \"files\": {");
    out
}

/// All that stands after the head, in pieces; those that are all lines of a disclosure with its folder.
fn body<'l, 'a>(
    list: &'l [(String, Entry<'_>)],
    earlier: Option<Earlier<'a>>,
) -> Vec<(Option<&'l str>, Cow<'a, [u8]>)> {
    let mut pieces = Vec::with_capacity(2 * list.len() + 1);
    let mut comma = "\n".as_bytes();
    for (path, entry) in list {
        pieces.push((None, Cow::Borrowed(comma)));
        pieces.push(match entry {
            Entry::Disclosure(folder, group) => {
                let known = earlier.and_then(|earlier| earlier.find(folder, group));
                let lines = known.map_or_else(|| Cow::Owned(files(folder, group)), Cow::Borrowed);
                (Some(*folder), lines)
            }
            Entry::File(found) => {
                let mut one = Vec::with_capacity(ROOM);
                file(&mut one, &[path], *found);
                (None, Cow::Owned(one))
            }
        });
        comma = b",\n";
    }
    pieces.push((None, Cow::Borrowed(b"\n  }\n}\n")));
    pieces
}

/// The lines of the files of a disclosure.
fn files(folder: &str, group: &Group) -> Vec<u8> {
    let mut out = Vec::with_capacity(ROOM * group.len());
    let mut comma = "";
    for (name, found) in group.iter() {
        line(&mut out, format_args!("{comma}"));
        file(&mut out, &[folder, "/", name], *found);
        comma = ",\n";
    }
    out
}

/// The line of a file, without its end.
fn file(out: &mut Vec<u8>, path: &[&str], file: FileDigest) {
    out.extend_from_slice(b"    ");
    string(out, path);
    line(
        out,
        format_args!(
            ": {{\"sha256\":\"{}\",\"size\":{}}}",
            file.sha256, file.size
        ),
    );
}

fn line(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to memory does not fail");
}

/// A JSON string of parts one after the other.
fn string(out: &mut Vec<u8>, parts: &[&str]) {
    let plain = |part: &&str| {
        part.bytes()
            .all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
    };
    if parts.iter().all(plain) {
        out.push(b'"');
        for part in parts {
            out.extend_from_slice(part.as_bytes());
        }
        out.push(b'"');
    } else {
        serde_json::to_writer(out, &parts.concat()).expect("a text is plain data");
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::write::tree::group;

    #[test]
    fn lines_of_what_has_not_changed_are_taken_over() {
        let tree = |text: &str| {
            let one = |name: &str, text: &str| {
                group(vec![(name.into(), FileDigest::of(text.as_bytes()))])
            };
            let mut tree = Tree::default();
            tree.groups.insert("".into(), one("a/index.html", text));
            for folder in ["a/2024-final", "a/2025-budget"] {
                tree.groups.insert(folder.into(), one("\"t\".html", "t"));
            }
            tree.groups
                .insert("b/2025-budget".into(), one("t.html", text));
            tree
        };
        let inputs = Inputs {
            sources: Digest::of(b"1"),
            standard: "s".into(),
            standard_sha256: Digest::of(b"2"),
        };
        let folders = ["a/2024-final", "a/2025-budget", "b/2025-budget"];
        let mut disclosures: BTreeMap<Box<str>, Inputs> =
            folders.map(|folder| (folder.into(), inputs.clone())).into();
        let (older, newer) = (tree("first"), tree("second"));
        let before = Text::new(&older, &disclosures, None);
        let text = before.to_vec();
        let earlier = Earlier {
            text: &text,
            tree: &older,
            lines: &before.lines,
        };
        disclosures.remove("a/2024-final");
        let whole = Text::new(&newer, &disclosures, None);
        let patched = Text::new(&newer, &disclosures, Some(earlier));
        assert_eq!(patched.to_vec(), whole.to_vec());
        assert_eq!(
            (patched.digest, &patched.lines),
            (whole.digest, &whole.lines)
        );
        let taken = patched.pieces.iter();
        let taken = taken.filter(|piece| piece.len() > 20 && matches!(piece, Cow::Borrowed(_)));
        assert_eq!(taken.count(), 1);
        assert!(parse(&patched.to_vec()).expect("a manifest").agrees());
    }
}
