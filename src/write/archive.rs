//! A published site -> one ZIP for upload forms and archives: the same bytes for the same site, whatever the machine.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use zip::write::{PreparedZipFile, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::manifest::{self, Inputs, MANIFEST, SIGNATURE};
use super::swap::{is_source, real};
use super::tree::{Tree, join};
use super::work;
use crate::digest::FileDigest;
use crate::error::Error;
use crate::say;

/// So many files are packed at a time, each on its own thread.
const BATCH: usize = 256;

/// How much is packed: quicker levels save little time, slower ones little space.
const LEVEL: i64 = 6;

/// Whoever unpacks it may read it.
const MODE: u32 = 0o644;

/// How a ZIP begins, with files or without.
const BEGINNINGS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// A site as it has been published.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// Its folder.
    pub folder: &'a Path,
    /// Its files but the manifest.
    pub files: &'a Tree,
    /// What its disclosures were made from.
    pub inputs: &'a BTreeMap<Box<str>, Inputs>,
}

/// One file to be packed, and what it must hold.
struct Entry {
    name: String,
    /// `None` for the signature, of which the build knows nothing.
    digest: Option<FileDigest>,
}

/// The file as an absolute path, if a ZIP may be written there: its folder is there, and it is neither in the output
/// nor among the sources nor anything but a ZIP.
///
/// # Errors
/// Says why the file is refused.
pub fn check(file: &Path, output: &Path, site_root: &Path) -> Result<PathBuf, Error> {
    let absolute = std::path::absolute(file).map_err(|error| Error::io(file, error))?;
    let file = real(&absolute);
    let say = if file.is_dir() || file.file_name().is_none() {
        say!(
            "是一个文件夹；--zip 后面写文件的名字，如 public.zip",
            "is a folder; name a file after --zip, such as public.zip"
        )
    } else if file.starts_with(output) || file.starts_with(work::folder_of(output)) {
        say!(
            "在输出的文件夹里，下一次生成就没有了；写到别处",
            "is in the folder of the output, where the next build removes it; name another place"
        )
    } else if is_source(&file, &real(site_root)) {
        say!(
            "在源文件里；写到别处",
            "is among the sources; name another place"
        )
    } else if !file.parent().is_some_and(Path::is_dir) {
        say!(
            "它所在的文件夹不存在；先建好，或写到别处",
            "its folder does not exist; make it, or name another place"
        )
    } else if !may_go(&file)? {
        say!(
            "这里已有一个文件，不是 ZIP，不能覆盖；换一个名字，或自己先删去它",
            "there is a file that is no ZIP; choose another name, or remove it yourself"
        )
    } else {
        return Ok(file);
    };
    Err(Error::refused(&file, say))
}

/// Whether nothing stands at a path but a ZIP, or a file without content.
fn may_go(file: &Path) -> Result<bool, Error> {
    let mut beginning = Vec::new();
    match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        opened => opened.and_then(|open| open.take(4).read_to_end(&mut beginning)),
    }
    .map_err(|error| Error::io(file, error))?;
    Ok(beginning.is_empty() || BEGINNINGS.contains(&beginning.as_slice()))
}

/// Writes the ZIP of a site in one step, with its manifest and the signature where there is one. Its size in bytes.
///
/// # Errors
/// When a file of the site is not as it was built, or something cannot be read or written; what was at the path
/// before is still there then.
pub fn write(file: &Path, site: Published<'_>) -> Result<u64, Error> {
    let failed = |error| Error::io(file, error);
    let place = real(&std::path::absolute(file).map_err(failed)?);
    let new = beside(&place).map_err(failed)?;
    let mut zip = ZipWriter::new(BufWriter::new(new));
    for batch in entries(site)?.chunks(BATCH) {
        let packed: Result<Vec<PreparedZipFile>, Error> = batch
            .par_iter()
            .map(|entry| pack(site.folder, entry))
            .collect();
        zip.add_prepared_files(packed?)
            .map_err(|error| failed(error.into()))?;
    }
    let new = zip
        .finish()
        .map_err(io::Error::from)
        .and_then(|buffer| buffer.into_inner().map_err(io::IntoInnerError::into_error))
        .map_err(failed)?;
    // On the disk before it has its name, so that the name never stands for half of it.
    new.as_file().sync_all().map_err(failed)?;
    let bytes = new.as_file().metadata().map_err(failed)?.len();
    new.persist(place).map_err(|error| failed(error.error))?;
    Ok(bytes)
}

/// A file without a name of its own, which goes away unless it gets one.
pub(super) fn beside(file: &Path) -> io::Result<tempfile::NamedTempFile> {
    let name = file.file_name().unwrap_or_default();
    let mut prefix = OsStr::new(".").to_owned();
    prefix.push(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".new");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(file.parent().unwrap_or(Path::new(".")))
}

/// Every file of the site in the order of their paths.
fn entries(site: Published<'_>) -> Result<Vec<Entry>, Error> {
    let text = manifest::Text::new(site.files, site.inputs, None).to_vec();
    let files = site.files.files().into_iter();
    let mut entries: Vec<Entry> = files
        .map(|(folder, name, digest)| Entry {
            name: join(folder, name),
            digest: Some(digest),
        })
        .collect();
    entries.push(Entry {
        name: MANIFEST.to_owned(),
        digest: Some(FileDigest::of(&text)),
    });
    let signature = site.folder.join(SIGNATURE);
    match fs::symlink_metadata(&signature) {
        Ok(found) if found.is_file() => entries.push(Entry {
            name: SIGNATURE.to_owned(),
            digest: None,
        }),
        Ok(_) => return Err(altered(&signature)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::io(&signature, error)),
    }
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(entries)
}

/// One file as it will stand in the ZIP. Nothing in it is of this machine or of now.
fn pack(folder: &Path, entry: &Entry) -> Result<PreparedZipFile, Error> {
    let path = folder.join(&entry.name);
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(altered(&path)),
        read => read.map_err(|error| Error::io(&path, error))?,
    };
    if entry
        .digest
        .is_some_and(|digest| digest != FileDigest::of(&bytes))
    {
        return Err(altered(&path));
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(MODE);
    PreparedZipFile::from_data(&entry.name, options, &bytes)
        .map_err(|error| Error::io(&path, error.into()))
}

fn altered(path: &Path) -> Error {
    Error::refused(
        path,
        say!(
            "生成以后被改过，没有写 ZIP；用 gongkai build --no-cache 重新生成",
            "was changed after it was built, so no ZIP was written; build it again with gongkai build --no-cache"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tree::group;

    /// A folder with a site of one page, and what the build knows of it.
    fn site() -> (tempfile::TempDir, PathBuf, Tree) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let site = folder.path().join("public");
        fs::create_dir(&site).expect("a folder");
        fs::write(site.join("页.html"), "x").expect("a file");
        let mut files = Tree::default();
        let page = ("页.html".into(), FileDigest::of(b"x"));
        files.groups.insert("".into(), group(vec![page]));
        let text = manifest::Text::new(&files, &BTreeMap::new(), None).to_vec();
        fs::write(site.join(MANIFEST), text).expect("a file");
        (folder, site, files)
    }

    #[test]
    fn nothing_of_now_and_here_is_in_a_zip() {
        let (folder, place, files) = site();
        let file = folder.path().join("public.zip");
        let published = Published {
            folder: &place,
            files: &files,
            inputs: &BTreeMap::new(),
        };
        let written = write(&file, published).expect("a ZIP");
        let bytes = fs::read(&file).expect("a file");
        assert_eq!(written, bytes.len() as u64);
        let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).expect("a ZIP");
        let names: Vec<String> = zip
            .file_names()
            .map(|name| name.expect("UTF-8").into_owned())
            .collect();
        assert_eq!(names, [MANIFEST, "页.html"]);
        for at in 0..zip.len() {
            let entry = zip.by_index(at).expect("an entry");
            assert_eq!(entry.last_modified(), Some(DateTime::DEFAULT));
            assert_eq!(entry.unix_mode(), Some(0o100_644));
            assert_eq!(entry.compression(), CompressionMethod::Deflated);
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }

    #[test]
    fn what_was_altered_or_is_gone_is_refused_and_nothing_is_left_behind() {
        for (name, text) in [
            ("页.html", Some("y")),
            (MANIFEST, Some("{}")),
            ("页.html", None),
        ] {
            let (folder, place, files) = site();
            match text {
                Some(text) => fs::write(place.join(name), text).expect("a file"),
                None => fs::remove_file(place.join(name)).expect("a file"),
            }
            let file = folder.path().join("public.zip");
            let published = Published {
                folder: &place,
                files: &files,
                inputs: &BTreeMap::new(),
            };
            let refused = write(&file, published).expect_err("a refusal").to_string();
            assert!(
                refused.contains(name) && refused.contains("was changed after it was built"),
                "{refused}"
            );
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        }
    }
}
