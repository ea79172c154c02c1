//! The events that pages wait for: one at once with what is shown now, then one after each build.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use tokio::sync::watch::Receiver;

use super::Now;
use super::answer::Shared;

/// A page that lost the server asks again so soon.
const RETRY: Duration = Duration::from_millis(300);

/// A word to pages that wait, so that those that have gone are noticed.
const ALIVE: Duration = Duration::from_secs(15);

/// Counts the pages that wait.
#[derive(Debug, Clone, Default)]
pub struct Listeners(Arc<AtomicUsize>);

impl Listeners {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn one_more(&self) -> Listening {
        self.0.fetch_add(1, Ordering::Relaxed);
        Listening(self.clone())
    }
}

/// One page that waits, until it is dropped.
struct Listening(Listeners);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a stream of events has at hand.
struct Waiting {
    now: Receiver<Arc<Now>>,
    first: bool,
    _listening: Listening,
}

/// Answers with events until the page is closed.
pub async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let waiting = Waiting {
        now: shared.now.clone(),
        first: true,
        _listening: shared.listeners.one_more(),
    };
    let stream = stream::unfold(waiting, |mut waiting| async move {
        let mut event = Event::default();
        if waiting.first {
            waiting.first = false;
            event = event.retry(RETRY);
        } else {
            waiting.now.changed().await.ok()?;
        }
        let text = waiting.now.borrow_and_update().event.clone();
        Some((Ok(event.data(text)), waiting))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE))
}
