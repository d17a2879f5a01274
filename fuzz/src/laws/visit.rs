//! A visitor and a request, and all that an engine answers them.

use super::parts;
use pointsman::{Context, Engine, RequestFacts};

/// Who asks, when, and with which request: nine parts of an input.
pub struct Visit<'b> {
    pub context: Context,
    pub now: i64,
    parts: [&'b [u8]; 9],
    attributes: [(&'static str, &'b str); 2],
}

impl<'b> Visit<'b> {
    /// Context (JSON), time, host, path, method, cookie, fresh id, country, address. A context that is none is empty; a time that is
    /// no number is made of the bytes.
    pub fn read(bytes: &'b [u8]) -> Visit<'b> {
        let parts: [&[u8]; 9] = parts(bytes);
        let [context, now, .., country, address] = parts;
        let text = |bytes| str::from_utf8(bytes).unwrap_or_default();
        Visit {
            context: serde_json::from_slice(context).unwrap_or_default(),
            now: text(now).parse().unwrap_or_else(|_| number(now)),
            parts,
            attributes: [("country", text(country)), ("ip", text(address))],
        }
    }

    pub fn facts(&self) -> RequestFacts<'_> {
        let [_, _, host, path, method, cookie, fresh_id, ..] = self.parts;
        let fresh_id = Some(fresh_id).filter(|id| !id.is_empty());
        let navigation = self.now % 2 == 0;
        RequestFacts { host, path, method, cookie, fresh_id, navigation, request: &self.attributes, overrides: &[] }
    }
}

/// The first eight bytes.
fn number(bytes: &[u8]) -> i64 {
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// Fails unless both engines have the same flags, ask for the same attributes and answer alike.
pub fn agree(one: &Engine, other: &Engine, visit: &Visit<'_>) {
    assert!(one.flags().eq(other.flags()) && one.attributes().eq(other.attributes()));
    let Visit { context, now, .. } = visit;
    for key in one.flags() {
        assert_eq!(one.evaluate(key, context, *now), other.evaluate(key, context, *now), "{key}");
    }
    assert_eq!(one.route(visit.facts(), context, *now), other.route(visit.facts(), context, *now));
}
