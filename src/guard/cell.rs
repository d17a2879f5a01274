//! What one slot counted.

use super::{Guard, buckets};

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A response that is no failure.
    Success,
    /// A status of 500 or more, or a network error. Its latency doesn't count.
    Failure,
    /// A failure that is slower than any limit.
    Timeout,
}

/// One request that ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took, in milliseconds; what is not a number, or negative, counts as 0.
    pub latency_ms: f64,
}

/// The requests of one variant that ended in one slot. Counts end at `u32::MAX`, beyond what a slot can see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// All requests.
    pub requests: u32,
    /// Failures and timeouts.
    pub failures: u32,
    /// Successes and timeouts: those whose latency counts.
    pub timed: u32,
    /// Those of `timed` that were slower than the guard's `latency.max`; 0 without one.
    pub slow: u32,
    /// Those of `timed` by bucket, with their number, sorted, none of them 0; empty without `latency.overControl`.
    pub buckets: Vec<(u8, u32)>,
}

impl Cell {
    /// Counts one request.
    pub fn observe(&mut self, guard: &Guard, seen: Observation) {
        add(&mut self.requests, 1);
        match seen.outcome {
            Outcome::Success => self.time(guard, seen.latency_ms),
            Outcome::Failure => add(&mut self.failures, 1),
            Outcome::Timeout => {
                add(&mut self.failures, 1);
                self.time(guard, f64::INFINITY);
            }
        }
    }

    fn time(&mut self, guard: &Guard, ms: f64) {
        add(&mut self.timed, 1);
        let Some(latency) = &guard.latency else { return };
        if latency.max_ms.is_some_and(|max| ms > max as f64) {
            add(&mut self.slow, 1);
        }
        if latency.over_control.is_some() {
            self.change(buckets::bucket_of(ms), 1, add);
        }
    }

    /// Raises each number to that of `other` where that is larger: how reports of one isolate are merged. To do it again, or in another
    /// order, makes no difference.
    pub fn raise_to(&mut self, other: &Cell) {
        self.combine(other, raise);
    }

    /// Adds the numbers of `other`: how isolates are pooled.
    pub fn add(&mut self, other: &Cell) {
        self.combine(other, add);
    }

    fn combine(&mut self, other: &Cell, how: fn(&mut u32, u32)) {
        how(&mut self.requests, other.requests);
        how(&mut self.failures, other.failures);
        how(&mut self.timed, other.timed);
        how(&mut self.slow, other.slow);
        for &(bucket, count) in &other.buckets {
            self.change(bucket, count, how);
        }
    }

    fn change(&mut self, bucket: u8, count: u32, how: fn(&mut u32, u32)) {
        match self.buckets.binary_search_by(|(own, _)| own.cmp(&bucket)) {
            Ok(at) => {
                if let Some((_, own)) = self.buckets.get_mut(at) {
                    how(own, count);
                }
            }
            Err(at) => self.buckets.insert(at, (bucket, count)),
        }
    }
}

fn add(own: &mut u32, other: u32) {
    *own = own.saturating_add(other);
}

fn raise(own: &mut u32, other: u32) {
    *own = other.max(*own);
}
