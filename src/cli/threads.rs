//! The threads that disclosures are made on: as many as the machine gives, and this one where it gives none.

use std::sync::mpsc::{Sender, channel};
use std::thread;

use rayon::{ThreadBuilder, ThreadPoolBuilder};

/// Starts them. The library that hands out the work takes threads all or none, and panics without; so they are asked
/// for one by one before it is.
pub fn start() {
    let asked = std::env::var("RAYON_NUM_THREADS").ok();
    let asked = asked.and_then(|number| number.parse().ok());
    let asked = asked.filter(|number| *number > 0);
    let wanted = asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let waiting: Vec<_> = (0..wanted).map_while(|_| wait()).collect();
    let pool = ThreadPoolBuilder::new();
    let started = if waiting.is_empty() {
        pool.num_threads(1).use_current_thread().build_global()
    } else {
        let mut next = waiting.iter();
        let pool = pool.num_threads(waiting.len()).spawn_handler(|work| {
            let given = next.next().is_some_and(|one| one.send(work).is_ok());
            given
                .then_some(())
                .ok_or_else(|| std::io::Error::other("a thread is gone"))
        });
        pool.build_global()
    };
    started.expect("nothing else starts threads for the work, and these run already");
}

/// A thread that waits for its work; `None` where the machine gives none.
fn wait() -> Option<Sender<ThreadBuilder>> {
    let (give, take) = channel::<ThreadBuilder>();
    let wait = move || {
        if let Ok(work) = take.recv() {
            work.run();
        }
    };
    thread::Builder::new().spawn(wait).ok()?;
    Some(give)
}
