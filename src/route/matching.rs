//! Whether a route matches a request: host, method and condition; its path is looked up.

use super::RequestFacts;
use crate::{
    context::Attributes,
    eval::{Scene, Silent, Truth, truth},
    table::{Condition, Route},
};

/// Whether all parts of the match but the path hold.
pub fn matches<'a, A: Attributes<'a>>(route: &Route, scene: Scene<'_>, facts: RequestFacts<'_>, attributes: A) -> bool {
    route.host.as_ref().is_none_or(|host| host.as_bytes() == facts.host)
        && method_matches(&route.methods, facts.method)
        && route.condition.as_ref().is_none_or(|condition| holds(condition, scene, attributes))
}

/// Unknown is no match.
#[inline(never)]
fn holds<'a, A: Attributes<'a>>(condition: &Condition, scene: Scene<'_>, attributes: A) -> bool {
    truth(condition, scene, attributes, &mut Silent) == Truth::True
}

fn method_matches(wanted: &[String], method: &[u8]) -> bool {
    wanted.is_empty() || wanted.iter().any(|own| own.as_bytes() == method)
}
