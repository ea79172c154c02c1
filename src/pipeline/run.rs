//! One run over a site: every disclosure through the stages, then the pages of the site as a whole.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::caught::caught;
use super::certain::Certain;
use super::gate::Gate;
use super::placed::Statics;
use super::reuse::{Before, Reuse};
use super::standards::Standards;
use super::texts::{matched, once};
use super::{Outcome, Progress};
use crate::cache::stamp::Stamp;
use crate::cache::{self, Known, KnownPart, Signature};
use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::{Diagnostic, Diagnostics, Keep, Settled};
use crate::error::Error;
use crate::lint::{self, Lead};
use crate::load::discover::{DisclosureFolder, Site};
use crate::load::draft::Draft;
use crate::load::folder;
use crate::model::disclosure::Disclosure;
use crate::model::proof::Proof;
use crate::packed::Packed;
use crate::render::page::Page;
use crate::render::{self, Rendered};
use crate::say;
use crate::source::Place;
use crate::standard::Standard;
use crate::write::Sink;
use crate::write::manifest::Inputs;
use crate::write::tree::{Group, Tree, group};

/// Disclosures that a thread looks at before others may take over: one that has changed takes as long as many that have
/// not.
const AT_A_TIME: usize = 8;

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
    /// Where no pages are made: whether they have to be, for a fault that the data does not tell.
    pub certain: Option<&'a Certain<'a>>,
    pub gate: Gate,
    pub keep: Keep,
    /// Last disclosure first.
    pub backwards: bool,
    /// What is copied to the output.
    pub statics: Statics<'a>,
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

/// One disclosure that has been made, or taken over.
struct Done {
    folder: Box<str>,
    known: Known,
    files: Group,
}

/// What is known of a disclosure before it is read.
enum Again<'a> {
    /// Its files look as they did, so it is as it was.
    Same(Box<Done>),
    /// It may not be. The standard that it had.
    Changed(&'a str),
    /// It was not there, or what it would be made from besides is another.
    Unknown,
}

impl Made {
    /// Takes what has been made of the disclosures, and gives what is known of them.
    fn collect(&mut self, done: Vec<Option<Done>>) -> BTreeMap<Box<str>, Known> {
        let mut all = BTreeMap::new();
        for Done {
            folder,
            known,
            files,
        } in done.into_iter().flatten()
        {
            self.outcome.pages += known.pages;
            self.outcome.bytes += known.bytes;
            self.tree.groups.insert(folder.clone(), files);
            all.insert(folder, known);
        }
        all
    }
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
        let all = Mutex::new((Diagnostics::default(), SettledOf::default()));
        let anew = |folder: &DisclosureFolder, side_by_side| {
            let mut found = Diagnostics::default();
            let made = caught(&folder.path, || {
                self.disclosure(folder, side_by_side, &refused, &mut found)
            });
            (made, found)
        };
        // What has not changed is known first. The few that have changed in most runs are made meanwhile, the pages of
        // each side by side; the others are left.
        let few = AtomicUsize::new(rayon::current_num_threads());
        let first = |folder: &DisclosureFolder| match self.again(folder) {
            Again::Same(done) => Some((Ok(Some(*done)), Diagnostics::default())),
            Again::Changed(standard) if take_one(&few) => {
                let prepare = || {
                    self.standards.prepare(standard);
                    self.sink.expect();
                };
                Some(rayon::join(|| anew(folder, true), prepare).0)
            }
            _ => None,
        };
        let then = |(folder, first): (&DisclosureFolder, Option<_>)| {
            let (made, mut found) = first.unwrap_or_else(|| anew(folder, false));
            let mut done: Option<Done> = made?;
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
            append(&all, folder, found, settled);
            progress.step();
            Ok(done)
        };
        let folders = &self.site.disclosures;
        // What was changed last is looked at first: most likely it has changed again, and the others are looked at
        // meanwhile.
        let changed = |folder: &DisclosureFolder| self.reuse?.changed(&folder.name());
        let mut order: Vec<usize> = (0..folders.len()).collect();
        order.sort_by_cached_key(|at| {
            let changed = changed(&folders[*at]);
            (changed.is_some(), Reverse(changed))
        });
        let looked = order.into_par_iter().with_max_len(AT_A_TIME);
        let mut firsts: Vec<_> = looked.map(|at| (at, first(&folders[at]))).collect();
        firsts.sort_unstable_by_key(|(at, _)| *at);
        let firsts = firsts.into_par_iter().map(|(_, first)| first);
        let folders = folders.par_iter().zip(firsts);
        let done: Vec<Option<Done>> = if self.backwards {
            let done: Result<Vec<_>, Error> = folders.rev().map(then).collect();
            done?.into_iter().rev().collect()
        } else {
            folders.map(then).collect::<Result<_, Error>>()?
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
            let known = made.collect(done);
            self.whole_site(known, &mut made, &mut of_site)?;
        }
        let before = of_site.as_slice().len();
        self.standards
            .load_others(|id, digest| self.reuse.is_some_and(|reuse| reuse.followed(id, digest)));
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
        (made.outcome.settled, made.outcome.settled_of) = settled;
        made.outcome.diagnostics = diagnostics.into_sorted();
        Ok(made)
    }

    /// What is known of a disclosure before it is read.
    fn again(&self, place: &DisclosureFolder) -> Again<'_> {
        let folder = place.name();
        let Some(before) = self.before(&folder) else {
            return Again::Unknown;
        };
        match &before.known.stamp {
            Some(stamp) if before.known.is_told() && stamp.holds(&paths_of(place)) => {
                let done = Done::again(folder, &before, Some(stamp.clone()));
                Again::Same(Box::new(done))
            }
            _ => Again::Changed(&before.known.inputs.standard),
        }
    }

    /// Loads, checks and renders one disclosure, as far as it has changed. Once anything keeps the site from
    /// being written, only checking goes on.
    fn disclosure(
        &self,
        place: &DisclosureFolder,
        side_by_side: bool,
        refused: &AtomicBool,
        found: &mut Diagnostics,
    ) -> Result<Option<Done>, Error> {
        let folder = place.name();
        let before = self.before(&folder);
        let stamp = self.reuse.and_then(|_| Stamp::of(&paths_of(place)));
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
            Some((disclosure, standard)) => {
                self.gate.refuses(disclosure, found) || standard.gaps.faulty
            }
            None => true,
        };
        if stopped {
            refused.store(true, Ordering::Relaxed);
        }
        if let (Some((disclosure, standard)), Some(certain)) = (&checked, self.certain) {
            certain.look(disclosure, standard);
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
        let (files, made, leads) = self.pages(renderer, &folder, checked, side_by_side, found)?;
        let entry = made.entry;
        if self.gate.refuses_with(entry.status, found) {
            refused.store(true, Ordering::Relaxed);
        }
        let statics = files
            .iter()
            .filter(|(name, _)| self.statics.has(&folder, name));
        let attached: u64 = statics.map(|(_, file)| file.size).sum();
        let known = Known {
            stamp,
            clean: false,
            settled: Settled::default(),
            said: None,
            told: cache::told(&entry, &inputs),
            listed: cache::listed(&entry),
            pages: entry.pages.len(),
            bytes: entry.bytes + attached,
            statics: self.statics.mark(&folder),
            entry: Packed::new(entry),
            signature: made.signature.map(Signature::from),
            leads: Packed::new(leads),
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
        let statics = self.statics.mark(folder) == before.known.statics;
        (standard == inputs.standard_sha256 && statics).then_some(before)
    }

    fn pages(
        &self,
        renderer: &render::Site<'_>,
        folder: &str,
        (disclosure, standard): Checked,
        side_by_side: bool,
        found: &mut Diagnostics,
    ) -> Result<(Group, Rendered, Vec<Lead>), Error> {
        let contacts = disclosure.contacts.clone();
        let mut made = render::disclosure(renderer, disclosure, &standard, side_by_side, found);
        let pages = std::mem::take(&mut made.pages);
        if self.gate.release {
            self.look_at(&pages, &contacts, found);
        }
        let missing = |path: &str| {
            let inside = path.strip_prefix(folder);
            let name = inside.and_then(|rest| rest.strip_prefix('/'));
            name.is_some_and(|name| !self.statics.has(folder, name))
        };
        let look = || lint::look(&pages, &self.site.config.base_url, missing, found);
        let write = || {
            render::each(pages.iter().collect(), side_by_side, |page: &Page| {
                let name = &page.path[folder.len() + 1..];
                let digest = self.sink.write(folder, name, &page.bytes)?;
                Ok((name.into(), digest))
            })
        };
        let (leads, files) = render::both(side_by_side, look, write);
        let mut files = files.into_iter().collect::<Result<Vec<_>, Error>>()?;
        files.extend(self.statics.write(folder, self.sink)?);
        Ok((group(files), made, leads))
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

/// Takes one of what is left, if there is one.
fn take_one(left: &AtomicUsize) -> bool {
    let less = |left: usize| left.checked_sub(1);
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
        .is_ok()
}

/// Where the files of a disclosure stand.
fn paths_of(place: &DisclosureFolder) -> [&Path; 2] {
    [&place.path, &place.entity_file]
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
            files: before.files.clone(),
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

/// What was left out in all, and of the disclosures of which something was kept.
type SettledOf = (Settled, BTreeMap<Box<str>, Settled>);

fn append(
    all: &Mutex<(Diagnostics, SettledOf)>,
    folder: &DisclosureFolder,
    found: Diagnostics,
    settled: Settled,
) {
    let mut all = all.lock().expect("no thread panics while reporting");
    let (diagnostics, (total, each)) = &mut *all;
    if !found.is_empty() && settled != Settled::default() {
        each.insert(format!("data/{}", folder.name()).into(), settled);
    }
    diagnostics.append(found);
    total.notes += settled.notes;
    total.waived += settled.waived;
}
