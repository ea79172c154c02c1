//! What a run leaves for the next one, so that it makes again only what has changed: for each disclosure what it
//! was made from and what became of it. Kept in the working folder; a file of another build of the program, or a
//! damaged one, counts as none.

pub mod mark;
pub mod stamp;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Settled};
use crate::error::Error;
use crate::lint::Lead;
use crate::model::catalog::CatalogEntry;
use crate::model::glossary::Term;
use crate::write::manifest::Inputs;
use crate::write::remember::Remembered;
use mark::{Mark, Marks};
use stamp::Stamp;

/// This build of the program: another one may make other pages of the same data.
const BUILD: &str = env!("GONGKAI_BUILD");

/// All that is known of the last run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// What all pages were made from: settings, templates, options.
    pub settings: Mark,
    /// Disclosures by folder of their pages.
    pub disclosures: BTreeMap<Box<str>, Known>,
    /// What belongs to no disclosure, by group.
    pub parts: BTreeMap<Box<str>, KnownPart>,
    /// The trees that it left.
    pub remembered: Remembered,
    /// The glossary of each standard.
    glossaries: BTreeMap<Box<str>, Vec<Term>>,
}

/// What is known of a disclosure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Known {
    /// What its files looked like; `None` when that proves nothing.
    pub stamp: Option<Stamp>,
    /// What it was made from.
    pub inputs: Inputs,
    /// Whether nothing was reported that is kept for the terminal, so that nothing has to be said again.
    pub clean: bool,
    /// What was not kept for the terminal.
    pub settled: Settled,
    /// What it left in the catalog.
    pub entry: Arc<CatalogEntry>,
    /// Of what pages of the site tell of it.
    pub told: Mark,
    /// Where its pages lead outside its folder.
    pub leads: Arc<[Lead]>,
    /// What was reported, where the next run is one of the same process and says it again without a look.
    #[serde(skip)]
    pub said: Option<Arc<[Diagnostic]>>,
}

impl Known {
    /// Whether all that was reported can be said again without a look at the data.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.clean || self.said.is_some()
    }

    /// Whether nothing has changed, not even what its files look like.
    #[must_use]
    pub fn is_as(&self, before: &Self) -> bool {
        Arc::ptr_eq(&self.entry, &before.entry)
            && self.stamp == before.stamp
            && self.clean == before.clean
            && self.settled == before.settled
    }
}

/// Of what pages of the site tell of a disclosure: all of its entry but how large its pages are, and what the search
/// may find in it.
#[must_use]
pub fn told(entry: &CatalogEntry, inputs: &Inputs) -> Mark {
    let mut entry = CatalogEntry {
        bytes: 0,
        ..entry.clone()
    };
    if let Some(search) = &mut entry.search {
        search.signature = Box::default();
    }
    let entry = postcard::to_stdvec(&entry).unwrap_or_default();
    let mut marks = Marks::default();
    marks.add(inputs.standard_sha256.to_string()).add(entry);
    marks.finish()
}

/// What is known of the files of the site as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KnownPart {
    /// What they were made from: settings, static files, the catalog.
    pub made_from: Mark,
    /// How many of them are pages.
    pub pages: usize,
    /// Size of all of them.
    pub bytes: u64,
}

impl State {
    /// Reads what the last run of this build of the program has left.
    #[must_use]
    pub fn load(path: &Path) -> Option<Self> {
        let bytes = fs::read(path).ok()?;
        let bytes = bytes.strip_prefix(BUILD.as_bytes())?;
        let (mark, bytes) = bytes.split_at_checked(Mark::SIZE)?;
        if mark != Mark::of(bytes).bytes() {
            return None;
        }
        let mut state: Self = postcard::from_bytes(bytes).ok()?;
        let glossaries: BTreeMap<Box<str>, Arc<[Term]>> = std::mem::take(&mut state.glossaries)
            .into_iter()
            .map(|(standard, terms)| (standard, terms.into()))
            .collect();
        let known = state.disclosures.values_mut();
        let entries = known.filter_map(|known| Arc::get_mut(&mut known.entry));
        for search in entries.filter_map(|entry| entry.search.as_mut()) {
            search.glossary = Arc::clone(glossaries.get(&search.standard)?);
        }
        Some(state)
    }

    /// Writes it, all or nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(mut self, path: &Path) -> Result<(), Error> {
        for search in self
            .disclosures
            .values()
            .filter_map(|known| known.entry.search.as_ref())
        {
            if !self.glossaries.contains_key(&search.standard) {
                self.glossaries
                    .insert(search.standard.clone(), search.glossary.to_vec());
            }
        }
        let failed = |error| Error::io(path, error);
        let bytes = postcard::to_stdvec(&self);
        let bytes = bytes.map_err(|error| failed(std::io::Error::other(error)))?;
        // By the mark damage is noticed.
        let mark = Mark::of(&bytes).bytes();
        let new = path.with_extension("new");
        let write = |part: &[u8], mut file: &fs::File| file.write_all(part);
        let written = fs::File::create(&new)
            .and_then(|file| {
                write(BUILD.as_bytes(), &file)?;
                write(&mark, &file)?;
                write(&bytes, &file)
            })
            .and_then(|()| fs::rename(&new, path));
        written.map_err(|error| {
            let _ = fs::remove_file(&new);
            failed(error)
        })
    }
}
