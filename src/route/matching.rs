//! Whether a route matches a request: host, path, method and condition.

use super::RequestFacts;
use crate::{
    context::Attributes,
    eval::{Scene, Silent, Truth, truth},
    table::{Condition, Path, Route},
};

/// All parts of the match that are given must hold.
pub fn matches<'a, A: Attributes<'a>>(route: &Route, scene: Scene<'_>, facts: RequestFacts<'_>, attributes: A) -> bool {
    // The path tells most routes apart.
    path_matches(&route.path, facts.path)
        && route.host.as_ref().is_none_or(|host| host.as_bytes() == facts.host)
        && method_matches(&route.methods, facts.method)
        && route.condition.as_ref().is_none_or(|condition| holds(condition, scene, attributes))
}

/// Unknown is no match.
#[inline(never)]
fn holds<'a, A: Attributes<'a>>(condition: &Condition, scene: Scene<'_>, attributes: A) -> bool {
    truth(condition, scene, attributes, &mut Silent) == Truth::True
}

fn path_matches(wanted: &Path, path: &[u8]) -> bool {
    match wanted {
        Path::Any => true,
        Path::Exactly(text) => path == text.as_bytes(),
        Path::StartsWith(text) => path.starts_with(text.as_bytes()),
    }
}

fn method_matches(wanted: &[String], method: &[u8]) -> bool {
    wanted.is_empty() || wanted.iter().any(|own| own.as_bytes() == method)
}
