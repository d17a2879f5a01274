//! Visitors: contexts as JSON, so that two implementations can read the same.

use super::pools::{choice, pools};
use pointsman::Context;
use proptest::{collection::vec, option, prelude::*, sample::select, strategy::Union};
use serde_json::{Map, Value, json};

/// A context; most have an id.
pub fn visitor() -> impl Strategy<Value = Map<String, Value>> {
    let ids =
        choice(json!(["alice", "bob", "carol", "7", 7, -7, 7.5, 0, "", 9007199254740991u64, 9007199254740992u64]));
    let id = (select(vec!["userId", "userId", "targetingKey", "visitorId"]), ids);
    (vec(attribute(), 1..14), vec(id, 0..3), option::weighted(0.8, "[a-z0-9]{1,6}")).prop_map(
        |(attributes, ids, user)| {
            let mut context = Map::new();
            for (name, value) in attributes {
                put(&mut context, name, value);
            }
            for (name, value) in ids {
                context.insert(name.into(), value);
            }
            if let Some(user) = user {
                context.entry("userId").or_insert(user.into());
            }
            context
        },
    )
}

/// At its path, or, now and then, under its whole name.
fn put(context: &mut Map<String, Value>, (name, exact): (&str, bool), value: Value) {
    match name.split_once('.').filter(|_| !exact) {
        Some((first, rest)) => {
            let inner = context.entry(first).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                inner.insert(rest.into(), value);
            }
        }
        None => drop(context.insert(name.into(), value)),
    }
}

/// An attribute of any pool, with a value of that pool most often, or a list of them.
fn attribute() -> impl Strategy<Value = ((&'static str, bool), Value)> {
    let exact = prop_oneof![9 => Just(false), 1 => Just(true)];
    let of_pools = Union::new(pools().map(|pool| {
        let value = prop_oneof![8 => choice(pool.shared), 2 => choice(pool.odd), 1 => Just(Value::Null)].boxed();
        let list = vec(prop_oneof![12 => value.clone(), 1 => Just(json!([])), 1 => Just(json!({}))], 0..4);
        let value = prop_oneof![5 => value, 1 => list.prop_map(Value::from)];
        (select(pool.names), value).boxed()
    }));
    (of_pools, exact).prop_map(|((name, value), exact)| ((name, exact), value))
}

/// As the engine takes it.
pub fn read(visitor: &Map<String, Value>) -> Context {
    serde_json::from_value(visitor.clone().into()).unwrap_or_default()
}
