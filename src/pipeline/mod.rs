//! The stages in order: discover, load, check, render, write, publish.

mod gate;
mod standards;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::{Counts, Diagnostic, Diagnostics, Keep, Settled};
use crate::error::Error;
use crate::load::config;
use crate::load::discover::{DisclosureFolder, Site, discover};
use crate::load::folder;
use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::Disclosure;
use crate::model::proof::Proof;
use crate::render::page::{Page, SiteView};
use crate::render::theme::Theme;
use crate::render::{self};
use crate::say;
use crate::source::Place;
use crate::standard::Standard;
use crate::write::Staging;
use gate::Gate;
use standards::Standards;
use texts::{matched, once, statics};

/// What a check is asked to do.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// Root of the site.
    pub root: PathBuf,
    /// Refuses what `build --release` refuses.
    pub release: bool,
    /// What is kept for the report.
    pub keep: Keep,
}

/// What a build is asked to do.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct BuildOptions {
    /// Root of the site.
    pub root: PathBuf,
    /// Folder of the output instead of the one in `site.toml`.
    pub output: Option<PathBuf>,
    /// Address instead of the one in `site.toml`.
    pub base_url: Option<String>,
    /// Marks every page as a draft.
    pub draft: bool,
    /// Refuses whatever is not approved, or not clean.
    pub release: bool,
    /// Refuses what has a warning that no waiver answers.
    pub strict: bool,
    /// Made only to be compared: errors in what is approved let it pass, and `data.json` is always there.
    pub comparison: bool,
    /// What is kept for the report.
    pub keep: Keep,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Every problem that was kept, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What was not kept.
    pub settled: Settled,
    /// Number of disclosures seen.
    pub disclosures: usize,
    /// Number of pages written.
    pub pages: usize,
    /// Bytes written.
    pub bytes: u64,
    /// Where they were written; `None` when nothing was, because of errors.
    pub output: Option<PathBuf>,
}

impl Outcome {
    /// How many problems there are, those that were not kept included.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::of(&self.diagnostics);
        counts.notes += self.settled.notes;
        counts.waived += self.settled.waived;
        counts
    }
}

/// Told of each disclosure that is done.
pub trait Progress: Sync {
    /// How many there are.
    fn start(&self, disclosures: usize);
    /// One more is done.
    fn step(&self);
    /// No more will come.
    fn finish(&self);
}

/// Checks every disclosure of a site. For a release the pages are made as well, in memory.
///
/// # Errors
/// When the root is no site.
pub fn check(options: &CheckOptions, progress: &dyn Progress) -> Result<Outcome, Error> {
    let mut diagnostics = Diagnostics::default();
    let site = discover(&options.root, &mut diagnostics)?;
    // Templates are compiled so that a check finds what a build would.
    let theme = Theme::load(&site.disk, &mut diagnostics);
    let rules = Rules::new(&site.config);
    if let Some(theme) = &theme {
        statics(theme, &rules, &mut diagnostics);
    }
    let view = SiteView::new(&site.config);
    let renderer = theme
        .as_ref()
        .filter(|_| options.release)
        .map(|theme| render::Site {
            theme,
            view: &view,
            draft: false,
        });
    let run = Run {
        site: &site,
        standards: Standards::new(&site.standards),
        rules,
        renderer,
        staging: None,
        gate: Gate {
            draft: false,
            release: options.release,
            strict: false,
        },
        keep: options.keep,
    };
    Ok(run.go(diagnostics, progress)?.0)
}

/// Builds a site. Nothing is written when the data cannot be understood, when something approved has
/// an error that no waiver answers, or when a release is not clean. A strict build counts warnings too.
///
/// # Errors
/// When the root is no site, or the output cannot be written.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<Outcome, Error> {
    let mut diagnostics = Diagnostics::default();
    let mut site = discover(&options.root, &mut diagnostics)?;
    if let Some(url) = &options.base_url {
        site.config.base_url = config::base_url(url).ok_or_else(|| {
            Error::refused(
                Path::new(url),
                say!(
                    "-u 要写 http 或 https 的网址",
                    "-u takes an http or https address"
                ),
            )
        })?;
    }
    site.config.pages.downloads |= options.comparison;
    let rules = Rules::new(&site.config);
    let theme = Theme::load(&site.disk, &mut diagnostics);
    if let Some(theme) = &theme {
        statics(theme, &rules, &mut diagnostics);
    }
    let output = options
        .output
        .clone()
        .unwrap_or_else(|| site.disk.path(&site.config.output));
    let staging = Staging::create(&output, site.disk.real_root())?;
    let view = SiteView::new(&site.config);
    let renderer = theme.as_ref().map(|theme| render::Site {
        theme,
        view: &view,
        draft: options.draft,
    });
    let run = Run {
        site: &site,
        standards: Standards::new(&site.standards),
        rules,
        renderer,
        staging: Some(&staging),
        gate: Gate {
            draft: options.draft || options.comparison,
            release: options.release,
            strict: options.strict,
        },
        keep: options.keep,
    };
    let (mut outcome, refused) = run.go(diagnostics, progress)?;
    if !refused {
        staging.publish()?;
        outcome.output = Some(output);
    }
    Ok(outcome)
}

/// One run over a site: every disclosure through the stages, then the pages of the site as a whole.
struct Run<'a> {
    site: &'a Site,
    standards: Standards<'a>,
    /// What texts may not hold.
    rules: Rules,
    /// How pages are made; `None` where they are not.
    renderer: Option<render::Site<'a>>,
    /// Where they are written; `None` where they are only looked at.
    staging: Option<&'a Staging>,
    gate: Gate,
    keep: Keep,
}

impl Run<'_> {
    /// Gives the outcome, and whether anything keeps the site from being written.
    fn go(
        self,
        mut diagnostics: Diagnostics,
        progress: &dyn Progress,
    ) -> Result<(Outcome, bool), Error> {
        let mut outcome = Outcome {
            disclosures: self.site.disclosures.len(),
            ..Outcome::default()
        };
        progress.start(outcome.disclosures);
        let refused = AtomicBool::new(self.gate.refuses_site(&diagnostics));
        let all = Mutex::new((Diagnostics::default(), Settled::default()));
        let entries: Vec<Option<CatalogEntry>> = self
            .site
            .disclosures
            .par_iter()
            .map(|folder| {
                let mut found = Diagnostics::default();
                let entry = self.disclosure(folder, &refused, &mut found)?;
                let settled = found.settle(self.keep);
                append(&all, found, settled);
                progress.step();
                Ok(entry)
            })
            .collect::<Result<_, Error>>()?;
        progress.finish();
        let mut refused = refused.into_inner();
        let catalog: Vec<CatalogEntry> = entries.into_iter().flatten().collect();
        let mut of_site = Diagnostics::default();
        if let (Some(renderer), false) = (&self.renderer, refused) {
            let mut pages = Vec::new();
            render::site(renderer, &catalog, &mut of_site, &mut |page| {
                outcome.pages += usize::from(page.is_page());
                outcome.bytes += page.bytes.len() as u64;
                self.write(&page.path, &page.bytes)?;
                if self.gate.release {
                    pages.push(page);
                }
                Ok(())
            })?;
            for finding in once(&pages, &self.rules) {
                of_site.push(finding);
            }
            for (path, bytes) in renderer.theme.assets() {
                self.write(path, &bytes)?;
                outcome.bytes += bytes.len() as u64;
            }
            outcome.pages += catalog.iter().map(|entry| entry.pages.len()).sum::<usize>();
            outcome.bytes += catalog.iter().map(|entry| entry.bytes).sum::<u64>();
        }
        self.standards.report(&mut of_site);
        if !diagnostics.has_errors() {
            report_empty(self.site, &mut of_site);
        }
        refused |= self.gate.refuses_site(&of_site);
        let (of_disclosures, settled) = all.into_inner().expect("no thread panics while reporting");
        diagnostics.append(of_disclosures);
        diagnostics.append(of_site);
        outcome.settled = settled;
        outcome.diagnostics = diagnostics.into_sorted();
        Ok((outcome, refused))
    }

    /// Loads, checks and renders one disclosure. Once anything keeps the site from being written,
    /// only checking goes on.
    fn disclosure(
        &self,
        folder: &DisclosureFolder,
        refused: &AtomicBool,
        found: &mut Diagnostics,
    ) -> Result<Option<CatalogEntry>, Error> {
        let made = self.check(folder, found);
        let stopped = match &made {
            Some((disclosure, _)) => self.gate.refuses(disclosure, found),
            None => true,
        };
        if stopped {
            refused.store(true, Ordering::Relaxed);
        }
        let (Some((disclosure, standard)), Some(renderer)) = (made, &self.renderer) else {
            return Ok(None);
        };
        if refused.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let contacts = disclosure.contacts.clone();
        let (pages, entry) = render::disclosure(renderer, disclosure, &standard, found);
        if self.gate.release {
            self.look_at(&pages, &contacts, found);
        }
        for page in &pages {
            self.write(&page.path, &page.bytes)?;
        }
        if self.gate.refuses_any(found) || self.gate.release && found.has_errors() {
            refused.store(true, Ordering::Relaxed);
        }
        Ok(Some(entry))
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

    fn check(
        &self,
        folder: &DisclosureFolder,
        diagnostics: &mut Diagnostics,
    ) -> Option<(Disclosure, Arc<Standard>)> {
        let draft = folder::load(&self.site.disk, folder, diagnostics);
        let standard = check::standard_of(&draft, diagnostics).and_then(|(name, source, place)| {
            self.standards.get(&name, &source, place, diagnostics)
        });
        let Some(standard) = standard else {
            // Without a standard the tables say nothing, but who publishes them can be checked.
            check::entity(&draft, diagnostics);
            return None;
        };
        let mut disclosure = check::check(&draft, &standard, &self.rules, diagnostics)?;
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

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        match self.staging {
            Some(staging) => staging.write(path, bytes),
            None => Ok(()),
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
                "放上 data/<单位>/<年>-budget/disclosure.yaml 及各表",
                "add data/<entity>/<year>-budget/disclosure.yaml and its tables"
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
