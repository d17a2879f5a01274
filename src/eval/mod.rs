//! The walk from a flag to a decision: a pure function of table, attributes, time, orders and overrides.

mod condition;
mod operators;
mod ordered;
mod recorder;
mod rollout;
mod unit;

pub(crate) use condition::{Truth, truth};
pub(crate) use ordered::evaluate;
pub(crate) use recorder::{Recorder, Silent, Step};
pub(crate) use unit::first as first_unit;

use crate::{
    context::Attributes,
    decision::{Cause, Decision},
    directive::FlagOrder,
    hash,
    table::{Condition, Definition, Flag, LayerRange, Outcome, Rollout, Rule, Table},
};

/// What every decision of one call shares.
#[derive(Clone, Copy)]
pub struct Scene<'t> {
    pub table: &'t Table,
    /// Milliseconds since 1970.
    pub now: f64,
    /// What guards have ordered, in the order of the flags' places.
    pub orders: &'t [FlagOrder],
    /// What signed tokens that came with the request ask for: places of flags and of their variants.
    pub overrides: &'t [(u32, u8)],
}

impl<'t> Scene<'t> {
    fn segment(self, place: u32) -> Option<&'t Condition> {
        self.table.segments.get(place as usize)?.condition.as_ref()
    }
}

/// Decides one flag: the path of single decisions, built into its caller.
#[inline(always)]
pub fn evaluate_inline<'t, 'a, A: Attributes<'a>, R: Recorder<'t>>(
    flag: &'t Flag,
    scene: Scene<'t>,
    attributes: A,
    recorder: &mut R,
) -> Decision {
    // Nearly always both are empty.
    if !scene.orders.is_empty() || !scene.overrides.is_empty() {
        return evaluate(flag, scene, attributes, recorder);
    }
    let Some(definition) = &flag.definition else { return Decision::unknown(Cause::ParseError) };
    walk_inline(definition, scene, scene.now, attributes, recorder)
}

/// The same walk for everybody else, once in the module: 4 kB less than built into each caller.
#[inline(never)]
fn walk<'t, 'a, A: Attributes<'a>, R: Recorder<'t>>(
    definition: &'t Definition,
    scene: Scene<'t>,
    time: f64,
    attributes: A,
    recorder: &mut R,
) -> Decision {
    walk_inline(definition, scene, time, attributes, recorder)
}

/// `time` is what the flag's schedules see: the scene's, or an earlier one where they are held.
#[inline(always)]
fn walk_inline<'t, 'a, A: Attributes<'a>, R: Recorder<'t>>(
    definition: &'t Definition,
    scene: Scene<'t>,
    time: f64,
    attributes: A,
    recorder: &mut R,
) -> Decision {
    recorder.enter(Step::Enabled);
    recorder.leave(Truth::of(definition.enabled));
    if !definition.enabled {
        return Decision::new(definition.off, Cause::Disabled);
    }
    let identity = unit::identify(scene.table, definition, attributes);
    if R::LISTENS && definition.list.is_some() {
        recorder.enter(Step::Whitelist(definition));
        recorder.leave(Truth::of(identity.listed.is_some()));
    }
    if let Some(variant) = identity.listed {
        return Decision::new(variant, Cause::Whitelist);
    }
    let walk = Walk { definition, unit: identity.unit, scene, time };
    // Most flags have neither a layer nor rules; theirs is the path that must be short.
    if let Some(range) = definition.layer
        && let Some(decision) = walk.layer(range, attributes, recorder)
    {
        return decision;
    }
    if !definition.rules.is_empty()
        && let Some(decision) = walk.rules(attributes, recorder)
    {
        return decision;
    }
    walk.without_rules(attributes, recorder)
}

/// What stays the same during one walk.
#[derive(Clone, Copy)]
struct Walk<'t> {
    definition: &'t Definition,
    unit: Option<u64>,
    scene: Scene<'t>,
    /// What schedules see.
    time: f64,
}

impl<'t> Walk<'t> {
    /// The decision over those whom the flag's part of a layer does not hold; none over those whom it does.
    #[inline(never)]
    fn layer<'a, A: Attributes<'a>, R: Recorder<'t>>(
        self,
        range: LayerRange,
        attributes: A,
        recorder: &mut R,
    ) -> Option<Decision> {
        recorder.enter(Step::Layer(range));
        let inside = self.is_inside(range, attributes, recorder);
        recorder.leave(inside);
        match inside {
            Truth::True => None,
            Truth::False => Some(Decision::new(self.definition.off, Cause::Layer)),
            Truth::Unknown => Some(Decision::new(self.definition.off, Cause::TargetingKeyMissing)),
        }
    }

    /// Unknown without an id, but that the whole line, or nothing of it, needs none.
    fn is_inside<'a, A: Attributes<'a>, R: Recorder<'t>>(
        self,
        LayerRange { layer, from, to }: LayerRange,
        attributes: A,
        recorder: &mut R,
    ) -> Truth {
        let line = self.scene.table.layers.get(layer as usize).and_then(|layer| layer.line.as_ref());
        let Some(line) = line else { return Truth::False };
        if from == to || (from == 0 && to == hash::LINE) {
            return Truth::of(from < to);
        }
        let Some(unit) = unit::first(&line.bucket_by, attributes) else { return Truth::Unknown };
        let point = hash::point(unit, line.seed);
        if R::LISTENS {
            unit::tell(&line.bucket_by, attributes, point, recorder);
            tell_part(None, from, to, point, recorder);
        }
        Truth::of((from..to).contains(&point))
    }

    /// The first rule that decides.
    #[inline(never)]
    fn rules<'a, A: Attributes<'a>, R: Recorder<'t>>(self, attributes: A, recorder: &mut R) -> Option<Decision> {
        for (rule, place) in self.definition.rules.iter().zip(0..) {
            recorder.enter(Step::Rule(place));
            let truth = truth(&rule.condition, self.scene, attributes, recorder);
            let decision = if truth == Truth::True { self.outcome(rule, attributes, recorder) } else { None };
            recorder.leave(truth);
            if let Some(decision) = decision {
                return Some(decision.by_rule(place));
            }
        }
        None
    }

    /// What a matching rule decides; nothing where its rollout misses and the walk goes on.
    fn outcome<'a, A: Attributes<'a>, R: Recorder<'t>>(
        self,
        rule: &'t Rule,
        attributes: A,
        recorder: &mut R,
    ) -> Option<Decision> {
        match &rule.outcome {
            Outcome::Serve(variant) => Some(Decision::new(*variant, Cause::RuleServe)),
            Outcome::Rollout { rollout, or_continue } => match self.pick(rollout, attributes, recorder) {
                Ok(None) if *or_continue => None,
                picked => Some(self.split(picked, Cause::RuleRollout)),
            },
        }
    }

    #[inline(always)]
    fn without_rules<'a, A: Attributes<'a>, R: Recorder<'t>>(self, attributes: A, recorder: &mut R) -> Decision {
        match &self.definition.rollout {
            Some(rollout) => self.split(self.pick(rollout, attributes, recorder), Cause::Rollout),
            None if self.definition.rules.is_empty() => self.on(Cause::Static),
            None => self.on(Cause::Fallthrough),
        }
    }

    #[inline(always)]
    fn pick<'a, A: Attributes<'a>, R: Recorder<'t>>(
        self,
        rollout: &'t Rollout,
        attributes: A,
        recorder: &mut R,
    ) -> Result<Option<u8>, rollout::NoUnit> {
        let picked = rollout::pick(rollout, self.unit, self.time);
        if R::LISTENS {
            recorder.enter(Step::Rollout);
            if let Some(unit) = self.unit {
                unit::tell(&self.definition.bucket_by, attributes, hash::point(unit, rollout.seed), recorder);
            }
            rollout::tell(rollout, self.unit, self.time, recorder);
            recorder.leave(match picked {
                Ok(variant) => Truth::of(variant.is_some()),
                Err(rollout::NoUnit) => Truth::Unknown,
            });
        }
        picked
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

/// Tells a listener of a part of a line, and whether it holds a point.
fn tell_part<'t, R: Recorder<'t>>(variant: Option<u8>, from: u64, to: u64, point: u64, recorder: &mut R) {
    recorder.enter(Step::Part { variant, from, to });
    recorder.leave(Truth::of((from..to).contains(&point)));
}
