//! A built site on disk -> what of it is not as its manifest says. Whoever received a copy can tell that it is whole.

pub mod signature;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use walkdir::WalkDir;

use crate::digest::{Digest, FileDigest};
use crate::error::Error;
use crate::file_name;
use crate::say;
use crate::write::manifest::{self, MANIFEST, Manifest, SIGNATURE};

/// How a file is not as the manifest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The manifest names it, the folder has it not.
    Missing,
    /// Its size or content is another.
    Changed,
    /// The manifest does not name it.
    Extra,
    /// No ordinary file: a link, a device. It is not followed.
    Special,
}

/// One file that is not as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Deviation {
    /// From the root of the site.
    pub path: Box<str>,
    /// How.
    pub kind: Kind,
}

/// What came of a verification.
#[derive(Debug)]
pub struct Verified {
    /// The text of the manifest, as it was read.
    pub manifest: Vec<u8>,
    /// The digest that the manifest states.
    pub digest: Digest,
    /// Whether that is the digest of its list, and those of the disclosures are of theirs.
    pub digest_agrees: bool,
    /// How many files the manifest names.
    pub files: usize,
    /// The sum of their sizes by the manifest, in bytes.
    pub bytes: u64,
    /// What is not as it should be, sorted by path.
    pub deviations: Vec<Deviation>,
}

impl Verified {
    /// Whether the folder is as its manifest says.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.digest_agrees && self.deviations.is_empty()
    }
}

/// Compares a folder with its manifest.
///
/// # Errors
/// When there is no manifest of ours that has digests, or something cannot be read.
pub fn verify(folder: &Path) -> Result<Verified, Error> {
    let text = text_of(folder)?;
    let manifest = parse(folder, &text)?;
    let (found, unnamed) = walk(folder)?;
    let mut deviations = compare(&manifest, &found)?;
    deviations.extend(unnamed);
    deviations.sort();
    let bytes = manifest.files.values().map(|file| file.size);
    Ok(Verified {
        digest: manifest.digest,
        digest_agrees: manifest.agrees(),
        files: manifest.files.len(),
        bytes: bytes.fold(0, u64::saturating_add),
        deviations,
        manifest: text,
    })
}

/// The text of the manifest of a folder.
fn text_of(folder: &Path) -> Result<Vec<u8>, Error> {
    if !folder.is_dir() {
        return Err(Error::refused(
            folder,
            say!(
                "没有这个文件夹；写生成好的网站的文件夹，如 public",
                "there is no such folder; name the folder of a built site, such as public"
            ),
        ));
    }
    let path = folder.join(MANIFEST);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => fs::read(&path).map_err(|error| Error::io(&path, error)),
        Ok(_) => Err(Error::refused(
            &path,
            say!(
                "不是普通文件；从 gongkai build 的输出重新复制整个网站",
                "is no ordinary file; copy the whole site again from what gongkai build made"
            ),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::refused(
            folder,
            say!(
                "这里没有 {MANIFEST}，没有可以对照的；写生成好的网站的文件夹，复制时连它一起复制",
                "there is no {MANIFEST} here to compare with; name the folder of a built site, and copy that file with the site"
            ),
        )),
        Err(error) => Err(Error::io(&path, error)),
    }
}

fn parse(folder: &Path, text: &[u8]) -> Result<Manifest, Error> {
    manifest::parse(text).map_err(|_| {
        let value: serde_json::Value = serde_json::from_slice(text).unwrap_or_default();
        let ours = value["generator"] == "gongkai";
        let files = value["files"].as_object();
        let sizes_only = files.is_some_and(|files| {
            !files.is_empty() && files.values().all(serde_json::Value::is_u64)
        });
        let say = if ours && sizes_only {
            say!(
                "由早先的 gongkai 写成，只有文件的大小，没有 SHA-256，不能核对；用现在的 gongkai build 重新生成",
                "comes from an earlier gongkai and has only the sizes of files, no SHA-256, so nothing can be verified; build the site again with this one"
            )
        } else if ours {
            say!(
                "读不懂，可能被改过或没有复制完整；从 gongkai build 的输出重新复制",
                "cannot be understood, it may have been changed or cut short; copy it again from what gongkai build made"
            )
        } else {
            say!(
                "不是 gongkai 写的清单；写由 gongkai build 生成的网站的文件夹",
                "is no manifest of gongkai; name the folder of a site that gongkai build made"
            )
        };
        Error::refused(&folder.join(MANIFEST), say)
    })
}

/// What stands in a folder: the path of an ordinary file with its size, `None` for anything else.
type Found = BTreeMap<Box<str>, Option<(PathBuf, u64)>>;

/// Everything below a folder but folders, the manifest and its signature. Links are not followed. What has a name that
/// no manifest can have, because it is no UTF-8, is told by itself.
fn walk(folder: &Path) -> Result<(Found, Vec<Deviation>), Error> {
    let (mut found, mut unnamed) = (Found::new(), Vec::new());
    for entry in WalkDir::new(folder).min_depth(1) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            Error::io(&path, error.into())
        })?;
        let kind = entry.file_type();
        let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let Some(name) = relative.to_str() else {
            if !kind.is_dir() {
                unnamed.push(Deviation {
                    path: file_name::escaped(relative.as_os_str()).into(),
                    kind: Kind::Extra,
                });
            }
            continue;
        };
        let name = if cfg!(windows) {
            name.replace('\\', "/")
        } else {
            name.to_owned()
        };
        if kind.is_dir() || (kind.is_file() && [MANIFEST, SIGNATURE].contains(&name.as_str())) {
            continue;
        }
        let file = if kind.is_file() {
            let meta = entry
                .metadata()
                .map_err(|error| Error::io(entry.path(), error.into()))?;
            Some((entry.path().to_owned(), meta.len()))
        } else {
            None
        };
        found.insert(name.into(), file);
    }
    Ok((found, unnamed))
}

/// Files are opened only as they were found in the folder, whatever paths a manifest names.
fn compare(manifest: &Manifest, found: &Found) -> Result<Vec<Deviation>, Error> {
    let missing = manifest.files.keys();
    let missing = missing
        .filter(|path| !found.contains_key(*path))
        .map(|path| Deviation {
            path: path.clone(),
            kind: Kind::Missing,
        });
    let stands: Vec<_> = found.iter().collect();
    let stands: Result<Vec<Option<Deviation>>, Error> = stands
        .into_par_iter()
        .map(|(path, file)| {
            let kind = kind_of(manifest.files.get(path), file.as_ref())?;
            let path = path.clone();
            Ok(kind.map(|kind| Deviation { path, kind }))
        })
        .collect();
    let mut deviations: Vec<Deviation> = missing.chain(stands?.into_iter().flatten()).collect();
    deviations.sort();
    Ok(deviations)
}

fn kind_of(
    stated: Option<&FileDigest>,
    file: Option<&(PathBuf, u64)>,
) -> Result<Option<Kind>, Error> {
    let Some((path, size)) = file else {
        return Ok(Some(Kind::Special));
    };
    let Some(stated) = stated else {
        return Ok(Some(Kind::Extra));
    };
    if *size != stated.size {
        return Ok(Some(Kind::Changed));
    }
    let digest = fs::File::open(path)
        .and_then(FileDigest::read)
        .map_err(|error| Error::io(path, error))?;
    Ok((digest != *stated).then_some(Kind::Changed))
}
