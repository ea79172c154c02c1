//! Files of a folder that is there -> that folder with them, in the place of the one before.

use std::ffi::{OsStr, OsString};
use std::rc::Rc;

use super::Going;
use super::beside::is_left;
use super::place::{NewFolder, write};
use crate::error::Error;
use crate::held::{Folder, Kind};

/// Makes the folder that holds all the files anew, with links to what else is in it, and exchanges the two. `false`
/// when that folder is not below the root, or the system cannot do it; everything is then as before.
pub(super) fn exchange(root: &Folder, going: &[Going<'_>]) -> Result<bool, Error> {
    let common = common(going);
    let Some((name, above)) = common.split_last() else {
        return Ok(false);
    };
    let mut at = root.again().map_err(|error| root.failed("", error))?;
    for name in above {
        at = at.folder(name).map_err(|error| at.failed(name, error))?;
    }
    let before = at.folder(name).map_err(|error| at.failed(name, error))?;
    let new = NewFolder::new(Rc::new(at), name.clone())?;
    let inside = going.iter().map(|going| Going {
        names: going.names[common.len()..].to_vec(),
        file: going.file,
    });
    // The new files first, for that takes longest: what is linked is as it is now.
    write(&new.folder, inside.collect())?;
    if take_over(&before, &new.folder).is_err() {
        return Ok(false);
    }
    new.exchange()
}

/// The names that the folders of all files begin with.
fn common(going: &[Going<'_>]) -> Vec<OsString> {
    let folder = |going: &Going<'_>| going.names[..going.names.len() - 1].to_vec();
    let mut all = going.iter().map(folder);
    let first = all.next().unwrap_or_default();
    all.fold(first, |common, other| {
        let both = common.into_iter().zip(other);
        both.take_while(|(left, right)| left == right)
            .map(|(left, _)| left)
            .collect()
    })
}

/// Gives what a folder has more to another one. A link stays one.
fn take_over(before: &Folder, new: &Folder) -> std::io::Result<()> {
    new.look_like(before);
    for (name, kind) in before.list()? {
        let name: &OsStr = &name;
        if kind == Kind::Folder {
            if !is_left(name) {
                take_over(&before.folder(name)?, &new.make(name)?)?;
            }
        } else if !is_left(name) && new.see(name)?.is_none() {
            before.link(name, new, name)?;
        }
    }
    Ok(())
}
