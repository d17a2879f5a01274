//! What the engine finds no fault with it decides as the naive twin does, `tests/reference/`.

use super::parts;
use crate::{
    contract::{requests::routed, told},
    reference::Twin,
};
use pointsman::{Engine, Options};
use serde_json::{Map, Value, json};

/// `bytes` are a snapshot, a context and a time, which also picks the request.
pub fn law(bytes: &[u8]) {
    let [text, context, now] = parts(bytes);
    let options = Options { strict: true, ..Options::default() };
    let (Ok(snapshot), Ok(engine)) = (serde_json::from_slice(text), Engine::new(text, options)) else { return };
    let visitor: Map<String, Value> = serde_json::from_slice(context).unwrap_or_default();
    let now = str::from_utf8(now).ok().and_then(|now| now.parse().ok()).unwrap_or(1_500_000);
    decide_alike(&engine, &snapshot, &visitor, now);
}

fn decide_alike(engine: &Engine, snapshot: &Value, visitor: &Map<String, Value>, now: i64) {
    let twin = Twin::new(snapshot);
    let context = serde_json::from_value(visitor.clone().into()).expect("any object is a context");
    for key in engine.flags() {
        let (own, other) = (told(&engine.evaluate(key, &context, now)), twin.evaluate(key, visitor, now).json());
        assert_eq!(own, other, "{key} for {visitor:?} at {now}: {snapshot}");
    }
    let case = asked(visitor, now);
    let mut answer = routed(engine, &case);
    // The twin tells no cookies.
    answer.as_object_mut().and_then(|members| members.remove("setCookie"));
    assert_eq!(answer, twin.route(&case), "{case}: {snapshot}");
}

/// One of a few requests, as a case.
fn asked(visitor: &Map<String, Value>, now: i64) -> Value {
    let urls = [
        "http://a.test/",
        "http://a.test/a",
        "https://b.test:8443/ab",
        "http://a.test/b?a=1",
        "http://a.test/a?a=2&b=",
    ];
    let methods = ["GET", "POST"];
    let cookies = ["vid=alice", "vid=bob; beta=yes", "vid=", "beta=no"];
    let any = now.unsigned_abs() as usize;
    let request = json!({
        "method": methods[any % methods.len()], "url": urls[any % urls.len()],
        "headers": { "cookie": cookies[any % cookies.len()], "user-agent": "Example/1.0 (Mobile)" },
        "attributes": { "country": "DE", "ip": "10.1.2.3" },
    });
    json!({ "context": visitor, "now": now, "request": request, "freshId": "fresh" })
}
