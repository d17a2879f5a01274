//! The one to four conditions of a guard, and what each counts in a stretch of slots.

use super::{Cell, Guard, buckets, evidence};

/// What a guard limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `errorRate.max`: the share that fails.
    ErrorMax,
    /// `errorRate.overControl`: how much larger it is than the control's.
    ErrorOverControl,
    /// `latency.max`: the share that is slower.
    LatencyMax,
    /// `latency.overControl`: the share that is slower than so many times the control's quantile.
    LatencyOverControl,
}

/// The share that no five-fold breach is looked for above: beyond it five times the limit means nothing.
const HALF: f64 = 0.5;

impl Guard {
    /// The conditions that this guard sets, with their limits: a share, a difference, `1 - quantile` (twice).
    pub(super) fn conditions(&self) -> impl Iterator<Item = (Condition, f64)> {
        let tail = self.latency.map(|latency| 1.0 - latency.quantile);
        let slow = self.latency.and_then(|latency| latency.max_ms).and(tail);
        let slower = self.latency.and_then(|latency| latency.over_control).and(tail);
        let limits = [
            (Condition::ErrorMax, self.error_rate.max),
            (Condition::ErrorOverControl, self.error_rate.over_control),
            (Condition::LatencyMax, slow),
            (Condition::LatencyOverControl, slower),
        ];
        limits.into_iter().flat_map(|(condition, limit)| limit.map(|limit| (condition, limit)))
    }
}

impl Condition {
    /// Whether it needs requests of the control.
    pub(super) fn compares(self) -> bool {
        matches!(self, Condition::ErrorOverControl | Condition::LatencyOverControl)
    }
}

/// The sums of a stretch of slots.
#[derive(Clone, Default)]
pub(super) struct Sums {
    pub requests: u64,
    failures: u64,
    timed: u64,
    slow: u64,
    /// By bucket; empty until there are any.
    buckets: Vec<u64>,
}

impl Sums {
    pub fn add(&mut self, cell: &Cell) {
        self.requests = self.requests.saturating_add(cell.requests.into());
        self.failures = self.failures.saturating_add(cell.failures.into());
        self.timed = self.timed.saturating_add(cell.timed.into());
        self.slow = self.slow.saturating_add(cell.slow.into());
        if !cell.buckets.is_empty() && self.buckets.is_empty() {
            self.buckets = vec![0; buckets::BUCKETS.into()];
        }
        for &(bucket, count) in &cell.buckets {
            if let Some(own) = self.buckets.get_mut(usize::from(bucket)) {
                *own = own.saturating_add(count.into());
            }
        }
    }

    /// Requests in a bucket or a slower one.
    fn from(&self, bucket: u8) -> u64 {
        let slower = self.buckets.get(usize::from(bucket)..).unwrap_or_default();
        slower.iter().fold(0, |sum: u64, &count| sum.saturating_add(count))
    }

    /// The first bucket with at most `share` of the requests in it or slower ones; the last one where there is none.
    fn quantile(&self, share: f64) -> u8 {
        let most = share * self.timed as f64;
        let mut slower: u64 = 0;
        let mut first = buckets::LAST;
        for bucket in (0..buckets::BUCKETS).rev() {
            slower = slower.saturating_add(self.buckets.get(usize::from(bucket)).copied().unwrap_or_default());
            if slower as f64 > most {
                break;
            }
            first = bucket;
        }
        first
    }
}

/// What a condition counts in a stretch: failures, or slow requests, of the candidate and of the control.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub failed: u64,
    pub requests: u64,
    pub control_failed: u64,
    pub control_requests: u64,
    /// What is slow is slower than this, in milliseconds; 0 where errors are counted.
    pub edge_ms: f64,
}

/// A stretch of slots: the candidate's sums, and the control's.
#[derive(Clone, Default)]
pub(super) struct Stretch {
    pub candidate: Sums,
    pub control: Sums,
}

impl Stretch {
    pub fn tally(&self, guard: &Guard, condition: Condition) -> Tally {
        match condition {
            Condition::ErrorMax | Condition::ErrorOverControl => self.errors(),
            Condition::LatencyMax => self.slow(guard.latency.and_then(|latency| latency.max_ms).unwrap_or_default()),
            Condition::LatencyOverControl => guard.latency.map_or(Tally::default(), |latency| {
                self.slower(1.0 - latency.quantile, latency.over_control.unwrap_or(1.0))
            }),
        }
    }

    fn errors(&self) -> Tally {
        let (candidate, control) = (&self.candidate, &self.control);
        Tally {
            failed: candidate.failures,
            requests: candidate.requests,
            control_failed: control.failures,
            control_requests: control.requests,
            edge_ms: 0.0,
        }
    }

    fn slow(&self, max_ms: u64) -> Tally {
        let (candidate, control) = (&self.candidate, &self.control);
        Tally {
            failed: candidate.slow,
            requests: candidate.timed,
            control_failed: control.slow,
            control_requests: control.timed,
            edge_ms: max_ms as f64,
        }
    }

    /// Where the control times out so often that no edge leaves `share` beyond it, the timeouts themselves are compared.
    fn slower(&self, share: f64, ratio: f64) -> Tally {
        let usual = self.control.quantile(share);
        let slower = buckets::first_from(buckets::lower_edge(usual) * ratio);
        Tally {
            failed: self.candidate.from(slower),
            requests: self.candidate.timed,
            control_failed: self.control.from(usual),
            control_requests: self.control.timed,
            edge_ms: buckets::lower_edge(slower),
        }
    }
}

impl Tally {
    /// The candidate's counts, as evidence takes them.
    fn candidate(&self) -> (f64, f64) {
        (self.failed as f64, self.requests as f64)
    }

    fn control(&self) -> (f64, f64) {
        (self.control_failed as f64, self.control_requests as f64)
    }

    /// The candidate's share; 0 without requests.
    pub fn share(&self) -> f64 {
        share(self.candidate())
    }

    /// The evidence that the limit is exceeded, in nats; 0 where the share seen is within it.
    pub fn against(&self, condition: Condition, limit: f64) -> f64 {
        let ((k1, n1), (k0, n0)) = (self.candidate(), self.control());
        match condition {
            Condition::ErrorMax | Condition::LatencyMax if k1 > limit * n1 => evidence::of_rate(k1, n1, limit),
            Condition::ErrorMax | Condition::LatencyMax => 0.0,
            Condition::ErrorOverControl => evidence::of_difference(k1, n1, k0, n0, limit),
            Condition::LatencyOverControl => evidence::of_difference(k1, n1, k0, n0, 0.0),
        }
    }

    /// Whether the candidate keeps within the limit here, and too well for a share of `p`.
    pub fn recovers_from(&self, p: f64, condition: Condition, limit: f64, needed: f64) -> bool {
        self.is_within(condition, limit) && self.is_below(p, needed)
    }

    /// A control without requests counts as one without failures: no other could make the candidate look worse.
    fn is_within(&self, condition: Condition, limit: f64) -> bool {
        let ((k1, n1), usual) = (self.candidate(), share(self.control()));
        match condition {
            Condition::ErrorMax | Condition::LatencyMax => k1 <= limit * n1,
            Condition::ErrorOverControl => self.share() - usual <= limit,
            Condition::LatencyOverControl => self.share() <= usual,
        }
    }

    /// Whether a share of `p` or more is excluded.
    fn is_below(&self, p: f64, needed: f64) -> bool {
        let (k, n) = self.candidate();
        k < p * n && evidence::of_rate(k, n, p) >= needed
    }

    /// Whether a breach of five times the limit would have shown: else a clean record means nothing.
    pub fn is_clean(&self, condition: Condition, limit: f64, needed: f64) -> bool {
        let usual = share(self.control());
        let breach = match condition {
            Condition::ErrorMax | Condition::LatencyMax => (5.0 * limit).min(HALF),
            Condition::ErrorOverControl => usual + (5.0 * limit).min(HALF),
            // A control all of whose requests are in one bucket has none beyond its edge.
            Condition::LatencyOverControl => (5.0 * if usual > 0.0 { usual } else { limit }).min(HALF),
        };
        self.is_below(breach.min(BELOW_ONE), needed)
    }
}

/// As evidence needs a rate below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON;

fn share((k, n): (f64, f64)) -> f64 {
    if n > 0.0 { k / n } else { 0.0 }
}
