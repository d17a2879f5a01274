//! A piece of work: what is timed by divan, and counted by callgrind.

use std::{fmt, ops::RangeInclusive};

/// One piece of work, by name.
#[derive(Clone, Copy)]
pub struct Work {
    pub name: &'static str,
    pub prepare: fn() -> Task,
}

/// Work that is ready to be done, again and again, with the same answer each time.
pub struct Task {
    /// How many operations a run has.
    pub operations: u64,
    /// How many bytes a run reads; 0 where that tells nothing.
    pub bytes: u64,
    pub run: Box<dyn FnMut() -> u64>,
    /// What a run may answer.
    pub expected: RangeInclusive<u64>,
}

impl Task {
    /// A thousand operations, so that microseconds of a run are nanoseconds of one of them.
    pub fn of_thousand(expected: RangeInclusive<u64>, run: impl FnMut() -> u64 + 'static) -> Task {
        Task { operations: 1_000, bytes: 0, run: Box::new(run), expected }
    }

    /// Runs once, to see that the answer is right.
    pub fn assert(&mut self, work: Work) {
        let (answer, expected) = ((self.run)(), &self.expected);
        assert!(expected.contains(&answer), "{}: {answer} where {expected:?} was expected", work.name);
    }
}

/// The name within its group, as divan lists it.
impl fmt::Display for Work {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name.split_once('/').map_or(self.name, |(_, name)| name))
    }
}

/// How many of so many visitors a share holds, give or take five standard deviations.
pub fn share_of(visitors: usize, share: f64) -> RangeInclusive<u64> {
    let (mean, variance) = (visitors as f64 * share, visitors as f64 * share * (1.0 - share));
    let spread = 5.0 * variance.sqrt();
    (mean - spread).max(0.0) as u64..=(mean + spread) as u64
}
