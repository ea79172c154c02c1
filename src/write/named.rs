//! Files that somebody has named for a command to write: a ZIP, a list, a report, keys. They never take the place of
//! anything but an earlier one of their sort, and never go where the next build or a reader would take them for
//! something else.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest;
use super::swap::{is_source, real};
use super::work;
use crate::diagnostic::Say;
use crate::error::Error;
use crate::held::{self, Folder, Kind};
use crate::lay::{Beside, Over};
use crate::say;

/// More is not looked at to tell of which sort a file is, in bytes.
const LOOKED_AT: u64 = 256 << 20;

/// What stands around a file, so that it goes nowhere it should not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// The roots of sites, whose sources are not written.
    pub roots: &'a [&'a Path],
    /// The folder of its output, as it really is.
    pub output: Option<&'a Path>,
}

/// Of which sort a file is.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// What it is called, in Chinese and English: `ZIP`, `a ZIP`.
    pub name: (&'static str, &'static str),
    /// Whether a file with this content is of the sort, so that a new one may take its place. One without content is.
    pub is: fn(&[u8]) -> bool,
}

/// A file that nothing takes the place of.
pub const NEW: Sort = Sort {
    name: ("空文件", "an empty file"),
    is: |_| false,
};

/// A file that takes the place of any.
pub const ANY: Sort = Sort {
    name: ("普通文件", "an ordinary file"),
    is: |_| true,
};

/// The file as it really stands, if a command may write it: its folder is there; it is no link, neither in a published
/// site or a working folder nor among the sources, and nothing is there but a file of its sort, or one without content.
///
/// # Errors
/// Says why the file is refused.
pub fn check(file: &Path, around: Around<'_>, sort: Sort) -> Result<PathBuf, Error> {
    let (place, found) = look(file)?;
    let refused = |say| Err(Error::refused(&place, say));
    if let Some(say) = misplaced(&place, around) {
        return refused(say);
    }
    if around
        .roots
        .iter()
        .any(|root| is_source(&place, &real(root)))
    {
        return refused(say!(
            "在源文件里；写到别处",
            "is among the sources; name another place"
        ));
    }
    may_go(&place, found, sort)?;
    Ok(place)
}

/// Refuses a folder that a command would write into when it is in a published site or a working folder.
///
/// # Errors
/// Says why.
pub fn check_folder(folder: &Path, around: Around<'_>) -> Result<(), Error> {
    let whole = std::path::absolute(folder).map_err(|error| Error::io(folder, error))?;
    let place = real(&whole);
    let inside = misplaced(&place.join("file"), around);
    inside.map_or(Ok(()), |say| Err(Error::refused(&place, say)))
}

/// A file that has been checked, beside its place.
///
/// # Errors
/// When another run writes it, or it cannot be made.
pub fn beside(place: &Path) -> Result<Beside, Error> {
    let (above, name) = parts(place)?;
    Beside::new(above, name)
}

/// Writes a file that has been checked, in one step.
///
/// # Errors
/// When it cannot be written; what was there before is still there then.
pub fn write(place: &Path, bytes: &[u8]) -> Result<(), Error> {
    let new = beside(place)?;
    new.write(bytes)?;
    new.put(Over::Replace)
}

/// The folder of a file that has been checked, and its name there.
///
/// # Errors
/// When the folder cannot be opened.
pub fn parts(place: &Path) -> Result<(Folder, &OsStr), Error> {
    let above = place.parent().unwrap_or(place);
    let folder = Folder::open(above).map_err(|error| Error::io(above, error))?;
    Ok((folder, place.file_name().unwrap_or_default()))
}

/// Where a file really stands, and what does. Links on the way are followed, but it is none itself.
fn look(file: &Path) -> Result<(PathBuf, Option<Kind>), Error> {
    let whole = std::path::absolute(file).map_err(|error| Error::io(file, error))?;
    let found = match fs::symlink_metadata(&whole) {
        Ok(found) => Some(held::kind(&found)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io(file, error)),
    };
    let refused = |say| Err(Error::refused(file, say));
    let (Some(name), Some(above)) = (whole.file_name(), whole.parent()) else {
        return refused(a_folder());
    };
    match found {
        Some(Kind::Folder) => refused(a_folder()),
        None | Some(Kind::File) => Ok((real(above).join(name), found)),
        Some(kind) => {
            let what = kind.say();
            let (zh, en) = (what.zh, what.en);
            refused(say!(
                "是{zh}，不是普通文件，不往里写；写一个文件的名字",
                "is {en} and no ordinary file, so nothing is written into it; name a file"
            ))
        }
    }
}

fn a_folder() -> Say {
    say!(
        "是一个文件夹；写文件的名字，如 public.zip",
        "is a folder; name a file, such as public.zip"
    )
}

/// Why nothing may be written at a place: a build would remove it, or `verify` find it.
fn misplaced(place: &Path, around: Around<'_>) -> Option<Say> {
    let in_output = || {
        around.output.is_some_and(|output| {
            place.starts_with(output) || place.starts_with(work::folder_of(output))
        })
    };
    let is_work = |part: &OsStr| {
        let part = part.as_encoded_bytes();
        part.starts_with(b".") && part.ends_with(b".gongkai")
    };
    if in_output() || place.iter().any(is_work) {
        return Some(say!(
            "在输出的文件夹里，下一次生成就没有了；写到别处",
            "is in the folder of the output, where the next build removes it; name another place"
        ));
    }
    let published = place
        .ancestors()
        .skip(1)
        .any(|above| Folder::open(above).is_ok_and(|above| manifest::is_ours(&above)));
    published.then(|| {
        say!(
            "在已生成的网站里，和 manifest.json 对不上，核验不会通过；写到别处",
            "is in a built site, whose manifest.json would not hold any more; name another place"
        )
    })
}

/// Refuses a folder that is not there, and to take the place of a file of another sort.
fn may_go(place: &Path, found: Option<Kind>, sort: Sort) -> Result<(), Error> {
    if !place.parent().is_some_and(Path::is_dir) {
        return Err(Error::refused(
            place,
            say!(
                "它所在的文件夹不存在；先建好，或写到别处",
                "its folder does not exist; make it, or name another place"
            ),
        ));
    }
    if found.is_none() {
        return Ok(());
    }
    let (above, name) = parts(place)?;
    let failed = |error| Error::io(place, error);
    let file = above.file(name).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let goes = || Ok((sort.is)(&held::read(file, LOOKED_AT)?));
    if size == 0 || (size <= LOOKED_AT && goes().map_err(failed)?) {
        return Ok(());
    }
    let (zh, en) = sort.name;
    Err(Error::refused(
        place,
        say!(
            "这里已有一个文件，不是{zh}，不能覆盖；换一个名字，或自己先删去它",
            "there is a file that is not {en}; choose another name, or remove it yourself"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_or_a_file_of_the_sort_gives_way() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let there = |name: &str| folder.path().join(name);
        let sort = Sort {
            name: ("甲", "one with an a"),
            is: |bytes| bytes.starts_with(b"a"),
        };
        for (name, text) in [("a", "abc"), ("b", "bcd"), ("empty", "")] {
            fs::write(there(name), text).expect("a file");
        }
        for (name, may) in [
            ("a", true),
            ("b", false),
            ("empty", true),
            ("none", true),
            ("none/x", false),
        ] {
            let checked = check(&there(name), Around::default(), sort);
            assert_eq!(checked.is_ok(), may, "{name}: {checked:?}");
        }
        let place = check(&there("a"), Around::default(), sort).expect("a place");
        write(&place, b"again").expect("a file");
        assert_eq!(fs::read(there("a")).expect("a file"), b"again");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3);
    }
}
