//! Conditions in Kleene's three-valued logic: what cannot be known is unknown, and stays so under `not`.

use super::{Recorder, Scene, Step, evaluate, operators, tell_part, unit};
use crate::{
    EDGE,
    context::Attributes,
    hash,
    table::{Bucket, Condition},
};

/// The truth of a condition. Ordered, so that `all` is the least and `any` the greatest of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    /// True or false.
    pub fn of(condition: bool) -> Truth {
        if condition { Truth::True } else { Truth::False }
    }

    fn negated(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

/// Whether a condition is true for a visitor: unknown is not.
#[inline(never)]
pub fn holds<'a, A: Attributes<'a>>(condition: &Condition, scene: Scene<'_>, attributes: A) -> bool {
    truth(condition, &scene, &attributes, &mut Recorder::silent()) == Truth::True
}

/// The truth of a condition for a visitor. Depth, and that of what it refers to, is bounded by the snapshot's.
pub fn truth<'t, 'a, A: Attributes<'a>>(
    condition: &'t Condition,
    scene: &Scene<'t>,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Truth {
    if recorder.listens() {
        recorder.enter(step(condition));
    }
    let truth = match condition {
        Condition::All(parts) => all(parts, scene, attributes, recorder),
        Condition::Any(parts) => any(parts, scene, attributes, recorder),
        Condition::Not(part) => truth(part, scene, attributes, recorder).negated(),
        Condition::Segment(segment) => match scene.segment(*segment) {
            Some(condition) => truth(condition, scene, attributes, recorder),
            None => Truth::Unknown,
        },
        Condition::Flag { flag, is } => prerequisite(*flag, is, scene, attributes, recorder),
        Condition::Bucket(bucket) => share(bucket, attributes, recorder),
        Condition::Test(test) => operators::test(test, scene.table, attributes),
    };
    recorder.leave(truth);
    truth
}

#[inline(never)]
fn step(condition: &Condition) -> Step<'_> {
    match condition {
        Condition::All(_) => Step::All,
        Condition::Any(_) => Step::Any,
        Condition::Not(_) => Step::Not,
        Condition::Segment(segment) => Step::Segment(*segment),
        Condition::Flag { flag, is } => Step::Flag(*flag, is),
        Condition::Bucket(bucket) => Step::Bucket(bucket),
        Condition::Test(test) => Step::Test(test),
    }
}

fn all<'t, 'a, A: Attributes<'a>>(
    parts: &'t [Condition],
    scene: &Scene<'t>,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Truth {
    let mut least = Truth::True;
    for part in parts {
        // What most parts are, without a call more: 6 of a ruled flag's 56 ns.
        let truth = if let (true, Condition::Test(test), false) = (EDGE, part, recorder.listens()) {
            operators::test(test, scene.table, attributes)
        } else {
            truth(part, scene, attributes, recorder)
        };
        least = least.min(truth);
        if least == Truth::False {
            break;
        }
    }
    least
}

fn any<'t, 'a, A: Attributes<'a>>(
    parts: &'t [Condition],
    scene: &Scene<'t>,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Truth {
    let mut greatest = Truth::False;
    for part in parts {
        greatest = greatest.max(truth(part, scene, attributes, recorder));
        if greatest == Truth::True {
            break;
        }
    }
    greatest
}

/// Whether a flag has one of these variants; unknown where it ends in an error.
fn prerequisite<'t, 'a, A: Attributes<'a>>(
    place: u32,
    is: &[String],
    scene: &Scene<'t>,
    attributes: &A,
    recorder: &mut Recorder<'_, 't>,
) -> Truth {
    let Some(flag) = scene.table.flags.get(place as usize) else { return Truth::Unknown };
    let decision = evaluate(flag, scene, attributes, recorder);
    let variants = flag.definition.as_ref().map_or(&[][..], |definition| &definition.variants);
    let variant = decision.variant().and_then(|variant| variants.get(usize::from(variant)));
    let truth = match variant {
        Some(variant) if !decision.cause.is_error() => Truth::of(is.contains(&variant.name)),
        _ => Truth::Unknown,
    };
    recorder.enter(Step::Decision(place, decision));
    recorder.leave(truth);
    truth
}

/// Whether the visitor is in a share; nobody and everybody can be told without an id.
fn share<'t, 'a, A: Attributes<'a>>(bucket: &'t Bucket, attributes: &A, recorder: &mut Recorder<'_, 't>) -> Truth {
    if bucket.cut == 0 || bucket.cut == hash::LINE {
        return Truth::of(bucket.cut > 0);
    }
    let Some(unit) = unit::first(&bucket.bucket_by, *attributes) else { return Truth::Unknown };
    let point = hash::point(unit, bucket.seed);
    if recorder.listens() {
        unit::tell(&bucket.bucket_by, attributes, point, recorder);
        tell_part(None, 0, bucket.cut, point, recorder);
    }
    Truth::of(point < bucket.cut)
}
