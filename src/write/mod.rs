//! Stage 4: pages -> files beside the published folder, then one swap.
//!
//! The tree that was published before is kept beside and brought up to date for the next time: what is already in
//! it stays, what the published tree has is linked, and only the rest is written. So a small change costs little,
//! however large the site. A file is never written in place, for both trees may share it.

pub mod archive;
mod gone;
pub mod manifest;
pub(crate) mod pieces;
pub mod remember;
pub mod single;
pub mod swap;
pub mod tree;
pub mod work;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use crate::cache::mark::Mark;
use crate::cache::{self, State};
use crate::digest::FileDigest;
use crate::error::Error;
use gone::Gone;
use manifest::{Earlier, Inputs, MANIFEST, SIGNATURE, Text};
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

    /// Told that files will come, while the first of them are made.
    fn expect(&self) {}
}

/// The next tree of an output, while it is put together.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    /// What the next tree has no use for.
    gone: Gone,
    work: Option<Work>,
    next: PathBuf,
    /// What can be taken from the trees of earlier runs.
    trusted: Trusted,
    /// The text of the published manifest, once it is asked for.
    earlier: OnceLock<Option<Vec<u8>>>,
    /// Whether the next tree has been changed, so that it is no whole site until it is published.
    touched: AtomicBool,
    folders: Mutex<HashSet<PathBuf>>,
    written: Mutex<HashSet<String>>,
    /// Whether nothing is taken from earlier runs, and nothing left for later ones.
    fresh: bool,
    /// Whether the tree is on the disk before it is published.
    settled: bool,
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
            gone: Gone::new(work.gone()),
            work: Some(work),
            next,
            trusted,
            earlier: OnceLock::new(),
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
        self.take(&self.next.join(SIGNATURE))?;
        self.take(&self.next.join(MANIFEST))
    }

    /// Takes away a file, or a folder that has its name, if it is there.
    fn take(&self, path: &Path) -> Result<(), Error> {
        let taken = self.gone.take(path);
        taken.map_err(|error| Error::io(path, error))
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
        self.take(&path)?;
        Ok(path)
    }

    /// Makes a folder; a file of the tree before that has the name of one goes.
    fn make_folder(&self, folder: &Path) -> Result<(), Error> {
        if fs::create_dir_all(folder).is_ok() {
            return Ok(());
        }
        let inside = folder.ancestors().take_while(|above| *above != self.next);
        for file in inside.filter(|above| above.is_file()) {
            self.take(file)?;
        }
        fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))
    }

    /// Puts the next tree in the place of the published one. Files of `wanted` have been written, or can be
    /// taken over. `unchanged` tells that the inputs are those of the published tree; if not, what `state` gives is
    /// left to the next run. Gives the files that differ from what was published before.
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
        state: impl FnOnce() -> Option<State> + Send,
    ) -> Result<Vec<Difference>, Error> {
        let differences = wanted.since(&self.trusted.before);
        let same = differences.is_empty() && self.trusted.is_whole();
        // What the next run will know speaks of what will be published, and counts as none should that fail.
        let leave_state = || {
            let state = state().filter(|_| !self.fresh)?;
            cache::save(&self.work().state(), &state).ok()
        };
        if same && (unchanged || self.has_manifest_of(&wanted, inputs)) {
            if !unchanged && let Some(state) = leave_state() {
                let kept = !self.touched.load(Ordering::Acquire);
                let trusted = std::mem::take(&mut self.trusted);
                self.leave(&trusted.unchanged(kept, state));
            }
            return self.finish(differences);
        }
        let put_together = || {
            self.touch()?;
            self.fill(&wanted)?;
            self.clear(&wanted)?;
            let text = Text::new(&wanted, inputs, self.earlier());
            Ok((text, self.trusted.times_of(&self.next, &wanted)))
        };
        let (done, state) = rayon::join(put_together, leave_state);
        let (text, times) = done?;
        let swap = || {
            let path = self.next.join(MANIFEST);
            text.write(&path).map_err(|error| Error::io(&path, error))?;
            if self.settled {
                swap::settle(&self.next)?;
            }
            swap::swap(&self.next, &self.output, &self.work().old())
        };
        let leave_trees = || {
            let left = Left::new(&text, times);
            let remembered = self.trusted.swapped(wanted, left, state?);
            self.leave(&remembered);
            Some(())
        };
        rayon::join(swap, leave_trees).0?;
        self.finish(differences)
    }

    /// Leaves what is known of the trees to the next run. Without it that makes everything anew.
    fn leave(&self, remembered: &Remembered) {
        let _ = cache::save(&self.work().trees(), remembered);
    }

    /// Releases the output for the next run.
    fn finish(&mut self, differences: Vec<Difference>) -> Result<Vec<Difference>, Error> {
        self.gone.wait();
        let work = self.work.take().filter(|_| self.fresh);
        work.map_or(Ok(()), Work::remove)?;
        Ok(differences)
    }

    fn work(&self) -> &Work {
        let work = self.work.as_ref();
        work.expect("a working folder until it is finished")
    }

    /// The text of the published manifest, read once.
    fn earlier(&self) -> Option<Earlier<'_>> {
        let read = || self.trusted.text(&self.output);
        let text = self.earlier.get_or_init(read).as_deref()?;
        self.trusted.earlier(text)
    }

    /// Whether the published manifest says the same already.
    fn has_manifest_of(&self, wanted: &Tree, inputs: &BTreeMap<Box<str>, Inputs>) -> bool {
        self.earlier().is_some_and(|earlier| {
            let text = Text::new(wanted, inputs, Some(earlier));
            text.mark() == Mark::of(earlier.text)
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
                self.take(&path)?;
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

    fn expect(&self) {
        self.earlier();
    }
}

/// What was changed and not published is no whole site: it goes. So does a working folder that holds nothing.
impl Drop for Staging {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else {
            return;
        };
        self.gone.wait();
        // Nothing more can be done about a folder that cannot be removed; the next run tries again.
        if self.touched.load(Ordering::Acquire) {
            let _ = work::remove(&self.next);
            let _ = work::remove(&work.gone());
        }
        if !self.next.exists() && !work.state().exists() {
            let _ = work.remove();
        }
    }
}
