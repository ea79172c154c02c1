//! The pages of the site as a whole, made from what is known of its disclosures, as far as that has changed.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::names;
use super::run::{Made, Run};
use super::texts::once;
use crate::cache::mark::Mark;
use crate::cache::{Known, KnownPart};
use crate::diagnostic::Diagnostics;
use crate::digest::FileDigest;
use crate::error::Error;
use crate::lint::{self, Lead};
use crate::model::catalog::CatalogEntry;
use crate::render;
use crate::render::page::{Page, is_page};
use crate::render::search::site::signature_files;
use crate::write::Sink;
use crate::write::manifest::MANIFEST;
use crate::write::tree::{SEARCH, SITE, group};

/// A group of files of the site as a whole, while it is made.
struct Part<'a> {
    name: &'static str,
    sink: &'a dyn Sink,
    known: KnownPart,
    files: Vec<(Box<str>, FileDigest)>,
}

impl Part<'_> {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.known.bytes += bytes.len() as u64;
        let digest = self.sink.write(self.name, name, bytes)?;
        self.files.push((name.into(), digest));
        Ok(())
    }

    /// Takes a file as it was.
    fn keep(&mut self, name: &str, file: FileDigest) {
        self.known.bytes += file.size;
        self.files.push((name.into(), file));
    }
}

impl Run<'_> {
    /// The pages of the site as a whole, made from what is known of all disclosures.
    pub(super) fn whole_site(
        &self,
        all: BTreeMap<Box<str>, Known>,
        made: &mut Made,
        found: &mut Diagnostics,
    ) -> Result<(), Error> {
        let mut leads = Vec::new();
        let pages = self.pages_of_site(&all, made, &mut leads, found)?;
        if self.site.config.pages.search {
            self.signatures(&all, made)?;
        }
        if let Some(renderer) = &self.renderer {
            names::check(renderer.theme, &pages, &made.tree, found);
        }
        let reuse = self.reuse.filter(|reuse| reuse.has_same_names(&made.tree));
        let known = all.iter().filter(|(folder, known)| {
            !reuse.is_some_and(|reuse| reuse.leads_as_before(folder, known))
        });
        let of_disclosures = known.flat_map(|(_, known)| known.leads.iter());
        let has = |path: &str| path == MANIFEST || made.tree.has(path);
        lint::outside(of_disclosures.chain(&leads), has, found);
        made.known = all;
        if !found.is_empty() {
            // It has to be said again next time.
            made.parts.clear();
        }
        Ok(())
    }

    /// The files by which the search of a large site finds the disclosures that can match.
    fn signatures(&self, all: &BTreeMap<Box<str>, Known>, made: &mut Made) -> Result<(), Error> {
        let found = all.values().filter_map(|known| known.signature.as_ref());
        let bits: Vec<&[u8]> = found.map(|signature| &*signature.bits).collect();
        let made_from = self.reuse.map(|reuse| reuse.signatures_made_from(all));
        let before = || self.reuse?.signatures(all, self.sink);
        self.part(SEARCH, made_from, made, &mut |part| {
            let before = before();
            let files = signature_files(&bits).into_par_iter().map(|file| {
                let before = before.as_ref();
                let digest =
                    match before.and_then(|before| before.find(&file.name, file.shown.clone())) {
                        Some(digest) => digest,
                        None => self.sink.write(SEARCH, &file.name, &file.make(&bits))?,
                    };
                Ok((file.name, digest))
            });
            for (name, digest) in files.collect::<Result<Vec<_>, Error>>()? {
                part.keep(&name, digest);
            }
            Ok(())
        })
    }

    /// Gives the paths of the pages, none when all are taken over.
    fn pages_of_site(
        &self,
        all: &BTreeMap<Box<str>, Known>,
        made: &mut Made,
        leads: &mut Vec<Lead>,
        found: &mut Diagnostics,
    ) -> Result<BTreeSet<String>, Error> {
        let mut paths = BTreeSet::new();
        let Some(renderer) = &self.renderer else {
            return Ok(paths);
        };
        let made_from = self.reuse.map(|reuse| reuse.pages_made_from(all));
        self.part(SITE, made_from, made, &mut |part| {
            let before = self.reuse.map(|reuse| reuse.pages(all, self.sink));
            let catalog: Vec<&CatalogEntry> =
                all.par_iter().map(|(_, known)| &*known.entry).collect();
            let (mut pages, mut looked) = (Vec::new(), Diagnostics::default());
            let glossary = |standard: &str| self.standards.glossary(standard);
            render::site(
                renderer,
                &catalog,
                &glossary,
                found,
                &mut |path, from, make| {
                    part.known.pages += usize::from(is_page(path));
                    paths.insert(path.to_owned());
                    let made_from = before.as_ref().and_then(|before| before.made_from(from));
                    if let Some(made_from) = made_from {
                        part.known.each.insert(path.into(), made_from);
                    }
                    if let Some(file) = before
                        .as_ref()
                        .and_then(|before| before.find(path, made_from))
                    {
                        part.keep(path, file);
                        return Ok(());
                    }
                    let Some(bytes) = make() else {
                        return Ok(());
                    };
                    part.put(path, &bytes)?;
                    let path = path.to_owned();
                    let page = Page { path, bytes };
                    let base = &self.site.config.base_url;
                    leads.extend(lint::look(
                        std::slice::from_ref(&page),
                        base,
                        |_| false,
                        &mut looked,
                    ));
                    if self.gate.release {
                        pages.push(page);
                    }
                    Ok(())
                },
            )?;
            found.append(looked);
            for (path, bytes) in self.statics.of(SITE) {
                part.put(path, bytes)?;
            }
            for finding in once(&pages, self.rules) {
                found.push(finding);
            }
            Ok(())
        })?;
        Ok(paths)
    }

    /// A group of files of the site as a whole: taken over when it was made from the same, else made.
    fn part(
        &self,
        name: &'static str,
        made_from: Option<Mark>,
        made: &mut Made,
        fill: &mut dyn FnMut(&mut Part<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let before = || self.reuse?.part(name, made_from?, self.sink);
        let (known, files) = match before() {
            Some(before) => before,
            None => {
                let mut part = Part {
                    name,
                    sink: self.sink,
                    known: KnownPart {
                        made_from: made_from.unwrap_or_default(),
                        ..KnownPart::default()
                    },
                    files: Vec::new(),
                };
                fill(&mut part)?;
                (part.known, group(part.files))
            }
        };
        made.outcome.pages += known.pages;
        made.outcome.bytes += known.bytes;
        if !files.is_empty() {
            made.tree.groups.insert(name.into(), files);
            made.parts.insert(name.into(), known);
        }
        Ok(())
    }
}
