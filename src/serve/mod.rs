//! A site that is built in memory, shown on this machine, and built again whenever something of it changes.
//!
//! One thread builds and waits for changes ([`Server::run`]); another one answers browsers from the last good
//! snapshot. Pages are those of a build with one line more, which asks for a script; the script waits for events.

mod address;
mod answer;
mod connections;
mod events;
mod guard;
mod kinds;
mod overlay;

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch::Sender;

use crate::diagnostic::{Keep, Language};
use crate::error::Error;
use crate::pipeline::Progress;
use crate::pipeline::live::{Live, Rebuilt};
use crate::pipeline::memory::Snapshot;
use crate::watch::{Changes, Stopper, Watch};
use connections::Serving;
use events::Listeners;
use guard::Guard;

/// The port when none is asked for.
pub const PORT: u16 = 1111;

/// What `serve` is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// Root of the site.
    pub root: PathBuf,
    /// Where to listen; anything but this machine itself shows drafts to others.
    pub address: IpAddr,
    /// Port; 0 for any that is free.
    pub port: u16,
    /// Of what is shown in pages and refused requests.
    pub language: Language,
    /// What is kept for the report.
    pub keep: Keep,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    options: Options,
    listener: TcpListener,
    watch: Watch,
    listeners: Listeners,
}

/// Acts on a server that runs in another thread.
#[derive(Debug, Clone)]
pub struct Handle {
    stopper: Stopper,
    listeners: Listeners,
}

/// One build, as the terminal tells it.
#[derive(Debug)]
pub struct Told {
    /// What has changed; `None` for the first build.
    pub changes: Option<Changes>,
    /// What came of it.
    pub result: Result<Rebuilt, Error>,
    /// Since the change was noticed.
    pub elapsed: Duration,
}

/// What browsers are shown now.
#[derive(Debug, Default)]
struct Now {
    /// Of the pages: another one says that they should be loaded again.
    version: String,
    /// The last good site.
    snapshot: Option<Arc<Snapshot>>,
    /// Path of its address.
    base: String,
    /// Version and faults as the script takes them.
    event: String,
}

impl Handle {
    /// Lets [`Server::run`] return.
    pub fn stop(&self) {
        self.stopper.stop();
    }

    /// How many pages wait for changes.
    #[must_use]
    pub fn open_pages(&self) -> usize {
        self.listeners.count()
    }
}

impl Server {
    /// Listens, and watches the site.
    ///
    /// # Errors
    /// When the address cannot be used, or the root is no site.
    pub fn open(options: Options) -> Result<Self, Error> {
        if !options.root.join("site.toml").is_file() {
            return Err(Error::not_a_site(&options.root));
        }
        let listener = address::listen(options.address, options.port)?;
        let watch = Watch::open(&options.root)?;
        Ok(Self {
            options,
            listener,
            watch,
            listeners: Listeners::default(),
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not know.
    pub fn address(&self) -> Result<SocketAddr, Error> {
        let found = self.listener.local_addr();
        found.map_err(|error| Error::io(Path::new("TCP"), error))
    }

    /// To act on it from another thread.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle {
            stopper: self.watch.stopper(),
            listeners: self.listeners.clone(),
        }
    }

    /// Builds, answers, and builds again after each change until it is stopped. `progress` is told of the first build,
    /// `tell` of what came of each.
    ///
    /// # Errors
    /// When the first build finds no site, or the system gives no thread or watches no more.
    pub fn run(
        mut self,
        progress: &dyn Progress,
        tell: &mut dyn FnMut(&Told),
    ) -> Result<(), Error> {
        let started = Instant::now();
        let mut builder = Builder::new(&self.options);
        let first = match builder.build(progress) {
            // Told below; the next change may mend it.
            Err(error) if !error.is_of_program() => return Err(error),
            first => first,
        };
        let guard = Guard::new(self.options.address, self.options.language);
        let now = builder.now.subscribe();
        let serving = Serving::start(self.listener, guard, now, self.listeners)?;
        tell(&Told {
            changes: None,
            result: first,
            elapsed: started.elapsed(),
        });
        while let Some(changes) = self.watch.wait()? {
            let result = builder.build(&());
            let elapsed = changes.since.elapsed();
            tell(&Told {
                changes: Some(changes),
                result,
                elapsed,
            });
        }
        drop(builder);
        serving.wait();
        Ok(())
    }
}

/// Builds the site and shows what came of it.
struct Builder {
    live: Live,
    language: Language,
    now: Sender<Arc<Now>>,
    /// Of this process, so that pages of an earlier one are loaded again.
    series: u128,
    number: u64,
}

impl Builder {
    fn new(options: &Options) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            live: Live::new(options.root.clone(), options.keep),
            language: options.language,
            now: Sender::default(),
            series: since.map_or(0, |since| since.as_nanos()),
            number: 0,
        }
    }

    fn build(&mut self, progress: &dyn Progress) -> Result<Rebuilt, Error> {
        let result = self.live.build(progress);
        if let Ok(rebuilt) = &result
            && rebuilt.made
            && !rebuilt.outcome.differences.is_empty()
        {
            self.number += 1;
        }
        let version = format!("{}-{}", self.series, self.number);
        let event = overlay::event(&version, &result, self.language);
        self.now.send_replace(Arc::new(Now {
            version,
            snapshot: self.live.snapshot().cloned(),
            base: self.live.base().to_owned(),
            event,
        }));
        result
    }
}
