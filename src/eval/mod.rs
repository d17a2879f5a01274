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
use unit::Identity;

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
    let walk = Walk { lists: &table.lists, definition, identity, now };
    walk.rules(attributes).unwrap_or_else(|| walk.without_rules())
}

/// What stays the same during one walk.
struct Walk<'t> {
    lists: &'t Lists,
    definition: &'t Definition,
    identity: Identity,
    now: f64,
}

impl Walk<'_> {
    /// The first rule that decides.
    #[inline(always)]
    fn rules<'a, A: Attributes<'a>>(&self, attributes: A) -> Option<Decision> {
        let rules = self.definition.rules.iter().zip(0..);
        let mut matching = rules.filter(|(rule, _)| truth(&rule.condition, self.lists, attributes) == Truth::True);
        matching.find_map(|(rule, place)| Some(self.outcome(rule)?.by_rule(place)))
    }

    /// What a matching rule decides; nothing where its rollout misses and the walk goes on.
    fn outcome(&self, rule: &Rule) -> Option<Decision> {
        match &rule.outcome {
            Outcome::Serve(variant) => Some(Decision::new(*variant, Cause::RuleServe)),
            Outcome::Rollout { rollout, or_continue } => match rollout::pick(rollout, self.identity.unit, self.now) {
                Ok(None) if *or_continue => None,
                picked => Some(self.split(picked, Cause::RuleRollout)),
            },
        }
    }

    #[inline(always)]
    fn without_rules(&self) -> Decision {
        match &self.definition.rollout {
            Some(rollout) => self.split(rollout::pick(rollout, self.identity.unit, self.now), Cause::Rollout),
            None if self.definition.rules.is_empty() => self.on(Cause::Static),
            None => self.on(Cause::Fallthrough),
        }
    }

    /// Who is in gets the picked variant, who is out the off variant.
    #[inline(always)]
    fn split(&self, picked: Result<Option<u8>, rollout::NoUnit>, cause: Cause) -> Decision {
        match picked {
            Ok(variant) => Decision::new(variant.unwrap_or(self.definition.off), cause),
            Err(rollout::NoUnit) => Decision::new(self.definition.off, Cause::TargetingKeyMissing),
        }
    }

    /// Compilation has seen to it that there is an on variant where this is reached.
    fn on(&self, cause: Cause) -> Decision {
        Decision::new(self.definition.on.unwrap_or(self.definition.off), cause)
    }
}
