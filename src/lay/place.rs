//! Units beside their places -> in them, one after the other. When one cannot be put there, those before it go again.

use std::collections::HashSet;
use std::ffi::OsString;
use std::rc::Rc;

use super::beside::{self, beside};
use super::{Beside, Going, Over, Unit, What, busy};
use crate::error::Error;
use crate::held::{EVERYBODY, Folder, Lock};

/// A unit beside its place.
enum Staged {
    /// A file that comes or takes the place of one.
    File(Beside, Over),
    Folder(NewFolder),
}

/// A folder beside its place. It goes away unless it is put there.
pub(super) struct NewFolder {
    above: Rc<Folder>,
    name: OsString,
    new: OsString,
    pub folder: Folder,
    done: bool,
    _lock: Lock,
}

/// What has been done, to be undone.
enum Done {
    /// It was not there.
    New(Rc<Folder>, OsString),
    /// What was there stands beside.
    Exchanged(Beside),
    /// What was there is no more.
    Over,
}

/// Puts units in place: first files, then folders, for a folder that is there is what a command asks for.
pub(super) fn each(mut units: Vec<Unit<'_>>) -> Result<(), Error> {
    units.sort_by_key(|unit| matches!(unit.what, What::Folder(_)));
    let mut swept = HashSet::new();
    for unit in &units {
        if swept.insert(unit.above.path().to_owned()) {
            beside::sweep_all(&unit.above);
        }
    }
    let staged: Result<Vec<(Rc<Folder>, OsString, Staged)>, Error> = units
        .into_iter()
        .map(|unit| Ok((unit.above.clone(), unit.name.clone(), stage(unit)?)))
        .collect();
    let mut done = Vec::new();
    for (above, name, staged) in staged? {
        match put(&above, name, staged) {
            Ok(one) => done.push(one),
            Err(error) => {
                done.into_iter().rev().for_each(undo);
                return Err(error);
            }
        }
    }
    Ok(())
}

fn stage(unit: Unit<'_>) -> Result<Staged, Error> {
    match unit.what {
        What::File(file, replaces) => {
            let above = unit.above.again();
            let above = above.map_err(|error| unit.above.failed("", error))?;
            let new = Beside::new(above, &unit.name)?;
            new.write(&file.bytes)?;
            new.settle()?;
            let over = if replaces { Over::Replace } else { Over::Keep };
            Ok(Staged::File(new, over))
        }
        What::Folder(going) => {
            let new = NewFolder::new(unit.above, unit.name)?;
            write(&new.folder, going)?;
            Ok(Staged::Folder(new))
        }
    }
}

fn put(above: &Rc<Folder>, name: OsString, staged: Staged) -> Result<Done, Error> {
    match staged {
        Staged::File(new, Over::Replace) if new.exchange().is_ok() => Ok(Done::Exchanged(new)),
        Staged::File(mut new, over) => {
            new.put_settled(over)?;
            Ok(match over {
                Over::Keep => Done::New(above.clone(), name),
                Over::Replace => Done::Over,
            })
        }
        Staged::Folder(new) => {
            new.put()?;
            Ok(Done::New(above.clone(), name))
        }
    }
}

/// The first failure is the one to tell.
fn undo(done: Done) {
    match done {
        Done::New(above, name) => {
            let _ = above.remove_all(&name);
        }
        Done::Exchanged(new) => {
            let _ = new.exchange();
        }
        Done::Over => {}
    }
}

/// Writes files below a new folder, and waits until they are on the disk.
pub(super) fn write(folder: &Folder, going: Vec<Going<'_>>) -> Result<(), Error> {
    for Going { names, file } in going {
        let (name, above) = names.split_last().expect("a file has a name");
        let mut at = folder.again().map_err(|error| folder.failed("", error))?;
        for name in above {
            at = at.make(name).map_err(|error| at.failed(name, error))?;
        }
        let new = at.create(name, EVERYBODY);
        new.and_then(|mut out| {
            std::io::Write::write_all(&mut out, &file.bytes)?;
            out.sync_all()
        })
        .map_err(|error| at.failed(name, error))?;
        at.sync().map_err(|error| at.failed("", error))?;
    }
    folder.sync().map_err(|error| folder.failed("", error))
}

impl NewFolder {
    /// Makes one beside its place.
    pub fn new(above: Rc<Folder>, name: OsString) -> Result<Self, Error> {
        let new = beside(&name);
        beside::sweep(&above, &new)?;
        let folder = above
            .make(&new)
            .map_err(|error| above.failed(&new, error))?;
        let lock = folder.lock().map_err(|error| above.failed(&new, error))?;
        let lock = lock.ok_or_else(|| busy(&above.at(&new)))?;
        Ok(Self {
            above,
            name,
            new,
            folder,
            done: false,
            _lock: lock,
        })
    }

    /// Puts it in its place, where nothing is.
    fn put(mut self) -> Result<(), Error> {
        let Self {
            above, name, new, ..
        } = &self;
        let placed = above.place(new, above, name);
        placed.map_err(|error| above.failed(name, error))?;
        self.done = true;
        let synced = self.above.sync();
        synced.map_err(|error| self.above.failed(&self.name, error))
    }

    /// Exchanges it with the folder in its place, which goes; `false` where the system cannot do that.
    pub fn exchange(self) -> Result<bool, Error> {
        let exchanged = self.above.exchange(&self.new, &self.above, &self.name);
        let synced = self.above.sync();
        synced.map_err(|error| self.above.failed(&self.name, error))?;
        Ok(exchanged.is_ok())
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if !self.done {
            // The next run removes it otherwise.
            let _ = self.above.remove_all(&self.new);
        }
    }
}
