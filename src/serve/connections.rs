//! Many connections on one thread. Each must ask within a time and in few words, and when there are too many the
//! oldest that has not asked gives way, so that a flood or slow clients keep nobody waiting.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::sync::watch::Receiver;
use tokio::task::AbortHandle;

use super::Now;
use super::answer::{Shared, router};
use super::events::Listeners;
use super::guard::Guard;
use crate::error::Error;

/// So many connections are open at once; systems allow a program some more files than that.
const MAX: usize = 512;

/// A request must have come after so long.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// And not be longer, bodies aside, which nobody reads.
const HEAD_BYTES: usize = 16 * 1024;

/// Until the system may have room again for a connection.
const PAUSE: Duration = Duration::from_millis(5);

/// The thread that answers.
pub struct Serving(JoinHandle<()>);

impl Serving {
    /// Answers until what is shown `now` will not change any more.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        listener: TcpListener,
        guard: Guard,
        mut now: Receiver<Arc<Now>>,
        listeners: Listeners,
    ) -> Result<Self, Error> {
        let shared = Shared {
            now: now.clone(),
            listeners,
        };
        let start = || -> io::Result<JoinHandle<()>> {
            listener.set_nonblocking(true)?;
            let mut builder = runtime::Builder::new_current_thread();
            let runtime = builder.enable_io().enable_time().build()?;
            let listener = {
                let _inside = runtime.enter();
                tokio::net::TcpListener::from_std(listener)?
            };
            let router = router(guard, shared);
            thread::Builder::new()
                .name("answers".to_owned())
                .spawn(move || {
                    runtime.spawn(accept(listener, router));
                    runtime.block_on(async { while now.changed().await.is_ok() {} });
                })
        };
        let thread = start().map_err(|error| Error::io(Path::new("TCP"), error))?;
        Ok(Self(thread))
    }

    /// Waits for its end.
    pub fn wait(self) {
        // A panic there has been told already.
        let _ = self.0.join();
    }
}

/// Takes connections for ever.
async fn accept(listener: tokio::net::TcpListener, router: Router) {
    let mut open = Open::default();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => open.take(stream, &router),
            Err(_) => {
                // The system has no room, or the client has gone meanwhile.
                open.give_way();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Open connections, the oldest first.
#[derive(Default)]
struct Open(Vec<Connection>);

struct Connection {
    task: AbortHandle,
    /// Whether it has sent a whole request.
    asked: Arc<AtomicBool>,
}

impl Open {
    fn take(&mut self, stream: TcpStream, router: &Router) {
        self.0.retain(|connection| !connection.task.is_finished());
        if self.0.len() >= MAX {
            self.give_way();
        }
        let asked = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(answer(stream, router.clone(), Arc::clone(&asked)));
        self.0.push(Connection {
            task: task.abort_handle(),
            asked,
        });
    }

    /// Closes the oldest connection that has not asked, or the oldest.
    fn give_way(&mut self) {
        let has_asked = |connection: &Connection| connection.asked.load(Ordering::Relaxed);
        let at = self.0.iter().position(|connection| !has_asked(connection));
        if !self.0.is_empty() {
            self.0.remove(at.unwrap_or(0)).task.abort();
        }
    }
}

/// Answers the requests of one connection. What it does wrong is its own affair.
async fn answer(stream: TcpStream, router: Router, asked: Arc<AtomicBool>) {
    // An event is sent at once, however short.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        asked.store(true, Ordering::Relaxed);
        router.call(request)
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
