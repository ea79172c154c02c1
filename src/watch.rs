//! Waits until something that a site is made from has changed: data, standards, templates, static files, settings.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{fs, io};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

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

/// So many changed files are named.
const NAMED: usize = 100;

/// Waits for changes of one site.
#[derive(Debug)]
pub struct Watch {
    root: PathBuf,
    watcher: RecommendedWatcher,
    pending: Arc<Pending>,
    watched: [bool; 4],
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
        let root = fs::canonicalize(root).map_err(|error| Error::io(root, error))?;
        let pending = Arc::new(Pending::default());
        let (taking, base) = (Arc::clone(&pending), root.clone());
        let watcher = notify::recommended_watcher(move |event| taking.take(event, &base));
        let mut watch = Self {
            watcher: watcher.map_err(|error| failure(&root, error))?,
            root,
            pending,
            watched: [false; 4],
        };
        watch
            .watcher
            .watch(&watch.root, RecursiveMode::NonRecursive)
            .map_err(|error| failure(&watch.root, error))?;
        watch.folders(|_| false)?;
        Ok(watch)
    }

    /// Ends it from another thread.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.pending))
    }

    /// Waits for the next change, and until nothing happens for a moment. `None` when it was stopped.
    ///
    /// # Errors
    /// When a folder that has come cannot be watched.
    pub fn wait(&mut self) -> Result<Option<Changes>, Error> {
        let Some(changes) = self.pending.wait() else {
            return Ok(None);
        };
        self.folders(|name| changes.lost || changes.paths.contains(name))?;
        Ok(Some(changes))
    }

    /// Watches the folders that are there. One that has `changed` itself may be another now.
    fn folders(&mut self, changed: impl Fn(&str) -> bool) -> Result<(), Error> {
        for (name, watched) in FOLDERS.into_iter().zip(&mut self.watched) {
            let path = self.root.join(name);
            if !path.is_dir() {
                *watched = false;
                continue;
            }
            if *watched && !changed(name) {
                continue;
            }
            match self.watcher.watch(&path, RecursiveMode::Recursive) {
                Ok(()) => *watched = true,
                // It has gone meanwhile; that is a change too.
                Err(_) if !path.is_dir() => *watched = false,
                Err(error) => return Err(failure(&path, error)),
            }
        }
        Ok(())
    }
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
                for name in changed.filter_map(|path| wanted(path, root)) {
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

    fn wait(&self) -> Option<Changes> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            let (Some(since), Some(last)) = (state.first, state.last) else {
                state = self
                    .more
                    .wait(state)
                    .expect("no thread panics while it holds changes");
                continue;
            };
            let until = (last + QUIET).min(since + LONGEST);
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                (state.first, state.last) = (None, None);
                return Some(Changes {
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
        let changes = pending.wait().expect("a change");
        ended.store(true, Ordering::Relaxed);
        assert!(changes.paths.len() <= NAMED, "{}", changes.paths.len());
        let waited = teller.join().expect("the storm ends");
        assert!(!waited, "the change came only after the storm");
    }

    #[test]
    fn what_the_system_could_not_tell_is_a_change() {
        let pending = Pending::default();
        pending.take(Err(notify::Error::generic("queue")), Path::new("/s"));
        let changes = pending.wait().expect("a change");
        assert!(changes.paths.is_empty() && changes.lost);
    }
}
