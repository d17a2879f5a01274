//! Who is in a rollout, and with which variant.

use crate::{
    hash,
    table::{Arm, Rollout, Schedule, Share, Target},
};

/// An id is needed and there is none.
pub struct NoUnit;

/// The variant of those who are in; none for those who are out.
///
/// # Errors
/// The rollout depends on the visitor's id, and there is none. 0 % and 100 % without a split depend on none.
#[inline(always)]
pub fn pick(rollout: &Rollout, unit: Option<u64>, now: f64) -> Result<Option<u8>, NoUnit> {
    let percentage = match &rollout.share {
        Share::Fixed(percentage) => *percentage,
        Share::Scheduled(schedule) => percentage_at(schedule, now),
    };
    match &rollout.target {
        Target::One { variant, .. } if percentage >= 100.0 => Ok(Some(*variant)),
        Target::One { .. } if percentage <= 0.0 => Ok(None),
        Target::One { variant, cut } => {
            let cut = if matches!(rollout.share, Share::Fixed(_)) { *cut } else { hash::cut(percentage / 100.0) };
            let point = hash::point(unit.ok_or(NoUnit)?, rollout.seed);
            Ok((point < cut).then_some(*variant))
        }
        Target::Split(arms) => {
            let point = hash::point(unit.ok_or(NoUnit)?, rollout.seed);
            Ok(arm_at(arms, point, &rollout.share, percentage))
        }
    }
}

#[inline(never)]
fn arm_at(arms: &[Arm], point: u64, share: &Share, percentage: f64) -> Option<u8> {
    let holds = |arm: &&Arm| {
        let to = if matches!(share, Share::Fixed(_)) { arm.to } else { arm.end(percentage) };
        (arm.from..to).contains(&point)
    };
    arms.iter().find(holds).map(|arm| arm.variant)
}

/// The percentage of a schedule: 0 before the first step, the last step's after it.
#[inline(never)]
fn percentage_at(schedule: &Schedule, now: f64) -> f64 {
    let now = schedule.paused_at.map_or(now, |paused| now.min(paused as f64));
    let passed = schedule.steps.partition_point(|(at, _)| *at as f64 <= now);
    let Some(&(from_time, from)) = passed.checked_sub(1).and_then(|last| schedule.steps.get(last)) else { return 0.0 };
    match schedule.steps.get(passed) {
        Some(&(to_time, to)) if schedule.linear => {
            let part = (now - from_time as f64) / (to_time as f64 - from_time as f64);
            from + (to - from) * part
        }
        _ => from,
    }
}
