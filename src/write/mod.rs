//! Stage 4: pages -> files beside the published folder, then one swap.
//!
//! The tree that was published before is kept beside and brought up to date for the next time: what is already in
//! it stays, what the published tree has is linked, and only the rest is written. So a small change costs little,
//! however large the site. A file is never written in place, for both trees may share it.

pub mod archive;
mod gone;
pub mod list;
pub mod manifest;
pub mod named;
pub(crate) mod pieces;
pub mod remember;
mod rooms;
pub mod swap;
pub mod tree;
pub mod work;

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::cache::mark::Mark;
use crate::cache::{self, State};
use crate::digest::FileDigest;
use crate::error::Error;
use crate::held::{EVERYBODY, Folder, Kind};
use gone::Gone;
use manifest::{Earlier, Inputs, MANIFEST, SIGNATURE, Text};
use remember::{Left, Remembered, Trusted};
use rooms::Rooms;
use tree::{Difference, Group, Tree, find, join};
use work::{GONE, NEXT, STATE, TREES, Work};

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
    /// What is published, if anything is.
    output: Option<Folder>,
    /// What the next tree has no use for.
    gone: Gone,
    work: Option<Work>,
    /// The folders of the next tree.
    next: Rooms,
    /// What can be taken from the trees of earlier runs.
    trusted: Trusted,
    /// The text of the published manifest, once it is asked for.
    earlier: OnceLock<Option<Vec<u8>>>,
    /// Whether the next tree has been changed, so that it is no whole site until it is published.
    touched: AtomicBool,
    written: Mutex<HashSet<String>>,
    /// Whether nothing is taken from earlier runs, and nothing left for later ones.
    fresh: bool,
    /// Whether the tree is on the disk before it is published.
    settled: bool,
}

impl Staging {
    /// Opens the tree of a working folder; see [`swap::check_output`] for what may be replaced. What is
    /// `remembered` of the last run is used as far as the folders still are as it left them; without it nothing is
    /// taken from earlier runs, and nothing left for later ones.
    ///
    /// # Errors
    /// When something is no folder that should be one, or nothing can be written.
    pub fn open(work: Work, remembered: Option<Remembered>) -> Result<Self, Error> {
        let (output, mut next) = (work.published()?, work.next()?);
        let fresh = remembered.is_none();
        let trusted = match remembered {
            Some(remembered) => Trusted::new(output.as_ref(), next.as_ref(), remembered),
            None => Trusted::nothing(output.as_ref()),
        };
        if trusted.spare.is_none() {
            next = None;
            work.folder().remove_all(NEXT)?;
        }
        let gone = Gone::new(work.folder().clone());
        Ok(Self {
            output,
            gone: gone.map_err(|error| work.folder().failed(GONE, error))?,
            next: Rooms::new(work.folder().clone(), next),
            work: Some(work),
            trusted,
            earlier: OnceLock::new(),
            touched: AtomicBool::new(false),
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
        let root = self.next.root()?;
        self.take(&root, SIGNATURE)?;
        self.take(&root, MANIFEST)
    }

    /// Takes away a file, or a folder that has its name, if it is there.
    fn take(&self, above: &Folder, name: &str) -> Result<(), Error> {
        let taken = self.gone.take(above, name);
        taken.map_err(|error| above.failed(name, error))
    }

    /// Where a file of the next tree goes, with its folder there and nothing in its place.
    fn room<'a>(&self, folder: &str, name: &'a str) -> Result<(Arc<Folder>, &'a str), Error> {
        let (inside, name) = name.rsplit_once('/').unwrap_or(("", name));
        let above = self.next.make(&join(folder, inside), &self.gone)?;
        self.take(&above, name)?;
        Ok((above, name))
    }

    /// Puts the next tree in the place of the published one. Files of `wanted` have been written, or can be
    /// taken over. `unchanged` tells that the inputs are those of the published tree; if not, what `state` gives is
    /// left to the next run. What differs from what was published before is told to `tell` before anything is
    /// replaced, and given.
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
        tell: impl FnOnce(&[Difference]) -> Result<(), Error> + Send,
    ) -> Result<Vec<Difference>, Error> {
        let differences = wanted.since(&self.trusted.before);
        let same = differences.is_empty() && self.trusted.is_whole();
        // What the next run will know speaks of what will be published, and counts as none should that fail.
        let leave_state = || {
            let state = state().filter(|_| !self.fresh)?;
            cache::save(self.work().folder(), STATE, &state).ok()
        };
        let as_left = || unchanged && self.trusted.has_manifest(self.output.as_ref());
        if same && (as_left() || self.has_manifest_of(&wanted, inputs)) {
            if !unchanged && let Some(state) = leave_state() {
                let kept = !self.touched.load(Ordering::Acquire);
                let trusted = std::mem::take(&mut self.trusted);
                self.leave(&trusted.unchanged(kept, state));
            }
            tell(&differences)?;
            return self.finish(differences);
        }
        let put_together = || {
            self.touch()?;
            self.fill(&wanted)?;
            self.clear(&wanted)?;
            let text = Text::new(&wanted, inputs, self.earlier());
            let times = self.trusted.times_of(&*self.next.root()?, &wanted);
            Ok((text, times))
        };
        let (done, state) = rayon::join(put_together, leave_state);
        let (text, times) = done?;
        let swap = || {
            let root = self.next.root()?;
            let written = text.write(&root);
            written.map_err(|error| root.failed(MANIFEST, error))?;
            if self.settled {
                let settled = root.settle();
                settled.map_err(|error| root.failed("", error))?;
            }
            tell(&differences)?;
            self.work().swap()
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
        let _ = cache::save(self.work().folder(), TREES, remembered);
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
        let read = || self.trusted.text(self.output.as_ref()?);
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
        let mut from = None;
        for (folder, group) in &wanted.groups {
            let spare = self.spare(folder);
            if spare == Some(group) {
                continue;
            }
            for (name, digest) in group.iter() {
                if find(spare, name) == Some(*digest) || written.contains(&join(folder, name)) {
                    continue;
                }
                let (inside, file) = name.rsplit_once('/').unwrap_or(("", name));
                let from = self.published(&join(folder, inside), &mut from)?;
                let (above, name) = self.room(folder, name)?;
                link(from, file, &above, name).map_err(|error| from.failed(file, error))?;
            }
        }
        Ok(())
    }

    /// A folder of the published tree, held until another one is asked for.
    fn published<'a>(
        &self,
        path: &str,
        held: &'a mut Option<(String, Folder)>,
    ) -> Result<&'a Folder, Error> {
        if held.as_ref().is_none_or(|(known, _)| known != path) {
            let output = self.output.as_ref().expect("what is linked is published");
            let found = output.below(path);
            let found = found.map_err(|error| output.failed(path, error))?;
            *held = Some((path.to_owned(), found));
        }
        let (_, folder) = held.as_ref().expect("a folder that has just been opened");
        Ok(folder)
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
                let path = join(folder, name);
                // It may have gone over to another group.
                if wanted.has(&path) {
                    continue;
                }
                let (above, name) = path.rsplit_once('/').unwrap_or(("", &path));
                // Its folder may have made way for a file.
                if let Some(room) = self.next.find(above)? {
                    self.take(&room, name)?;
                    self.next.remove_empty(above);
                }
            }
        }
        Ok(())
    }
}

/// Gives a file of the published tree a place in the next one.
fn link(from: &Folder, file: &str, above: &Folder, name: &str) -> io::Result<()> {
    if from.link(file, above, name).is_err() {
        let mut file = from.file(file)?;
        io::copy(&mut file, &mut above.create(name, EVERYBODY)?)?;
        return Ok(());
    }
    // A link would lead wherever it does.
    match above.see(name)?.map(|found| found.kind) {
        Some(Kind::File) => Ok(()),
        _ => {
            above.remove(name)?;
            Err(io::ErrorKind::InvalidInput.into())
        }
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
        let (above, file) = self.room(folder, name)?;
        let created = above.create(file, EVERYBODY);
        created
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| above.failed(file, error))?;
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
            let _ = work.folder().remove_all(NEXT);
            let _ = work.folder().remove_all(GONE);
        }
        if !work.has(NEXT) && !work.has(STATE) {
            let _ = work.remove();
        }
    }
}
