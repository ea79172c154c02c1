//! What of the last run may be taken over.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::BuildOptions;
use crate::cache::mark::{Mark, Marks};
use crate::cache::stamp::{Moment, Stamp};
use crate::cache::{Known, KnownPart, Signature, State};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::{Digest, FileDigest};
use crate::load::discover::Site;
use crate::render::site::From;
use crate::render::theme::Theme;
use crate::write::Sink;
use crate::write::tree::{Group, SEARCH, SITE, Tree, find};

/// What is known of the last run, and what this one must have in common with it.
pub struct Reuse {
    state: State,
    /// Files that the last run left.
    tree: Tree,
    /// What the folders of the entities look like, as far as that proves anything.
    entities: BTreeMap<Box<str>, Stamp>,
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

/// The pages of the site as a whole: what the last run left, and what they are made from now.
pub struct Pages<'a> {
    before: Option<(&'a KnownPart, &'a Group)>,
    addresses: Mark,
    entities: BTreeMap<Box<str>, Mark>,
}

impl Pages<'_> {
    /// What a page is made from, where that is less than all.
    pub fn made_from(&self, from: From<'_>) -> Option<Mark> {
        match from {
            From::All => None,
            From::Entity(id) => self.entities.get(id).copied(),
            From::Addresses => Some(self.addresses),
        }
    }

    /// A page that is as it was.
    pub fn find(&self, path: &str, made_from: Option<Mark>) -> Option<FileDigest> {
        let (known, files) = self.before?;
        let same = known.each.get(path).copied() == Some(made_from?);
        find(Some(files), path).filter(|_| same)
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
        let certain = site.entities.iter();
        let certain = certain.filter(|(_, stamp)| !stamp.is_doubtful(started));
        Self {
            state,
            tree,
            entities: certain
                .map(|(id, stamp)| (id.clone(), stamp.clone()))
                .collect(),
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

    /// Whether the last run, which had no fault, followed a standard just as it is now.
    pub fn followed(&self, standard: &str, digest: &Digest) -> bool {
        let mut known = self.state.disclosures.values();
        known.any(|known| {
            *known.inputs.standard == *standard && known.inputs.standard_sha256 == *digest
        })
    }

    /// When a disclosure had been changed, as far as that is known.
    pub fn changed(&self, folder: &str) -> Option<Moment> {
        let known = self.state.disclosures.get(folder)?;
        known.stamp.as_ref().map(Stamp::changed)
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

    /// The pages of the site as a whole that the last run left, and what they are made from now.
    pub fn pages(&self, known: &BTreeMap<Box<str>, Known>, sink: &dyn Sink) -> Pages<'_> {
        let base = || {
            let mut marks = self.settings();
            marks.add(self.statics.bytes());
            marks
        };
        let (mut addresses, mut entities) = (base(), BTreeMap::new());
        for (folder, known) in known {
            addresses.add(known.listed.bytes());
            let entity = folder.split('/').next().unwrap_or_default();
            let entity = entities.entry(entity.into()).or_insert_with(base);
            entity.add(folder.as_bytes()).add(known.told.bytes());
        }
        let entities = entities.into_iter();
        let before = self.state.parts.get(SITE).and_then(|part| {
            let files = self.tree.groups.get(SITE)?;
            sink.has(SITE, files).then_some((part, files))
        });
        Pages {
            before,
            addresses: addresses.finish(),
            entities: entities.map(|(id, marks)| (id, marks.finish())).collect(),
        }
    }

    /// What the signatures of the search are made from.
    pub fn signatures_made_from(&self, known: &BTreeMap<Box<str>, Known>) -> Mark {
        let mut marks = self.settings();
        for (_, signature) in found(known) {
            marks.add(signature.mark.bytes());
        }
        marks.finish()
    }

    /// The files of signatures that the last run left, if it found the same disclosures.
    pub fn signatures(
        &self,
        known: &BTreeMap<Box<str>, Known>,
        sink: &dyn Sink,
    ) -> Option<Signatures> {
        self.state.parts.get(SEARCH)?;
        let files = self.tree.groups.get(SEARCH)?;
        if self.state.settings != self.settings || !sink.has(SEARCH, files) {
            return None;
        }
        let (mut was, mut now) = (found(&self.state.disclosures), found(known));
        let mut touched = Vec::new();
        loop {
            let ((was, old), (now, new)) = match (was.next(), now.next()) {
                (Some(was), Some(now)) => (was, now),
                (None, None) => break,
                _ => return None,
            };
            if was != now {
                return None;
            }
            touched.resize(new.bits.len(), false);
            if old.mark != new.mark {
                let pairs = old.bits.iter().zip(&*new.bits);
                for (touched, (old, new)) in touched.iter_mut().zip(pairs) {
                    *touched |= old != new;
                }
            }
        }
        let files = files.clone();
        Some(Signatures { files, touched })
    }

    /// Whether every file of a tree has been there before, and every address has led to one.
    pub fn has_same_names(&self, tree: &Tree) -> bool {
        let same = |old: &Group, new: &Group| {
            old.iter()
                .map(|(name, _)| name)
                .eq(new.iter().map(|(name, _)| name))
        };
        let (was, now) = (&self.tree.groups, &tree.groups);
        self.state.parts.contains_key(SITE)
            && was.len() == now.len()
            && was
                .iter()
                .zip(now)
                .all(|((was, old), (now, new))| was == now && (old == new || same(old, new)))
    }

    /// Whether the pages of a disclosure lead where they led before.
    pub fn leads_as_before(&self, folder: &str, known: &Known) -> bool {
        let before = self.state.disclosures.get(folder);
        before.is_some_and(|before| known.leads.is(&before.leads))
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
        sink.has(name, files)
            .then(|| (known.clone(), files.clone()))
    }

    /// Whether nothing has changed since the last run.
    pub fn is_same(
        &self,
        known: &BTreeMap<Box<str>, Known>,
        parts: &BTreeMap<Box<str>, KnownPart>,
    ) -> bool {
        let before = &self.state.disclosures;
        self.state.settings == self.settings
            && self.state.entities == self.entities
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
    ) -> State {
        State {
            settings: self.settings,
            entities: self.entities.clone(),
            disclosures: known,
            parts,
        }
    }
}

/// Signatures by folder, of the disclosures that can be found.
fn found(known: &BTreeMap<Box<str>, Known>) -> impl Iterator<Item = (&str, &Signature)> {
    known
        .iter()
        .filter_map(|(folder, known)| Some((&**folder, known.signature.as_ref()?)))
}
