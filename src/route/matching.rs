//! Whether a route matches a request: host, path and method.

use super::RequestFacts;
use crate::table::{Path, Route};

/// All parts of the match that are given must hold.
pub fn matches(route: &Route, facts: RequestFacts<'_>) -> bool {
    let host = route.host.as_ref().is_none_or(|host| host.as_bytes() == facts.host);
    host && path_matches(&route.path, facts.path) && method_matches(&route.methods, facts.method)
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
