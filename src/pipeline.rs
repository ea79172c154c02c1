//! The stages in order: discover, load, check, render, write, publish.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;

use crate::check;
use crate::check::text::{self, Rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::error::Error;
use crate::load::config;
use crate::load::discover::{DisclosureFolder, Site, discover};
use crate::load::folder;
use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::Disclosure;
use crate::render::page::SiteView;
use crate::render::theme::Theme;
use crate::render::{self};
use crate::say;
use crate::source::{Place, Source};
use crate::standard::files::{Library, unknown};
use crate::standard::{self, Standard};
use crate::write::Staging;

/// What a build is asked to do.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// Root of the site.
    pub root: PathBuf,
    /// Folder of the output instead of the one in `site.toml`.
    pub output: Option<PathBuf>,
    /// Address instead of the one in `site.toml`.
    pub base_url: Option<String>,
    /// Marks every page as a draft.
    pub draft: bool,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Every problem, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Number of disclosures seen.
    pub disclosures: usize,
    /// Number of pages written.
    pub pages: usize,
    /// Bytes written.
    pub bytes: u64,
    /// Where they were written; `None` when nothing was, because of errors.
    pub output: Option<PathBuf>,
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

/// Checks every disclosure of a site.
///
/// # Errors
/// When the root is no site.
pub fn check(root: &Path, progress: &dyn Progress) -> Result<Outcome, Error> {
    let mut diagnostics = Diagnostics::default();
    let site = discover(root, &mut diagnostics)?;
    let rules = Rules::new(&site.config);
    // Templates are compiled so that a check finds what a build would.
    if let Some(theme) = Theme::load(&site.disk, &mut diagnostics) {
        statics(&theme, &rules, &mut diagnostics);
    }
    let standards = Standards::new(&site.standards);
    progress.start(site.disclosures.len());
    let all = Mutex::new(diagnostics);
    site.disclosures.par_iter().for_each(|folder| {
        let mut found = Diagnostics::default();
        one(&site, &standards, &rules, folder, &mut found);
        append(&all, found);
        progress.step();
    });
    progress.finish();
    let mut diagnostics = take(all);
    standards.report(&mut diagnostics);
    report_empty(&site, &mut diagnostics);
    Ok(Outcome {
        disclosures: site.disclosures.len(),
        diagnostics: diagnostics.into_sorted(),
        ..Outcome::default()
    })
}

/// Builds a site. When there is an error in the data, nothing is written.
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
    let rules = Rules::new(&site.config);
    let theme = Theme::load(&site.disk, &mut diagnostics);
    if let Some(theme) = &theme {
        statics(theme, &rules, &mut diagnostics);
    }
    let standards = Standards::new(&site.standards);
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

    progress.start(site.disclosures.len());
    // A draft shows its findings; only what cannot be understood keeps it from being built.
    let stops = |diagnostics: &Diagnostics| {
        if options.draft {
            diagnostics.has_faults()
        } else {
            diagnostics.has_errors()
        }
    };
    let failed = AtomicBool::new(stops(&diagnostics));
    let all = Mutex::new(diagnostics);
    let entries: Vec<Option<CatalogEntry>> = site
        .disclosures
        .par_iter()
        .map(|folder| {
            let mut found = Diagnostics::default();
            let disclosure = one(&site, &standards, &rules, folder, &mut found);
            let mut entry = None;
            if stops(&found) {
                failed.store(true, Ordering::Relaxed);
            }
            // Once there is an error anywhere nothing will be published: only go on checking.
            if let (Some((disclosure, standard)), Some(renderer)) = (disclosure, &renderer)
                && !failed.load(Ordering::Relaxed)
            {
                let (pages, made) = render::disclosure(renderer, disclosure, &standard, &mut found);
                staging.write_pages(&pages)?;
                entry = Some(made);
            }
            append(&all, found);
            progress.step();
            Ok(entry)
        })
        .collect::<Result<_, Error>>()?;
    progress.finish();
    let mut diagnostics = take(all);
    standards.report(&mut diagnostics);
    report_empty(&site, &mut diagnostics);
    let catalog: Vec<CatalogEntry> = entries.into_iter().flatten().collect();
    let mut outcome = Outcome {
        disclosures: site.disclosures.len(),
        ..Outcome::default()
    };
    if let (Some(renderer), false) = (&renderer, stops(&diagnostics)) {
        let mut pages = 0;
        let mut bytes = 0;
        render::site(renderer, &catalog, &mut diagnostics, &mut |page| {
            pages += 1;
            bytes += page.bytes.len() as u64;
            staging.write(&page.path, &page.bytes)
        })?;
        if !stops(&diagnostics) {
            for file in renderer.theme.statics() {
                staging.write(&file.path, &file.bytes)?;
                bytes += file.bytes.len() as u64;
            }
            staging.publish()?;
            outcome.pages = pages + catalog.iter().map(|entry| entry.pages.len()).sum::<usize>();
            outcome.bytes = bytes + catalog.iter().map(|entry| entry.bytes).sum::<u64>();
            outcome.output = Some(output);
        }
    }
    outcome.diagnostics = diagnostics.into_sorted();
    Ok(outcome)
}

/// Loads and checks one disclosure.
fn one(
    site: &Site,
    standards: &Standards<'_>,
    rules: &Rules,
    folder: &DisclosureFolder,
    diagnostics: &mut Diagnostics,
) -> Option<(Disclosure, Arc<Standard>)> {
    let draft = folder::load(&site.disk, folder, diagnostics);
    let standard = check::standard_of(&draft, diagnostics)
        .and_then(|(name, source, place)| standards.get(&name, &source, place, diagnostics));
    let Some(standard) = standard else {
        // Without a standard the tables say nothing, but who publishes them can be checked.
        check::entity(&draft, diagnostics);
        return None;
    };
    let mut disclosure = check::check(&draft, &standard, rules, diagnostics)?;
    if !site.config.pages.charts {
        disclosure.charts.clear();
    }
    Some((disclosure, standard))
}

/// Reports what should not be published in the site's own static files.
fn statics(theme: &Theme, rules: &Rules, diagnostics: &mut Diagnostics) {
    for file in theme.statics().iter().filter(|file| file.own) {
        let path = format!("static/{}", file.path);
        for finding in text::written(&path, &file.bytes, rules) {
            diagnostics.push(finding);
        }
    }
}

/// Reports `site-empty` for a site without any disclosure.
fn report_empty(site: &Site, diagnostics: &mut Diagnostics) {
    if site.disclosures.is_empty() && !diagnostics.has_errors() {
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

fn append(all: &Mutex<Diagnostics>, found: Diagnostics) {
    if !found.is_empty() {
        all.lock()
            .expect("no thread panics while reporting")
            .append(found);
    }
}

fn take(all: Mutex<Diagnostics>) -> Diagnostics {
    all.into_inner().expect("no thread panics while reporting")
}

type Loaded = (Option<Arc<Standard>>, Diagnostics);

/// The standards of a site, each loaded when first named.
struct Standards<'a> {
    library: &'a Library,
    loaded: BTreeMap<String, OnceLock<Loaded>>,
}

impl<'a> Standards<'a> {
    fn new(library: &'a Library) -> Self {
        Self {
            library,
            loaded: library
                .ids()
                .map(|id| (id.to_owned(), OnceLock::new()))
                .collect(),
        }
    }

    /// A standard by name. Reports `standard-unknown`; faults inside the standard come with
    /// [`Standards::report`], once.
    fn get(
        &self,
        name: &str,
        source: &Source,
        place: Place,
        diagnostics: &mut Diagnostics,
    ) -> Option<Arc<Standard>> {
        let Some(slot) = self.loaded.get(name) else {
            diagnostics.push(unknown(name, self.library, source, place));
            return None;
        };
        let (standard, _) = slot.get_or_init(|| {
            let mut faults = Diagnostics::default();
            let standard = standard::load(self.library, name, &mut faults);
            (standard.map(Arc::new), faults)
        });
        standard.clone()
    }

    fn report(self, diagnostics: &mut Diagnostics) {
        for slot in self.loaded.into_values() {
            if let Some((_, faults)) = slot.into_inner() {
                diagnostics.append(faults);
            }
        }
    }
}
