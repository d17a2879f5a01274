//! What guards order: plain data. By name as it is handed on, by place as the walk reads it.

use crate::guard::Condition;

/// What is to be done about a variant, until the flag's guard has another `generation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// The flag's key.
    pub flag: String,
    /// The variant's name.
    pub variant: String,
    /// The generation of the guard that was judged.
    pub generation: u64,
    /// What is ordered.
    pub action: Ordered,
    /// When the verdict was reached, in milliseconds since 1970.
    pub at: i64,
    /// What the verdict rests on.
    pub evidence: Option<Grounds>,
}

/// What a directive orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordered {
    /// Give the control to whoever would get the variant.
    Rollback,
    /// Hold the flag's schedules.
    Freeze,
}

/// What a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grounds {
    /// Which limit it is about.
    pub condition: Condition,
    /// When the stretch of time began that shows it best, in milliseconds since 1970.
    pub since: i64,
    /// Requests of the variant that failed, or were too slow, in that stretch.
    pub failed: u64,
    /// All its requests.
    pub requests: u64,
    /// The control's that failed, or were too slow; 0 where there is nothing to compare with.
    pub control_failed: u64,
    /// All the control's.
    pub control_requests: u64,
    /// The limit: a share, or for `LatencyOverControl` a ratio.
    pub limit: f64,
    /// What is slower than this many milliseconds counts as too slow; 0 where it is about errors.
    pub edge_ms: f64,
}

/// How a guarded schedule lags behind the clock: it goes on only while its guard is `ok`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// The flag's key.
    pub flag: String,
    /// The generation of its guard.
    pub generation: u64,
    /// The time, in milliseconds since 1970, at which it is held; none while it goes on.
    pub held_at: Option<f64>,
    /// By how much it is late, in milliseconds.
    pub lag_ms: f64,
}

/// All that is in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Orders {
    /// In the order in which they came.
    pub directives: Vec<Directive>,
    /// For each flag with a guard and a schedule, once it was judged.
    pub clocks: Vec<Clock>,
}

/// The orders for one flag, as the walk reads them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlagOrder {
    /// The flag's place.
    pub flag: u32,
    /// The place of the variant that is served in place of those withdrawn, and is never among them.
    pub control: u8,
    /// The places of variants that are rolled back or ejected.
    pub withdrawn: Vec<u8>,
    /// The time, in milliseconds since 1970, at which schedules are held.
    pub held_at: Option<f64>,
    /// By how much they are late, in milliseconds.
    pub lag_ms: f64,
    /// Where they stand, if they were held when their clock changed.
    pub stand: Option<Stand>,
}

/// Where schedules stand that see a held time, while the true one goes on and their clock changes with it: what they lag behind by
/// now is nothing to take from a time before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    /// What they saw when the clock changed, in milliseconds since 1970.
    pub time: f64,
    /// When it changed: times before that are held ones.
    pub until: f64,
}

impl FlagOrder {
    /// What the flag's schedules see at a time.
    pub fn time(&self, now: f64) -> f64 {
        match self.stand {
            Some(stand) if now < stand.until => stand.time.min(now),
            _ => self.held_at.map_or(now, |held| held.min(now)) - self.lag_ms,
        }
    }

    /// Whether it orders anything.
    pub fn is_any(&self) -> bool {
        !self.withdrawn.is_empty() || self.held_at.is_some() || self.lag_ms != 0.0 || self.stand.is_some()
    }
}
