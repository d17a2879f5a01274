//! Which fault is injected into a request: decided from what is told, never slept here.

use crate::{
    context::Attributes,
    eval::{Scene, first_unit, holds},
    hash,
    table::{Fault, Route},
};

/// A fault that hits a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injected {
    /// Its place among the route's.
    pub place: usize,
    /// How long the request is held back, in milliseconds.
    pub delay_ms: u64,
    /// The status to answer with in place of the backend.
    pub abort: Option<u16>,
}

/// The first of a route's faults that hits.
///
/// `clock` is the true time: a fault ends at its `until` even where the snapshot is no longer believed, and schedules hold.
pub fn decide<'a, A: Attributes<'a>>(scene: Scene<'_>, clock: f64, route: &Route, attributes: A) -> Option<Injected> {
    if route.faults.is_empty() || !scene.table.faults_enabled {
        return None;
    }
    route.faults.iter().enumerate().find_map(|(place, fault)| {
        let point = hit(fault, scene, clock, attributes)?;
        Some(Injected { place, delay_ms: delay(fault, point), abort: fault.abort })
    })
}

/// Where the visitor stands, if the fault hits.
fn hit<'a, A: Attributes<'a>>(fault: &Fault, scene: Scene<'_>, clock: f64, attributes: A) -> Option<u64> {
    // A clock that says nothing injects nothing.
    let is_time = clock < fault.until as f64;
    if fault.cut == 0 || !is_time {
        return None;
    }
    let applies = |condition| holds(condition, scene, attributes);
    if !fault.condition.as_ref().is_none_or(applies) {
        return None;
    }
    match first_unit(&fault.bucket_by, attributes) {
        Some(unit) => Some(hash::point(unit, fault.seed)).filter(|point| *point < fault.cut),
        None => (fault.cut == hash::LINE).then_some(0),
    }
}

/// Jitter comes from the visitor's point, so that a victim is held back for as long each time.
fn delay(fault: &Fault, point: u64) -> u64 {
    let Some(delay) = fault.delay else { return 0 };
    let jitter = delay.jitter_ms.saturating_mul(point).checked_div(fault.cut).unwrap_or(0);
    delay.fixed_ms.saturating_add(jitter)
}
