//! The walk from a flag to a decision: a pure function of table, attributes and time.

mod condition;
mod operators;
mod rollout;
mod unit;

pub(crate) use condition::Truth;
pub(crate) use condition::truth;

use crate::{
    context::Attributes,
    decision::{Cause, Decision},
    table::{Definition, Flag, Lists, Outcome, Rule, Table},
};

/// Decides one flag. `now` is in milliseconds since 1970.
#[inline(always)]
pub fn evaluate<'a, A: Attributes<'a>>(table: &Table, flag: &Flag, attributes: A, now: f64) -> Decision {
    let Some(definition) = &flag.definition else { return Decision::unknown(Cause::ParseError) };
    if !definition.enabled {
        return Decision::new(definition.off, Cause::Disabled);
    }
    let identity = unit::identify(&table.lists, definition, attributes);
    if let Some(variant) = identity.listed {
        return Decision::new(variant, Cause::Whitelist);
    }
    let walk = Walk { definition, unit: identity.unit, now };
    // Most flags have no rules; theirs is the path that must be short.
    if !definition.rules.is_empty()
        && let Some(decision) = walk.rules(&table.lists, attributes)
    {
        return decision;
    }
    walk.without_rules()
}

/// What stays the same during one walk.
#[derive(Clone, Copy)]
struct Walk<'t> {
    definition: &'t Definition,
    unit: Option<u64>,
    now: f64,
}

impl Walk<'_> {
    /// The first rule that decides.
    #[inline(never)]
    fn rules<'a, A: Attributes<'a>>(self, lists: &Lists, attributes: A) -> Option<Decision> {
        for (rule, place) in self.definition.rules.iter().zip(0..) {
            if truth(&rule.condition, lists, attributes) != Truth::True {
                continue;
            }
            if let Some(decision) = self.outcome(rule) {
                return Some(decision.by_rule(place));
            }
        }
        None
    }

    /// What a matching rule decides; nothing where its rollout misses and the walk goes on.
    fn outcome(self, rule: &Rule) -> Option<Decision> {
        match &rule.outcome {
            Outcome::Serve(variant) => Some(Decision::new(*variant, Cause::RuleServe)),
            Outcome::Rollout { rollout, or_continue } => match rollout::pick(rollout, self.unit, self.now) {
                Ok(None) if *or_continue => None,
                picked => Some(self.split(picked, Cause::RuleRollout)),
            },
        }
    }

    #[inline(always)]
    fn without_rules(self) -> Decision {
        match &self.definition.rollout {
            Some(rollout) => self.split(rollout::pick(rollout, self.unit, self.now), Cause::Rollout),
            None if self.definition.rules.is_empty() => self.on(Cause::Static),
            None => self.on(Cause::Fallthrough),
        }
    }

    /// Who is in gets the picked variant, who is out the off variant.
    #[inline(always)]
    fn split(self, picked: Result<Option<u8>, rollout::NoUnit>, cause: Cause) -> Decision {
        match picked {
            Ok(variant) => Decision::new(variant.unwrap_or(self.definition.off), cause),
            Err(rollout::NoUnit) => Decision::new(self.definition.off, Cause::TargetingKeyMissing),
        }
    }

    /// Compilation has seen to it that there is an on variant where this is reached.
    #[inline(always)]
    fn on(self, cause: Cause) -> Decision {
        Decision::new(self.definition.on.unwrap_or(self.definition.off), cause)
    }
}
