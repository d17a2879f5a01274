//! Request facts to a destination: which route matches, which backend, and which visitor id. Nothing is performed here.

mod matching;
mod visitor;

use crate::{
    context::Attributes,
    decision::{Cause, Decision},
    eval::{self, Scene, Silent},
    table::{Destination, Route},
};
pub use visitor::VisitorId;

/// What a route looks at in a request. All borrowed, as they stand in the request.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestFacts<'a> {
    /// The host without its port, in lower case.
    pub host: &'a [u8],
    /// The path as the WHATWG URL standard has it: it begins with `/` and is percent-encoded.
    pub path: &'a [u8],
    /// The method, in upper case.
    pub method: &'a [u8],
    /// The whole `Cookie` header; empty without one.
    pub cookie: &'a [u8],
    /// A random id for a visitor who has none; without it no id is minted.
    pub fresh_id: Option<&'a [u8]>,
    /// False when `Sec-Fetch-Mode` says that this is no navigation; only a navigation mints an id.
    pub navigation: bool,
}

/// Where a request goes, by places in the table.
#[derive(Clone, Copy, Debug)]
pub struct RouteDecision<'a> {
    /// The route's place.
    pub route: usize,
    /// The backend's place.
    pub backend: u16,
    /// The flag's decision; none for a fixed backend.
    pub decision: Option<Decision>,
    /// The visitor's id.
    pub visitor: VisitorId<'a>,
    /// True when the route's fallback was taken.
    pub fallback: bool,
}

/// The first matching route's decision; none where no route matches.
pub fn route<'a, A: Attributes<'a>>(
    scene: Scene<'_>,
    facts: RequestFacts<'a>,
    attributes: A,
) -> Option<RouteDecision<'a>> {
    let (place, route) = scene.table.routes.iter().enumerate().find(|(_, route)| matching::matches(route, facts))?;
    let visitor = visitor::identify(scene, route.visitor.as_ref(), facts, attributes);
    let attributes = match &route.visitor {
        Some(wanted) => attributes.with(wanted.attribute, visitor.id()),
        None => attributes,
    };
    let (decision, backend) = destination(scene, route, attributes);
    let fallback = backend.is_none();
    Some(RouteDecision { route: place, backend: backend.unwrap_or(route.fallback), decision, visitor, fallback })
}

/// The flag's decision and the backend; no backend means the fallback.
fn destination<'a, A: Attributes<'a>>(
    scene: Scene<'_>,
    route: &Route,
    attributes: A,
) -> (Option<Decision>, Option<u16>) {
    let (flag, backends) = match &route.destination {
        Destination::Backend(backend) => return (None, Some(*backend)),
        Destination::Flag { flag, backends } => (flag, backends),
    };
    let decision = match flag.and_then(|flag| scene.table.flags.get(flag as usize)) {
        Some(flag) => eval::evaluate(flag, scene, attributes, &mut Silent),
        None => Decision::unknown(Cause::FlagNotFound),
    };
    let variant = decision.variant().filter(|_| !decision.cause.is_error()).map(usize::from);
    (Some(decision), variant.and_then(|variant| backends.get(variant).copied().flatten()))
}
