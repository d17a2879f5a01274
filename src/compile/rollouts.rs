//! Rollouts: by percentage, by schedule, by split. Boundaries are cut here, once.

use super::{Compiler, variants::Variants};
use crate::{
    error::Code,
    hash,
    snapshot::{check, document::Node, time},
    table::{Arm, Rollout, Schedule, Share, Target},
};

impl Compiler<'_> {
    /// A rollout of a flag or a rule; `salt` is the flag's.
    pub fn rollout(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Rollout> {
        self.exclusive(node, "schedule", "percentage");
        self.exclusive(node, "split", "variant");
        let share = self.share(node);
        let target = self.target(node, variants, &share);
        let salt = node.get("salt").and_then(Node::text).unwrap_or(salt.into());
        self.asked.timed |= matches!(share, Share::Scheduled(_));
        Some(Rollout { seed: hash::seed(self.salt, hash::Kind::Flag, &salt), share, target: target? })
    }

    fn share(&mut self, node: Node<'_>) -> Share {
        let percentage = node.get("percentage").and_then(Node::number).unwrap_or(100.0);
        match node.get("schedule") {
            Some(schedule) => Share::Scheduled(self.schedule(node, schedule)),
            None => {
                self.needs_schedule(node, "ramp");
                self.needs_schedule(node, "pausedAt");
                Share::Fixed(percentage)
            }
        }
    }

    fn needs_schedule(&mut self, node: Node<'_>, name: &str) {
        if let Some(member) = node.get(name) {
            self.issues.add(member, Code::Incomplete, &["`", name, "` means nothing without a `schedule`"]);
        }
    }

    fn schedule(&mut self, node: Node<'_>, list: Node<'_>) -> Schedule {
        check::not_empty(list, "a schedule", self.issues);
        let mut steps: Vec<(i64, f64)> = Vec::new();
        for step in list.elements() {
            let Some(at) = instant(step.get("at")) else { continue };
            if steps.last().is_some_and(|(last, _)| at <= *last) {
                let message = "a step must be later than the one before it";
                self.issues.add(step.get("at").unwrap_or(step), Code::UnorderedSteps, &[message]);
            }
            steps.push((at, step.get("percentage").and_then(Node::number).unwrap_or(0.0)));
        }
        Schedule {
            steps: steps.into(),
            linear: node.get("ramp").is_some_and(|ramp| ramp.is_text("linear")),
            paused_at: instant(node.get("pausedAt")),
        }
    }

    fn target(&mut self, node: Node<'_>, variants: &Variants, share: &Share) -> Option<Target> {
        let percentage = match share {
            Share::Fixed(percentage) => *percentage,
            Share::Scheduled(_) => 0.0,
        };
        if let Some(split) = node.get("split") {
            return Some(Target::Split(self.arms(split, variants, percentage)));
        }
        let variant = match node.get("variant") {
            Some(name) => variants.named(name, self.issues),
            None => variants.on_for(node, self.issues),
        };
        Some(Target::One { variant: variant?, cut: hash::cut(percentage / 100.0) })
    }

    fn arms(&mut self, split: Node<'_>, variants: &Variants, percentage: f64) -> Box<[Arm]> {
        check::not_empty(split, "a split", self.issues);
        let weights = || split.elements().filter_map(|arm| arm.get("weight")).filter_map(Node::number);
        let total: f64 = weights().sum();
        if total <= 0.0 || !total.is_finite() {
            self.issues.add(
                split,
                Code::OutOfRange,
                &["the weights' sum must be above 0, and a number that a double holds"],
            );
        }
        let mut arms: Vec<Arm> = Vec::new();
        for (arm, weight) in split.elements().zip(weights()) {
            let variant = arm.get("variant").and_then(|name| variants.named(name, self.issues));
            let before = arms.last().map_or(0.0, |last| last.before + last.weight);
            arms.push(cut_arm(
                Arm { variant: variant.unwrap_or(0), before, weight, total, from: 0, to: 0 },
                percentage,
            ));
        }
        arms.into()
    }
}

fn cut_arm(arm: Arm, percentage: f64) -> Arm {
    let (from, to) = (hash::cut(arm.before / arm.total), arm.end(percentage));
    Arm { from, to, ..arm }
}

fn instant(node: Option<Node<'_>>) -> Option<i64> {
    time::instant(&node?.text()?)
}
