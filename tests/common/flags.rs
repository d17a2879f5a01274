//! Flags with all that they can have.

use super::{
    bucket_by,
    conditions::{Scope, condition},
    object, percentage, pick,
    pools::choice,
    salt, schedule, split,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

/// Variants that rules and rollouts name; the third one is not always there.
const VARIANTS: [&str; 5] = ["on", "off", "on", "off", "b"];

/// A rollout of any kind.
fn rollout() -> BoxedStrategy<Value> {
    let variant = || select(&VARIANTS[..]);
    let scheduled =
        (percentage(), percentage(), option::of(select(vec!["step", "linear"])), option::weighted(0.2, paused_at()))
            .prop_map(|(from, to, ramp, paused_at)| with(schedule(from, to, ramp), "pausedAt", paused_at))
            .boxed();
    let arms = (option::of(percentage()), vec((variant(), prop_oneof![9 => 0.1..9.0, 1 => Just(0.0)]), 1..4));
    let arms = arms.prop_map(|(percentage, arms)| split(percentage, &arms)).boxed();
    let both = (scheduled.clone(), arms.clone())
        .prop_map(|(scheduled, arms)| with(scheduled, "split", Some(arms["split"].clone())));
    prop_oneof![
        3 => (percentage(), option::of(salt())).prop_map(|(percentage, salt)| with(json!({ "percentage": percentage }), "salt", salt)),
        3 => (percentage(), variant()).prop_map(|(percentage, variant)| json!({ "percentage": percentage, "variant": variant })),
        3 => scheduled,
        4 => arms,
        1 => both,
        1 => Just(json!({})),
    ]
    .boxed()
}

fn paused_at() -> impl Strategy<Value = Value> {
    pick(&["1970-01-01T00:16:40Z", "1970-01-01T00:25:00+00:00", "1970-01-01T00:16:39.999Z"])
}

fn with(mut object: Value, member: &str, value: Option<impl Into<Value>>) -> Value {
    if let Some(value) = value {
        object[member] = value.into();
    }
    object
}

fn rule(scope: &Scope) -> impl Strategy<Value = Value> + use<> {
    let name = option::of(pick(&["a", "pro", "pröfi"]));
    let serve = select(&VARIANTS[..]).prop_map(|variant| ("serve", json!(variant), None));
    let rolled = (rollout(), option::of(pick(&["off", "continue"])))
        .prop_map(|(rollout, on_miss)| ("rollout", rollout, on_miss));
    (name, condition(scope), prop_oneof![serve, rolled]).prop_map(|(name, condition, (kind, outcome, on_miss))| {
        object(vec![("name", name), ("if", Some(condition)), (kind, Some(outcome)), ("onMiss", on_miss)])
    })
}

/// `variants`, `onVariant` and `offVariant`.
fn variants() -> impl Strategy<Value = Value> {
    let own = json!([
        { "variants": { "on": { "b": 1, "a": [2, {}] }, "off": null, "b": "1" } },
        { "variants": { "off": 1, "on": "1", "b": true } },
        { "variants": { "off": false, "on": true, "b": 2.50 }, "onVariant": "b" },
        { "variants": { "off": false, "on": true, "b": [] }, "offVariant": "b", "onVariant": "off" },
        { "variants": { "off": "", "b": "new" }, "onVariant": "b" },
    ]);
    let without_on = json!({ "variants": { "off": "", "b": "new" } });
    prop_oneof![25 => Just(json!({})), 20 => choice(own), 1 => Just(without_on)]
}

/// A whitelist in either form.
fn whitelist() -> impl Strategy<Value = Value> {
    choice(json!([
        { "whitelist": { "on": ["alice", "7"] } },
        { "whitelist": { "on": ["bob"], "off": ["alice", "alice"] } },
        { "whitelist": { "b": ["carol", "-7"], "off": ["0", "9007199254740991"] } },
        { "whitelistUsers": ["alice", "bob", "7.5"] },
        { "whitelistUsers": [] },
    ]))
}

/// A part of a layer: most often one that no other flag has.
fn part(place: usize) -> BoxedStrategy<Value> {
    const NAMES: [&str; 2] = ["line", "other"];
    let own = [(0.0, 100.0 / 3.0), (100.0 / 3.0, 66.6), (66.6, 100.0)][place % 3];
    let own = (Just(NAMES[place / 3 % 2]), Just(own));
    let any = (select(&NAMES[..]), prop_oneof![(percentage(), percentage()), Just((0.0, 100.0)), Just((20.0, 20.0))]);
    prop_oneof![6 => own, 1 => any]
        .prop_map(|(name, (from, to))| json!({ "name": name, "from": from, "to": to }))
        .boxed()
}

/// A member that breaks a flag, or almost.
fn breakage() -> impl Strategy<Value = (String, Value)> {
    let rules = json!([
        {}, { "serve": "on" }, { "if": { "all": [] }, "serve": "on" }, { "if": { "segment": "nowhere" }, "serve": "on" },
        { "if": { "not": { "flag": "nowhere", "is": "on" } }, "serve": "on" }, { "if": { "flag": "base", "is": [] }, "serve": "on" },
        { "if": { "flag": "base", "is": "nobody" }, "serve": "on" }, { "if": { "flag": "base" }, "serve": "on" },
        { "if": { "attribute": "plan", "op": "like", "values": [] }, "serve": "on" },
        { "if": { "attribute": "plan", "op": "in" }, "serve": "on" }, { "if": { "attribute": "plan" }, "serve": "on" },
        { "if": { "attribute": "", "op": "exists" }, "serve": "on" },
        { "if": { "attribute": "plan", "op": "exists", "values": ["pro"] }, "serve": "on" },
        { "if": { "attribute": "plan", "op": "exists", "caseInsensitive": true }, "serve": "on" },
        { "if": { "attribute": "plan", "op": "exists", "is": "on" }, "serve": "on" },
        { "if": { "bucket": { "percentage": 50 } }, "serve": "on" }, { "if": { "bucket": { "percentage": 500, "salt": "" } }, "serve": "on" },
        { "if": { "attribute": "plan", "op": "exists", "x-note": 1 }, "serve": "on", "x-note": {} },
        { "if": { "attribute": "plan", "op": "exists" }, "serve": "on", "rollout": {} },
        { "if": { "attribute": "plan", "op": "exists" }, "serve": "on", "onMiss": "off" },
        { "if": { "attribute": "plan", "op": "exists" }, "serve": "nobody" },
    ]);
    let rollouts = json!([
        { "percentage": 101 }, { "percentage": 5, "variant": "nobody" }, { "schedule": [] }, { "ramp": "linear" },
        { "split": [{ "variant": "on", "weight": 0 }] }, { "split": [{ "variant": "on", "weight": -1 }, { "variant": "off", "weight": 2 }] },
        { "split": [] }, { "split": [{ "variant": "on", "weight": 1e308 }, { "variant": "off", "weight": 1e308 }] },
        { "variant": "on", "split": [{ "variant": "on", "weight": 1 }] },
        { "schedule": [{ "at": "1970-01-01", "percentage": 1 }] }, { "schedule": [{ "at": "1970-01-01T00:00:00Z" }] },
        { "schedule": [{ "at": "1970-01-01T01:00:00+01:00", "percentage": 1 }, { "at": "1970-01-01T00:00:00Z", "percentage": 2 }] },
        { "schedule": [{ "at": "1970-01-01T00:00:00Z", "percentage": 1 }], "percentage": 1 }, { "x-note": 1 }, { "salt": 7 },
    ]);
    let layers = json!([
        { "name": "nowhere", "from": 0, "to": 50 }, { "name": "line", "from": 50, "to": 40 }, { "name": "line", "from": 0 }, "line",
        { "name": "line", "from": 0, "to": 101 }, { "name": "line", "from": 40, "to": 40, "x-note": [] },
    ]);
    let guards = json!([
        {}, { "control": "on" }, { "control": "nobody" }, { "errorRate": { "max": 0.01, "overControl": 0 } }, { "errorRate": { "max": 0 } },
        { "latency": { "quantile": 0.99, "max": "800ms" } }, { "latency": { "overControl": 0.9 } }, { "window": "1h" }, { "window": "61m" },
        { "slot": "100ms", "window": "36s", "for": "0s" }, { "slot": "99ms", "window": "1s", "for": "1s" }, { "slot": "1s" }, { "for": "2h" },
        { "minRequests": 0 }, { "confidence": 1 }, { "consecutiveFailures": 1.5 }, { "onBreach": "stop" }, { "dryRun": true },
        { "generation": -1 }, { "generation": 7, "x-note": 1 }, { "colour": "red" }, { "window": 300 }, 7,
    ]);
    let members = choice(json!([
        { "enabled": "yes" }, { "enabled": null }, { "colour": "red" }, { "x-colour": "red" }, { "onVariant": "nobody" },
        { "offVariant": 7 }, { "bucketBy": [] }, { "bucketBy": "" }, { "salt": null }, { "metadata": { "owner": null } },
        { "serverOnly": 1 },
        { "variants": {} }, { "whitelistUsers": ["alice", ""] }, { "whitelist": { "on": ["bob"], "off": ["bob"] } },
        { "whitelist": { "nobody": [] } }, { "rolloutPercentage": 50 }, { "rolloutPercentage": -1 }, { "rules": {} },
    ]))
    .prop_map(|member| member.as_object().and_then(|member| member.clone().into_iter().next()).unwrap_or_default());
    prop_oneof![
        3 => choice(rules).prop_map(|rule| ("rules".into(), json!([rule]))),
        2 => choice(rollouts).prop_map(|rollout| ("rollout".into(), rollout)),
        1 => choice(guards).prop_map(|guard| ("guard".into(), guard)),
        1 => choice(layers).prop_map(|layer| ("layer".into(), layer)),
        3 => members,
    ]
}

/// A flag that may refer to what is in the scope, and stands at this place among the flags of a layer; a few are broken.
pub fn flag_in(scope: &Scope, place: Option<usize>) -> BoxedStrategy<Value> {
    let whole = prop_oneof![3 => rollout().prop_map(|rollout| ("rollout", rollout)), 1 => percentage().prop_map(|share| ("rolloutPercentage", share.into()))];
    let members = (
        prop_oneof![9 => Just(Value::from(true)), 1 => Just(Value::from(false))],
        (variants(), option::weighted(0.3, whitelist()), option::weighted(0.6, whole)),
        (
            option::weighted(0.9, vec(rule(scope), 0..4)),
            option::weighted(0.3, bucket_by()),
            option::weighted(0.3, salt()),
        ),
        (
            option::of(choice(json!([{}, { "owner": "shop", "since": 7, "x": true }]))),
            place.map_or(Just(None).boxed(), |place| option::weighted(0.25, part(place)).boxed()),
        ),
        (option::weighted(0.05, breakage()), 0..50),
    );
    members
        .prop_map(
            |(
                enabled,
                (variants, whitelist, whole),
                (rules, bucket_by, salt),
                (metadata, layer),
                (breakage, untidy),
            )| {
                let mut flag = object(vec![
                    ("enabled", Some(enabled)),
                    ("rules", rules.map(Value::from)),
                    ("bucketBy", bucket_by),
                    ("salt", salt.map(Value::from)),
                    ("metadata", metadata),
                    ("layer", layer),
                ]);
                if let Some((name, rollout)) = whole {
                    flag[name] = rollout;
                }
                add(&mut flag, variants);
                add(&mut flag, whitelist.unwrap_or_default());
                if untidy > 0 {
                    tidy(&mut flag);
                }
                if let Some((member, value)) = breakage {
                    flag[member] = value;
                }
                flag
            },
        )
        .boxed()
}

fn add(flag: &mut Value, members: Value) {
    for (name, value) in members.as_object().into_iter().flatten() {
        flag[name] = value.clone();
    }
}

/// Drops a whitelist without a rollout, and names no variants that are not there.
fn tidy(flag: &mut Value) {
    let variants: Vec<String> =
        flag["variants"].as_object().map_or(vec!["on".into(), "off".into()], |own| own.keys().cloned().collect());
    let members = flag.as_object_mut().into_iter().flatten();
    for (name, member) in members {
        rename(name, member, &variants);
    }
    let has_rollout = flag.get("rollout").is_some() || flag.get("rolloutPercentage").is_some();
    if let Some(members) = flag.as_object_mut().filter(|_| !has_rollout) {
        members.remove("whitelist");
        members.remove("whitelistUsers");
    }
    if let Some(members) = flag.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
}

/// Takes the first variant for each one that is not there.
fn rename(name: &str, member: &mut Value, variants: &[String]) {
    let is_known = |variant: &str| variants.iter().any(|own| own == variant);
    match member {
        Value::String(variant) if ["variant", "serve"].contains(&name) && !is_known(variant) => {
            variant.clone_from(&variants[0])
        }
        Value::Array(list) => list.iter_mut().for_each(|entry| rename("", entry, variants)),
        Value::Object(lists) if name == "whitelist" => lists.retain(|variant, _| is_known(variant)),
        Value::Object(object) if !["if", "variants"].contains(&name) => {
            object.iter_mut().for_each(|(name, member)| rename(name, member, variants));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {}
    }
}
