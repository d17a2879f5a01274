//! The walk from a flag to a decision: a pure function of table, attributes, time, orders and overrides.

pub mod all;
mod condition;
mod operators;
mod ordered;
mod recorder;
mod rollout;
mod unit;

pub(crate) use condition::{Truth, holds};
pub(crate) use ordered::evaluate;
pub(crate) use recorder::{Listener, Recorder, Step};
use unit::Identity;
pub(crate) use unit::first as first_unit;

use crate::{
    EDGE,
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
    fn segment(&self, place: u32) -> Option<&'t Condition> {
        self.table.segments.get(place as usize)?.condition.as_ref()
    }
}

/// Decides one flag: the path of single decisions, built into its caller. What most flags are is decided right here; what has
/// a layer goes the long way, as does whatever somebody has a say in.
#[inline(always)]
pub fn evaluate_inline<'t, 'a, A: Attributes<'a>>(flag: &'t Flag, scene: Scene<'t>, attributes: A) -> Decision {
    match &flag.definition {
        Some(definition) if is_short(definition, &scene) => {
            short(definition, &scene, attributes, || unit::identify(scene.table, definition, attributes))
        }
        _ => evaluate(flag, &{ scene }, &{ attributes }, &mut Recorder::silent()),
    }
}

#[inline(always)]
fn is_short(definition: &Definition, scene: &Scene<'_>) -> bool {
    // Pages have rules go the long way: that weighs less.
    (EDGE || definition.rules.is_empty())
        && definition.layer.is_none()
        && scene.orders.is_empty()
        && scene.overrides.is_empty()
}

/// As `walk`, for a flag without a layer, and without a listener.
#[inline(always)]
fn short<'t, 'a, A: Attributes<'a>>(
    definition: &'t Definition,
    scene: &Scene<'t>,
    attributes: A,
    identify: impl FnOnce() -> Identity,
) -> Decision {
    if !definition.enabled {
        return Decision::new(definition.off, Cause::Disabled);
    }
    let identity = identify();
    if let Some(variant) = identity.listed {
        return Decision::new(variant, Cause::Whitelist);
    }
    let walk = Walk { definition, unit: identity.unit, time: scene.now };
    if EDGE
        && !definition.rules.is_empty()
        && let Some(decision) = walk.rules(scene, &attributes, &mut Recorder::silent())
    {
        return decision;
    }
    walk.without_rules(&attributes, &mut Recorder::silent())
}

/// `time` is what the flag's schedules see: the scene's, or an earlier one where they are held.
fn walk<'t, 'a, A: Attributes<'a>>(
    definition: &'t Definition,
    scene: &Scene<'t>,
    time: f64,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Decision {
    recorder.enter(Step::Enabled);
    recorder.leave(Truth::of(definition.enabled));
    if !definition.enabled {
        return Decision::new(definition.off, Cause::Disabled);
    }
    let identity = unit::identify(scene.table, definition, *attributes);
    if recorder.listens() && definition.list.is_some() {
        recorder.enter(Step::Whitelist(definition));
        recorder.leave(Truth::of(identity.listed.is_some()));
    }
    if let Some(variant) = identity.listed {
        return Decision::new(variant, Cause::Whitelist);
    }
    let walk = Walk { definition, unit: identity.unit, time };
    if let Some(range) = definition.layer
        && let Some(decision) = walk.layer(range, scene, attributes, recorder)
    {
        return decision;
    }
    if !definition.rules.is_empty()
        && let Some(decision) = walk.rules(scene, attributes, recorder)
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
    /// What schedules see.
    time: f64,
}

impl<'t> Walk<'t> {
    /// The decision over those whom the flag's part of a layer does not hold; none over those whom it does.
    #[inline(never)]
    fn layer<'a, A: Attributes<'a>>(
        self,
        range: LayerRange,
        scene: &Scene<'t>,
        attributes: &A,
        recorder: &mut Recorder<'_, 't>,
    ) -> Option<Decision> {
        recorder.enter(Step::Layer(range));
        let inside = is_inside(range, scene, attributes, recorder);
        recorder.leave(inside);
        match inside {
            Truth::True => None,
            Truth::False => Some(Decision::new(self.definition.off, Cause::Layer)),
            Truth::Unknown => Some(Decision::new(self.definition.off, Cause::TargetingKeyMissing)),
        }
    }

    /// The first rule that decides.
    #[inline(never)]
    fn rules<'a, A: Attributes<'a>>(
        self,
        scene: &Scene<'t>,
        attributes: &A,
        recorder: &mut Recorder<'_, 't>,
    ) -> Option<Decision> {
        for (rule, place) in self.definition.rules.iter().zip(0..) {
            recorder.enter(Step::Rule(place));
            let truth = condition::truth(&rule.condition, scene, attributes, recorder);
            let decision = if truth == Truth::True { self.outcome(rule, attributes, recorder) } else { None };
            recorder.leave(truth);
            if let Some(decision) = decision {
                return Some(decision.by_rule(place));
            }
        }
        None
    }

    /// What a matching rule decides; nothing where its rollout misses and the walk goes on.
    fn outcome<'a, A: Attributes<'a>>(
        self,
        rule: &'t Rule,
        attributes: &A,
        recorder: &mut Recorder<'_, 't>,
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
    fn without_rules<'a, A: Attributes<'a>>(self, attributes: &A, recorder: &mut Recorder<'_, 't>) -> Decision {
        match &self.definition.rollout {
            Some(rollout) => self.split(self.pick(rollout, attributes, recorder), Cause::Rollout),
            None if self.definition.rules.is_empty() => self.on(Cause::Static),
            None => self.on(Cause::Fallthrough),
        }
    }

    #[inline(always)]
    fn pick<'a, A: Attributes<'a>>(
        self,
        rollout: &'t Rollout,
        attributes: &A,
        recorder: &mut Recorder<'_, 't>,
    ) -> Result<Option<u8>, rollout::NoUnit> {
        let picked = rollout::pick(rollout, self.unit, self.time);
        if recorder.listens() {
            self.tell(rollout, &picked, attributes, recorder);
        }
        picked
    }

    #[cold]
    #[inline(never)]
    fn tell<'a, A: Attributes<'a>>(
        self,
        rollout: &'t Rollout,
        picked: &Result<Option<u8>, rollout::NoUnit>,
        attributes: &A,
        recorder: &mut Recorder<'_, 't>,
    ) {
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

/// Unknown without an id, but that the whole line, or nothing of it, needs none.
fn is_inside<'t, 'a, A: Attributes<'a>>(
    LayerRange { layer, from, to }: LayerRange,
    scene: &Scene<'t>,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Truth {
    let line = scene.table.layers.get(layer as usize).and_then(|layer| layer.line.as_ref());
    let Some(line) = line else { return Truth::False };
    if from == to || (from == 0 && to == hash::LINE) {
        return Truth::of(from < to);
    }
    let Some(unit) = unit::first(&line.bucket_by, *attributes) else { return Truth::Unknown };
    let point = hash::point(unit, line.seed);
    if recorder.listens() {
        unit::tell(&line.bucket_by, attributes, point, recorder);
        tell_part(None, from, to, point, recorder);
    }
    Truth::of((from..to).contains(&point))
}

/// Tells a listener of a part of a line, and whether it holds a point.
fn tell_part<'t>(variant: Option<u8>, from: u64, to: u64, point: u64, recorder: &mut Recorder<'_, 't>) {
    recorder.enter(Step::Part { variant, from, to });
    recorder.leave(Truth::of((from..to).contains(&point)));
}
