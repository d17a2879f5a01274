//! `in` is true for the same texts however they are kept: as words, as a list of their own, or among values of other types.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use pointsman::{Context, Engine};
use serde_json::{Map, Value, json};

/// More than there are words.
const FLAGS: usize = 300;

/// Each flag is for texts of its own, and for one that all have in common.
fn snapshot(values: impl Fn(usize) -> Vec<Value>) -> String {
    let flag = |values| {
        json!({
            "enabled": true,
            "rules": [{ "if": { "attribute": "text", "op": "in", "values": values }, "serve": "on" }],
            "rolloutPercentage": 0,
        })
    };
    let flags: Map<String, Value> = (0..FLAGS).map(|place| (format!("flag-{place}"), flag(values(place)))).collect();
    json!({ "flags": flags }).to_string()
}

fn check(values: impl Fn(usize) -> Vec<Value>, own: impl Fn(usize) -> String) {
    let engine = Engine::from_slice(snapshot(values).as_bytes()).unwrap();
    for place in 0..FLAGS {
        let key = format!("flag-{place}");
        let is_enabled = |text: &str| engine.is_enabled(&key, &Context::new().with("text", text), 0);
        assert!(is_enabled(&own(place)), "{key} its own");
        assert!(is_enabled("common"), "{key} the common one");
        for other in
            [own((place + 1) % FLAGS), own((place + 255) % FLAGS), "commo".into(), "common\0".into(), "".into()]
        {
            assert!(!is_enabled(&other), "{key} {other:?}");
        }
        assert!(!engine.is_enabled(&key, &Context::new(), 0), "{key} nothing");
    }
}

#[test]
fn more_texts_than_words() {
    check(|place| vec![json!(format!("t{place}")), json!("common")], |place| format!("t{place}"));
}

#[test]
fn texts_too_long_for_words() {
    let long = |place| format!("a text of more than fifteen bytes {place}");
    check(|place| vec![json!("common"), json!(long(place))], long);
}

#[test]
fn texts_among_numbers() {
    check(|place| vec![json!(7), json!(format!("t{place}")), json!("common")], |place| format!("t{place}"));
}

#[test]
fn lists_too_long_for_words() {
    let values = |place: usize| {
        let mut values: Vec<Value> = (0..100).map(|at| json!(format!("x{place}-{at}"))).collect();
        values.push(json!("common"));
        values
    };
    check(values, |place| format!("x{place}-99"));
}
