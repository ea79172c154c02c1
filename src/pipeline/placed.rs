//! Static files by the group that each belongs to: those below the folder of a disclosure are files of that disclosure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::cache::mark::{Mark, Marks};
use crate::digest::FileDigest;
use crate::error::Error;
use crate::load::discover::{DisclosureFolder, Site};
use crate::render::theme::Theme;
use crate::write::Sink;
use crate::write::tree::{Files, SITE, place};

/// One static file: its name in the folder of its group, and what it holds.
type Placed<'a> = (&'a str, Cow<'a, [u8]>);

/// What static files a site has, by group.
#[derive(Default)]
pub struct Statics<'a> {
    groups: BTreeMap<&'a str, Vec<Placed<'a>>>,
    /// Of the names and contents of those of each disclosure.
    marks: BTreeMap<&'a str, Mark>,
}

impl<'a> Statics<'a> {
    /// Of a site; none without a theme.
    pub fn new(site: &Site, theme: Option<&'a Theme>) -> Self {
        let mut statics = Self::default();
        let Some(theme) = theme else {
            return statics;
        };
        let names = site.disclosures.iter().map(DisclosureFolder::name);
        let disclosures: BTreeSet<Box<str>> = names.collect();
        for (path, bytes) in theme.assets() {
            let (folder, name) = place(path, |folder| disclosures.contains(folder));
            statics
                .groups
                .entry(folder)
                .or_default()
                .push((name, bytes));
        }
        for (folder, files) in &statics.groups {
            if *folder != SITE {
                let mut marks = Marks::default();
                for (name, bytes) in files {
                    marks.add(name).add(bytes);
                }
                statics.marks.insert(folder, marks.finish());
            }
        }
        statics
    }

    /// What the files of a disclosure are, as far as they are static.
    pub fn mark(&self, folder: &str) -> Mark {
        self.marks.get(folder).copied().unwrap_or_default()
    }

    /// The files of a group.
    pub fn of(&self, folder: &str) -> &[Placed<'a>] {
        self.groups.get(folder).map_or(&[], Vec::as_slice)
    }

    /// Whether a group has a file of this name.
    pub fn has(&self, folder: &str, name: &str) -> bool {
        self.of(folder).iter().any(|(known, _)| *known == name)
    }

    /// Writes the files of a disclosure.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn write(&self, folder: &str, sink: &dyn Sink) -> Result<Files, Error> {
        let files = self.of(folder).iter();
        let written = files.map(|(name, bytes)| {
            let digest: FileDigest = sink.write(folder, name, bytes)?;
            Ok(((*name).into(), digest))
        });
        written.collect()
    }
}
