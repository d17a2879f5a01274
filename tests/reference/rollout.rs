//! Rollouts: whom a percentage, a schedule or a split holds.

use super::{Twin, Visit, attributes::ids, flag, flag::list, time};
use pointsman::hash::{self, Kind, cut};
use serde_json::Value;

/// Where a visitor is beside a rollout.
pub enum Split {
    /// In, with this variant.
    In(String),
    Out,
    /// Nobody can tell, for want of an id.
    NoId,
}

impl Twin<'_> {
    /// The visitor's point on a line; none without an id.
    pub(super) fn point(&self, kind: Kind, salt: &str, bucket_by: Option<&Value>, visit: Visit<'_>) -> Option<u64> {
        let id = ids(visit.context, bucket_by).into_iter().next()?;
        let namespace = self.snapshot["salt"].as_str().unwrap_or("");
        Some(hash::point(hash::unit(id.as_bytes()), hash::seed(namespace, kind, salt)))
    }

    pub(super) fn split(&self, key: &str, flag: &Value, rollout: &Value, visit: Visit<'_>) -> Split {
        let percentage = percentage(rollout, visit.now);
        let arms = list(rollout.get("split"));
        // "0 % and 100 % without a split need none."
        if arms.is_empty() && percentage <= 0.0 {
            return Split::Out;
        }
        let variant = rollout["variant"].as_str().map_or_else(|| flag::on(flag), String::from);
        if arms.is_empty() && percentage >= 100.0 {
            return Split::In(variant);
        }
        let salt = rollout["salt"].as_str().or(flag["salt"].as_str()).unwrap_or(key);
        let Some(point) = self.point(Kind::Flag, salt, flag.get("bucketBy"), visit) else { return Split::NoId };
        if !arms.is_empty() {
            return arm_at(arms, percentage, point).map_or(Split::Out, Split::In);
        }
        if point < cut(percentage / 100.0) { Split::In(variant) } else { Split::Out }
    }
}

/// "With W the sum of the weights and c the running sum before arm i: [cut(c / W), cut((c + p/100 * w) / W))."
fn arm_at(arms: &[Value], percentage: f64, point: u64) -> Option<String> {
    let weight = |arm: &Value| arm["weight"].as_f64().unwrap_or(0.0);
    let total: f64 = arms.iter().map(weight).sum();
    let mut before = 0.0;
    for arm in arms {
        let (from, to) = (cut(before / total), cut((before + percentage / 100.0 * weight(arm)) / total));
        if from <= point && point < to {
            return arm["variant"].as_str().map(String::from);
        }
        before += weight(arm);
    }
    None
}

/// "percentage or schedule; neither = 100".
fn percentage(rollout: &Value, now: i64) -> f64 {
    match rollout.get("schedule") {
        Some(steps) => scheduled(rollout, list(Some(steps)), now),
        None => rollout["percentage"].as_f64().unwrap_or(100.0),
    }
}

/// "Before the first: 0 %; after the last: its value"; in between the last step's, or on the line to the next one.
fn scheduled(rollout: &Value, steps: &[Value], now: i64) -> f64 {
    let paused_at = rollout["pausedAt"].as_str().and_then(time::instant);
    let now = paused_at.map_or(now, |paused| now.min(paused)) as f64;
    let at = |step: &Value| step["at"].as_str().and_then(time::instant).unwrap_or(0) as f64;
    let share = |step: &Value| step["percentage"].as_f64().unwrap_or(0.0);
    let Some(last) = steps.iter().rposition(|step| at(step) <= now) else { return 0.0 };
    let step = &steps[last];
    match steps.get(last + 1) {
        Some(next) if rollout["ramp"] == "linear" => {
            let part = (now - at(step)) / (at(next) - at(step));
            share(step) + (share(next) - share(step)) * part
        }
        _ => share(step),
    }
}
