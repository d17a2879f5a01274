//! Conditions of every form.

use super::{
    bucket_by, percentage, pick,
    pools::{Pool, choice, pools, ranges},
};
use proptest::{collection::vec, option, prelude::*, sample::select, strategy::Union};
use serde_json::{Value, json};

/// What a condition may refer to.
#[derive(Clone, Default)]
pub struct Scope {
    pub segments: Vec<&'static str>,
    pub flags: Vec<&'static str>,
}

/// A condition; one that may refer to something may also need the full build.
pub fn condition(scope: &Scope) -> BoxedStrategy<Value> {
    let refers = !scope.segments.is_empty() || !scope.flags.is_empty();
    let mut leaves = vec![(16, test()), (2, bucket())];
    if !scope.segments.is_empty() {
        leaves.push((3, pick(&scope.segments).prop_map(|name| json!({ "segment": name })).boxed()));
    }
    if !scope.flags.is_empty() {
        leaves.push((3, prerequisite(&scope.flags).boxed()));
    }
    if refers {
        leaves.push((if cfg!(feature = "full") { 3 } else { 1 }, full().boxed()));
    }
    let parts = |inner: BoxedStrategy<Value>| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|parts| json!({ "all": parts })),
            vec(inner.clone(), 1..4).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    };
    Union::new_weighted(leaves).prop_recursive(3, 12, 3, parts).boxed()
}

fn test() -> BoxedStrategy<Value> {
    Union::new(pools().map(of_pool)).boxed()
}

fn of_pool(pool: Pool) -> BoxedStrategy<Value> {
    let own = if pool.operators == ["ipInRange"] { ranges() } else { pool.shared };
    let values = vec(choice(own), 0..4);
    let fold = option::weighted(0.3, any::<bool>());
    (select(pool.names), select(pool.operators), values, fold)
        .prop_map(move |(attribute, operator, values, fold)| {
            let mut test = json!({ "attribute": attribute, "op": operator });
            if operator != "exists" {
                test["values"] = values.into();
            }
            let is_ascii = test.to_string().is_ascii();
            if let Some(fold) = fold.filter(|fold| !fold || pool.folds && is_ascii && operator != "exists") {
                test["caseInsensitive"] = fold.into();
            }
            test
        })
        .boxed()
}

fn bucket() -> BoxedStrategy<Value> {
    (percentage(), pick(&["", "a", "wave"]), option::weighted(0.3, bucket_by()))
        .prop_map(|(percentage, salt, bucket_by)| {
            let mut bucket = json!({ "percentage": percentage, "salt": salt });
            if let Some(bucket_by) = bucket_by {
                bucket["bucketBy"] = bucket_by;
            }
            json!({ "bucket": bucket })
        })
        .boxed()
}

fn prerequisite(flags: &[&'static str]) -> impl Strategy<Value = Value> + use<> {
    let is = prop_oneof![
        12 => choice(json!(["on", "off", ["on"], ["on", "off"], ["off", "off"]])),
        1 => choice(json!(["b", ["b", "on"]])),
    ];
    (pick(flags), is).prop_map(|(flag, is)| json!({ "flag": flag, "is": is }))
}

/// What breaks a flag in the core.
fn full() -> impl Strategy<Value = Value> {
    choice(json!([
        { "attribute": "plan", "op": "matches", "values": ["^pr[oö]", "ber.*n$"] },
        { "attribute": "plan", "op": "matches", "values": ["PRO"], "caseInsensitive": true },
        { "attribute": "plan", "op": "matches", "values": [] },
        { "attribute": "plan", "op": "in", "values": ["PRÖFI", "x"], "caseInsensitive": true },
        { "attribute": "tags", "op": "contains", "values": ["ΣΑΣ".to_lowercase(), "ö"], "caseInsensitive": true },
        { "attribute": "plan", "op": "startsWith", "values": ["ẞ", "É"], "caseInsensitive": true },
    ]))
}
