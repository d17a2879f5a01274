//! The visitor's id: read from a route's cookie, or a fresh one that the host supplies.

use super::RequestFacts;
use crate::{
    context::Attributes,
    eval::{Scene, holds},
    limits,
    table::Visitor,
};

/// A visitor's id and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorId<'a> {
    /// The route keeps none, consent is missing, or there is neither a cookie nor a fresh id.
    None,
    /// Read from the route's cookie.
    Cookie(&'a [u8]),
    /// Fresh: the response must set the cookie.
    Fresh(&'a [u8]),
}

impl<'a> VisitorId<'a> {
    /// The id, wherever it comes from.
    pub fn id(self) -> Option<&'a [u8]> {
        match self {
            VisitorId::None => None,
            VisitorId::Cookie(id) | VisitorId::Fresh(id) => Some(id),
        }
    }
}

/// The visitor's id on a route. Without consent there is none, even if a cookie is there.
pub fn identify<'a, A: Attributes<'a>>(
    scene: Scene<'_>,
    wanted: Option<&Visitor>,
    facts: RequestFacts<'a>,
    attributes: A,
) -> VisitorId<'a> {
    let Some(visitor) = wanted.filter(|visitor| consents(visitor, scene, attributes)) else { return VisitorId::None };
    let known = cookie(facts.cookie, visitor.cookie.as_bytes()).filter(|id| is_id(id));
    let fresh = facts.fresh_id.filter(|id| facts.navigation && is_id(id));
    match (known, fresh) {
        (Some(id), _) => VisitorId::Cookie(id),
        (None, Some(id)) => VisitorId::Fresh(id),
        (None, None) => VisitorId::None,
    }
}

/// Unknown consent is no consent.
fn consents<'a, A: Attributes<'a>>(visitor: &Visitor, scene: Scene<'_>, attributes: A) -> bool {
    visitor.consent.as_ref().is_none_or(|condition| holds(condition, scene, attributes))
}

/// The first cookie of that name (RFC 6265, section 5.4: the one with the longest path comes first), without its quotes.
fn cookie<'a>(header: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut pairs = header.split(|byte| *byte == b';');
    let value = pairs.find_map(|pair| pair.trim_ascii().strip_prefix(name)?.strip_prefix(b"="))?;
    Some(value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value))
}

/// What a cookie may hold (RFC 6265, `cookie-octet`), and not too much of it.
fn is_id(id: &[u8]) -> bool {
    let sound = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
    !id.is_empty() && id.len() <= limits::VISITOR_ID_BYTES && id.iter().all(sound)
}
