//! A side of a comparison: a site root, a built tree or a revision -> a built tree with its `data.json` files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::data::Data;
use crate::diagnostic::Keep;
use crate::error::Error;
use crate::held;
use crate::pipeline::{self, BuildOptions, Outcome, Progress};
use crate::render::download::DATA;
use crate::say;
use crate::write::manifest::{MANIFEST, SIGNATURE};

/// No file of a site that is compared is larger, in bytes.
const LARGEST: u64 = 1 << 30;

/// A built tree that can be compared.
#[derive(Debug)]
pub struct Side {
    tree: PathBuf,
    /// Every file but the manifest: its address, and its size.
    files: BTreeMap<String, u64>,
    /// Holds a tree that was built only to be compared; the folder goes with it.
    _made: Option<TempDir>,
}

/// What came of opening a side.
#[derive(Debug)]
pub enum Opened {
    /// A tree.
    Side(Side),
    /// A site whose data cannot be built, with its problems.
    Refused(Outcome),
}

/// Opens a folder: a site root is built into a temporary folder first, anything else must be a built tree.
///
/// # Errors
/// When the folder is neither, or something cannot be read or written.
pub fn open(folder: &Path, progress: &dyn Progress) -> Result<Opened, Error> {
    if !folder.is_dir() {
        return Err(Error::refused(
            folder,
            say!(
                "没有这个文件夹；核对路径",
                "there is no such folder; look at the path again"
            ),
        ));
    }
    if !folder.join("site.toml").is_file() {
        return Side::of_tree(folder.to_owned(), None).map(Opened::Side);
    }
    let made = temporary()?;
    let options = BuildOptions {
        root: folder.to_owned(),
        output: Some(made.path().join("site")),
        comparison: true,
        fresh: true,
        keep: Keep::Open,
        ..BuildOptions::default()
    };
    let outcome = pipeline::build(&options, progress)?;
    match outcome.output.clone() {
        Some(tree) => Side::of_tree(tree, Some(made)).map(Opened::Side),
        None => Ok(Opened::Refused(outcome)),
    }
}

/// An empty folder that goes away with its value.
///
/// # Errors
/// When there is no room for it.
pub fn temporary() -> Result<TempDir, Error> {
    tempfile::Builder::new()
        .prefix("gongkai-diff-")
        .tempdir()
        .map_err(|error| Error::io(&std::env::temp_dir(), error))
}

impl Side {
    fn of_tree(tree: PathBuf, made: Option<TempDir>) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(&tree).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&tree).to_owned();
                Error::io(&path, error.into())
            })?;
            if !entry.file_type().is_file() {
                continue;
            }
            let path = entry.path().strip_prefix(&tree).unwrap_or(entry.path());
            let Some(name) = path.to_str() else {
                return Err(Error::refused(
                    entry.path(),
                    say!(
                        "文件名不是 UTF-8 编码的，不能比较；改名或删去",
                        "the name of this file is not UTF-8, so nothing was compared; rename or remove it"
                    ),
                ));
            };
            let name = if cfg!(windows) {
                name.replace('\\', "/")
            } else {
                name.to_owned()
            };
            let size = entry
                .metadata()
                .map_err(|error| Error::io(entry.path(), error.into()))?;
            if name != MANIFEST && name != SIGNATURE {
                files.insert(name, size.len());
            }
        }
        let side = Self {
            tree,
            files,
            _made: made,
        };
        if side.folders().next().is_none() {
            return Err(Error::refused(
                &side.tree,
                say!(
                    "这里既没有 site.toml，也没有生成好的 data.json，不能比较；指明站点的文件夹，或打开 [pages] downloads 生成的网站",
                    "there is neither a site.toml nor a data.json here; name the folder of a site, or a site that was built with `downloads` on"
                ),
            ));
        }
        Ok(side)
    }

    /// Folders of disclosures, `yq-veterans/2025-budget`, sorted.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .filter_map(|path| path.strip_suffix(DATA)?.strip_suffix('/'))
            .filter(|folder| folder.matches('/').count() == 1)
    }

    /// Whether it has a disclosure.
    pub fn has(&self, folder: &str) -> bool {
        self.files.contains_key(&format!("{folder}/{DATA}"))
    }

    /// Addresses of all files, sorted, each with its size.
    pub const fn files(&self) -> &BTreeMap<String, u64> {
        &self.files
    }

    /// The data of a disclosure.
    ///
    /// # Errors
    /// When the file cannot be read, or an older version of the program has made it.
    pub fn data(&self, folder: &str) -> Result<Data, Error> {
        let path = self.tree.join(folder).join(DATA);
        let bytes = read(&path)?;
        serde_json::from_slice(&bytes).map_err(|cause| {
            let line = cause.line();
            Error::refused(
                &path,
                say!(
                    "不是这个版本的 gongkai 生成的 data.json（第 {line} 行）；重新生成再比较",
                    "this is no data.json of this version of gongkai (line {line}); build it again, then compare"
                ),
            )
        })
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.tree.join(name);
        read(&path)
    }
}

/// The bytes of an ordinary file.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let read = held::open(path).and_then(|file| held::read(file, LARGEST));
    read.map_err(|error| Error::io(path, error))
}
