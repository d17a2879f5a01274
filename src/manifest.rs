//! What the JavaScript side must know of a table, as JSON text: names once for each load, a flag's variants at first use.

use crate::{
    number,
    table::{Definition, Flag, Table, Visitor},
};

/// The names of flags, attributes and backends, and the routes.
pub fn manifest(table: &Table) -> String {
    let mut json = Writer { text: String::new() };
    json.list("{\"flags\":", table.flags.len(), &|json, at| {
        json.span(table.flags.get(at).map(|flag| flag.key_span.of(&table.text)));
    });
    json.list(",\"attributes\":", table.attributes.len(), &|json, at| json.string(table.attributes.get(at)));
    json.numbers(",\"routing\":", &table.routing.attributes);
    json.raw(if table.routing.timed { ",\"timedRouting\":true" } else { ",\"timedRouting\":false" });
    json.list(",\"backendNames\":", table.backends.len(), &|json, at| {
        json.string(table.backends.get(at).map(|backend| &backend.name));
    });
    json.list(",\"backends\":", table.backends.len(), &|json, at| {
        json.span(table.backends.get(at).map(|backend| backend.span.of(&table.text)));
    });
    json.list(",\"routes\":", table.routes.len(), &|json, at| {
        json.span(table.routes.get(at).map(|route| route.span.of(&table.text)));
    });
    json.list(",\"cookies\":", table.routes.len(), &|json, at| {
        json.cookie(table.routes.get(at).and_then(|route| route.visitor.as_ref()));
    });
    json.raw("}");
    json.text
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
    let mut json = Writer { text: String::new() };
    let variants = &flag.variants;
    json.list("{\"names\":", variants.len(), &|json, at| json.string(variants.get(at).map(|variant| &variant.name)));
    json.list(",\"values\":", variants.len(), &|json, at| {
        json.span(variants.get(at).map(|variant| variant.json(&table.text)));
    });
    json.raw(",\"off\":");
    json.raw(&number::text(flag.off.into()));
    json.numbers(",\"attributes\":", &flag.asked.attributes);
    json.raw(if flag.asked.timed { ",\"timed\":true" } else { ",\"timed\":false" });
    json.raw(",\"metadata\":");
    json.span(flag.metadata.map(|span| span.of(&table.text)));
    json.list(",\"rules\":", flag.rules.len(), &|json, at| {
        json.string(flag.rules.get(at).and_then(|rule| rule.name.as_ref()));
    });
    json.raw("}");
    json.text
}

struct Writer {
    text: String,
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A value as it is written in the snapshot.
    fn span(&mut self, text: Option<&str>) {
        self.raw(text.unwrap_or("null"));
    }

    /// A route's cookie: its name, and what follows `name=id` in `Set-Cookie`.
    fn cookie(&mut self, visitor: Option<&Visitor>) {
        let Some(visitor) = visitor else { return self.raw("null") };
        self.raw("{\"name\":");
        self.string(Some(&visitor.cookie));
        self.raw(",\"attributes\":");
        self.string(Some(&visitor.cookie_attributes()));
        self.raw("}");
    }

    fn numbers(&mut self, before: &str, values: &[u16]) {
        self.list(before, values.len(), &|json, at| {
            json.raw(&number::text(values.get(at).copied().unwrap_or_default().into()));
        });
    }

    fn list(&mut self, before: &str, count: usize, write: &dyn Fn(&mut Writer, usize)) {
        self.raw(before);
        for at in 0..count {
            self.raw(if at == 0 { "[" } else { "," });
            write(self, at);
        }
        self.raw(if count == 0 { "[]" } else { "]" });
    }

    /// Names hold no control characters: only quotes and backslashes need an escape.
    fn string(&mut self, text: Option<&String>) {
        let Some(text) = text else { return self.raw("null") };
        self.raw("\"");
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                self.raw("\\");
            }
            self.text.push(character);
        }
        self.raw("\"");
    }
}
