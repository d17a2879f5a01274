//! Whether a route matches a request: host, method and condition; its path is looked up.

use super::RequestFacts;
use crate::{
    context::Attributes,
    eval::{Scene, holds},
    table::Route,
};

/// Whether all parts of the match but the path hold.
pub fn matches<'a, A: Attributes<'a>>(route: &Route, scene: Scene<'_>, facts: RequestFacts<'_>, attributes: A) -> bool {
    route.host.as_ref().is_none_or(|host| host.as_bytes() == facts.host)
        && method_matches(&route.methods, facts.method)
        && route.condition.as_ref().is_none_or(|condition| holds(condition, scene, attributes))
}

fn method_matches(wanted: &[String], method: &[u8]) -> bool {
    wanted.is_empty() || wanted.iter().any(|own| own.as_bytes() == method)
}
