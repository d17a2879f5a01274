//! Where requests go: [`Engine`]'s side of the routes.

use crate::{
    Engine, Evaluation,
    context::{Context, Named},
    eval::Scene,
    route::{self, RequestFacts, VisitorId},
    table::{self, Flag, Route, Table},
};

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination<'e> {
    /// The route's name.
    pub route: &'e str,
    /// The backend's name.
    pub backend: &'e str,
    /// The backend's origin.
    pub origin: &'e str,
    /// What is put in front of the path; empty for nothing.
    pub path_prefix: &'e str,
    /// How long the backend may take until its response begins, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// True when the route's fallback was taken.
    pub fallback: bool,
    /// The key of the flag that decided; none for a fixed backend.
    pub flag: Option<&'e str>,
    /// The flag's decision; none for a fixed backend.
    pub evaluation: Option<Evaluation<'e>>,
    /// The visitor's id, where the route keeps one.
    pub visitor_id: Option<String>,
    /// The `Set-Cookie` value that makes a fresh id stick.
    pub set_cookie: Option<String>,
    /// What is to be injected into this request.
    pub fault: Option<Fault<'e>>,
}

/// A fault that hits a request: hold it back, then answer with a status in place of the backend, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault<'e> {
    /// The fault's name.
    pub name: &'e str,
    /// How long to hold the request back, in milliseconds.
    pub delay_ms: u64,
    /// The status to answer with.
    pub abort: Option<u16>,
}

impl Engine {
    /// Where a request goes; none when no route matches. `now` is in milliseconds since 1970.
    pub fn route(&self, facts: RequestFacts<'_>, context: &Context, now: i64) -> Option<Destination<'_>> {
        let attributes = Named::new(context, &self.table.attributes).of_request(facts);
        let overrides = self.overrides(facts.overrides);
        let scene = Scene { overrides: &overrides, ..self.scene(now) };
        let decision = route::route(scene, now as f64, facts, attributes)?;
        let route = self.table.routes.get(decision.route)?;
        let backend = self.table.backends.get(usize::from(decision.backend))?;
        let id = decision.visitor.id().map(|id| String::from_utf8_lossy(id).into_owned());
        Some(Destination {
            route: &route.name,
            backend: &backend.name,
            origin: &backend.origin,
            path_prefix: &backend.path_prefix,
            timeout_ms: backend.timeout_ms,
            fallback: decision.fallback,
            flag: flag_of(&self.table, route).map(|flag| self.table.keys.name(flag.place)),
            evaluation: decision.decision.map(|decision| self.named(flag_of(&self.table, route), decision)),
            set_cookie: id.as_ref().filter(|_| matches!(decision.visitor, VisitorId::Fresh(_))).and_then(|id| {
                let visitor = route.visitor.as_ref()?;
                Some([&visitor.cookie, "=", id, &visitor.cookie_attributes()].concat())
            }),
            visitor_id: id,
            fault: decision.fault.and_then(|injected| {
                let fault = route.faults.get(injected.place)?;
                Some(Fault { name: &fault.name, delay_ms: injected.delay_ms, abort: injected.abort })
            }),
        })
    }

    /// Places of what tokens name; what the snapshot doesn't have is ignored.
    fn overrides(&self, named: &[(&str, &str)]) -> Vec<(u32, u8)> {
        let place = |(flag, variant): &(&str, &str)| {
            let flag = self.table.flag(flag)?;
            let variants = &flag.definition.as_ref()?.variants;
            let variant = variants.iter().position(|own| own.name == *variant)?;
            Some((flag.place, u8::try_from(variant).ok()?))
        };
        named.iter().filter_map(place).collect()
    }
}

fn flag_of<'t>(table: &'t Table, route: &Route) -> Option<&'t Flag> {
    match &route.destination {
        table::Destination::Flag { flag, .. } => table.flags.get((*flag)? as usize),
        table::Destination::Backend(_) => None,
    }
}
