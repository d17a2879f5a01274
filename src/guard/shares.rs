//! What a flag's rollouts draw: which variants, and how often.

use crate::{
    hash,
    table::{Arm, Definition, Outcome, Plan, Rollout, Schedule, Target},
};

/// The flag's own rollout, and those of its rules.
fn rollouts(definition: &Definition) -> impl Iterator<Item = &Rollout> {
    let by_rule = definition.rules.iter().filter_map(|rule| match &rule.outcome {
        Outcome::Rollout { rollout, .. } => Some(rollout),
        Outcome::Serve(_) => None,
    });
    definition.rollout.iter().chain(by_rule)
}

fn schedules(definition: &Definition) -> impl Iterator<Item = &Schedule> {
    rollouts(definition).filter_map(|rollout| match &rollout.plan {
        Plan::Scheduled { schedule, .. } => Some(schedule),
        Plan::Nobody | Plan::Everybody(_) | Plan::Share { .. } | Plan::Split(_) => None,
    })
}

/// The variants that are judged: those that rollouts give out, each once, but not the control.
pub fn candidates(definition: &Definition, control: u8) -> Vec<u8> {
    let mut variants = Vec::new();
    let mut add = |variant: u8| {
        if variant != control && !variants.contains(&variant) {
            variants.push(variant);
        }
    };
    for rollout in rollouts(definition) {
        match &rollout.plan {
            Plan::Nobody => {}
            Plan::Everybody(variant) | Plan::Share { variant, .. } => add(*variant),
            Plan::Scheduled { target: Target::One(variant), .. } => add(*variant),
            Plan::Split(arms) | Plan::Scheduled { target: Target::Split(arms), .. } => {
                arms.iter().filter(|arm| arm.weight > 0.0).for_each(|arm| add(arm.variant));
            }
        }
    }
    variants
}

/// Whether any of the flag's rollouts follows a schedule.
pub fn is_scheduled(definition: &Definition) -> bool {
    schedules(definition).next().is_some()
}

/// Whether its schedules have not let anybody in yet.
pub fn is_before_start(definition: &Definition, time: f64) -> bool {
    schedules(definition).all(|schedule| schedule.percentage_at(time) <= 0.0)
}

/// How many requests a variant gets for each of the control's, as the flag's rollout gives them out at a time. None where rules
/// have rollouts of their own, as who comes to which is not known, or where the control gets nobody.
pub fn ratio(definition: &Definition, variant: u8, control: u8, time: f64) -> Option<f64> {
    let rollout = definition.rollout.as_ref()?;
    if rollouts(definition).nth(1).is_some() {
        return None;
    }
    let of_control = points(rollout, definition.off, control, time);
    (of_control > 0.0).then(|| points(rollout, definition.off, variant, time) / of_control)
}

/// How many points of the line a variant has. Who is out of everything gets the off variant.
fn points(rollout: &Rollout, off: u8, variant: u8, time: f64) -> f64 {
    let mut given: u64 = 0;
    let mut own: u64 = 0;
    let mut part = |of: u8, points: u64| {
        given = given.saturating_add(points);
        own = own.saturating_add(if of == variant { points } else { 0 });
    };
    match &rollout.plan {
        Plan::Nobody => {}
        Plan::Everybody(of) => part(*of, hash::LINE),
        Plan::Share { variant: of, cut } => part(*of, *cut),
        Plan::Split(arms) => arms.iter().for_each(|arm| part(arm.variant, arm.to.saturating_sub(arm.from))),
        Plan::Scheduled { schedule, target } => {
            let percentage = schedule.percentage_at(time);
            match target {
                Target::One(of) => part(*of, hash::cut(percentage / 100.0)),
                Target::Split(arms) => arms.iter().for_each(|arm| part(arm.variant, filled(arm, percentage))),
            }
        }
    }
    let rest = if variant == off { hash::LINE.saturating_sub(given) } else { 0 };
    own.saturating_add(rest) as f64
}

fn filled(arm: &Arm, percentage: f64) -> u64 {
    arm.end(percentage).saturating_sub(arm.from)
}
