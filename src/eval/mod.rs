//! The walk from a flag to a decision: a pure function of table, attributes and time.

mod condition;
mod operators;
mod rollout;
mod unit;

pub(crate) use condition::{Truth, truth};

use crate::{
    context::Attributes,
    decision::{Cause, Decision},
    hash,
    table::{Condition, Definition, Flag, LayerRange, Outcome, Rule, Table},
};

/// What every decision of one call shares.
#[derive(Clone, Copy)]
pub struct Scene<'t> {
    pub table: &'t Table,
    /// Milliseconds since 1970.
    pub now: f64,
}

impl<'t> Scene<'t> {
    fn segment(self, place: u32) -> Option<&'t Condition> {
        self.table.segments.get(place as usize)?.condition.as_ref()
    }
}

/// Decides one flag: the path of single decisions, built into its caller.
#[inline(always)]
pub fn evaluate_inline<'a, A: Attributes<'a>>(flag: &Flag, scene: Scene<'_>, attributes: A) -> Decision {
    let Some(definition) = &flag.definition else { return Decision::unknown(Cause::ParseError) };
    if !definition.enabled {
        return Decision::new(definition.off, Cause::Disabled);
    }
    let identity = unit::identify(&scene.table.lists, definition, attributes);
    if let Some(variant) = identity.listed {
        return Decision::new(variant, Cause::Whitelist);
    }
    let walk = Walk { definition, unit: identity.unit, scene };
    // Most flags have neither a layer nor rules; theirs is the path that must be short.
    if let Some(range) = definition.layer
        && let Some(decision) = walk.outside(range, attributes)
    {
        return decision;
    }
    if !definition.rules.is_empty()
        && let Some(decision) = walk.rules(attributes)
    {
        return decision;
    }
    walk.without_rules()
}

/// Decides one flag, for routes, prerequisites and all flags at once.
#[inline(never)]
pub fn evaluate<'a, A: Attributes<'a>>(flag: &Flag, scene: Scene<'_>, attributes: A) -> Decision {
    evaluate_inline(flag, scene, attributes)
}

/// What stays the same during one walk.
#[derive(Clone, Copy)]
struct Walk<'t> {
    definition: &'t Definition,
    unit: Option<u64>,
    scene: Scene<'t>,
}

impl Walk<'_> {
    /// The decision over those whom the flag's part of a layer does not hold. All of the line, or nothing of it, needs no id.
    #[inline(never)]
    fn outside<'a, A: Attributes<'a>>(self, range: LayerRange, attributes: A) -> Option<Decision> {
        let off = |cause| Some(Decision::new(self.definition.off, cause));
        let LayerRange { layer, from, to } = range;
        if from == 0 && to == hash::LINE {
            return None;
        }
        if from == to {
            return off(Cause::Layer);
        }
        let Some(line) = self.scene.table.layers.get(layer as usize).and_then(|layer| layer.line.as_ref()) else {
            return off(Cause::ParseError);
        };
        match unit::first(&line.bucket_by, attributes) {
            Some(unit) if (from..to).contains(&hash::point(unit, line.seed)) => None,
            Some(_) => off(Cause::Layer),
            None => off(Cause::TargetingKeyMissing),
        }
    }

    /// The first rule that decides.
    #[inline(never)]
    fn rules<'a, A: Attributes<'a>>(self, attributes: A) -> Option<Decision> {
        for (rule, place) in self.definition.rules.iter().zip(0..) {
            if truth(&rule.condition, self.scene, attributes) != Truth::True {
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
            Outcome::Rollout { rollout, or_continue } => match rollout::pick(rollout, self.unit, self.scene.now) {
                Ok(None) if *or_continue => None,
                picked => Some(self.split(picked, Cause::RuleRollout)),
            },
        }
    }

    #[inline(always)]
    fn without_rules(self) -> Decision {
        match &self.definition.rollout {
            Some(rollout) => self.split(rollout::pick(rollout, self.unit, self.scene.now), Cause::Rollout),
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
