//! Which guards are sound in themselves.

use super::shape::{has_only, if_there};
use serde_json::Value;

const MEMBERS: [&str; 12] = [
    "control",
    "errorRate",
    "latency",
    "window",
    "for",
    "slot",
    "minRequests",
    "confidence",
    "consecutiveFailures",
    "onBreach",
    "dryRun",
    "generation",
];

/// Whether the control is a variant is asked elsewhere.
pub fn is_guard(guard: &Value) -> bool {
    has_only(guard, &MEMBERS)
        && if_there(guard, "errorRate", is_error_rate)
        && if_there(guard, "latency", is_latency)
        && if_there(guard, "minRequests", |number| is_whole(number, 1.0, 1e9))
        && if_there(guard, "confidence", |number| is_within(number, 0.5, 0.999_999))
        && if_there(guard, "consecutiveFailures", |number| is_whole(number, 0.0, 1_000.0))
        && if_there(guard, "onBreach", |word| word == "rollback" || word == "freeze" || word == "warn")
        && if_there(guard, "dryRun", Value::is_boolean)
        && if_there(guard, "generation", |number| is_whole(number, 0.0, 9_007_199_254_740_991.0))
        && has_slots(guard).unwrap_or(false)
}

fn is_error_rate(rate: &Value) -> bool {
    has_only(rate, &["max", "overControl"])
        && if_there(rate, "max", |number| is_within(number, 0.0001, 1.0))
        && if_there(rate, "overControl", |number| is_within(number, 0.0, 1.0))
}

fn is_latency(latency: &Value) -> bool {
    has_only(latency, &["quantile", "max", "overControl"])
        && if_there(latency, "quantile", |number| is_within(number, 0.5, 0.999))
        && if_there(latency, "max", |text| milliseconds(text).is_some())
        && if_there(latency, "overControl", |number| is_within(number, 1.0, 100.0))
}

/// At most 360 slots to the window, and to `for`; a slot has 100 ms to an hour, and a 30th of the window unless set.
fn has_slots(guard: &Value) -> Option<bool> {
    let duration = |name, default| guard.get(name).map_or(Some(default), milliseconds);
    let (window, hold) = (duration("window", 300_000)?, duration("for", 60_000)?);
    let slot = duration("slot", (window / 30).clamp(1_000, 10_000))?;
    Some((100..=3_600_000).contains(&slot) && window.div_ceil(slot) <= 360 && hold.div_ceil(slot) <= 360)
}

fn is_within(value: &Value, least: f64, most: f64) -> bool {
    value.as_f64().is_some_and(|number| (least..=most).contains(&number))
}

fn is_whole(value: &Value, least: f64, most: f64) -> bool {
    is_within(value, least, most) && value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn milliseconds(text: &Value) -> Option<u64> {
    let text = text.as_str()?;
    let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    units.iter().find_map(|(unit, size)| {
        let digits = text.strip_suffix(unit)?;
        let is_number = (1..=9).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u64>().ok().filter(|_| is_number).map(|number| number * size)
    })
}
