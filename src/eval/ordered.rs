//! Decisions over which somebody has a say: a signed token that came with the request, or a guard.

use super::{Recorder, Scene, Step, Truth, walk};
use crate::{
    context::Attributes,
    decision::{Cause, Decision},
    directive::FlagOrder,
    table::{Definition, Flag},
};

/// Decides one flag, for routes, prerequisites and all flags at once, and wherever there are overrides or orders.
#[inline(never)]
pub fn evaluate<'t, 'a, A: Attributes<'a>>(
    flag: &'t Flag,
    scene: &Scene<'t>,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Decision {
    let Some(definition) = &flag.definition else { return Decision::unknown(Cause::ParseError) };
    if let Some(variant) = overridden(flag.place, definition, scene) {
        return Decision::new(variant, Cause::Override);
    }
    let place = scene.orders.binary_search_by(|order| order.flag.cmp(&flag.place)).ok();
    let order = place.and_then(|place| scene.orders.get(place));
    let time = order.map_or(scene.now, |order| order.time(scene.now));
    let decision = walk(definition, scene, time, attributes, recorder);
    order.and_then(|order| rolled_back(order, decision, recorder)).unwrap_or(decision)
}

/// The variant that a token gives; a disabled flag has only one for everybody.
fn overridden(flag: u32, definition: &Definition, scene: &Scene<'_>) -> Option<u8> {
    let (_, variant) = scene.overrides.iter().find(|(place, _)| *place == flag)?;
    (definition.enabled && usize::from(*variant) < definition.variants.len()).then_some(*variant)
}

/// The control, where the variant may not be served.
fn rolled_back<'t>(order: &FlagOrder, decision: Decision, recorder: &mut Recorder<'_, 't>) -> Option<Decision> {
    let variant = decision.variant().filter(|_| !decision.cause.is_error())?;
    if !order.withdrawn.contains(&variant) {
        return None;
    }
    recorder.enter(Step::Rollback(variant));
    recorder.leave(Truth::True);
    Some(Decision::new(order.control, Cause::Rollback))
}
