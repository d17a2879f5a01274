//! Requests as `tests/cases/` has them, and what routes ask of them.

use super::{
    conditions::{self, Scope},
    object, percentage, pick,
    pools::choice,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// A request, what the platform knows of it, the id that the host offers, and what tokens ask for.
#[allow(dead_code, reason = "the property tests of single laws have a request of their own")]
pub fn request(flags: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let url = (pick(&["http://a.test", "https://b.test:8443"]), pick(&["/", "/a", "/ab", "/b?a=1", "/a?a=2&b="]));
    let url = url.prop_map(|(origin, path)| format!("{}{}", text(&origin), text(&path)));
    let known = (url, pick(&["GET", "POST"]), headers(), attributes());
    (known, option::of(pick(&["fresh", "new", "7"])), vec(token(flags), 0..2)).prop_map(
        |((url, method, headers, attributes), fresh, overrides)| {
            let request = json!({ "method": method, "url": url, "headers": headers, "attributes": attributes });
            object(vec![("request", Some(request)), ("freshId", fresh), ("overrides", Some(overrides.into()))])
        },
    )
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn headers() -> impl Strategy<Value = Value> {
    let cookie = pick(&["vid=alice", "vid=bob; beta=yes", "vid=", "beta=no", "vid=\"carol\"; beta=yes"]);
    let mode = pick(&["navigate", "cors"]);
    let agent = pick(&["Example/1.0 (Mobile)", "curl", ""]);
    (option::of(cookie), option::weighted(0.3, mode), option::of(agent)).prop_map(|(cookie, mode, agent)| {
        object(vec![("cookie", cookie), ("sec-fetch-mode", mode), ("user-agent", agent)])
    })
}

fn attributes() -> impl Strategy<Value = Value> {
    let address = pick(&["10.1.2.3", "192.0.2.1", "2001:db8::1", "unknown"]);
    (option::of(pick(&["DE", "AT", "US"])), option::of(address))
        .prop_map(|(country, address)| object(vec![("country", country), ("ip", address)]))
}

/// Some name a variant that the flag has not.
fn token(flags: &'static [&'static str]) -> impl Strategy<Value = Value> {
    (pick(flags), pick(&["on", "off", "b"])).prop_map(|(flag, variant)| json!({ "flag": flag, "variant": variant }))
}

/// A condition over requests and visitors.
pub fn condition() -> BoxedStrategy<Value> {
    let of_request = choice(json!([
        { "attribute": "request.path", "op": "startsWith", "values": ["/a"] },
        { "attribute": "request.host", "op": "in", "values": ["a.test"] },
        { "attribute": "request.method", "op": "in", "values": ["POST", "PUT"] },
        { "attribute": "request.query.a", "op": "in", "values": ["1"] },
        { "attribute": "request.query.b", "op": "exists" },
        { "attribute": "request.cookie.beta", "op": "in", "values": ["yes"] },
        { "attribute": "request.header.user-agent", "op": "contains", "values": ["mobile"], "caseInsensitive": true },
        { "attribute": "request.country", "op": "in", "values": ["DE", "AT"] },
        { "attribute": "request.ip", "op": "ipInRange", "values": ["10.0.0.0/8", "2001:db8::/32"] },
    ]));
    let leaf = prop_oneof![3 => of_request, 1 => conditions::condition(&Scope::default())];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(|parts| json!({ "all": parts })),
            vec(inner.clone(), 1..3).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
    .boxed()
}

/// Faults of one route; each may end at 1,500 seconds after 1970.
pub fn faults() -> impl Strategy<Value = Value> {
    let delay =
        choice(json!([{ "fixed": "250ms" }, { "fixed": "0s", "jitter": "3s" }, { "fixed": "1s", "jitter": "7ms" }]));
    let abort = select(vec![json!({ "status": 503 }), json!({ "status": 200 })]);
    let effect = prop_oneof![
        delay.clone().prop_map(|delay| json!({ "delay": delay })),
        abort.clone().prop_map(|abort| json!({ "abort": abort })),
        (delay, abort).prop_map(|(delay, abort)| json!({ "delay": delay, "abort": abort })),
    ];
    let until = pick(&["1970-01-01T00:25:00Z", "1970-01-01T02:25:00+01:00"]);
    let fault = (percentage(), until, effect, option::weighted(0.4, condition()));
    vec(fault, 0..3)
        .prop_map(|faults| faults.into_iter().enumerate().map(|(place, own)| fault_of(place, own)).collect())
}

fn fault_of(place: usize, (percentage, until, effect, condition): (f64, Value, Value, Option<Value>)) -> Value {
    let mut fault = Map::new();
    fault.insert("name".into(), format!("f{place}").into());
    fault.insert("percentage".into(), percentage.into());
    fault.insert("until".into(), until);
    fault.extend(effect.as_object().cloned().unwrap_or_default());
    fault.extend(condition.map(|condition| ("if".into(), condition)));
    fault.into()
}
