//! What the JavaScript side must know of a table, as JSON text: names once for each load, a flag's variants at first use.

use crate::{
    EDGE,
    json::Writer,
    number,
    table::{Definition, Flag, Table, Visitor},
};

/// The names of flags, attributes and backends, and the routes.
pub fn manifest(table: &Table) -> String {
    let mut json = Writer::default();
    json.list("{\"flags\":", table.flags.len(), &|json, at| {
        json.span(table.flags.get(at).map(|flag| flag.key_span.of(&table.text)));
    });
    json.list(",\"attributes\":", table.attributes.len(), &|json, at| json.string(table.attributes.get(at)));
    json.raw(",\"maxAge\":");
    json.raw(&table.max_age.map_or("null".into(), number::text));
    if EDGE {
        routing(&mut json, table);
    }
    json.raw("}");
    json.text
}

/// What only routers and guards look at.
fn routing(json: &mut Writer, table: &Table) {
    json.numbers(",\"routing\":", &table.routing.attributes);
    json.raw(if table.routing.timed { ",\"timedRouting\":true" } else { ",\"timedRouting\":false" });
    let faulted = table.routes.iter().any(|route| !route.faults.is_empty());
    json.raw(if faulted { ",\"faulted\":true" } else { ",\"faulted\":false" });
    let guarded = |flag: &Flag| flag.definition.as_ref().is_some_and(|definition| definition.guard.is_some());
    json.raw(if table.flags.iter().any(guarded) { ",\"guarded\":true" } else { ",\"guarded\":false" });
    json.list(",\"backendNames\":", table.backends.len(), &|json, at| {
        json.string(table.backends.get(at).map(|backend| &backend.name));
    });
    json.list(",\"backends\":", table.backends.len(), &|json, at| {
        json.span(table.backends.get(at).map(|backend| backend.span.of(&table.text)));
    });
    json.list(",\"timeouts\":", table.backends.len(), &|json, at| {
        let timeout = table.backends.get(at).and_then(|backend| backend.timeout_ms);
        json.raw(&timeout.map_or("null".into(), number::text));
    });
    json.list(",\"routes\":", table.routes.len(), &|json, at| {
        json.span(table.routes.get(at).map(|route| route.span.of(&table.text)));
    });
    json.list(",\"cookies\":", table.routes.len(), &|json, at| {
        cookie(json, table.routes.get(at).and_then(|route| route.visitor.as_ref()));
    });
}

/// One flag: its variants, what it asks for, its rules' names. A broken flag has none of it.
pub fn describe(table: &Table, flag: &Flag) -> String {
    match &flag.definition {
        Some(definition) => described(table, definition),
        None => {
            "{\"names\":[],\"values\":[],\"off\":null,\"attributes\":[],\"timed\":false,\"metadata\":null,\"rules\":[]}"
                .into()
        }
    }
}

fn described(table: &Table, flag: &Definition) -> String {
    let mut json = Writer::default();
    let variants = &flag.variants;
    json.list("{\"names\":", variants.len(), &|json, at| json.string(variants.get(at).map(|variant| &variant.name)));
    json.list(",\"values\":", variants.len(), &|json, at| {
        json.span(variants.get(at).map(|variant| variant.json(&table.text)));
    });
    json.raw(",\"off\":");
    json.raw(&number::text(flag.off.into()));
    json.numbers(",\"attributes\":", &flag.asked.attributes);
    json.raw(if flag.asked.timed { ",\"timed\":true" } else { ",\"timed\":false" });
    json.raw(if flag.server_only { ",\"serverOnly\":true" } else { "" });
    json.raw(",\"metadata\":");
    json.span(flag.metadata.map(|span| span.of(&table.text)));
    json.list(",\"rules\":", flag.rules.len(), &|json, at| {
        json.string(flag.rules.get(at).and_then(|rule| rule.name.as_ref()));
    });
    json.raw("}");
    json.text
}

/// A route's cookie: its name, and what follows `name=id` in `Set-Cookie`.
fn cookie(json: &mut Writer, visitor: Option<&Visitor>) {
    let Some(visitor) = visitor else { return json.raw("null") };
    json.raw("{\"name\":");
    json.string(Some(&visitor.cookie));
    json.raw(",\"attributes\":");
    json.string(Some(&visitor.cookie_attributes()));
    json.raw("}");
}
