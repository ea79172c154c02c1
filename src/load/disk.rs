//! Reading files and folders of a site: fixed order, size limits, no way out through links.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::yaml::{MAX_BYTES, decode};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::error::Error;
use crate::say;
use crate::source::{Place, Source, SourceFile};

/// The root of a site; all reading goes through it.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    real_root: PathBuf,
}

/// One file or folder as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// File name.
    pub name: String,
    /// Path on disk.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub folder: bool,
}

impl Disk {
    /// Opens a site root.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let real_root = fs::canonicalize(root).map_err(|error| Error::io(root, error))?;
        if !real_root.is_dir() {
            return Err(Error::not_a_site(root));
        }
        Ok(Self {
            root: root.to_owned(),
            real_root,
        })
    }

    /// A path inside the site.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The root with all links resolved.
    #[must_use]
    pub fn real_root(&self) -> &Path {
        &self.real_root
    }

    /// A path as messages print it: relative to the root, with `/`.
    #[must_use]
    pub fn name(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/")
    }

    /// What a folder holds, sorted by name, without hidden files and editors' backups; nothing when
    /// it is not there. Reports `symlink-outside` and `file-unreadable`.
    pub fn list(&self, folder: &Path, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        if !folder.exists() {
            return Vec::new();
        }
        let mut listed = Vec::new();
        let walk = WalkDir::new(folder)
            .min_depth(1)
            .max_depth(1)
            .sort_by_file_name();
        for entry in walk.into_iter().filter_entry(is_wanted) {
            match entry {
                Ok(entry) => {
                    if let Some(item) = self.resolve(&entry, diagnostics) {
                        listed.push(item);
                    }
                }
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    self.unreadable(&path, &error.to_string(), diagnostics);
                }
            }
        }
        listed
    }

    /// Every file below a folder as relative path and path on disk, sorted.
    pub fn files_below(
        &self,
        folder: &Path,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(String, PathBuf)> {
        let mut files = Vec::new();
        let mut open = vec![(String::new(), folder.to_owned(), 0)];
        while let Some((prefix, path, depth)) = open.pop() {
            for item in self.list(&path, diagnostics) {
                let name = format!("{prefix}{}", item.name);
                if !item.folder {
                    files.push((name, item.path));
                } else if depth < MAX_FOLDERS {
                    open.push((format!("{name}/"), item.path, depth + 1));
                }
            }
        }
        files.sort();
        files
    }

    fn resolve(&self, entry: &DirEntry, diagnostics: &mut Diagnostics) -> Option<Listed> {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path().to_owned();
        let mut folder = entry.file_type().is_dir();
        if entry.path_is_symlink() {
            match fs::canonicalize(&path) {
                Ok(real) if real.starts_with(&self.real_root) => folder = real.is_dir(),
                Ok(_) => {
                    diagnostics.push(
                        Diagnostic::error(
                            "symlink-outside",
                            &self.empty_source(&path),
                            Place::FILE,
                            say!(
                                "符号链接指向站点之外",
                                "the symbolic link leads out of the site"
                            ),
                        )
                        .hint(say!(
                            "把文件复制进站点，再删去链接",
                            "copy the file into the site and remove the link"
                        )),
                    );
                    return None;
                }
                Err(error) => {
                    self.unreadable(&path, &error.to_string(), diagnostics);
                    return None;
                }
            }
        }
        Some(Listed { name, path, folder })
    }

    /// The bytes of a file. Reports `file-unreadable` and `file-size`.
    pub fn bytes(&self, path: &Path, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            fs::File::open(path)?
                .take(MAX_BYTES + 1)
                .read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) if bytes.len() as u64 <= MAX_BYTES => Some(bytes),
            Ok(_) => {
                let limit = MAX_BYTES / 1024 / 1024;
                diagnostics.push(
                    Diagnostic::error(
                        "file-size",
                        &self.empty_source(path),
                        Place::FILE,
                        say!(
                            "文件超过 {limit} MiB",
                            "the file is larger than {limit} MiB"
                        ),
                    )
                    .hint(say!(
                        "数据文件没有这么大，核对是不是放错了文件",
                        "no data file is that large; check whether it belongs here"
                    )),
                );
                None
            }
            Err(error) => {
                self.unreadable(path, &error.to_string(), diagnostics);
                None
            }
        }
    }

    /// A text file. Reports what [`Disk::bytes`] does, and `encoding`.
    pub fn text(&self, path: &Path, diagnostics: &mut Diagnostics) -> Option<Source> {
        let bytes = self.bytes(path, diagnostics)?;
        let name = self.name(path);
        match decode(bytes, &name) {
            Ok(text) => Some(Source::new(SourceFile { path: name, text })),
            Err(fault) => {
                diagnostics.push(*fault);
                None
            }
        }
    }

    /// A source that only names a file, for faults of the file as a whole.
    #[must_use]
    pub fn empty_source(&self, path: &Path) -> Source {
        Source::new(SourceFile {
            path: self.name(path),
            text: String::new(),
        })
    }

    fn unreadable(&self, path: &Path, reason: &str, diagnostics: &mut Diagnostics) {
        let reason = reason.replace(&*path.to_string_lossy(), "…");
        diagnostics.push(
            Diagnostic::error(
                "file-unreadable",
                &self.empty_source(path),
                Place::FILE,
                say!("读不了：{reason}", "cannot be read: {reason}"),
            )
            .hint(say!(
                "检查文件是否存在、是否有读取权限",
                "check that it exists and may be read"
            )),
        );
    }
}

/// Folders below folders that are walked.
const MAX_FOLDERS: usize = 16;

fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !(name.starts_with('.') || name.ends_with('~') || name.starts_with('#'))
}
