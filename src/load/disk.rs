//! Reading files and folders of a site: fixed order, size limits, no way out through links.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Say, characters};
use crate::error::Error;
use crate::file_name;
use crate::say;
use crate::source::{Place, Source, SourceFile};
use crate::yaml::MAX_BYTES;
use crate::yaml::encoding::decode;

/// The root of a site; all reading goes through it.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    real_root: PathBuf,
    /// Files that are taken for written, by path relative to the root.
    over: Arc<BTreeMap<String, Vec<u8>>>,
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
            over: Arc::default(),
        })
    }

    /// The same site as it would be with these files written, by path relative to the root.
    #[must_use]
    pub fn with(&self, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut over = BTreeMap::clone(&self.over);
        over.extend(files);
        Self {
            over: Arc::new(over),
            ..self.clone()
        }
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
            .map(|part| file_name::escaped(part.as_os_str()))
            .collect::<Vec<_>>()
            .join("/")
    }

    /// Whether there is no such file, nor one that is taken for written. One that cannot be looked at is told by whoever
    /// reads it.
    #[must_use]
    pub fn lacks(&self, path: &Path) -> bool {
        !self.over.contains_key(&self.name(path)) && is_file(path).is_ok_and(|there| !there)
    }

    /// What a folder holds, sorted by name, without hidden files and editors' backups; nothing when
    /// it is not there. Reports `symlink-outside` and `file-unreadable`.
    pub fn list(&self, folder: &Path, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        let found = fs::symlink_metadata(folder);
        if found.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return self.over_in(folder);
        }
        if !self.is_inside(folder, diagnostics) {
            return Vec::new();
        }
        self.list_inside(folder, diagnostics)
    }

    /// Likewise for a folder that has been listed, so that its links have been followed already.
    pub fn list_inside(&self, folder: &Path, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        let over = self.over_in(folder);
        if over.is_empty() {
            return self.list_on_disk(folder, diagnostics);
        }
        let mut items = Vec::new();
        if fs::symlink_metadata(folder).is_ok() {
            items = self.list_on_disk(folder, diagnostics);
            items.retain(|item| over.iter().all(|new| new.name != item.name));
        }
        items.extend(over);
        items.sort_by(|left, right| left.name.cmp(&right.name));
        items
    }

    /// What a folder holds of the files that are taken for written, sorted by name.
    fn over_in(&self, folder: &Path) -> Vec<Listed> {
        if self.over.is_empty() {
            return Vec::new();
        }
        let inside = format!("{}/", self.name(folder));
        let paths = self.over.keys();
        let mut items: Vec<Listed> = paths
            .filter_map(|path| path.strip_prefix(&inside))
            .map(|rest| {
                rest.split_once('/')
                    .map_or((rest, false), |(name, _)| (name, true))
            })
            .map(|(name, below)| Listed {
                name: name.to_owned(),
                path: folder.join(name),
                folder: below,
            })
            .collect();
        items.sort_by(|left, right| left.name.cmp(&right.name));
        items.dedup();
        items
    }

    fn list_on_disk(&self, folder: &Path, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        // Not by walkdir, which opens the folders inside as well.
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                self.unreadable(folder, &error, diagnostics);
                return Vec::new();
            }
        };
        entries.retain(is_wanted);
        entries.sort_by_key(DirEntry::file_name);
        self.names(folder, &entries, diagnostics);
        let items = entries.iter();
        items
            .filter_map(|entry| self.resolve(entry, diagnostics))
            .collect()
    }

    /// Every file below a folder as relative path and path on disk, sorted.
    pub fn files_below(
        &self,
        folder: &Path,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(String, PathBuf)> {
        let mut files = Vec::new();
        let mut open = vec![(String::new(), folder.to_owned(), Vec::new())];
        while let Some((prefix, path, mut above)) = open.pop() {
            // A link to a folder above would lead around for ever.
            let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            if above.contains(&real) {
                continue;
            }
            above.push(real);
            for item in self.list(&path, diagnostics) {
                let name = format!("{prefix}{}", item.name);
                if let Some(why) = file_name::path_fault(&name).filter(|_| !item.folder) {
                    self.unfit(&item.path, why, None, diagnostics);
                }
                if item.folder {
                    open.push((format!("{name}/"), item.path, above.clone()));
                } else {
                    files.push((name, item.path));
                }
            }
        }
        files.sort();
        files
    }

    /// Reports `file-name` for names that not every system can hold, and `file-same` for those that some take for one.
    fn names(&self, folder: &Path, entries: &[DirEntry], diagnostics: &mut Diagnostics) {
        let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
        let names = entries.iter();
        let names: Vec<_> = names.map(DirEntry::file_name).collect();
        let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
        for (name, entry) in names.iter().zip(entries) {
            if let Some(why) = file_name::fault(name) {
                let instead = Some(file_name::name_like(name));
                self.unfit(&entry.path(), why, instead, diagnostics);
            }
        }
        if names.iter().all(|name| name.bytes().all(plain)) {
            return;
        }
        for (second, first) in file_name::same(names.iter().map(|name| &**name)) {
            let source = self.empty_source(&folder.join(second));
            diagnostics.push(same(&source, first));
        }
    }

    fn unfit(
        &self,
        path: &Path,
        Say { zh, en }: Say,
        instead: Option<String>,
        diagnostics: &mut Diagnostics,
    ) {
        let hint = match instead {
            Some(instead) => say!("改名为 `{instead}`", "rename it to `{instead}`"),
            None => say!("缩短名字", "shorten the names"),
        };
        let message = say!(
            "这个名字不是在哪里都能用：{zh}",
            "not every system can hold this name: {en}"
        );
        let source = self.empty_source(path);
        diagnostics.push(Diagnostic::error("file-name", &source, Place::FILE, message).hint(hint));
    }

    fn resolve(&self, entry: &DirEntry, diagnostics: &mut Diagnostics) -> Option<Listed> {
        let name = file_name::escaped(&entry.file_name());
        let path = entry.path();
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                self.unreadable(&path, &error, diagnostics);
                return None;
            }
        };
        let mut folder = kind.is_dir();
        if kind.is_symlink() {
            if !self.is_inside(&path, diagnostics) {
                return None;
            }
            folder = path.is_dir();
        }
        Some(Listed { name, path, folder })
    }

    /// Whether a path stays in the site when its links are followed. Reports `symlink-outside`, and
    /// `file-unreadable` for a link to nothing.
    fn is_inside(&self, path: &Path, diagnostics: &mut Diagnostics) -> bool {
        match fs::canonicalize(path) {
            Ok(real) if real.starts_with(&self.real_root) => return true,
            Ok(_) => diagnostics.push(
                Diagnostic::error(
                    "symlink-outside",
                    &self.empty_source(path),
                    Place::FILE,
                    say!(
                        "符号链接指向站点之外",
                        "the symbolic link leads out of the site"
                    ),
                )
                .hint(say!(
                    "删去链接，把它指的内容复制进站点",
                    "remove the link and copy what it leads to into the site"
                )),
            ),
            Err(error) => self.unreadable(path, &error, diagnostics),
        }
        false
    }

    /// The bytes of a file. Reports `file-unreadable` and `file-size`.
    pub fn bytes(&self, path: &Path, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        let mut found = fs::symlink_metadata(path);
        let over = (!self.over.is_empty()).then(|| self.over.get(&self.name(path)));
        let over = over.flatten();
        if over.is_none() && found.as_ref().is_ok_and(fs::Metadata::is_symlink) {
            if !self.is_inside(path, diagnostics) {
                return None;
            }
            found = fs::metadata(path);
        }
        let read = || -> std::io::Result<Vec<u8>> {
            if let Some(bytes) = over {
                return Ok(bytes.clone());
            }
            let found = found?;
            // Opening a pipe would wait for someone to write into it.
            if !found.is_file() {
                return Err(ErrorKind::InvalidInput.into());
            }
            let room = usize::try_from(found.len().min(MAX_BYTES)).unwrap_or(0);
            let mut bytes = Vec::with_capacity(room + 1);
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
                self.unreadable(path, &error, diagnostics);
                None
            }
        }
    }

    /// A text file. Reports what [`Disk::bytes`] does, `encoding`, `forbidden-character` and `odd-character`.
    pub fn text(&self, path: &Path, diagnostics: &mut Diagnostics) -> Option<Source> {
        let bytes = self.bytes(path, diagnostics)?;
        let name = self.name(path);
        match decode(bytes, &name) {
            Ok(text) => {
                let source = Source::new(SourceFile { path: name, text });
                characters::look(&source, diagnostics);
                Some(source)
            }
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

    fn unreadable(&self, path: &Path, error: &io::Error, diagnostics: &mut Diagnostics) {
        let (message, hint) = reason(error);
        diagnostics.push(
            Diagnostic::error(
                "file-unreadable",
                &self.empty_source(path),
                Place::FILE,
                message,
            )
            .hint(hint),
        );
    }
}

/// Whether there is a file of this name, a link to one included.
///
/// # Errors
/// When the system does not say, as where its folder may not be searched.
pub fn is_file(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.is_file()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// `file-same`: a file or folder that some systems take for the `other`.
pub(crate) fn same(source: &Source, other: &str) -> Diagnostic {
    let message = say!(
        "与 `{other}` 只差大小写或字符的写法，Windows 和 macOS 上是同一个名字",
        "differs from `{other}` only in case or in how a character is written; Windows and macOS take them for one"
    );
    Diagnostic::error("file-same", source, Place::FILE, message).hint(say!(
        "留下一个，或给其中一个换个名字",
        "keep one, or give one of them another name"
    ))
}

/// Why a file cannot be read, and what to do.
fn reason(error: &io::Error) -> (Say, Say) {
    match error.kind() {
        ErrorKind::NotFound => (
            say!(
                "符号链接指向的文件不存在",
                "the symbolic link leads to nothing"
            ),
            say!(
                "删去链接，放上文件本身",
                "remove the link and put the file itself here"
            ),
        ),
        ErrorKind::PermissionDenied => (
            say!("没有读取的权限", "it may not be read"),
            say!("改文件的权限", "change its permissions"),
        ),
        ErrorKind::InvalidInput => (
            say!("这不是普通文件", "this is no ordinary file"),
            say!(
                "删去它，放上文件本身",
                "remove it and put the file itself here"
            ),
        ),
        _ => {
            let Say { zh, en } = crate::error::reason(error);
            (
                say!("读不了：{zh}", "cannot be read: {en}"),
                say!("检查磁盘和网络", "check disk and network"),
            )
        }
    }
}

fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    !(name.starts_with('.') || name.ends_with('~') || name.starts_with('#'))
}
