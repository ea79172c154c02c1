//! What a run leaves for the next one, so that it makes again only what has changed: for each disclosure what it
//! was made from and what became of it. Kept in the working folder; a file of another build of the program, or a
//! damaged one, counts as none.

pub mod mark;
pub mod seen;
pub mod stamp;

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Settled};
use crate::error::Error;
use crate::held::{self, Folder};
use crate::lint::Lead;
use crate::model::catalog::CatalogEntry;
use crate::packed::{self, Bytes, Packed};
use crate::write::manifest::Inputs;
use crate::write::pieces;
use mark::{Mark, Marks};
use stamp::Stamp;

/// This build of the program: another one may make other pages of the same data.
const BUILD: &str = env!("GONGKAI_BUILD");

/// What a run leaves at most, in bytes: that of a hundred thousand disclosures is less.
const LARGEST: u64 = 2 << 30;

/// All that is known of the last run but the trees that it left.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// What all pages were made from: settings, templates, options.
    pub settings: Mark,
    /// What the folders of the entities looked like.
    pub entities: BTreeMap<Box<str>, Stamp>,
    /// Disclosures by folder of their pages.
    pub disclosures: BTreeMap<Box<str>, Known>,
    /// What belongs to no disclosure, by group.
    pub parts: BTreeMap<Box<str>, KnownPart>,
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
    /// Of the static files in its folder.
    pub statics: Mark,
    /// What it left in the catalog.
    pub entry: Packed<CatalogEntry>,
    /// How many pages it has.
    pub pages: usize,
    /// Size of its files, in bytes.
    pub bytes: u64,
    /// Of what pages of the site tell of it.
    pub told: Mark,
    /// Of its addresses, as far as search engines may find them.
    pub listed: Mark,
    /// Which words its shard may hold, as bits; `None` when it is not to be found.
    pub signature: Option<Signature>,
    /// Where its pages lead outside its folder.
    pub leads: Packed<Vec<Lead>>,
    /// What was reported, where the next run is one of the same process and says it again without a look.
    #[serde(skip)]
    pub said: Option<Arc<[Diagnostic]>>,
}

/// The signature of a disclosure that is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Of its bits.
    pub mark: Mark,
    /// A bit for each place, see [`crate::render::search`].
    pub bits: Bytes,
}

impl From<Box<[u8]>> for Signature {
    fn from(bits: Box<[u8]>) -> Self {
        Self {
            mark: Mark::of(&bits),
            bits: bits.into_vec().into(),
        }
    }
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
        self.entry.is(&before.entry)
            && self.stamp == before.stamp
            && self.statics == before.statics
            && self.clean == before.clean
            && self.settled == before.settled
    }
}

/// Of what pages of the site tell of a disclosure: all of its entry but how large its pages are.
#[must_use]
pub fn told(entry: &CatalogEntry, inputs: &Inputs) -> Mark {
    let entry = CatalogEntry {
        bytes: 0,
        ..entry.clone()
    };
    let entry = postcard::to_stdvec(&entry).unwrap_or_default();
    let mut marks = Marks::default();
    marks.add(inputs.standard_sha256.to_string()).add(entry);
    marks.finish()
}

/// Of the addresses of a disclosure that search engines may find.
#[must_use]
pub fn listed(entry: &CatalogEntry) -> Mark {
    let mut marks = Marks::default();
    marks.add(&entry.folder);
    for page in entry.pages.iter().filter(|_| entry.is_listed()) {
        marks.add(&**page);
    }
    marks.finish()
}

/// What is known of the files of the site as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KnownPart {
    /// What they were made from: settings, static files, the catalog.
    pub made_from: Mark,
    /// What some of them were made from, where that is less.
    pub each: BTreeMap<Box<str>, Mark>,
    /// How many of them are pages.
    pub pages: usize,
    /// Size of all of them.
    pub bytes: u64,
}

impl State {
    /// The folders of the disclosures of an entity, if its own folder still looks so.
    #[must_use]
    pub fn folders(&self, entity: &str, stamp: &Stamp) -> Option<Vec<Box<str>>> {
        let known = self.entities.get(entity)?;
        let above = known.proves(stamp).then(|| format!("{entity}/"))?;
        let known = self.disclosures.range(Box::from(&*above)..);
        let names = known.map_while(|(folder, _)| folder.strip_prefix(&above));
        Some(names.map(Into::into).collect())
    }
}

/// Writes what the next run of this build of the program can [`load`], and gives its mark. What is left when that is
/// cut short counts as none, for its mark is another.
///
/// # Errors
/// When it cannot be written.
pub fn save(folder: &Folder, name: &str, value: &impl Serialize) -> Result<Mark, Error> {
    let failed = |error| folder.failed(name, error);
    let (bytes, parts) =
        packed::store(value).map_err(|error| failed(std::io::Error::other(error)))?;
    let size = (bytes.len() as u64).to_le_bytes();
    let all = || {
        let parts = parts.iter().map(|part| &**part);
        [&size[..], &bytes].into_iter().chain(parts)
    };
    let mark = Mark::of_parts(all());
    let (known, all) = (mark.bytes(), all());
    let file = folder.overwrite(name).map_err(failed)?;
    pieces::overwrite(&file, [BUILD.as_bytes(), &known].into_iter().chain(all)).map_err(failed)?;
    Ok(mark)
}

/// Reads what the last run has left, with its mark.
#[must_use]
pub fn load<T: DeserializeOwned>(folder: &Folder, name: &str) -> Option<(T, Mark)> {
    let mut file = folder.file(name).ok()?;
    // Before anything is read that another program has left, however large it is.
    let mut build = [0; BUILD.len()];
    file.read_exact(&mut build).ok()?;
    if build != BUILD.as_bytes() {
        return None;
    }
    file.rewind().ok()?;
    let all = Bytes::from(held::read(file, LARGEST).ok()?);
    let (known, marked) = all
        .strip_prefix(BUILD.as_bytes())?
        .split_at_checked(Mark::SIZE)?;
    let mark = Mark::of(marked);
    if known != mark.bytes() {
        return None;
    }
    let (size, rest) = marked.split_first_chunk()?;
    let (bytes, parts) = rest.split_at_checked(u64::from_le_bytes(*size).try_into().ok()?)?;
    let parts = all.part(all.len() - parts.len()..all.len())?;
    Some((packed::load(bytes, parts).ok()?, mark))
}

/// What stands behind the mark of a file that [`save`] has written.
#[cfg(test)]
pub(crate) fn marked(path: &std::path::Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("a file");
    bytes[BUILD.len() + Mark::SIZE..].to_vec()
}

/// Writes a file as [`save`] does of which this stands behind the mark.
#[cfg(test)]
pub(crate) fn put(path: &std::path::Path, marked: &[u8]) -> Mark {
    let mark = Mark::of(marked);
    let bytes = [BUILD.as_bytes(), &mark.bytes(), marked].concat();
    std::fs::write(path, bytes).expect("room");
    mark
}
