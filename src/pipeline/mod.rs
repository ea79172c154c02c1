//! The stages in order: discover, load, check, render, write, publish.

mod again;
mod caught;
mod certain;
mod gate;
pub mod live;
pub mod memory;
mod names;
mod placed;
mod reuse;
mod run;
pub(crate) mod standards;
mod texts;
mod whole;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cache::stamp::Stamp;
use crate::cache::{self, Known, State};
use crate::check::text::Rules;
use crate::diagnostic::{Counts, Diagnostic, Diagnostics, Keep, Say, Settled};
use crate::error::Error;
use crate::lay::Over;
use crate::load::discover::{self, Site, discover};
use crate::model::address;
use crate::render;
use crate::render::page::SiteView;
use crate::render::theme::Theme;
use crate::say;
use crate::write::archive::ZIP;
use crate::write::list::{self, LIST};
use crate::write::manifest::Inputs;
use crate::write::named::{self, Around};
use crate::write::remember::Remembered;
use crate::write::tree::{Difference, Tree};
use crate::write::work::{self, STATE, TREES, Work};
use crate::write::{Staging, swap};
use caught::with_or_without;
use certain::Certain;
use gate::Gate;
use placed::Statics;
use reuse::Reuse;
use run::{Made, Run};
use standards::Standards;
use texts::statics;

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
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command"
)]
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
    /// Makes everything again, and leaves nothing for the next run.
    pub fresh: bool,
    /// Makes everything a second time, in another order, and compares.
    pub verify: bool,
    /// Made only to be compared: errors in what is approved let it pass, and `data.json` is always there.
    pub comparison: bool,
    /// Where the site will be written as a ZIP too; looked at before anything is made.
    pub zip: Option<PathBuf>,
    /// Where the files that differ from what was published before are listed.
    pub changed_list: Option<PathBuf>,
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
    /// The same of each disclosure of which something was kept, by its folder `data/yq-veterans/2025-budget`.
    pub settled_of: BTreeMap<Box<str>, Settled>,
    /// Number of disclosures seen.
    pub disclosures: usize,
    /// Number of pages written.
    pub pages: usize,
    /// Bytes written.
    pub bytes: u64,
    /// Where they were written; `None` when nothing was, because of errors.
    pub output: Option<PathBuf>,
    /// Where a ZIP of it goes, as it really is.
    pub zip: Option<PathBuf>,
    /// Files that differ from what was published before.
    pub differences: Vec<Difference>,
    /// Every file of the site but its manifest; none when nothing was written.
    pub files: Tree,
    /// What each disclosure was made from.
    pub inputs: BTreeMap<Box<str>, Inputs>,
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

/// Tells nobody.
impl Progress for () {
    fn start(&self, _: usize) {}
    fn step(&self) {}
    fn finish(&self) {}
}

/// Checks every disclosure of a site, and finds what a build would. Pages are made only where the data does not tell
/// whether they will be sound (see `pipeline::certain`), and for a release; then in memory.
///
/// # Errors
/// When the root is no site.
pub fn check(options: &CheckOptions, progress: &dyn Progress) -> Result<Outcome, Error> {
    let mut diagnostics = Diagnostics::default();
    let site = discover(&options.root, &mut diagnostics)?;
    // Templates are compiled so that a check finds what a build would.
    let ready = Ready::new(&site, &mut diagnostics);
    let run = |renderer, certain| Run {
        renderer,
        sink: &again::Digests,
        reuse: None,
        certain,
        gate: Gate {
            draft: false,
            release: options.release,
            strict: false,
        },
        keep: options.keep,
        backwards: false,
        statics: Statics::new(&site, ready.theme.as_ref()),
        site: &site,
        standards: Standards::new(&site.standards),
        rules: &ready.rules,
    };
    let Some(renderer) = ready.renderer(false) else {
        return Ok(run(None, None).go(diagnostics, progress)?.outcome);
    };
    let certain = Certain::new(&site, &renderer);
    if !options.release && certain.holds() {
        let made = run(None, Some(&certain)).go(diagnostics.clone(), progress)?;
        if made.refused || certain.holds() {
            return Ok(made.outcome);
        }
    }
    Ok(run(ready.renderer(false), None)
        .go(diagnostics, progress)?
        .outcome)
}

/// Builds a site. Nothing is written when the data cannot be understood, when something approved has
/// an error that no waiver answers, or when a release is not clean. A strict build counts warnings too.
/// What the last build has made of the same data is taken over.
///
/// # Errors
/// When the root is no site, another build works on the same output, or the output cannot be written.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<Outcome, Error> {
    with_or_without(|left| built(options, left, progress))
}

/// A build with what the last one has `left`, or as if it had left nothing.
fn built(options: &BuildOptions, left: bool, progress: &dyn Progress) -> Result<Outcome, Error> {
    let mut diagnostics = Diagnostics::default();
    let mut site = discover::open(&options.root, &mut diagnostics)?;
    if let Some(url) = &options.base_url {
        site.config.base_url = address::base(url.trim()).map_err(|Say { zh, en }| {
            Error::refused(
                Path::new(url),
                say!(
                    "-u {zh}；写成 https://www.example.gov.cn/ysgk/",
                    "-u {en}; write it as https://www.example.gov.cn/ysgk/"
                ),
            )
        })?;
    }
    site.config.pages.downloads |= options.comparison;
    let output = output_of(options, &site);
    let open = || {
        let place = swap::check_output(&output, site.disk.real_root())?;
        let around = Around {
            roots: &[site.disk.real_root()],
            output: Some(&place),
        };
        let named = |file: &Option<PathBuf>, sort| {
            let file = file.as_ref();
            file.map(|file| named::check(file, around, sort))
                .transpose()
        };
        let files = (
            named(&options.zip, ZIP)?,
            named(&options.changed_list, LIST)?,
        );
        let work = Work::open(&place)?;
        let left = || left.then(|| last(&work)).flatten();
        let known = (!options.fresh).then(|| left().unwrap_or_default());
        Ok((work, known, files))
    };
    let mut faults = Diagnostics::default();
    let list = || (Ready::new(&site, &mut diagnostics), site.list(&mut faults));
    let ((ready, entities), opened) = rayon::join(list, open);
    diagnostics.append(faults);
    let (work, known, (zip, list)) = opened?;
    let (state, remembered) = known.unzip();
    let started = work.started();
    let tree = remembered.as_ref().map(|left| left.published.clone());
    let known = |entity: &str, stamp: &Stamp| state.as_ref()?.folders(entity, stamp);
    let (staging, ()) = rayon::join(
        || Staging::open(work, remembered),
        || site.look(&entities, &known, &mut diagnostics),
    );
    let staging = staging?.settled(options.release);
    let reuse = state.zip(tree).map(|(state, tree)| {
        let theme = ready.theme.as_ref();
        Reuse::new(&site, theme, options, state, tree, started)
    });
    let gate = Gate {
        draft: options.draft || options.comparison,
        release: options.release,
        strict: options.strict,
    };
    let run = Run {
        site: &site,
        standards: Standards::new(&site.standards),
        rules: &ready.rules,
        renderer: ready.renderer(options.draft),
        sink: &staging,
        reuse: reuse.as_ref(),
        certain: None,
        gate,
        keep: options.keep,
        backwards: false,
        statics: Statics::new(&site, ready.theme.as_ref()),
    };
    let Made {
        mut outcome,
        refused,
        tree,
        known,
        parts,
    } = run.go(diagnostics, progress)?;
    if refused {
        return Ok(outcome);
    }
    if options.verify {
        let second = again::tree(&site, &ready, gate, options.draft)?;
        again::compare(&tree, &second)?;
    }
    outcome.files = tree.clone();
    outcome.inputs = inputs_of(&known);
    let same = reuse
        .as_ref()
        .is_some_and(|reuse| reuse.is_same(&known, &parts));
    let state = || reuse.as_ref().map(|reuse| reuse.state(known, parts));
    let tell = |differences: &[_]| match &list {
        Some(place) => list::stage(place, differences)?.put(Over::Replace),
        None => Ok(()),
    };
    outcome.differences = staging.publish(tree, &outcome.inputs, same, state, tell)?;
    outcome.zip = zip;
    outcome.output = Some(output);
    Ok(outcome)
}

/// What each disclosure was made from.
fn inputs_of(known: &BTreeMap<Box<str>, Known>) -> BTreeMap<Box<str>, Inputs> {
    let known = known.iter();
    known
        .map(|(folder, known)| (folder.clone(), known.inputs.clone()))
        .collect()
}

/// What the last run has left, if its two halves belong together.
fn last(work: &Work) -> Option<(State, Remembered)> {
    let load = (
        || cache::load::<State>(work.folder(), STATE),
        || cache::load::<Remembered>(work.folder(), TREES),
    );
    let (state, remembered) = rayon::join(load.0, load.1);
    let ((state, mark), (remembered, _)) = state.zip(remembered)?;
    (remembered.state == mark).then_some((state, remembered))
}

/// Removes what builds have left for the next one, and gives the folder. The published site stays.
///
/// # Errors
/// When the root is no site, a build is running, or something cannot be removed.
pub fn clean(root: &Path, output: Option<&Path>) -> Result<PathBuf, Error> {
    let site = discover(root, &mut Diagnostics::default())?;
    let options = BuildOptions {
        output: output.map(Path::to_owned),
        ..BuildOptions::default()
    };
    let place = swap::check_output(&output_of(&options, &site), site.disk.real_root())?;
    Work::open(&place)?.remove()?;
    Ok(work::folder_of(&place))
}

/// Where a site is written to.
fn output_of(options: &BuildOptions, site: &Site) -> PathBuf {
    let given = options.output.clone();
    given.unwrap_or_else(|| site.disk.path(&site.config.output))
}

/// What every run needs of the site as a whole.
struct Ready {
    theme: Option<Theme>,
    view: SiteView,
    rules: Rules,
}

impl Ready {
    fn new(site: &Site, diagnostics: &mut Diagnostics) -> Self {
        let ready = Self {
            theme: Theme::load(&site.disk, diagnostics),
            view: SiteView::new(&site.config),
            rules: Rules::new(&site.config),
        };
        if let Some(theme) = &ready.theme {
            statics(theme, &ready.rules, diagnostics);
        }
        ready
    }

    fn renderer(&self, draft: bool) -> Option<render::Site<'_>> {
        let theme = self.theme.as_ref()?;
        let view = &self.view;
        Some(render::Site { theme, view, draft })
    }
}
