//! What the JavaScript side must know of a table, as JSON text: names once for each load, a flag's variants at first use.

use crate::table::{Asked, Definition, Flag, Table, Variant, Visitor};

/// The names of flags, attributes and backends, and the routes.
pub fn manifest(table: &Table) -> String {
    let mut json = Writer { text: String::from("{\"flags\":") };
    json.list(&table.flags, |json, flag| json.raw(flag.key_span.of(&table.text)));
    json.raw(",\"attributes\":");
    json.list(&table.attributes, |json, name| json.string(name));
    json.raw(",\"routing\":");
    json.numbers(&table.routing.attributes);
    json.raw(",\"timedRouting\":");
    json.boolean(table.routing.timed);
    json.raw(",\"backendNames\":");
    json.list(&table.backends, |json, backend| json.string(&backend.name));
    json.raw(",\"backends\":");
    json.list(&table.backends, |json, backend| json.raw(backend.span.of(&table.text)));
    json.raw(",\"routes\":");
    json.list(&table.routes, |json, route| json.raw(route.span.of(&table.text)));
    json.raw(",\"cookies\":");
    json.list(&table.routes, |json, route| json.optional(route.visitor.as_ref(), cookie));
    json.raw("}");
    json.text
}

fn cookie(json: &mut Writer, visitor: &Visitor) {
    json.raw("{\"name\":");
    json.string(&visitor.cookie);
    json.raw(",\"attributes\":");
    json.string(&visitor.cookie_attributes());
    json.raw("}");
}

/// One flag: its variants, what it asks for, its rules' names. A broken flag has none of it.
pub fn describe(table: &Table, flag: &Flag) -> String {
    let definition = flag.definition.as_ref();
    let variants = definition.map_or(&[][..], |definition| &definition.variants);
    let nothing = Asked::default();
    let asked = definition.map_or(&nothing, |definition| &definition.asked);
    let mut json = Writer { text: String::from("{\"names\":") };
    json.list(variants, |json, variant| json.string(&variant.name));
    json.raw(",\"values\":");
    json.list(variants, |json, variant: &Variant| json.raw(variant.json(&table.text)));
    json.raw(",\"off\":");
    json.optional(definition, |json, definition| json.number(definition.off.into()));
    json.raw(",\"attributes\":");
    json.numbers(&asked.attributes);
    json.raw(",\"timed\":");
    json.boolean(asked.timed);
    json.raw(",\"metadata\":");
    json.optional(definition.and_then(|own| own.metadata), |json, span| json.raw(span.of(&table.text)));
    json.raw(",\"rules\":");
    let rules = definition.map_or(&[][..], |definition: &Definition| &definition.rules);
    json.list(rules, |json, rule| json.optional(rule.name.as_deref(), Writer::string));
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

    fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    fn number(&mut self, value: u16) {
        self.raw(&crate::number::text(value.into()));
    }

    fn numbers(&mut self, values: &[u16]) {
        self.list(values, |json, value| json.number(*value));
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.raw("null"),
        }
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Writer, &T)) {
        self.text.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            write(self, item);
        }
        self.text.push(']');
    }

    /// Names hold no control characters: only quotes and backslashes need an escape.
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                self.text.push('\\');
            }
            self.text.push(character);
        }
        self.text.push('"');
    }
}
