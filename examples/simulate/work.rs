//! Jobs on all cores, each with a seed of its own: the tables don't depend on which thread does what.

use rand::{SeedableRng, rngs::StdRng};
use std::{
    io::{self, Write},
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Done before this, nobody needs to be told.
const SILENT: Duration = Duration::from_secs(2);

/// The generator of one job.
pub fn draw(seed: u64, table: u64, job: u64) -> StdRng {
    StdRng::seed_from_u64(seed ^ (table << 56) ^ (job << 40))
}

/// Does each job, and gives the results in their order.
pub fn all<J: Sync, T: Send>(title: &str, jobs: &[J], work: impl Fn(u64, &J) -> T + Sync) -> Vec<T> {
    let (next, done, begun) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::new());
    let one_after_another = || {
        while let Some((place, job)) = take(jobs, &next) {
            let result = work(place as u64, job);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
            tell(title, done.fetch_add(1, Ordering::Relaxed) + 1, jobs.len(), begun);
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        (0..threads).for_each(|_| drop(scope.spawn(one_after_another)));
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'j, J>(jobs: &'j [J], next: &AtomicUsize) -> Option<(usize, &'j J)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(place).map(|job| (place, job))
}

fn tell(title: &str, done: usize, all: usize, begun: Instant) {
    if begun.elapsed() > SILENT {
        // Where nobody can be told, nobody is.
        let _ = writeln!(io::stderr(), "{title}: {done} of {all}");
    }
}
