//! Conditions in Kleene's three-valued logic: what cannot be known is unknown, and stays so under `not`.

use super::{Scene, evaluate, operators, unit};
use crate::{
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

/// The truth of a condition for a visitor. Depth, and that of what it refers to, is bounded by the snapshot's.
pub fn truth<'a, A: Attributes<'a>>(condition: &Condition, scene: Scene<'_>, attributes: A) -> Truth {
    match condition {
        Condition::All(parts) => all(parts, scene, attributes),
        Condition::Any(parts) => any(parts, scene, attributes),
        Condition::Not(part) => truth(part, scene, attributes).negated(),
        Condition::Segment(segment) => match scene.segment(*segment) {
            Some(condition) => truth(condition, scene, attributes),
            None => Truth::Unknown,
        },
        Condition::Flag { flag, is } => prerequisite(*flag, is, scene, attributes),
        Condition::Bucket(bucket) => share(bucket, attributes),
        Condition::Test(test) => operators::test(&test.operator, &scene.table.lists, attributes.value(test.attribute)),
    }
}

fn all<'a, A: Attributes<'a>>(parts: &[Condition], scene: Scene<'_>, attributes: A) -> Truth {
    let mut least = Truth::True;
    for part in parts {
        least = least.min(truth(part, scene, attributes));
        if least == Truth::False {
            break;
        }
    }
    least
}

fn any<'a, A: Attributes<'a>>(parts: &[Condition], scene: Scene<'_>, attributes: A) -> Truth {
    let mut greatest = Truth::False;
    for part in parts {
        greatest = greatest.max(truth(part, scene, attributes));
        if greatest == Truth::True {
            break;
        }
    }
    greatest
}

/// Whether a flag has one of these variants; unknown where it ends in an error.
fn prerequisite<'a, A: Attributes<'a>>(flag: u32, is: &[String], scene: Scene<'_>, attributes: A) -> Truth {
    let Some(flag) = scene.table.flags.get(flag as usize) else { return Truth::Unknown };
    let decision = evaluate(flag, scene, attributes);
    let variants = flag.definition.as_ref().map_or(&[][..], |definition| &definition.variants);
    match decision.variant().and_then(|place| variants.get(usize::from(place))) {
        Some(variant) if !decision.cause.is_error() => Truth::of(is.contains(&variant.name)),
        _ => Truth::Unknown,
    }
}

/// Whether the visitor is in a share; nobody and everybody can be told without an id.
fn share<'a, A: Attributes<'a>>(bucket: &Bucket, attributes: A) -> Truth {
    if bucket.cut == 0 || bucket.cut == hash::LINE {
        return Truth::of(bucket.cut > 0);
    }
    match unit::first(&bucket.bucket_by, attributes) {
        Some(unit) => Truth::of(hash::point(unit, bucket.seed) < bucket.cut),
        None => Truth::Unknown,
    }
}
