//! What of the last run may be taken over.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::BuildOptions;
use crate::cache::mark::{Mark, Marks};
use crate::cache::stamp::{Moment, Stamp};
use crate::cache::{Known, KnownPart, State};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::FileDigest;
use crate::load::discover::Site;
use crate::model::catalog::CatalogEntry;
use crate::render::theme::Theme;
use crate::write::Sink;
use crate::write::remember::Remembered;
use crate::write::tree::{Group, SEARCH, Tree, find};

/// What is known of the last run, and what this one must have in common with it.
pub struct Reuse {
    state: State,
    /// Files that the last run left.
    tree: Tree,
    /// What all pages are made from now.
    settings: Mark,
    /// Likewise, what is copied to the output.
    statics: Mark,
    /// When this run began.
    started: Moment,
    /// Whether what is reported is kept for the next run, which is one of the same process.
    says_again: bool,
}

/// The files of signatures that the last run left, of the same disclosures.
pub struct Signatures {
    files: Group,
    /// Which bytes of the signatures are not as they were, in any of them.
    touched: Vec<bool>,
}

impl Signatures {
    /// A file that is as it was, of these bytes of all signatures.
    pub fn find(&self, name: &str, shown: Range<usize>) -> Option<FileDigest> {
        let touched = self.touched.get(shown)?.contains(&true);
        find(Some(&self.files), name).filter(|_| !touched)
    }
}

/// What the last run made of one disclosure.
pub struct Before<'a> {
    pub known: &'a Known,
    pub files: &'a Group,
}

impl Reuse {
    /// Of a run with these options; `tree` is what the last one left.
    pub fn new(
        site: &Site,
        theme: Option<&Theme>,
        options: &BuildOptions,
        state: State,
        tree: Tree,
        started: Moment,
    ) -> Self {
        let (mut settings, mut statics) = (Marks::default(), Marks::default());
        settings.add(&site.settings);
        settings.add(&site.config.base_url);
        for option in [options.draft, options.release, options.strict] {
            settings.add([u8::from(option)]);
        }
        settings.add([options.keep as u8]);
        if let Some(theme) = theme {
            theme.add_to(&mut settings);
            for file in theme.statics() {
                statics.add(&file.path).add(&file.bytes);
            }
        }
        Self {
            state,
            tree,
            settings: settings.finish(),
            statics: statics.finish(),
            started,
            says_again: false,
        }
    }

    /// Likewise of a process that goes on: what is reported is kept as well.
    pub fn saying_again(self) -> Self {
        Self {
            says_again: true,
            ..self
        }
    }

    /// What is kept of the problems of a disclosure.
    pub fn said(&self, found: &Diagnostics) -> Option<Arc<[Diagnostic]>> {
        self.says_again.then(|| found.as_slice().into())
    }

    /// What was known before this run.
    pub fn into_state(self) -> State {
        self.state
    }

    /// A stamp that proves that nothing has changed since.
    pub fn certain(&self, stamp: Stamp) -> Option<Stamp> {
        Some(stamp).filter(|stamp| !stamp.is_doubtful(self.started))
    }

    /// What the last run made of a disclosure with the same settings, if its files are still there.
    pub fn before(&self, folder: &str, sink: &dyn Sink) -> Option<Before<'_>> {
        if self.state.settings != self.settings {
            return None;
        }
        let known = self.state.disclosures.get(folder)?;
        let files = self.tree.groups.get(folder)?;
        sink.has(folder, files).then_some(Before { known, files })
    }

    /// What the pages of the site as a whole are made from.
    pub fn pages_made_from(&self, known: &BTreeMap<Box<str>, Known>) -> Mark {
        let mut marks = self.settings();
        marks.add(self.statics.bytes());
        for (folder, known) in known {
            marks.add(folder.as_bytes()).add(known.told.bytes());
        }
        marks.finish()
    }

    /// What the signatures of the search are made from.
    pub fn signatures_made_from(&self, catalog: &[Arc<CatalogEntry>]) -> Mark {
        let mut marks = self.settings();
        for search in catalog.iter().filter_map(|entry| entry.search.as_ref()) {
            marks.add(&search.signature);
        }
        marks.finish()
    }

    /// The files of signatures that the last run left, if it found the same disclosures.
    pub fn signatures(&self, catalog: &[Arc<CatalogEntry>], sink: &dyn Sink) -> Option<Signatures> {
        self.state.parts.get(SEARCH)?;
        let files = self.tree.groups.get(SEARCH)?;
        let was = self.state.disclosures.values().map(|known| &known.entry);
        let (was, now) = (signatures(was), signatures(catalog.iter()));
        if self.state.settings != self.settings || was.len() != now.len() {
            return None;
        }
        let mut touched = vec![false; now.first().map_or(0, |(_, one)| one.len())];
        for ((was, old), (now, new)) in was.into_iter().zip(now) {
            if was != now {
                return None;
            }
            if old != new {
                let pairs = old.iter().zip(new);
                for (touched, (old, new)) in touched.iter_mut().zip(pairs) {
                    *touched |= old != new;
                }
            }
        }
        let files = Group::clone(files);
        sink.has(SEARCH, &files)
            .then_some(Signatures { files, touched })
    }

    fn settings(&self) -> Marks {
        let mut marks = Marks::default();
        marks.add(self.settings.bytes());
        marks
    }

    /// A group of files of the site as a whole, if it was made from the same.
    pub fn part(&self, name: &str, made_from: Mark, sink: &dyn Sink) -> Option<(KnownPart, Group)> {
        let known = self
            .state
            .parts
            .get(name)
            .filter(|known| known.made_from == made_from)?;
        let files = self.tree.groups.get(name)?;
        sink.has(name, files).then(|| (*known, Group::clone(files)))
    }

    /// Whether nothing has changed since the last run.
    pub fn is_same(
        &self,
        known: &BTreeMap<Box<str>, Known>,
        parts: &BTreeMap<Box<str>, KnownPart>,
    ) -> bool {
        let before = &self.state.disclosures;
        self.state.settings == self.settings
            && self.state.parts == *parts
            && before.len() == known.len()
            && known
                .iter()
                .all(|(folder, known)| before.get(folder).is_some_and(|before| known.is_as(before)))
    }

    /// What this run leaves for the next one.
    pub fn state(
        &self,
        known: BTreeMap<Box<str>, Known>,
        parts: BTreeMap<Box<str>, KnownPart>,
        remembered: Remembered,
    ) -> State {
        let mut state = State::default();
        state.settings = self.settings;
        state.disclosures = known;
        state.parts = parts;
        state.remembered = remembered;
        state
    }
}

/// Signatures by folder, of the disclosures that can be found.
fn signatures<'a>(
    catalog: impl Iterator<Item = &'a Arc<CatalogEntry>>,
) -> Vec<(&'a str, &'a [u8])> {
    catalog
        .filter_map(|entry| Some((entry.folder.as_str(), &*entry.search.as_ref()?.signature)))
        .collect()
}
