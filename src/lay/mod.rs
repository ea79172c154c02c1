//! Sets of files below a folder, all or none: first beside their places and on the disk, then into them. A folder that
//! is new comes with one rename; files of a folder that is there with one exchange of that folder, where the system
//! can do that. What a run that was cut short has left beside is never read, and removed by the next one.

pub mod beside;
mod place;
mod whole;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

pub use beside::Beside;

use crate::error::Error;
use crate::held::{self, Folder, Kind};
use crate::say;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What came of it, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laid {
    /// Paths of files that are new.
    pub written: Vec<String>,
    /// Paths of files that were there before, and are as they were.
    pub kept: Vec<String>,
}

/// What becomes of files that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// They stay.
    Keep,
    /// New ones take their place.
    Replace,
}

impl NewFile {
    /// A text file.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            bytes: text.into().into_bytes(),
        }
    }
}

/// A file with what is left of its path on the way down.
#[derive(Debug, Clone)]
struct Going<'a> {
    names: Vec<OsString>,
    file: &'a NewFile,
}

/// What is put in place with one step.
#[derive(Debug)]
struct Unit<'a> {
    /// Where; shared with others in the same folder.
    above: std::rc::Rc<Folder>,
    name: OsString,
    what: What<'a>,
}

#[derive(Debug)]
enum What<'a> {
    /// A file, and whether it takes the place of one.
    File(&'a NewFile, bool),
    /// A folder that is not there.
    Folder(Vec<Going<'a>>),
}

/// Writes files below a folder, with the folders that they need, its own included. Nothing is written through a link.
///
/// # Errors
/// When a file or folder cannot be written, or something else has its name; everything is then as before.
pub fn lay(root: &Path, files: &[NewFile], over: Over) -> Result<Laid, Error> {
    let (root, missing) = standing(root)?;
    let going = files.iter().map(|file| Going {
        names: missing
            .iter()
            .cloned()
            .chain(held::parts(&file.path).map(OsString::from))
            .collect(),
        file,
    });
    let going: Vec<Going<'_>> = going.collect();
    let (mut units, mut kept) = (Vec::new(), Vec::new());
    let held = std::rc::Rc::new(root.again().map_err(|error| root.failed("", error))?);
    split(&held, going.clone(), over, &mut units, &mut kept)?;
    let laid = Laid {
        written: files
            .iter()
            .filter(|file| !kept.contains(&file.path.as_str()))
            .map(|file| file.path.clone())
            .collect(),
        kept: kept.iter().map(|path| (*path).to_owned()).collect(),
    };
    let replaces = |unit: &Unit<'_>| matches!(unit.what, What::File(_, true));
    let one_step = units.len() < 2 || !units.iter().any(replaces);
    if one_step || !whole::exchange(&root, &going)? {
        place::each(units)?;
    }
    Ok(laid)
}

/// Removes what runs that were cut short have left in a folder, in those inside it and beside it, where there is nothing
/// to be written. Folders that are not there and links are passed over.
pub fn sweep(root: &Path, folder: &str) {
    let inside = || {
        let mut at = Folder::open(root).ok()?;
        for name in held::parts(folder) {
            beside::sweep_all(&at);
            at = at.folder(name).ok()?;
        }
        Some(at)
    };
    if let Some(folder) = inside() {
        beside::sweep_all(&folder);
        for (name, _) in folder.list().unwrap_or_default() {
            if let Ok(below) = folder.folder(&name) {
                beside::sweep_all(&below);
            }
        }
    }
}

/// The folder as far as it is there, and the names that are missing.
fn standing(path: &Path) -> Result<(Folder, Vec<OsString>), Error> {
    let failed = |error| Error::io(path, error);
    let here = Path::new(".");
    let named = if path.as_os_str().is_empty() {
        here
    } else {
        path
    };
    let whole = std::path::absolute(named).map_err(failed)?;
    let (mut at, mut missing) = (whole.as_path(), Vec::new());
    loop {
        match (fs::canonicalize(at), at.file_name(), at.parent()) {
            (Ok(real), ..) => {
                missing.reverse();
                let folder = Folder::open(&real).map_err(|error| Error::io(&real, error))?;
                return Ok((folder, missing));
            }
            (Err(error), Some(name), Some(above)) if error.kind() == ErrorKind::NotFound => {
                missing.push(name.to_owned());
                at = above;
            }
            (Err(error), ..) => return Err(failed(error)),
        }
    }
}

/// Splits files into what is put in place with one step each: files of folders that are there, and folders that are not.
fn split<'a>(
    above: &std::rc::Rc<Folder>,
    going: Vec<Going<'a>>,
    over: Over,
    units: &mut Vec<Unit<'a>>,
    kept: &mut Vec<&'a str>,
) -> Result<(), Error> {
    let mut below: BTreeMap<OsString, Vec<Going<'a>>> = BTreeMap::new();
    for Going { mut names, file } in going {
        let first = names.remove(0);
        below.entry(first).or_default().push(Going { names, file });
    }
    for (name, going) in below {
        let unit = |what| Unit {
            above: above.clone(),
            name: name.clone(),
            what,
        };
        let found = above
            .see(&name)
            .map_err(|error| above.failed(&name, error))?;
        let file = going.iter().find(|going| going.names.is_empty());
        match (found.map(|found| found.kind), file) {
            (None, Some(going)) => units.push(unit(What::File(going.file, false))),
            (None, None) => units.push(unit(What::Folder(going))),
            (Some(Kind::File), Some(going)) if over == Over::Keep => kept.push(&going.file.path),
            (Some(Kind::File), Some(going)) => units.push(unit(What::File(going.file, true))),
            (Some(Kind::Folder), None) => {
                let inside = above
                    .folder(&name)
                    .map_err(|error| above.failed(&name, error))?;
                split(&inside.into(), going, over, units, kept)?;
            }
            (Some(kind), file) => return Err(refused(above, &name, kind, file.is_some())),
        }
    }
    Ok(())
}

/// Something stands where a file or a folder should go.
fn refused(above: &Folder, name: &OsString, kind: Kind, file: bool) -> Error {
    let what = kind.say();
    let (zh, en) = (what.zh, what.en);
    let path = above.at(name);
    Error::refused(
        &path,
        if file {
            say!(
                "是{zh}，不是普通文件，什么也没有写；移开它，再来一次",
                "is {en} and no ordinary file, nothing was written; move it away, then try again"
            )
        } else {
            say!(
                "是{zh}，不是文件夹，什么也没有写；移开它，换成文件夹本身",
                "is {en} and no folder, nothing was written; move it away and put the folder itself there"
            )
        },
    )
}

/// Something else works there.
fn busy(path: &Path) -> Error {
    Error::refused(
        path,
        say!(
            "另一个 gongkai 正在写这里；等它完成再来",
            "another gongkai is writing here; wait until it is done"
        ),
    )
}

#[cfg(test)]
mod tests;
