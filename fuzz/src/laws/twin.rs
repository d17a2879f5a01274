//! The engine decides as the naive twin does, `tests/reference/`: over snapshots and visitors as `tests/twin.rs` has them.

use super::draw::drawn;
use crate::{
    common::{KEYS, requests::request, snapshot, visitors},
    contract::{requests::routed, told},
    reference::Twin,
};
use pointsman::Engine;
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

type Visit = (Map<String, Value>, i64, Value);

thread_local! {
    // To make the strategy takes longer than to draw from it.
    static DRAWN: BoxedStrategy<(Value, Vec<Visit>)> =
        (snapshot(), vec((visitors::visitor(), 900_000..2_100_000i64, request(&KEYS)), 3)).boxed();
}

/// `bytes` are what generators draw from.
pub fn law(bytes: &[u8]) {
    let Some((snapshot, visits)) = DRAWN.with(|strategy| drawn(strategy, bytes)) else { return };
    let text = snapshot.to_string();
    let engine = Engine::from_slice(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    let twin = Twin::new(&snapshot);
    for (visitor, now, request) in &visits {
        let context = visitors::read(visitor);
        for key in engine.flags() {
            let (own, other) = (told(&engine.evaluate(key, &context, *now)), twin.evaluate(key, visitor, *now).json());
            assert_eq!(own, other, "{key} for {visitor:?} at {now}: {text}");
        }
        let case = asked(request, visitor, *now);
        assert_eq!(without_cookie(routed(&engine, &case)), twin.route(&case), "{case}: {text}");
    }
}

/// The visitor's request as a case.
fn asked(request: &Value, visitor: &Map<String, Value>, now: i64) -> Value {
    let mut case = request.clone();
    case["context"] = visitor.clone().into();
    case["now"] = json!(now);
    case
}

/// The twin tells no cookies.
fn without_cookie(mut answer: Value) -> Value {
    answer.as_object_mut().and_then(|members| members.remove("setCookie"));
    answer
}
