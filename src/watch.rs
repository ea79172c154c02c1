//! Waits until something that a site is made from has changed: data, standards, templates, static files, settings.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{fs, io};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use walkdir::{DirEntry, WalkDir};

use crate::error::Error;
use crate::say;

/// Folders of a site that are watched with all that they hold.
const FOLDERS: [&str; 4] = ["data", "standards", "templates", "static"];

/// The settings.
const SETTINGS: &str = "site.toml";

/// So long nothing must happen: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(12);

/// A change is not kept waiting any longer, even if there is no end of them.
const LONGEST: Duration = Duration::from_millis(200);

/// So often it is looked whether the root is still the folder that is watched: no system tells when one above it moves.
const LOOK: Duration = Duration::from_millis(500);

/// So many changed files are named.
const NAMED: usize = 100;

/// Waits for changes of one site.
#[derive(Debug)]
pub struct Watch {
    /// The root as it was named.
    named: PathBuf,
    /// What is watched; `None` while there is no such folder.
    here: Option<Here>,
    watcher: Option<RecommendedWatcher>,
    pending: Arc<Pending>,
    watched: [bool; 4],
}

/// A folder that is there: where it really is, and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Here {
    root: PathBuf,
    number: u64,
}

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Files and folders relative to the root, sorted; not all when there are very many.
    pub paths: BTreeSet<String>,
    /// Whether the system has lost some, so that anything may have changed.
    pub lost: bool,
    /// When the first of them was noticed.
    pub since: Instant,
}

/// Ends a [`Watch`] from another thread.
#[derive(Debug, Clone)]
pub struct Stopper(Arc<Pending>);

impl Stopper {
    /// Lets the watch tell that nothing more comes.
    pub fn stop(&self) {
        self.0.lock().stopped = true;
        self.0.more.notify_all();
    }
}

impl Watch {
    /// Watches the site at `root`. Folders that are not there yet are noticed when they come.
    ///
    /// # Errors
    /// When there is no such folder, or the system watches no more.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let named = std::path::absolute(root).map_err(|error| Error::io(root, error))?;
        let mut watch = Self {
            here: Some(Here::of(&named).map_err(|error| Error::io(root, error))?),
            named,
            watcher: None,
            pending: Arc::default(),
            watched: [false; 4],
        };
        watch.begin()?;
        Ok(watch)
    }

    /// Watches the root that is there, and nothing else.
    fn begin(&mut self) -> Result<(), Error> {
        (self.watcher, self.watched) = (None, [false; 4]);
        self.pending.lock().aims.clear();
        let Some(Here { root, .. }) = &self.here else {
            return Ok(());
        };
        let (taking, base) = (Arc::clone(&self.pending), root.clone());
        let watcher = notify::recommended_watcher(move |event| taking.take(event, &base));
        let mut watcher = watcher.map_err(|error| failure(root, error))?;
        match watcher.watch(root, RecursiveMode::NonRecursive) {
            Ok(()) => {}
            // It has gone meanwhile; the next look will tell.
            Err(_) if !root.is_dir() => return Ok(()),
            Err(error) => return Err(failure(root, error)),
        }
        self.watcher = Some(watcher);
        self.folders(|_| false)?;
        self.follow(FOLDERS.iter().chain(&[SETTINGS]).copied())
    }

    /// Ends it from another thread.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.pending))
    }

    /// Waits for the next change, and until nothing happens for a moment. `None` when it was stopped. That the root has
    /// gone is a change, and so is that it, or another one, has come in its place.
    ///
    /// # Errors
    /// When a folder that has come cannot be watched.
    pub fn wait(&mut self) -> Result<Option<Changes>, Error> {
        loop {
            let changes = match self.pending.wait(LOOK) {
                Woken::Stopped => return Ok(None),
                Woken::Changed(changes) => Some(changes),
                Woken::Quiet => None,
            };
            let now = Here::of(&self.named).ok();
            if now != self.here || changes.as_ref().is_some_and(|changes| changes.lost) {
                self.here = now;
                self.begin()?;
                let (since, paths) = changes.map_or_else(
                    || (Instant::now(), BTreeSet::new()),
                    |changes| (changes.since, changes.paths),
                );
                return Ok(Some(Changes {
                    paths,
                    lost: true,
                    since,
                }));
            }
            if let Some(changes) = changes {
                self.folders(|name| changes.paths.contains(name))?;
                self.follow(changes.paths.iter().map(String::as_str))?;
                return Ok(Some(changes));
            }
        }
    }

    /// Watches what links among these files and folders lead to, where that is watched with nothing else.
    fn follow<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
        let (Some(Here { root, .. }), Some(watcher)) = (&self.here, &mut self.watcher) else {
            return Ok(());
        };
        for name in names {
            let path = root.join(name);
            let found = fs::symlink_metadata(&path);
            if !found.is_ok_and(|found| found.is_symlink() || found.is_dir()) {
                continue;
            }
            let entries = WalkDir::new(path).follow_links(true).into_iter().flatten();
            for link in entries.filter(DirEntry::path_is_symlink) {
                let aim = fs::canonicalize(link.path()).ok();
                let inside = |aim: &PathBuf| aim.starts_with(root) && wanted(aim, root).is_none();
                let Some(aim) = aim.filter(inside) else {
                    continue;
                };
                if !self.pending.lock().aims.insert(aim.clone()) {
                    continue;
                }
                let begun = match aim.parent() {
                    Some(above) if aim.is_file() => {
                        watcher.watch(above, RecursiveMode::NonRecursive)
                    }
                    _ => watcher.watch(&aim, RecursiveMode::Recursive),
                };
                match begun {
                    Err(error) if aim.exists() => return Err(failure(&aim, error)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Watches the folders that are there. One that has `changed` itself may be another now.
    fn folders(&mut self, changed: impl Fn(&str) -> bool) -> Result<(), Error> {
        let (Some(Here { root, .. }), Some(watcher)) = (&self.here, &mut self.watcher) else {
            return Ok(());
        };
        for (name, watched) in FOLDERS.into_iter().zip(&mut self.watched) {
            let path = root.join(name);
            if !path.is_dir() {
                *watched = false;
                continue;
            }
            if *watched && !changed(name) {
                continue;
            }
            match watcher.watch(&path, RecursiveMode::Recursive) {
                Ok(()) => *watched = true,
                // It has gone meanwhile; that is a change too.
                Err(_) if !path.is_dir() => *watched = false,
                Err(error) => return Err(failure(&path, error)),
            }
        }
        Ok(())
    }
}

impl Here {
    /// The folder that has this name now.
    fn of(named: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(named)?;
        let found = fs::metadata(&root)?;
        Ok(Self {
            number: number(&found),
            root,
        })
    }
}

#[cfg(unix)]
fn number(found: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}

/// Why waiting has ended.
#[derive(Debug)]
enum Woken {
    /// It was stopped.
    Stopped,
    /// Something has changed.
    Changed(Changes),
    /// Nothing has, for a while.
    Quiet,
}

/// Changes that nobody has asked for yet.
#[derive(Debug, Default)]
struct Pending {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct State {
    paths: BTreeSet<String>,
    lost: bool,
    first: Option<Instant>,
    last: Option<Instant>,
    stopped: bool,
    /// What inner links lead to, outside of the folders of the site.
    aims: BTreeSet<PathBuf>,
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no thread panics while it holds changes")
    }

    /// Takes what the system tells. What it could not tell counts as a change of something.
    fn take(&self, event: notify::Result<Event>, root: &Path) {
        let mut state = self.lock();
        let mut told = false;
        match event {
            Ok(event) if !event.need_rescan() => {
                let changed = event.paths.iter().filter(|_| is_change(event.kind));
                for path in changed {
                    if path == root {
                        // It has gone, or another one may be in its place.
                        (told, state.lost) = (true, true);
                    }
                    let aims = &state.aims;
                    let Some(name) = wanted(path, root).or_else(|| aimed(path, root, aims)) else {
                        continue;
                    };
                    told = true;
                    // A folder that may have to be watched anew is never left out.
                    if state.paths.len() < NAMED || !name.contains('/') {
                        state.paths.insert(name);
                    }
                }
            }
            _ => (told, state.lost) = (true, true),
        }
        if told {
            let now = Instant::now();
            state.first.get_or_insert(now);
            state.last = Some(now);
            self.more.notify_all();
        }
    }

    /// Waits for a change, and no longer than `longest` for the first.
    fn wait(&self, longest: Duration) -> Woken {
        let started = Instant::now();
        let mut state = self.lock();
        loop {
            if state.stopped {
                return Woken::Stopped;
            }
            let (Some(since), Some(last)) = (state.first, state.last) else {
                let left = longest.saturating_sub(started.elapsed());
                if left.is_zero() {
                    return Woken::Quiet;
                }
                let waited = self.more.wait_timeout(state, left);
                state = waited.expect("no thread panics while it holds changes").0;
                continue;
            };
            let until = (last + QUIET).min(since + LONGEST);
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                (state.first, state.last) = (None, None);
                return Woken::Changed(Changes {
                    paths: std::mem::take(&mut state.paths),
                    lost: std::mem::take(&mut state.lost),
                    since,
                });
            }
            let waited = self.more.wait_timeout(state, left);
            state = waited.expect("no thread panics while it holds changes").0;
        }
    }
}

/// Whether a file may have another content now: looking at it is no change.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// The path from the root, if a site is made from it: not the output, nor hidden files and editors' backups.
fn wanted(path: &Path, root: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let mut parts = inside.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let first = parts.next()?;
    if first != SETTINGS && !FOLDERS.contains(&&*first) {
        return None;
    }
    let mut name = first.into_owned();
    for part in parts {
        if part.starts_with(['.', '#']) || part.ends_with('~') {
            return None;
        }
        name.push('/');
        name.push_str(&part);
    }
    Some(name)
}

/// The path from the root of what a link of the site leads to.
fn aimed(path: &Path, root: &Path, aims: &BTreeSet<PathBuf>) -> Option<String> {
    let mut above = path.ancestors();
    let is_aim = above.any(|above| aims.contains(above));
    let inside = path.strip_prefix(root).ok().filter(|_| is_aim)?;
    let parts = inside
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    Some(parts.collect::<Vec<_>>().join("/"))
}

fn failure(path: &Path, error: notify::Error) -> Error {
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => Error::refused(
            path,
            say!(
                "文件太多，系统不让再监视；请管理员调大 fs.inotify.max_user_watches（sysctl），或关掉别的监视文件的程序",
                "too many files for the system to watch; raise fs.inotify.max_user_watches (sysctl), or close other programs that watch files"
            ),
        ),
        notify::ErrorKind::Io(error) => Error::io(path, error),
        other => Error::io(path, io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn changes(pending: &Pending) -> Changes {
        match pending.wait(Duration::from_secs(60)) {
            Woken::Changed(changes) => changes,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_what_a_site_is_made_from_counts() {
        let root = Path::new("/srv/site");
        for (path, name) in [
            ("site.toml", Some("site.toml")),
            ("data", Some("data")),
            (
                "data/a/2025-budget/tables/t.yaml",
                Some("data/a/2025-budget/tables/t.yaml"),
            ),
            ("templates/page.html", Some("templates/page.html")),
            ("public", None),
            ("public/index.html", None),
            (".public.gongkai", None),
            (".git/index", None),
            ("data/.t.yaml.swp", None),
            ("data/t.yaml~", None),
            ("data/#t.yaml#", None),
            ("", None),
        ] {
            assert_eq!(wanted(&root.join(path), root).as_deref(), name, "{path}");
        }
        assert_eq!(wanted(Path::new("/srv/other/site.toml"), root), None);
    }

    #[test]
    fn a_file_that_is_read_has_not_changed() {
        let read = AccessKind::Close(AccessMode::Read);
        for kind in [AccessKind::Open(AccessMode::Any), AccessKind::Read, read] {
            assert!(!is_change(EventKind::Access(kind)), "{kind:?}");
        }
        let written = AccessKind::Close(AccessMode::Write);
        assert!(is_change(EventKind::Access(written)));
        assert!(is_change(EventKind::Any));
    }

    #[test]
    fn a_storm_is_one_change_and_does_not_wait_for_its_end() {
        let pending = Arc::new(Pending::default());
        let storm = Arc::clone(&pending);
        let ended = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&ended);
        let teller = std::thread::spawn(move || {
            let (started, root) = (Instant::now(), Path::new("/s"));
            while !told.load(Ordering::Relaxed) && started.elapsed() < Duration::from_secs(60) {
                let number = started.elapsed().as_micros();
                let path = root.join(format!("data/{number}"));
                storm.take(Ok(Event::new(EventKind::Any).add_path(path)), root);
            }
            !told.load(Ordering::Relaxed)
        });
        let changes = changes(&pending);
        ended.store(true, Ordering::Relaxed);
        assert!(changes.paths.len() <= NAMED, "{}", changes.paths.len());
        let waited = teller.join().expect("the storm ends");
        assert!(!waited, "the change came only after the storm");
    }

    #[test]
    fn what_the_system_could_not_tell_is_a_change() {
        let pending = Pending::default();
        pending.take(Err(notify::Error::generic("queue")), Path::new("/s"));
        let changes = changes(&pending);
        assert!(changes.paths.is_empty() && changes.lost);
    }
}
