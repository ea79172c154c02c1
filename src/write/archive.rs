//! A published site -> one ZIP for upload forms and archives: the same bytes for the same site, whatever the machine.

use std::collections::BTreeMap;
use std::io::{self, BufWriter};
use std::path::Path;

use rayon::prelude::*;
use zip::write::{PreparedZipFile, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::manifest::{self, Inputs, MANIFEST, SIGNATURE};
use super::named::{self, Sort};
use super::tree::{Tree, join};
use crate::digest::FileDigest;
use crate::error::Error;
use crate::held::{Folder, Kind};
use crate::lay::Over;
use crate::say;

/// So many files are packed at a time, each on its own thread.
const BATCH: usize = 256;

/// How much is packed: quicker levels save little time, slower ones little space.
const LEVEL: i64 = 6;

/// Whoever unpacks it may read it.
const MODE: u32 = 0o644;

/// No signature is larger, in bytes.
const LARGEST_SIGNATURE: u64 = 16 * 1024;

/// How it shows that a file of the site is gone, has grown, or is no ordinary file any more.
const IS_ALTERED: [io::ErrorKind; 4] = [
    io::ErrorKind::NotFound,
    io::ErrorKind::FileTooLarge,
    io::ErrorKind::InvalidInput,
    io::ErrorKind::NotADirectory,
];

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

/// What may make way for a ZIP.
pub const ZIP: Sort = Sort {
    name: (" ZIP", "a ZIP"),
    is: |bytes| {
        BEGINNINGS
            .iter()
            .any(|beginning| bytes.starts_with(beginning))
    },
};

/// Writes the ZIP of a site in one step, with its manifest and the signature where there is one; see
/// [`named::check`] for where. Its size in bytes.
///
/// # Errors
/// When a file of the site is not as it was built, or something cannot be read or written; what was at the path
/// before is still there then.
pub fn write(place: &Path, site: Published<'_>) -> Result<u64, Error> {
    let failed = |error| Error::io(place, error);
    let folder = Folder::open(site.folder).map_err(|error| Error::io(site.folder, error))?;
    let new = named::beside(place)?;
    let mut zip = ZipWriter::new(BufWriter::new(new.file()));
    for batch in entries(&folder, site)?.chunks(BATCH) {
        let packed: Result<Vec<PreparedZipFile>, Error> =
            batch.par_iter().map(|entry| pack(&folder, entry)).collect();
        zip.add_prepared_files(packed?)
            .map_err(|error| failed(error.into()))?;
    }
    zip.finish()
        .map_err(io::Error::from)
        .and_then(|buffer| buffer.into_inner().map_err(io::IntoInnerError::into_error))
        .map_err(failed)?;
    let bytes = new.file().metadata().map_err(failed)?.len();
    // On the disk before it has its name, so that the name never stands for half of it.
    new.put(Over::Replace)?;
    Ok(bytes)
}

/// Every file of the site in the order of their paths.
fn entries(folder: &Folder, site: Published<'_>) -> Result<Vec<Entry>, Error> {
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
    let signature = folder.see(SIGNATURE);
    let signature = signature.map_err(|error| folder.failed(SIGNATURE, error))?;
    match signature.map(|found| found.kind) {
        None => {}
        Some(Kind::File) => entries.push(Entry {
            name: SIGNATURE.to_owned(),
            digest: None,
        }),
        Some(_) => return Err(altered(&folder.at(SIGNATURE))),
    }
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(entries)
}

/// One file as it will stand in the ZIP. Nothing in it is of this machine or of now.
fn pack(folder: &Folder, entry: &Entry) -> Result<PreparedZipFile, Error> {
    let path = folder.at(&entry.name);
    let (above, name) = entry.name.rsplit_once('/').unwrap_or(("", &entry.name));
    let size = entry.digest.map_or(LARGEST_SIGNATURE, |digest| digest.size);
    let read = folder.below(above).and_then(|above| above.read(name, size));
    let bytes = match read {
        Err(error) if IS_ALTERED.contains(&error.kind()) => return Err(altered(&path)),
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
    use std::fs;
    use std::path::PathBuf;

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
