//! A percentage that grows only ever adds visitors: who was in stays in, with the same variant.

use super::draw::drawn;
use crate::common::{percentage, salt, split};
use pointsman::{Context, Engine};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

type Drawn = (f64, f64, String, [f64; 3], Vec<String>);

thread_local! {
    static DRAWN: BoxedStrategy<Drawn> = (
        percentage(), percentage(), salt(), prop::array::uniform3(0.0..100.0), vec("\\PC{1,12}", 16),
    ).boxed();
}

/// `bytes` are what generators draw from.
pub fn law(bytes: &[u8]) {
    let Some((one, other, salt, weights, ids)) = DRAWN.with(|strategy| drawn(strategy, bytes)) else { return };
    let at = |percentage| engine(&salt, percentage, weights);
    let (smaller, larger) = (at(one.min(other)), at(one.max(other)));
    for key in smaller.flags() {
        for id in &ids {
            let visitor = Context::new().with("userId", id.as_str());
            let before = smaller.evaluate(key, &visitor, 0);
            let is_in = before.variant != Some("off");
            assert!(!is_in || larger.evaluate(key, &visitor, 0) == before, "{key}, {id}: {one}, {other}, {weights:?}");
        }
    }
}

/// Flags with this share: of one variant, of a split, of a rule, in a layer.
fn engine(salt: &str, percentage: f64, weights: [f64; 3]) -> Engine {
    let [b, c, d] = weights.map(|weight| weight + 0.001);
    let arms = split(Some(percentage), &[("b", b), ("c", c), ("d", d)]);
    let everybody = json!({ "attribute": "userId", "op": "exists" });
    let flag = |members: Value| {
        let mut flag = json!({ "enabled": true, "salt": salt, "variants": { "on": true, "off": false, "b": 1, "c": 2, "d": 3 } });
        flag.as_object_mut().zip(members.as_object()).into_iter().for_each(|(flag, more)| flag.extend(more.clone()));
        flag
    };
    let snapshot = json!({ "salt": salt, "layers": { "line": {} }, "flags": {
        "one": flag(json!({ "rolloutPercentage": percentage })),
        "split": flag(json!({ "rollout": arms })),
        "rule": flag(json!({ "rules": [{ "if": everybody, "rollout": arms }] })),
        "layer": flag(json!({ "layer": { "name": "line", "from": 0, "to": percentage } })),
    } });
    Engine::from_slice(snapshot.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {snapshot}"))
}
