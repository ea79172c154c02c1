//! A site that is built in memory again and again: what has not changed is taken over, and with a fault the last good
//! one stays.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::caught::caught;
use super::gate::Gate;
use super::memory::{Memory, Snapshot};
use super::placed::Statics;
use super::reuse::Reuse;
use super::run::Run;
use super::standards::Standards;
use super::{BuildOptions, Outcome, Progress, Ready};
use crate::cache::State;
use crate::cache::stamp::{Moment, Stamp};
use crate::diagnostic::{Diagnostics, Keep};
use crate::error::Error;
use crate::load::discover::{Site, discover};
use crate::model::address::served;

/// A site in memory, and what the next build takes over.
pub struct Live {
    root: PathBuf,
    keep: Keep,
    state: State,
    snapshot: Option<Arc<Snapshot>>,
    base: String,
    /// Templates and the like, and what their files looked like.
    ready: Option<(Look, Ready)>,
}

/// What the files of a site as a whole look like: which there are, and their stamp.
type Look = ([bool; 3], Stamp);

/// What came of a build.
#[derive(Debug)]
pub struct Rebuilt {
    /// As of any run; nothing is written, so `output` is `None`.
    pub outcome: Outcome,
    /// Whether the pages were made. With a fault in the data they are not, and the last ones stay.
    pub made: bool,
}

impl Live {
    /// Of the site at `root`; nothing is built yet.
    #[must_use]
    pub fn new(root: PathBuf, keep: Keep) -> Self {
        Self {
            root,
            keep,
            state: State::default(),
            snapshot: None,
            base: "/".to_owned(),
            ready: None,
        }
    }

    /// The last good site; `None` while there was none.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.snapshot.as_ref()
    }

    /// Path of its address, as `/ysgk/`: pages that are shown at any depth link from there.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Builds it. Pages are those of a build, but an approved disclosure may have errors as drafts may.
    ///
    /// # Errors
    /// When the root is no site, or the program itself is at fault.
    pub fn build(&mut self, progress: &dyn Progress) -> Result<Rebuilt, Error> {
        let root = self.root.clone();
        caught(&root, || self.build_once(progress))
    }

    fn build_once(&mut self, progress: &dyn Progress) -> Result<Rebuilt, Error> {
        let started = Moment::now();
        let mut diagnostics = Diagnostics::default();
        let site = discover(&self.root, &mut diagnostics)?;
        let look = look(&site);
        let kept = self
            .ready
            .take()
            .filter(|kept| Some(&kept.0) == look.as_ref());
        let known = diagnostics.as_slice().len();
        let ready = match kept {
            Some((_, ready)) => ready,
            None => Ready::new(&site, &mut diagnostics),
        };
        // What has something to report is made again, and so are files that may change within a tick of the clock.
        let silent = diagnostics.as_slice().len() == known;
        let look = look.filter(|(_, stamp)| silent && !stamp.is_doubtful(started));
        let result = self.run(&site, &ready, started, diagnostics, progress);
        self.ready = look.map(|look| (look, ready));
        result
    }

    fn run(
        &mut self,
        site: &Site,
        ready: &Ready,
        started: Moment,
        diagnostics: Diagnostics,
        progress: &dyn Progress,
    ) -> Result<Rebuilt, Error> {
        let before = self.snapshot.clone().unwrap_or_default();
        let options = BuildOptions {
            keep: self.keep,
            ..BuildOptions::default()
        };
        let (theme, tree) = (ready.theme.as_ref(), before.tree.clone());
        let state = std::mem::take(&mut self.state);
        let reuse = Reuse::new(site, theme, &options, state, tree, started).saying_again();
        let memory = Memory::new(&before);
        let run = Run {
            site,
            standards: Standards::new(&site.standards),
            rules: &ready.rules,
            renderer: ready.renderer(false),
            sink: &memory,
            reuse: Some(&reuse),
            certain: None,
            gate: Gate {
                draft: true,
                release: false,
                strict: false,
            },
            keep: self.keep,
            backwards: false,
            statics: Statics::new(site, theme),
        };
        let made = match run.go(diagnostics, progress) {
            Ok(made) if !made.refused => made,
            other => {
                self.state = reuse.into_state();
                let made = false;
                return other.map(|run| Rebuilt {
                    outcome: run.outcome,
                    made,
                });
            }
        };
        let mut outcome = made.outcome;
        outcome.differences = made.tree.since(&before.tree);
        self.state = reuse.state(made.known, made.parts);
        self.snapshot = Some(Arc::new(memory.snapshot(made.tree)));
        self.base = served(&site.config.base_url);
        let made = true;
        Ok(Rebuilt { outcome, made })
    }
}

/// Looks at the settings, templates and static files, without reading them.
fn look(site: &Site) -> Option<Look> {
    let paths = ["site.toml", "templates", "static"].map(|name| site.disk.path(name));
    let there = [0, 1, 2].map(|at| paths[at].exists());
    let found = paths.iter().zip(there).filter(|(_, there)| *there);
    let found: Vec<&Path> = found.map(|(path, _)| path.as_path()).collect();
    Some((there, Stamp::of(&found)?))
}
