//! Counts of failed and slow requests to verdicts on canaries: pure in (counts, time, guard), no clock, no HTTP.
//!
//! ```text
//! observations ─▶ counts (rings of cells by slot and isolate) ─▶ judge (evidence, slot by slot) ─▶ judgement
//!                 ▲ delta (JSON text) from other isolates       ejection (failures in a row, this isolate only)
//! ```
//!
//! ```
//! use pointsman::guard::{Action, Cell, Guard, Rate, Scope, State, judge};
//!
//! // At most 1 % may fail: over five minutes or any newer part of them, for one minute, in slots of ten seconds.
//! let error_rate = Rate { max: Some(0.01), over_control: None };
//! let guard = Guard { error_rate, window: 30, hold: 6, slot_ms: 10_000, ..Guard::default() };
//! let healthy = Cell { requests: 200, failures: 0, timed: 200, ..Cell::default() };
//! let broken = Cell { requests: 200, failures: 40, timed: 160, ..Cell::default() };
//! let candidate: Vec<Cell> = [vec![healthy; 29], vec![broken; 7]].concat();
//!
//! let judgement = judge(&guard, &candidate, &[], Scope::default());
//! assert_eq!(judgement.state, State::Breach);
//! let evidence = judgement.evidence.unwrap();
//! assert_eq!((evidence.slots, evidence.failed, evidence.requests), (7, 280, 1_400));
//! ```

pub mod buckets;
mod cell;
mod condition;
mod counts;
pub mod delta;
mod ejection;
pub mod evidence;
mod in_force;
mod judge;
mod orders;
mod series;
mod shares;
mod sources;
mod standing;
mod verdicts;
mod watch;
mod wire;

pub use cell::{Cell, Observation, Outcome};
pub use condition::Condition;
#[cfg(feature = "edge")]
pub use counts::Due;
pub use counts::{Counts, Key};
pub use ejection::Ejection;
pub use judge::{Evidence, Judgement, Lack, Scope, State, judge};
#[cfg(feature = "edge")]
pub(crate) use orders::written;
pub use sources::Sources;
pub use standing::Standing;
#[cfg(all(target_family = "wasm", target_os = "unknown", feature = "edge"))]
pub(crate) use standing::written as standings_written;
pub(crate) use watch::Watch;
#[cfg(feature = "edge")]
pub(crate) use watch::{Moment, Seen};

/// Milliseconds of a day: what a guard's confidence is for.
const DAY_MS: f64 = 86_400_000.0;

/// How many isolates may judge only themselves, each without knowing of the others, before `confidence` no longer holds for all.
const LONERS: f64 = 1_000.0;

/// What a verdict leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Whoever would get the variant gets the control.
    Rollback,
    /// Schedules stand still.
    Freeze,
    /// It is told, and nothing else.
    Warn,
}

/// The most that may fail. Without both members errors are not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// The largest share of requests that may fail, above 0 and at most 1.
    pub max: Option<f64>,
    /// How much larger than the control's share it may be: 0 to 1, 1 excluded.
    pub over_control: Option<f64>,
}

/// The slowest that requests may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// The quantile that is judged, above 0 and below 1: 0.95 leaves the slowest twentieth out.
    pub quantile: f64,
    /// The largest that the quantile may be, in milliseconds.
    pub max_ms: Option<u64>,
    /// How many times the control's quantile it may be, 1 or more.
    pub over_control: Option<f64>,
}

/// The settings of one flag's guard, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// The variant that others are compared with, and that a rollback serves.
    pub control: u8,
    /// What may fail.
    pub error_rate: Rate,
    /// How slow requests may be.
    pub latency: Option<Latency>,
    /// The length of a slot in milliseconds; 0 counts as 1.
    pub slot_ms: u64,
    /// How far back counts are looked at, in slots.
    pub window: usize,
    /// For how long a candidate is suspect before the verdict, in slots: `for`.
    pub hold: usize,
    /// Requests below which there is no verdict.
    pub min_requests: u64,
    /// The share of days without a false verdict, above 0 and below 1.
    pub confidence: f64,
    /// Failures in a row that eject the candidate from one isolate for a while; 0: never.
    pub consecutive_failures: u32,
    /// What a verdict leads to.
    pub action: Action,
    /// Judge, and change nothing.
    pub dry_run: bool,
    /// Counts and directives of earlier generations no longer matter.
    pub generation: u64,
}

impl Default for Guard {
    /// What a guard is that sets nothing: five minutes in slots of ten seconds, one minute of suspicion, and no limits.
    fn default() -> Guard {
        Guard {
            control: 0,
            error_rate: Rate::default(),
            latency: None,
            slot_ms: 10_000,
            window: 30,
            hold: 6,
            min_requests: 20,
            confidence: 0.95,
            consecutive_failures: 5,
            action: Action::Rollback,
            dry_run: false,
            generation: 0,
        }
    }
}

impl Guard {
    /// The slot that a time belongs to, in milliseconds since 1970; times before that, and what is no number, belong to the first.
    pub fn slot_of(&self, ms: f64) -> u64 {
        // The cast cuts off what is behind the point, and saturates.
        (ms / self.slot_ms.max(1) as f64) as u64
    }

    /// The slots that a judgement looks at: `window + hold`.
    pub fn span(&self) -> usize {
        self.window.saturating_add(self.hold)
    }

    /// The evidence that a breach needs, in nats: a false one on at most `1 - confidence` of days, whichever condition and tick it is.
    /// An isolate that is `alone` needs more, as there may be a thousand like it.
    pub fn needed(&self, alone: bool) -> f64 {
        let conditions = self.conditions().count().max(1) as f64;
        let ticks = DAY_MS / self.slot_ms.max(1) as f64;
        let apart = if alone { LONERS.ln() } else { 0.0 };
        (conditions * ticks / (1.0 - self.confidence)).ln() + apart
    }

    /// The evidence that a recovery, or a clean record, needs, in nats.
    pub fn cleared(&self) -> f64 {
        (1.0 / (1.0 - self.confidence)).ln()
    }
}
