//! Request facts to a destination: which route matches, which backend, and which visitor id. Nothing is performed here.

mod matching;
mod visitor;

use crate::{
    context::Attributes,
    decision::{Cause, Decision},
    eval::{self, Recorder, Scene},
    fault::{self, Injected},
    table::{Destination, Route, Table},
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
    /// What else is known of the request, for the attributes `request.*`: `("country", "DE")`, `("header.accept", "*/*")`.
    /// Host, path and method need not be among them.
    pub request: &'a [(&'a str, &'a str)],
    /// What verified tokens ask for: flags and their variants, by name.
    pub overrides: &'a [(&'a str, &'a str)],
}

impl<'a> RequestFacts<'a> {
    /// The value of the attribute `request.NAME`.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a [u8]> {
        let known = match name {
            "host" => self.host,
            "path" => self.path,
            "method" => self.method,
            _ => return self.request.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_bytes()),
        };
        // A flag that is not asked for by a route has no request.
        Some(known).filter(|text| !text.is_empty())
    }
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
    /// The fault to inject.
    pub fault: Option<Injected>,
}

/// The first matching route's decision; none where no route matches. `clock` is the true time, for faults.
pub fn route<'a, A: Attributes<'a>>(
    scene: Scene<'_>,
    clock: f64,
    facts: RequestFacts<'a>,
    attributes: A,
) -> Option<RouteDecision<'a>> {
    let Table { paths, routes, .. } = scene.table;
    let matches = |route: &Route| matching::matches(route, scene, facts, attributes);
    let place = paths.first(facts.path, routes, &matches)? as usize;
    let route = routes.get(place)?;
    let visitor = visitor::identify(scene, route.visitor.as_ref(), facts, attributes);
    let attributes = match &route.visitor {
        Some(wanted) => attributes.with(wanted.attribute, visitor.id()),
        None => attributes,
    };
    let (decision, backend) = destination(scene, route, attributes);
    Some(RouteDecision {
        route: place,
        backend: backend.unwrap_or(route.fallback),
        decision,
        visitor,
        fallback: backend.is_none(),
        fault: fault::decide(scene, clock, route, attributes),
    })
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
        Some(flag) => eval::evaluate(flag, &scene, &attributes, &mut Recorder::silent()),
        None => Decision::unknown(Cause::FlagNotFound),
    };
    let variant = decision.variant().filter(|_| !decision.cause.is_error()).map(usize::from);
    (Some(decision), variant.and_then(|variant| backends.get(variant).copied().flatten()))
}
