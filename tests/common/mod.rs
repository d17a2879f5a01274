//! Snapshots and contexts of every shape, for the property tests.

use pointsman::{Attribute, Context};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
    test_runner::RngSeed,
};
use serde_json::{Map, Value, json};

/// The same cases in each run, and no file of failures beside the tests.
pub fn laws(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(0x0070_6f69_6e74);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// Percentages with and without decimals, the ends among them.
pub fn percentage() -> impl Strategy<Value = f64> {
    prop_oneof![select(vec![0.0, 0.001, 1.0, 25.0, 50.0, 99.999, 100.0]), 0.0..=100.0]
}

pub fn salt() -> impl Strategy<Value = String> {
    prop_oneof!["", "[a-c]{1,3}", "\\PC{0,40}"]
}

/// The attributes that snapshots ask for and contexts have.
const NAMES: [&str; 8] = ["targetingKey", "userId", "visitorId", "plan", "age", "tags", "beta", "address.city"];
const TEXTS: [&str; 5] = ["", "a", "pro", "pröfi", "Berlin"];
const KEYS: [&str; 4] = ["first", "second", "third", "vierte-größe"];
/// `on` and `off` are there without being declared.
const VARIANTS: [&str; 2] = ["on", "off"];

/// An object of those members that are there.
fn object(members: Vec<(&'static str, Option<Value>)>) -> Value {
    members.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect::<Map<_, _>>().into()
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(&TEXTS[..]).prop_map(Value::from),
        (-3..40).prop_map(Value::from),
        any::<bool>().prop_map(Value::from)
    ]
}

fn values() -> impl Strategy<Value = (&'static str, Value)> {
    let texts = (select(vec!["startsWith", "endsWith", "contains"]), vec(select(&TEXTS[..]), 0..3));
    let numbers = (
        select(vec!["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"]),
        vec(prop_oneof![-3.0..40.0, any::<f64>().prop_filter("JSON has no others", |n| n.is_finite())], 0..3),
    );
    prop_oneof![
        vec(scalar(), 0..4).prop_map(|values| ("in", json!(values))),
        texts.prop_map(|(op, values)| (op, json!(values))),
        numbers.prop_map(|(op, values)| (op, json!(values))),
        Just(("exists", json!([]))),
    ]
}

fn condition() -> impl Strategy<Value = Value> {
    let test = (select(&NAMES[..]), values())
        .prop_map(|(attribute, (op, values))| json!({ "attribute": attribute, "op": op, "values": values }));
    test.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|parts| json!({ "all": parts })),
            vec(inner.clone(), 1..4).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
}

/// A rollout of any kind.
fn rollout() -> impl Strategy<Value = Value> {
    let steps = (percentage(), percentage(), option::of(select(vec!["step", "linear"])));
    let arms = (option::of(percentage()), vec((select(&VARIANTS[..]), 0.0..9.0), 1..4));
    prop_oneof![
        (percentage(), salt()).prop_map(|(percentage, salt)| json!({ "percentage": percentage, "salt": salt })),
        (percentage(), select(&VARIANTS[..]))
            .prop_map(|(percentage, variant)| json!({ "percentage": percentage, "variant": variant })),
        steps.prop_map(|(from, to, ramp)| schedule(from, to, ramp)),
        arms.prop_map(|(percentage, arms)| split(percentage, &arms)),
    ]
}

/// Two steps, at 1,000 and at 2,000 seconds after 1970.
pub fn schedule(from: f64, to: f64, ramp: Option<&str>) -> Value {
    let steps = json!([
        { "at": "1970-01-01T00:16:40Z", "percentage": from },
        { "at": "1970-01-01T00:33:20Z", "percentage": to },
    ]);
    object(vec![("schedule", Some(steps)), ("ramp", ramp.map(Value::from))])
}

pub fn split(percentage: Option<f64>, arms: &[(&str, f64)]) -> Value {
    let arms = arms.iter().map(|(variant, weight)| json!({ "variant": variant, "weight": weight })).collect();
    object(vec![("split", Some(arms)), ("percentage", percentage.map(Value::from))])
}

fn rule() -> impl Strategy<Value = Value> {
    let name = option::of(select(&TEXTS[1..])).prop_map(|name| name.map(Value::from));
    let outcome = prop_oneof![
        select(&VARIANTS[..]).prop_map(|variant| ("serve", json!(variant), None)),
        (rollout(), option::of(select(vec!["off", "continue"]))).prop_map(|(rollout, on_miss)| (
            "rollout",
            rollout,
            on_miss.map(Value::from)
        )),
    ];
    (name, condition(), outcome).prop_map(|(name, condition, (kind, outcome, on_miss))| {
        object(vec![("name", name), ("if", Some(condition)), (kind, Some(outcome)), ("onMiss", on_miss)])
    })
}

/// A flag; one in a few is broken.
pub fn flag() -> impl Strategy<Value = Value> {
    let whitelist = select(vec![json!({ "on": ["alice", "7"] }), json!({ "on": ["bob"], "off": ["alice"] })]);
    let bucket_by = select(vec![json!("userId"), json!(["plan", "age"]), json!(["visitorId", "userId"])]);
    let variants = select(vec![json!({ "on": { "b": 1, "a": [2, {}] }, "off": null }), json!({ "off": 1, "on": "1" })]);
    let members = (
        prop_oneof![8 => Just(Value::from(true)), 1 => Just(Value::from(false)), 1 => Just(Value::Null)],
        (option::weighted(0.2, variants), option::weighted(0.3, whitelist), option::weighted(0.7, rollout())),
        (option::of(vec(rule(), 0..4)), option::weighted(0.3, bucket_by), option::weighted(0.3, salt())),
        option::of(select(vec![json!({}), json!({ "owner": "shop", "since": 7, "x": true })])),
    );
    members.prop_map(|(enabled, (variants, whitelist, rollout), (rules, bucket_by, salt), metadata)| {
        object(vec![
            ("enabled", Some(enabled)),
            ("variants", variants),
            ("whitelist", whitelist),
            ("rollout", rollout),
            ("rules", rules.map(Value::from)),
            ("bucketBy", bucket_by),
            ("salt", salt.map(Value::from)),
            ("metadata", metadata),
        ])
    })
}

fn route() -> impl Strategy<Value = Value> {
    let matched = select(vec![json!({}), json!({ "path": "/a*" }), json!({ "host": "a.test", "methods": ["GET"] })]);
    let flag = select(&KEYS[..]).prop_map(|flag| (flag, json!({ "on": "canary", "off": "stable" })));
    (matched, option::of(flag), any::<bool>(), option::weighted(0.3, condition())).prop_map(
        |(matched, flag, visited, consent)| {
            let visitor =
                object(vec![("cookie", Some("vid".into())), ("maxAge", Some("1d".into())), ("consent", consent)]);
            let fixed = if flag.is_none() { Some("canary".into()) } else { None };
            let (flag, backends) = flag.unzip();
            object(vec![
                ("name", Some("r".into())),
                ("match", Some(matched)),
                ("fallback", Some("stable".into())),
                ("backend", fixed),
                ("flag", flag.map(Value::from)),
                ("backends", backends),
                ("visitor", Some(visitor).filter(|_| visited)),
            ])
        },
    )
}

/// A snapshot that loads, though some of its flags may be broken.
pub fn snapshot() -> impl Strategy<Value = Value> {
    (salt(), btree_map(select(&KEYS[..]), flag(), 0..5), vec(route(), 0..4)).prop_map(|(salt, flags, routes)| {
        json!({
            "salt": salt, "flags": flags, "routes": routes,
            "backends": { "stable": { "origin": "http://a.test" }, "canary": { "origin": "http://b.test" } },
        })
    })
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let leaf = prop_oneof![
        select(&["alice", "bob", "7"][..]).prop_map(Attribute::from),
        select(&TEXTS[..]).prop_map(Attribute::from),
        "\\PC{0,20}".prop_map(Attribute::from),
        (-3..40).prop_map(|number| Attribute::from(f64::from(number))),
        any::<f64>().prop_map(Attribute::from),
        any::<bool>().prop_map(Attribute::from),
        Just(Attribute::Null),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let city = btree_map("city", inner.clone(), 0..2);
        prop_oneof![vec(inner, 0..3).prop_map(Attribute::List), city.prop_map(Attribute::Object)]
    })
}

pub fn context() -> impl Strategy<Value = Context> {
    let id = option::weighted(0.7, select(vec!["alice", "bob", "carol", "7"]));
    let names = prop_oneof![select(&NAMES[..]), Just("address")];
    (btree_map(names, attribute(), 0..7), id).prop_map(|(attributes, id)| {
        let user = id.map(|id| ("userId", id.into()));
        attributes.into_iter().chain(user).fold(Context::new(), |context, (name, value)| context.with(name, value))
    })
}
