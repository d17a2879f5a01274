//! Rollouts: by percentage, by schedule, by split. Boundaries are cut here, once.

use super::{Compiler, variants::Variants};
use crate::{
    error::Code,
    hash,
    snapshot::{check, document::Node},
    table::{Arm, Plan, Rollout, Schedule, Target},
    values::time,
};

impl Compiler<'_> {
    /// A rollout of a flag or a rule; `salt` is the flag's.
    pub fn rollout(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Rollout> {
        self.exclusive(node, "schedule", "percentage");
        self.exclusive(node, "split", "variant");
        let percentage = node.number_of("percentage").unwrap_or(100.0);
        let schedule = self.scheduled(node);
        let target = self.target(node, variants, percentage)?;
        let plan = match schedule {
            Some(schedule) => Plan::Scheduled { schedule, target },
            None => fixed(target, percentage),
        };
        Some(self.seeded(plan, node.text_of("salt").unwrap_or(salt)))
    }

    /// The short form: the on variant for a percentage.
    pub fn share(&mut self, variant: u8, percentage: f64, salt: &str) -> Rollout {
        self.seeded(fixed(Target::One(variant), percentage), salt)
    }

    fn seeded(&self, plan: Plan, salt: &str) -> Rollout {
        Rollout { seed: hash::seed(self.salt, hash::Kind::Flag, salt), plan }
    }

    fn scheduled(&mut self, node: Node<'_>) -> Option<Schedule> {
        if let Some(schedule) = node.get("schedule") {
            self.asked.timed = true;
            return Some(self.schedule(node, schedule));
        }
        for name in ["ramp", "pausedAt"] {
            if let Some(member) = node.get(name) {
                self.issues.add_with(member, Code::Incomplete, "`{}` means nothing without a `schedule`", name);
            }
        }
        None
    }

    #[inline(never)]
    fn schedule(&mut self, node: Node<'_>, list: Node<'_>) -> Schedule {
        check::not_empty(list, "a schedule", self.issues);
        let mut steps: Vec<(i64, f64)> = Vec::new();
        for step in list.elements() {
            let Some(at) = instant(step, "at") else { continue };
            if steps.last().is_some_and(|(last, _)| at <= *last) {
                self.issues.add(step, Code::UnorderedSteps, "a step must be later than the one before it");
            }
            steps.push((at, step.number_of("percentage").unwrap_or(0.0)));
        }
        let linear = node.text_of("ramp") == Some("linear");
        Schedule { steps, linear, paused_at: instant(node, "pausedAt") }
    }

    fn target(&mut self, node: Node<'_>, variants: &Variants, percentage: f64) -> Option<Target> {
        if let Some(split) = node.get("split") {
            return Some(Target::Split(self.arms(split, variants, percentage)));
        }
        match node.get("variant") {
            Some(name) => variants.named(name, self.issues).map(Target::One),
            None => variants.on_for(node, self.issues).map(Target::One),
        }
    }

    #[inline(never)]
    fn arms(&mut self, split: Node<'_>, variants: &Variants, percentage: f64) -> Vec<Arm> {
        check::not_empty(split, "a split", self.issues);
        let mut arms = Vec::new();
        let mut total = 0.0;
        for node in split.elements() {
            let weight = node.number_of("weight").unwrap_or(0.0);
            let variant = node.get("variant").and_then(|name| variants.named(name, self.issues));
            arms.push(Arm { variant: variant.unwrap_or(0), before: total, weight, total, from: 0, to: 0 });
            total += weight;
        }
        if !arms.is_empty() && (total <= 0.0 || !total.is_finite()) {
            self.issues.add(split, Code::OutOfRange, "the sum of the weights must be above 0 and finite");
        }
        for arm in &mut arms {
            arm.total = total;
            arm.from = hash::cut(arm.before / total);
            arm.to = arm.end(percentage);
        }
        arms
    }
}

/// What doesn't change with time. Nobody and everybody can be told without knowing who is asking.
fn fixed(target: Target, percentage: f64) -> Plan {
    match target {
        Target::One(_) if percentage <= 0.0 => Plan::Nobody,
        Target::One(variant) if percentage >= 100.0 => Plan::Everybody(variant),
        Target::One(variant) => Plan::Share { variant, cut: hash::cut(percentage / 100.0) },
        Target::Split(arms) => Plan::Split(arms),
    }
}

fn instant(node: Node<'_>, name: &str) -> Option<i64> {
    time::instant(node.text_of(name)?)
}
