//! `manifest.json`: every file of a built site with its size and SHA-256, and what each disclosure was made from. No
//! time and no path of the machine.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Read as _, Write as _};
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::tree::{Group, List, SEARCH, SITE, Tree, group, join};
use crate::cache::mark::Mark;
use crate::digest::{Digest, FileDigest};

/// The file by which a published folder is known as ours.
pub const MANIFEST: &str = "manifest.json";

/// Its signature, when there is one.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// What is asked of the first bytes of a manifest.
const HEAD_BYTES: u64 = 512;

const GENERATOR: &str = "gongkai";

/// Bytes of a line, about.
const ROOM: usize = 192;

/// Bytes that are written at once.
const BUFFER: usize = 256 * 1024;

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
        let digest = digest(&list);
        let head = head_of(digest, tree, disclosures);
        let mut at = head.len();
        let (mut pieces, mut lines) = (vec![Cow::Owned(head)], Lines::new());
        let mut add = |piece: Cow<'a, [u8]>| {
            let start = at;
            at += piece.len();
            pieces.push(piece);
            start..at
        };
        let mut comma = "\n".as_bytes();
        for (path, entry) in &list {
            add(Cow::Borrowed(comma));
            match entry {
                Entry::Disclosure(folder, group) => {
                    let known = earlier.and_then(|earlier| earlier.find(folder, group));
                    let piece =
                        known.map_or_else(|| Cow::Owned(files(folder, group)), Cow::Borrowed);
                    lines.insert((*folder).into(), add(piece));
                }
                Entry::File(found) => {
                    let mut one = Vec::with_capacity(ROOM);
                    file(&mut one, &[path], *found);
                    add(Cow::Owned(one));
                }
            }
            comma = b",\n";
        }
        add(Cow::Borrowed(b"\n  }\n}\n"));
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
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(BUFFER, fs::File::create_new(path)?);
        for piece in &self.pieces {
            file.write_all(piece)?;
        }
        file.flush()
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

/// The digest that a manifest states of its files, read from its first lines. `None` when it is not ours.
#[must_use]
pub fn head(folder: &Path) -> Option<Digest> {
    let text = first_lines(folder)?;
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix("  \"digest\": \""))?;
    line.get(..64)?.parse().ok()
}

/// Whether a folder holds a manifest of ours, of this version or an earlier one.
#[must_use]
pub fn is_ours(folder: &Path) -> bool {
    first_lines(folder).is_some()
}

/// The beginning of a manifest of ours.
fn first_lines(folder: &Path) -> Option<String> {
    let mut text = Vec::new();
    let file = fs::File::open(folder.join(MANIFEST)).ok()?;
    file.take(HEAD_BYTES).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let ours = format!("\"generator\": \"{GENERATOR}\"");
    text.contains(&ours).then_some(text)
}

/// Reads a manifest.
///
/// # Errors
/// When there is none, or it is not ours.
pub fn read(folder: &Path) -> io::Result<Manifest> {
    parse(&fs::read(folder.join(MANIFEST))?)
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
        lists && digest(&list(&tree, &self.disclosures)) == self.digest
    }

    /// Its files in groups, by the folders of the disclosures.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let mut groups: BTreeMap<Box<str>, Vec<(Box<str>, FileDigest)>> = BTreeMap::new();
        for (path, file) in &self.files {
            let (folder, name) = self.place(path);
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

    fn place<'a>(&self, path: &'a str) -> (&'a str, &'a str) {
        let inside = |slash: usize| {
            let (at, _) = path.match_indices('/').nth(slash)?;
            Some((&path[..at], &path[at + 1..]))
        };
        match (inside(1), inside(0)) {
            (Some((folder, name)), _) if self.disclosures.contains_key(folder) => (folder, name),
            (_, Some((SEARCH, name))) => (SEARCH, name),
            _ => (SITE, path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let text = Text::new(&tree, &disclosures, None);
        text.write(&folder.path().join(MANIFEST)).expect("a file");
        let manifest = read(folder.path()).expect("a manifest");
        assert_eq!(manifest.tree(), tree);
        assert_eq!(manifest.disclosures, disclosures);
        assert_eq!(manifest.digest, text.digest);
        assert!(manifest.agrees());
        assert_eq!(head(folder.path()), Some(text.digest));
        assert!(is_ours(folder.path()));
        let written = fs::read(folder.path().join(MANIFEST)).expect("a file");
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

    #[test]
    fn what_is_no_manifest_of_ours_is_not_taken_for_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(
            read(folder.path()).is_err()
                && head(folder.path()).is_none()
                && !is_ours(folder.path())
        );
        for text in [
            "",
            "{}",
            "{\n  \"generator\": \"other\",\n  \"files\": {}\n}",
            "\u{0}\u{0}",
        ] {
            fs::write(folder.path().join(MANIFEST), text).expect("a file");
            assert!(
                read(folder.path()).is_err()
                    && head(folder.path()).is_none()
                    && !is_ours(folder.path()),
                "{text}"
            );
        }
    }
}
