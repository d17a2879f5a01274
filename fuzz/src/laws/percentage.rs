//! A percentage that grows only ever adds visitors: who was in stays in, with the same variant.

use pointsman::{Context, Engine};
use serde_json::{Value, json};

/// Five numbers of four bytes each, two percentages and three weights; then a salt of four bytes, and an id in each six.
const NUMBERS: usize = 20;
const SALT: usize = 4;
const ID: usize = 6;

/// `bytes` are those.
pub fn law(bytes: &[u8]) {
    let Some((numbers, rest)) = bytes.split_at_checked(NUMBERS) else { return };
    let Some((salt, ids)) = rest.split_at_checked(SALT) else { return };
    let number = |at: usize| numbers[at * 4..][..4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    let percentage = |at| f64::from(number(at)) / f64::from(u32::MAX) * 100.0;
    let (one, other) = (percentage(0), percentage(1));
    let weights = [2, 3, 4].map(|at| f64::from(number(at)) + 1.0);
    let at = |percentage| engine(&String::from_utf8_lossy(salt), percentage, weights);
    let (smaller, larger) = (at(one.min(other)), at(one.max(other)));
    for id in ids.chunks(ID).take(64) {
        stays(&smaller, &larger, &String::from_utf8_lossy(id));
    }
}

/// Who is in with less is in with more, as the same variant.
fn stays(smaller: &Engine, larger: &Engine, id: &str) {
    let visitor = Context::new().with("userId", id);
    for key in smaller.flags() {
        let before = smaller.evaluate(key, &visitor, 0);
        let is_in = before.variant != Some("off");
        assert!(!is_in || larger.evaluate(key, &visitor, 0) == before, "{key}, {id}: {before:?}");
    }
}

/// Flags with this share: of one variant, of a split, of a rule, in a layer.
fn engine(salt: &str, percentage: f64, weights: [f64; 3]) -> Engine {
    let [b, c, d] = weights;
    let arms = [("b", b), ("c", c), ("d", d)].map(|(variant, weight)| json!({ "variant": variant, "weight": weight }));
    let arms = json!({ "percentage": percentage, "split": arms });
    let everybody = json!({ "attribute": "userId", "op": "exists" });
    let flag = |members: Value| {
        let mut flag =
            json!({ "enabled": true, "salt": salt, "variants": { "on": true, "off": false, "b": 1, "c": 2, "d": 3 } });
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
