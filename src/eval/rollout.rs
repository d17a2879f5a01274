//! Who is in a rollout, and with which variant.

use super::{Recorder, tell_part};
use crate::{
    hash,
    table::{Arm, Plan, Rollout, Target},
};

/// An id is needed and there is none.
pub struct NoUnit;

/// The variant of those who are in; none for those who are out.
///
/// # Errors
/// The rollout depends on the visitor's id, and there is none. 0 % and 100 % without a split depend on none.
#[inline(always)]
pub fn pick(rollout: &Rollout, unit: Option<u64>, now: f64) -> Result<Option<u8>, NoUnit> {
    match &rollout.plan {
        Plan::Share { variant, cut } => Ok((point(rollout, unit)? < *cut).then_some(*variant)),
        Plan::Nobody => Ok(None),
        Plan::Everybody(variant) => Ok(Some(*variant)),
        Plan::Split(arms) => {
            let point = point(rollout, unit)?;
            Ok(arm_at(arms, |arm| (arm.from..arm.to).contains(&point)))
        }
        Plan::Scheduled { schedule, target } => scheduled(rollout, target, schedule.percentage_at(now), unit),
    }
}

#[inline(always)]
fn point(rollout: &Rollout, unit: Option<u64>) -> Result<u64, NoUnit> {
    Ok(hash::point(unit.ok_or(NoUnit)?, rollout.seed))
}

#[inline(never)]
fn scheduled(rollout: &Rollout, target: &Target, percentage: f64, unit: Option<u64>) -> Result<Option<u8>, NoUnit> {
    match target {
        Target::One(variant) if percentage >= 100.0 => Ok(Some(*variant)),
        Target::One(_) if percentage <= 0.0 => Ok(None),
        Target::One(variant) => Ok((point(rollout, unit)? < hash::cut(percentage / 100.0)).then_some(*variant)),
        Target::Split(arms) => {
            let point = point(rollout, unit)?;
            Ok(arm_at(arms, |arm| (arm.from..arm.end(percentage)).contains(&point)))
        }
    }
}

fn arm_at(arms: &[Arm], holds: impl Fn(&Arm) -> bool) -> Option<u8> {
    arms.iter().find(|arm| holds(arm)).map(|arm| arm.variant)
}

/// Tells a listener the parts of the line that a rollout gives out now.
pub fn tell<'t>(rollout: &Rollout, unit: Option<u64>, now: f64, recorder: &mut Recorder<'_, 't>) {
    // Without an id, or need of one, no part is the visitor's.
    let point = unit.map_or(u64::MAX, |unit| hash::point(unit, rollout.seed));
    let mut part = |variant, from, to| tell_part(variant, from, to, point, recorder);
    match &rollout.plan {
        Plan::Nobody => part(None, 0, 0),
        Plan::Everybody(variant) => part(Some(*variant), 0, hash::LINE),
        Plan::Share { variant, cut } => part(Some(*variant), 0, *cut),
        Plan::Split(arms) => arms.iter().for_each(|arm| part(Some(arm.variant), arm.from, arm.to)),
        Plan::Scheduled { schedule, target } => {
            let percentage = schedule.percentage_at(now);
            match target {
                Target::One(variant) => part(Some(*variant), 0, hash::cut(percentage / 100.0)),
                Target::Split(arms) => {
                    arms.iter().for_each(|arm| part(Some(arm.variant), arm.from, arm.end(percentage)));
                }
            }
        }
    }
}
