//! One run over a site: every disclosure through the stages, then the pages of the site as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::gate::Gate;
use super::names;
use super::reuse::{Before, Reuse};
use super::standards::Standards;
use super::texts::{matched, once};
use super::{Outcome, Progress};
use crate::cache::mark::Mark;
use crate::cache::stamp::Stamp;
use crate::cache::{self, Known, KnownPart};
use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::{Diagnostic, Diagnostics, Keep, Settled};
use crate::digest::FileDigest;
use crate::error::Error;
use crate::lint::{self, Lead};
use crate::load::discover::{DisclosureFolder, Site};
use crate::load::draft::Draft;
use crate::load::folder;
use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::Disclosure;
use crate::model::proof::Proof;
use crate::render;
use crate::render::page::Page;
use crate::render::search::site::write_signatures;
use crate::say;
use crate::source::Place;
use crate::standard::Standard;
use crate::write::Sink;
use crate::write::manifest::{Inputs, MANIFEST};
use crate::write::tree::{Group, SEARCH, SITE, Tree, group};

/// One run over a site.
pub struct Run<'a> {
    pub site: &'a Site,
    pub standards: Standards<'a>,
    /// What texts may not hold.
    pub rules: &'a Rules,
    /// How pages are made; `None` where they are not.
    pub renderer: Option<render::Site<'a>>,
    /// Where they are written.
    pub sink: &'a dyn Sink,
    /// What of the last run may be taken over.
    pub reuse: Option<&'a Reuse>,
    pub gate: Gate,
    pub keep: Keep,
    /// Last disclosure first.
    pub backwards: bool,
}

/// What a run has made.
pub struct Made {
    pub outcome: Outcome,
    /// Whether anything keeps the site from being written.
    pub refused: bool,
    /// Its files.
    pub tree: Tree,
    /// What the next run may take over.
    pub known: BTreeMap<Box<str>, Known>,
    pub parts: BTreeMap<Box<str>, KnownPart>,
}

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

/// One disclosure that has been made, or taken over.
struct Done {
    folder: Box<str>,
    known: Known,
    files: Group,
}

/// A disclosure that has been checked.
type Checked = (Disclosure, Arc<Standard>);

impl Run<'_> {
    /// Runs.
    pub fn go(self, mut diagnostics: Diagnostics, progress: &dyn Progress) -> Result<Made, Error> {
        let outcome = Outcome {
            disclosures: self.site.disclosures.len(),
            ..Outcome::default()
        };
        progress.start(outcome.disclosures);
        let refused = AtomicBool::new(self.gate.refuses_site(&diagnostics));
        let all = Mutex::new((Diagnostics::default(), Settled::default()));
        let one = |folder: &DisclosureFolder| {
            let mut found = Diagnostics::default();
            let mut done = self.disclosure(folder, &refused, &mut found)?;
            let mut settled = found.settle(self.keep);
            if let Some(Done { known, .. }) = &mut done {
                if known.is_told() {
                    settled = known.settled;
                    let said = known.said.iter().flat_map(|said| said.iter());
                    found = said.cloned().collect();
                } else {
                    known.settled = settled;
                    known.clean = found.is_empty();
                    known.said = self.reuse.and_then(|reuse| reuse.said(&found));
                }
            }
            append(&all, found, settled);
            progress.step();
            Ok(done)
        };
        let folders = self.site.disclosures.par_iter();
        let done: Vec<Option<Done>> = if self.backwards {
            let done: Result<Vec<_>, Error> = folders.rev().map(one).collect();
            done?.into_iter().rev().collect()
        } else {
            folders.map(one).collect::<Result<_, Error>>()?
        };
        progress.finish();
        let mut made = Made {
            outcome,
            refused: refused.into_inner(),
            tree: Tree::default(),
            known: BTreeMap::new(),
            parts: BTreeMap::new(),
        };
        let mut of_site = Diagnostics::default();
        if !made.refused && self.renderer.is_some() {
            self.whole_site(done, &mut made, &mut of_site)?;
        }
        let before = of_site.as_slice().len();
        self.standards.report(&mut of_site);
        if of_site.as_slice().len() > before {
            // It has to be said again next time, so the standards have to be read again.
            for known in made.known.values_mut() {
                known.clean = false;
                known.said = None;
            }
        }
        if !diagnostics.has_errors() {
            report_empty(self.site, &mut of_site);
        }
        made.refused |= self.gate.refuses_site(&of_site);
        let (of_disclosures, settled) = all.into_inner().expect("no thread panics while reporting");
        diagnostics.append(of_disclosures);
        diagnostics.append(of_site);
        made.outcome.settled = settled;
        made.outcome.diagnostics = diagnostics.into_sorted();
        Ok(made)
    }

    /// The pages of the site as a whole, and the sums of all pages.
    fn whole_site(
        &self,
        done: Vec<Option<Done>>,
        made: &mut Made,
        found: &mut Diagnostics,
    ) -> Result<(), Error> {
        let mut catalog = Vec::new();
        for Done {
            folder,
            known,
            files,
        } in done.into_iter().flatten()
        {
            made.outcome.pages += known.entry.pages.len();
            made.outcome.bytes += known.entry.bytes;
            made.tree.groups.insert(folder.clone(), files);
            catalog.push(Arc::clone(&known.entry));
            made.known.insert(folder, known);
        }
        let mut leads = Vec::new();
        let pages = self.pages_of_site(&catalog, made, &mut leads, found)?;
        if self.site.config.pages.search {
            let made_from = self.reuse.map(|reuse| reuse.signatures_made_from(&catalog));
            let before = self
                .reuse
                .and_then(|reuse| reuse.signatures(&catalog, self.sink));
            self.part(SEARCH, made_from, made, &mut |part| {
                write_signatures(&catalog, |name, shown, make| {
                    match before.as_ref().and_then(|files| files.find(name, shown)) {
                        Some(file) => part.keep(name, file),
                        None => part.put(name, &make())?,
                    }
                    Ok(())
                })
            })?;
        }
        if let Some(renderer) = &self.renderer {
            names::check(renderer.theme, &pages, &made.tree, found);
        }
        let of_disclosures = made.known.values().flat_map(|known| known.leads.iter());
        let has = |path: &str| path == MANIFEST || made.tree.has(path);
        lint::outside(of_disclosures.chain(&leads), has, found);
        if !found.is_empty() {
            // It has to be said again next time.
            made.parts.clear();
        }
        Ok(())
    }

    /// Gives the paths of the pages, none when they are taken over.
    fn pages_of_site(
        &self,
        catalog: &[Arc<CatalogEntry>],
        made: &mut Made,
        leads: &mut Vec<Lead>,
        found: &mut Diagnostics,
    ) -> Result<BTreeSet<String>, Error> {
        let mut paths = BTreeSet::new();
        let Some(renderer) = &self.renderer else {
            return Ok(paths);
        };
        let made_from = self.reuse.map(|reuse| reuse.pages_made_from(&made.known));
        self.part(SITE, made_from, made, &mut |part| {
            let mut pages = Vec::new();
            let mut looked = Diagnostics::default();
            render::site(renderer, catalog, found, &mut |page| {
                part.known.pages += usize::from(page.is_page());
                part.put(&page.path, &page.bytes)?;
                paths.insert(page.path.clone());
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
            })?;
            found.append(looked);
            for (path, bytes) in renderer.theme.assets() {
                part.put(path, &bytes)?;
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

    /// Loads, checks and renders one disclosure, as far as it has changed. Once anything keeps the site from
    /// being written, only checking goes on.
    fn disclosure(
        &self,
        place: &DisclosureFolder,
        refused: &AtomicBool,
        found: &mut Diagnostics,
    ) -> Result<Option<Done>, Error> {
        let folder = place.name();
        let stamp = self
            .reuse
            .and_then(|_| Stamp::of(&[&place.path, &place.entity_file]));
        let before = self.before(&folder);
        if let Some(before) = &before
            && before.known.is_told()
            && stamp.is_some()
            && before.known.stamp == stamp
        {
            return Ok(Some(Done::again(folder, before, stamp)));
        }
        let draft = folder::load(&self.site.disk, place, found);
        let sources = draft.digest();
        let unread = !found.is_empty();
        let before = before.filter(|before| before.known.inputs.sources == sources && !unread);
        let stamp = stamp.and_then(|stamp| self.reuse?.certain(stamp));
        if let Some(before) = before.as_ref().filter(|before| before.known.is_told()) {
            return Ok(Some(Done::again(folder, before, stamp)));
        }
        let checked = self.check(&draft, found);
        drop(draft);
        let stopped = match &checked {
            Some((disclosure, _)) => self.gate.refuses(disclosure, found),
            None => true,
        };
        if stopped {
            refused.store(true, Ordering::Relaxed);
        }
        let (Some(checked), Some(renderer)) = (checked, &self.renderer) else {
            return Ok(None);
        };
        if refused.load(Ordering::Relaxed) {
            return Ok(None);
        }
        // A release looks at the pages too.
        if let Some(before) = before.filter(|_| !self.gate.release) {
            return Ok(Some(Done::again(folder, &before, stamp)));
        }
        let inputs = Inputs {
            sources,
            standard: checked.1.id.as_str().into(),
            standard_sha256: self.standards.digest(&checked.1.id).unwrap_or_default(),
        };
        let (files, entry, leads) = self.pages(renderer, &folder, checked, found)?;
        if self.gate.refuses_with(entry.status, found) {
            refused.store(true, Ordering::Relaxed);
        }
        let known = Known {
            stamp,
            clean: false,
            settled: Settled::default(),
            said: None,
            told: cache::told(&entry, &inputs),
            entry: Arc::new(entry),
            leads: leads.into(),
            inputs,
        };
        Ok(Some(Done {
            folder,
            known,
            files,
        }))
    }

    /// What the last run made of a disclosure, if it can be taken over when its data is the same.
    fn before(&self, folder: &str) -> Option<Before<'_>> {
        let before = self.reuse?.before(folder, self.sink)?;
        let inputs = &before.known.inputs;
        let standard = self.standards.digest(&inputs.standard)?;
        (standard == inputs.standard_sha256).then_some(before)
    }

    fn pages(
        &self,
        renderer: &render::Site<'_>,
        folder: &str,
        (disclosure, standard): Checked,
        found: &mut Diagnostics,
    ) -> Result<(Group, CatalogEntry, Vec<Lead>), Error> {
        let contacts = disclosure.contacts.clone();
        let (pages, entry) = render::disclosure(renderer, disclosure, &standard, found);
        if self.gate.release {
            self.look_at(&pages, &contacts, found);
        }
        let missing = |path: &str| {
            let inside = path.strip_prefix(folder);
            let assets = renderer.theme.statics();
            inside.is_some_and(|rest| rest.starts_with('/'))
                && !assets.iter().any(|file| file.path == path)
        };
        let leads = lint::look(&pages, &self.site.config.base_url, missing, found);
        let mut files = Vec::with_capacity(pages.len());
        for page in &pages {
            let name = &page.path[folder.len() + 1..];
            let digest = self.sink.write(folder, name, &page.bytes)?;
            files.push((name.into(), digest));
        }
        Ok((group(files), entry, leads))
    }

    /// Reports what should not be published in finished pages. A text that a waiver lets stand in the
    /// data may stand on its pages.
    fn look_at(&self, pages: &[Page], contacts: &[String], found: &mut Diagnostics) {
        let rules = self.rules.allowing(contacts.iter().map(String::as_str));
        for mut finding in once(pages, &rules) {
            let own = matched(&finding);
            let mut known = found.as_slice().iter();
            let answered = known.find(|known| known.waived.is_some() && matched(known) == own);
            finding.waived = answered.and_then(|known| known.waived.clone());
            found.push(finding);
        }
    }

    fn check(&self, draft: &Draft, diagnostics: &mut Diagnostics) -> Option<Checked> {
        let standard = check::standard_of(draft, diagnostics).and_then(|(name, source, place)| {
            self.standards.get(&name, &source, place, diagnostics)
        });
        let Some(standard) = standard else {
            // Without a standard the tables say nothing, but who publishes them can be checked.
            check::entity(draft, diagnostics);
            return None;
        };
        let mut disclosure = check::check(draft, &standard, self.rules, diagnostics)?;
        let pages = &self.site.config.pages;
        if !pages.charts {
            disclosure.charts.clear();
        }
        if !pages.checks {
            disclosure.proof = Proof::default();
            disclosure.findings.clear();
        }
        Some((disclosure, standard))
    }
}

impl Done {
    /// What the last run made.
    fn again(folder: Box<str>, before: &Before<'_>, stamp: Option<Stamp>) -> Self {
        Self {
            folder,
            known: Known {
                stamp,
                ..before.known.clone()
            },
            files: Arc::clone(before.files),
        }
    }
}

/// Reports `site-empty` for a site without any disclosure.
fn report_empty(site: &Site, diagnostics: &mut Diagnostics) {
    if site.disclosures.is_empty() {
        let source = site.disk.empty_source(&site.disk.path("data"));
        diagnostics.push(
            Diagnostic::error(
                "site-empty",
                &source,
                Place::FILE,
                say!("data/ 下没有任何公开", "there is no disclosure below data/"),
            )
            .hint(say!(
                "用 gongkai new 单位的英文名 年度 --name 单位全称 新建一份",
                "make one with gongkai new ENTITY YEAR --name NAME"
            )),
        );
    }
}

fn append(all: &Mutex<(Diagnostics, Settled)>, found: Diagnostics, settled: Settled) {
    let mut all = all.lock().expect("no thread panics while reporting");
    all.0.append(found);
    all.1.notes += settled.notes;
    all.1.waived += settled.waived;
}
