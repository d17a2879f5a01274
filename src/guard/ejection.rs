//! Failures in a row, and what follows from them in this isolate alone: a candidate gets no visitors here for a while (as Envoy's
//! outlier detection does). It never latches.

use super::Guard;
use crate::hash;

/// The first ejection's length in milliseconds; each next one is twice as long.
const FIRST_MS: f64 = 30_000.0;

/// The longest ejection in milliseconds, before jitter.
const LONGEST_MS: f64 = 300_000.0;

/// Milliseconds without an ejection after which lengths start again at the first.
const FORGOTTEN_MS: f64 = 300_000.0;

/// Doublings of [`FIRST_MS`] that reach beyond [`LONGEST_MS`].
const DOUBLINGS: u32 = 4;

/// How much longer or shorter an ejection is by its jitter: isolates ejected together should not come back together.
const JITTER: f64 = 0.2;

/// The ejections of one variant in one isolate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ejection {
    /// Failures of the present run.
    run: u32,
    /// When the first of them was seen.
    run_since: f64,
    /// Ejections without a long enough pause between them.
    ejections: u32,
    since: f64,
    until: f64,
}

impl Ejection {
    /// Takes in how a request ended that started at `started_ms`; true where that just led to an ejection. `seed` spreads isolates: a
    /// hash of the isolate and the flag, say.
    ///
    /// A failure counts where its request started after the run's first failure was seen: requests that were under way together
    /// fail together, and say no more than one.
    pub fn observe(&mut self, guard: &Guard, failed: bool, started_ms: f64, now_ms: f64, seed: u64) -> bool {
        if !failed {
            self.run = 0;
        } else if !self.is_in_force(started_ms) && !self.is_in_force(now_ms) {
            self.count(started_ms, now_ms);
        }
        let reached = guard.consecutive_failures > 0 && self.run >= guard.consecutive_failures;
        if reached {
            self.eject(now_ms, seed);
        }
        reached
    }

    fn count(&mut self, started_ms: f64, now_ms: f64) {
        if self.run == 0 {
            self.run_since = now_ms;
            self.run = 1;
        } else if started_ms > self.run_since {
            self.run = self.run.saturating_add(1);
        }
    }

    /// Ejects the variant, unless it is ejected already: for 30 s the first time, twice as long each next time up to 300 s, 20 % more or
    /// less by `seed`. After 300 s without an ejection it is the first time again.
    pub fn eject(&mut self, now_ms: f64, seed: u64) {
        if self.is_in_force(now_ms) {
            return;
        }
        if now_ms - self.until >= FORGOTTEN_MS {
            self.ejections = 0;
        }
        let doublings = self.ejections.min(DOUBLINGS);
        self.ejections = self.ejections.saturating_add(1);
        let length = (FIRST_MS * f64::from(1_u32 << doublings)).min(LONGEST_MS);
        // Another point each time, 0 to 1.
        let point = hash::point(self.ejections.into(), seed) as f64 / hash::LINE as f64;
        self.run = 0;
        self.since = now_ms;
        self.until = now_ms + length * (1.0 - JITTER + 2.0 * JITTER * point);
    }

    /// Whether the variant is ejected at a time. Not before it was: a clock that is set back ends the ejection.
    pub fn is_in_force(&self, now_ms: f64) -> bool {
        self.since <= now_ms && now_ms < self.until
    }

    /// When the last ejection ends or ended, in milliseconds since 1970; 0 where there was none.
    pub fn until(&self) -> f64 {
        self.until
    }
}
