//! `manifest.json`: every file of a built site with its size and SHA-256, and what each disclosure was made from. No
//! time and no path of the machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::tree::{Group, SEARCH, SITE, Tree, group};
use crate::digest::{Digest, FileDigest, Stream};

/// The file by which a published folder is known as ours.
pub const MANIFEST: &str = "manifest.json";

/// Its signature, when there is one.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// What is asked of the first bytes of a manifest.
const HEAD_BYTES: u64 = 512;

const GENERATOR: &str = "gongkai";

/// Bytes of a line, about.
const ROOM: usize = 192;

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
    /// Of the list of files.
    pub digest: Digest,
    /// What each disclosure was made from, by folder.
    pub disclosures: BTreeMap<Box<str>, Inputs>,
    /// The files.
    pub files: BTreeMap<Box<str>, FileDigest>,
}

#[derive(Deserialize)]
struct Written {
    generator: String,
    digest: Digest,
    #[serde(default)]
    disclosures: BTreeMap<Box<str>, Inputs>,
    files: BTreeMap<Box<str>, FileDigest>,
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

/// The text of a manifest, and the digest of its files.
///
/// # Panics
/// Never: memory takes every text.
#[must_use]
pub fn text(tree: &Tree, disclosures: &BTreeMap<Box<str>, Inputs>) -> (Vec<u8>, Digest) {
    let files = tree.files();
    let (digest, (mut out, at)) = rayon::join(|| digest(&files), || lines(&files, disclosures));
    out[at..at + 64].copy_from_slice(digest.to_string().as_bytes());
    (out, digest)
}

/// A file as folder of its group, name in there, and digest.
type Listed<'a> = (&'a str, &'a str, FileDigest);

/// The digest of all files.
fn digest(files: &[Listed<'_>]) -> Digest {
    let (mut list, mut path) = (List::default(), Vec::new());
    for (folder, name, file) in files {
        let slash = if *folder == SITE { "" } else { "/" };
        path.clear();
        for part in [folder, slash, name] {
            path.extend_from_slice(part.as_bytes());
        }
        list.add(&path, file.sha256);
    }
    list.finish()
}

/// The text, and where in it the digest of all files goes.
fn lines(files: &[Listed<'_>], disclosures: &BTreeMap<Box<str>, Inputs>) -> (Vec<u8>, usize) {
    let version = env!("CARGO_PKG_VERSION");
    let mut out = Vec::with_capacity(ROOM * (files.len() + disclosures.len() + 1));
    line(
        &mut out,
        format_args!(
            "{{\n  \"generator\": \"{GENERATOR}\",\n  \"version\": \"{version}\",\n  \"digest\": \""
        ),
    );
    let at = out.len();
    line(
        &mut out,
        format_args!("{}\",\n  \"disclosures\": {{", Digest::default()),
    );
    let mut comma = "";
    for (folder, inputs) in disclosures {
        line(&mut out, format_args!("{comma}\n    "));
        string(&mut out, &[folder]);
        out.extend_from_slice(b": ");
        serde_json::to_writer(&mut out, inputs).expect("digests are plain data");
        comma = ",";
    }
    out.extend_from_slice(b"\n  },\n  \"files\": {");
    comma = "";
    for (folder, name, file) in files {
        let slash = if *folder == SITE { "" } else { "/" };
        line(&mut out, format_args!("{comma}\n    "));
        string(&mut out, &[folder, slash, name]);
        line(
            &mut out,
            format_args!(
                ": {{\"sha256\":\"{}\",\"size\":{}}}",
                file.sha256, file.size
            ),
        );
        comma = ",";
    }
    out.extend_from_slice(b"\n  }\n}\n");
    (out, at)
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
    Ok(Manifest {
        digest: written.digest,
        disclosures: written.disclosures,
        files: written.files,
    })
}

impl Manifest {
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
        let (text, digest) = text(&tree, &disclosures);
        fs::write(folder.path().join(MANIFEST), &text).expect("a file");
        let manifest = read(folder.path()).expect("a manifest");
        assert_eq!(manifest.tree(), tree);
        assert_eq!(manifest.disclosures, disclosures);
        assert_eq!(manifest.digest, digest);
        assert_eq!(head(folder.path()), Some(digest));
        assert!(is_ours(folder.path()));
        let lines = String::from_utf8(text).expect("text");
        assert_eq!(lines.lines().count(), 13, "{lines}");
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
