//! Stage 4: pages -> files beside the published folder, then one swap.
//!
//! The tree that was published before is kept beside and brought up to date for the next time: what is already in
//! it stays, what the published tree has is linked, and only the rest is written. So a small change costs little,
//! however large the site. A file is never written in place, for both trees may share it.

pub mod archive;
pub mod manifest;
pub(crate) mod pieces;
pub mod remember;
pub mod swap;
pub mod tree;
pub mod work;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cache::State;
use crate::cache::mark::Mark;
use crate::digest::FileDigest;
use crate::error::Error;
use manifest::{Inputs, MANIFEST, SIGNATURE, Text};
use remember::{Left, Remembered, Trusted};
use tree::{Difference, Group, Tree, find, join};
use work::Work;

/// Takes finished files.
pub trait Sink: Sync {
    /// Takes one file of a group, see [`Tree`].
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<FileDigest, Error>;

    /// Whether the files of a group can be taken over from an earlier run.
    fn has(&self, folder: &str, group: &Group) -> bool;
}

/// The next tree of an output, while it is put together.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    work: Option<Work>,
    next: PathBuf,
    /// What can be taken from the trees of earlier runs.
    trusted: Trusted,
    /// Whether the next tree has been changed, so that it is no whole site until it is published.
    touched: AtomicBool,
    folders: Mutex<HashSet<PathBuf>>,
    written: Mutex<HashSet<String>>,
    /// Whether nothing is taken from earlier runs, and nothing left for later ones.
    fresh: bool,
    /// Whether the tree is on the disk before it is published.
    settled: bool,
}

/// What came of publishing.
#[derive(Debug)]
pub struct Published {
    /// Files that differ from what was published before.
    pub differences: Vec<Difference>,
    /// What the next run may rely on; `None` when nothing is left for it.
    pub remembered: Option<Remembered>,
    work: Option<Work>,
}

impl Published {
    /// Leaves `state` to the next run, and frees what this one has no more use for.
    pub fn leave(self, state: Option<State>) {
        let Some(work) = self.work else {
            return;
        };
        // The site is published. Without what is left here the next run makes everything anew.
        let _ = rayon::join(
            || state.map(|state| state.save(&work.state())),
            || fs::remove_file(work.manifest()),
        );
    }
}

impl Staging {
    /// Opens the working folder of `output`; see [`swap::check_output`] for what may be replaced. What is
    /// `remembered` of the last run is used as far as the folders still are as it left them; without it nothing is
    /// taken from earlier runs, and nothing left for later ones.
    ///
    /// # Errors
    /// When `output` is not ours to replace, another run works on it, or nothing can be written.
    pub fn open(
        output: PathBuf,
        work: Work,
        remembered: Option<Remembered>,
    ) -> Result<Self, Error> {
        let next = work.next();
        let fresh = remembered.is_none();
        let trusted = match remembered {
            Some(remembered) => Trusted::new(&output, &next, remembered),
            None => Trusted::nothing(&output),
        };
        if trusted.spare.is_none() {
            work::remove(&next)?;
        }
        Ok(Self {
            output,
            work: Some(work),
            next,
            trusted,
            touched: AtomicBool::new(false),
            folders: Mutex::default(),
            written: Mutex::default(),
            fresh,
            settled: false,
        })
    }

    /// Lets the tree reach the disk before it is published, which takes a while.
    #[must_use]
    pub const fn settled(mut self, settled: bool) -> Self {
        self.settled = settled;
        self
    }

    fn spare(&self, folder: &str) -> Option<&Group> {
        self.trusted.spare.as_ref()?.groups.get(folder)
    }

    /// From here on the next tree is not whole.
    fn touch(&self) -> Result<(), Error> {
        if self.touched.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        fs::create_dir_all(&self.next).map_err(|error| Error::io(&self.next, error))?;
        remove(&self.next.join(SIGNATURE))?;
        let path = self.next.join(MANIFEST);
        match fs::rename(&path, self.work().manifest()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            moved => moved.map_err(|error| Error::io(&path, error)),
        }
    }

    fn work(&self) -> &Work {
        let work = self.work.as_ref();
        work.expect("a working folder until it is finished")
    }

    /// Where a file of the next tree goes, with its folder there and nothing in its place.
    fn room(&self, folder: &str, name: &str) -> Result<PathBuf, Error> {
        let path = self.next.join(join(folder, name));
        let above = path.parent().expect("a file is in a folder");
        let mut folders = self.folders.lock().expect("no thread panics while writing");
        if !folders.contains(above) {
            self.make_folder(above)?;
            folders.insert(above.to_owned());
        }
        drop(folders);
        remove(&path)?;
        Ok(path)
    }

    /// Makes a folder; a file of the tree before that has the name of one goes.
    fn make_folder(&self, folder: &Path) -> Result<(), Error> {
        if fs::create_dir_all(folder).is_ok() {
            return Ok(());
        }
        let inside = folder.ancestors().take_while(|above| *above != self.next);
        for file in inside.filter(|above| above.is_file()) {
            remove(file)?;
        }
        fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))
    }

    /// Puts the next tree in the place of the published one. Files of `wanted` have been written, or can be
    /// taken over. `unchanged` tells that the inputs are those of the published tree.
    ///
    /// # Errors
    /// When something cannot be written or renamed; the published folder is then as before.
    ///
    /// # Panics
    /// When another thread has panicked while writing.
    pub fn publish(
        mut self,
        wanted: Tree,
        inputs: &BTreeMap<Box<str>, Inputs>,
        unchanged: bool,
    ) -> Result<Published, Error> {
        let differences = wanted.since(&self.trusted.before);
        let kept = !self.touched.load(Ordering::Acquire);
        let tree = differences.is_empty() && self.trusted.is_whole();
        if tree && (unchanged || self.has_manifest_of(&wanted, inputs)) {
            let remembered = std::mem::take(&mut self.trusted).unchanged(kept);
            return self.finish(differences, remembered);
        }
        let put_together = || {
            self.touch()?;
            self.fill(&wanted)?;
            self.clear(&wanted)
        };
        let (put_together, earlier) = rayon::join(put_together, || self.trusted.text(&self.output));
        put_together?;
        let from = earlier.as_ref().and_then(|text| self.trusted.earlier(text));
        let text = Text::new(&wanted, inputs, from);
        let path = self.next.join(MANIFEST);
        text.write(&path).map_err(|error| Error::io(&path, error))?;
        let left = Left::new(text, self.trusted.times_of(&self.next, &wanted));
        let aside = self.work().old();
        if self.settled {
            swap::settle(&self.next)?;
        }
        swap::swap(&self.next, &self.output, &aside)?;
        let trusted = std::mem::take(&mut self.trusted);
        let remembered = trusted.swapped(wanted, left, &self.next);
        self.finish(differences, remembered)
    }

    /// Whether the published manifest says the same already.
    fn has_manifest_of(&self, wanted: &Tree, inputs: &BTreeMap<Box<str>, Inputs>) -> bool {
        let earlier = self.trusted.text(&self.output);
        earlier.is_some_and(|earlier| {
            let text = Text::new(wanted, inputs, self.trusted.earlier(&earlier));
            text.mark() == Mark::of(&earlier)
        })
    }

    /// Links what was not written.
    fn fill(&self, wanted: &Tree) -> Result<(), Error> {
        let written = self.written.lock().expect("no thread panics while writing");
        for (folder, group) in &wanted.groups {
            let spare = self.spare(folder);
            if spare == Some(group) {
                continue;
            }
            for (name, digest) in group.iter() {
                if find(spare, name) == Some(*digest) || written.contains(&join(folder, name)) {
                    continue;
                }
                let from = self.output.join(join(folder, name));
                let to = self.room(folder, name)?;
                fs::hard_link(&from, &to)
                    .or_else(|_| fs::copy(&from, &to).map(|_| ()))
                    .map_err(|error| Error::io(&from, error))?;
            }
        }
        Ok(())
    }

    /// Removes what the tree before had and the next one has not, with the folders that it leaves empty.
    fn clear(&self, wanted: &Tree) -> Result<(), Error> {
        let Some(spare) = &self.trusted.spare else {
            return Ok(());
        };
        for (folder, group) in &spare.groups {
            let now = wanted.groups.get(folder);
            if now == Some(group) {
                continue;
            }
            let gone = group.iter().filter(|(name, _)| find(now, name).is_none());
            for (name, _) in gone {
                let path = self.next.join(join(folder, name));
                remove(&path)?;
                let above = path
                    .ancestors()
                    .skip(1)
                    .take_while(|above| *above != self.next);
                // A folder that still holds something stays.
                let _ = above.map(fs::remove_dir).find(Result::is_err);
            }
        }
        Ok(())
    }

    fn finish(
        &mut self,
        differences: Vec<Difference>,
        remembered: Remembered,
    ) -> Result<Published, Error> {
        let work = self
            .work
            .take()
            .expect("a working folder until it is finished");
        let mut published = Published {
            differences,
            remembered: Some(remembered),
            work: Some(work),
        };
        if self.fresh {
            published.remembered = None;
            published.work.take().map_or(Ok(()), Work::remove)?;
        }
        Ok(published)
    }
}

impl Sink for Staging {
    fn write(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<FileDigest, Error> {
        let digest = FileDigest::of(bytes);
        let published = self.trusted.published.groups.get(folder);
        if [self.spare(folder), published]
            .into_iter()
            .any(|group| find(group, name) == Some(digest))
        {
            return Ok(digest);
        }
        self.touch()?;
        let path = self.room(folder, name)?;
        fs::File::create_new(&path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| Error::io(&path, error))?;
        let mut written = self.written.lock().expect("no thread panics while writing");
        written.insert(join(folder, name));
        Ok(digest)
    }

    fn has(&self, folder: &str, group: &Group) -> bool {
        let wanted = Some(group);
        self.trusted.published.groups.get(folder) == wanted || self.spare(folder) == wanted
    }
}

/// What was changed and not published is no whole site: it goes. So does a working folder that holds nothing.
impl Drop for Staging {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else {
            return;
        };
        // Nothing more can be done about a folder that cannot be removed; the next run tries again.
        if self.touched.load(Ordering::Acquire) {
            let _ = work::remove(&self.next);
        }
        if !self.next.exists() && !work.state().exists() {
            let _ = work.remove();
        }
    }
}

/// Removes a file, or a folder that has its name, if it is there.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(_) if path.is_dir() => work::remove(path),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}
