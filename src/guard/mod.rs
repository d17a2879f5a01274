//! Guards: whether a flag's new variants hold to what was promised for them.

/// What a flag's variants must hold to, and what happens where one does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// The place of the variant to compare with, and to serve on a rollback.
    pub control: u8,
    /// Limits of failures.
    pub error_rate: Rate,
    /// Limits of the time to the first byte.
    pub latency: Option<Latency>,
    /// Milliseconds of a slot.
    pub slot_ms: u64,
    /// The window, in slots.
    pub window: usize,
    /// How long a variant must be suspect (`for`), in slots.
    pub hold: usize,
    /// Fewer of a window's requests tell nothing.
    pub min_requests: u64,
    /// Per guard and day, `0.5..1.0`.
    pub confidence: f64,
    /// 0: failures in a row mean nothing.
    pub consecutive_failures: u32,
    /// What a breach does.
    pub action: Action,
    /// Judge, and do nothing.
    pub dry_run: bool,
    /// What was ordered holds until it grows.
    pub generation: u64,
}

/// Limits of the share of failed requests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// `0.0..=1.0`.
    pub max: Option<f64>,
    /// How much above the control's, `0.0..=1.0`.
    pub over_control: Option<f64>,
}

/// Limits of a quantile of the time to the first byte.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// `0.5..1.0`.
    pub quantile: f64,
    /// Milliseconds.
    pub max_ms: Option<u64>,
    /// So many times the control's.
    pub over_control: Option<f64>,
}

/// What a breach does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Gives the control to whoever would get the variant.
    Rollback,
    /// Holds the flag's schedules.
    Freeze,
    /// Nothing but to tell.
    Warn,
}

/// Which limit a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `errorRate.max`.
    ErrorMax,
    /// `errorRate.overControl`.
    ErrorOverControl,
    /// `latency.max`.
    LatencyMax,
    /// `latency.overControl`.
    LatencyOverControl,
}
