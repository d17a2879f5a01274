//! Snapshots and contexts of every shape, for the property tests.

pub mod visitors;

pub mod conditions;
pub mod digest;
pub mod flags;
mod pools;
pub mod requests;

use conditions::{Scope, condition};
use flags::flag_in;
use pools::choice;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// Percentages with and without decimals, the ends among them.
pub fn percentage() -> impl Strategy<Value = f64> {
    prop_oneof![select(vec![0.0, 0.001, 1.0, 25.0, 50.0, 99.999, 100.0]), 0.0..=100.0]
}

pub fn salt() -> impl Strategy<Value = String> {
    prop_oneof!["", "[a-c]{1,3}", "\\PC{0,40}"]
}

/// One of these texts.
fn pick(texts: &[&'static str]) -> impl Strategy<Value = Value> + Clone + use<> {
    select(texts.to_vec()).prop_map(Value::from)
}

/// An object of those members that are there.
fn object(members: Vec<(&'static str, Option<Value>)>) -> Value {
    members.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect::<Map<_, _>>().into()
}

fn bucket_by() -> impl Strategy<Value = Value> {
    choice(json!(["userId", ["plan", "age"], ["visitorId", "userId"], "account.id", ["tags", "beta"]]))
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

fn route() -> impl Strategy<Value = Value> {
    let matched = choice(json!([{}, { "path": "/a*" }, { "host": "a.test", "methods": ["GET"] }, { "path": "/a" }]));
    let matched = (matched, option::of(requests::condition())).prop_map(|(mut matched, condition)| {
        if let Some(condition) = condition {
            matched["if"] = condition;
        }
        matched
    });
    let flag = pick(&KEYS).prop_map(|flag| (flag, json!({ "on": "canary", "off": "stable" })));
    let consent = option::weighted(0.3, condition(&Scope::default()));
    (matched, option::of(flag), any::<bool>(), consent, option::of(requests::faults())).prop_map(
        |(matched, flag, visited, consent, faults)| {
            let visitor =
                object(vec![("cookie", Some("vid".into())), ("maxAge", Some("1d".into())), ("consent", consent)]);
            let fixed = if flag.is_none() { Some("canary".into()) } else { None };
            let (flag, backends) = flag.unzip();
            object(vec![
                ("match", Some(matched)),
                ("fallback", Some("stable".into())),
                ("backend", fixed),
                ("flag", flag),
                ("backends", backends),
                ("visitor", Some(visitor).filter(|_| visited)),
                ("faults", faults),
            ])
        },
    )
}

/// At most three, each with a name of its own.
fn routes() -> impl Strategy<Value = Value> {
    vec(route(), 0..4).prop_map(|mut routes| {
        for (place, route) in routes.iter_mut().enumerate() {
            route["name"] = format!("r{place}").into();
        }
        routes.into()
    })
}

pub const KEYS: [&str; 5] = ["base", "first", "second", "third", "vierte-größe"];
const SEGMENTS: [&str; 3] = ["adults", "berlin", "team"];

/// Members by their names, each there with this probability and made to refer to those before it; now and then to any.
fn members(
    names: &'static [&'static str],
    make: impl Fn(&Scope, usize) -> BoxedStrategy<Value>,
    before: impl Fn(usize) -> Scope,
    all: Scope,
) -> impl Strategy<Value = Value> {
    let all_of = |place| option::weighted(0.9, prop_oneof![40 => make(&before(place), place), 1 => make(&all, place)]);
    let each: Vec<_> = (0..names.len()).map(all_of).collect();
    each.prop_map(|made| object(names.iter().copied().zip(made).collect()))
}

fn segments() -> impl Strategy<Value = Value> {
    let before = |place| Scope { segments: SEGMENTS[..place].to_vec(), flags: vec![KEYS[0]] };
    members(&SEGMENTS, |scope, _| condition(scope), before, Scope { segments: SEGMENTS.to_vec(), flags: KEYS.to_vec() })
}

/// The first one refers to nothing, as segments may refer to it.
fn flags() -> impl Strategy<Value = Value> {
    let before = |place: usize| match place {
        0 => Scope::default(),
        _ => Scope { segments: SEGMENTS.to_vec(), flags: KEYS[..place].to_vec() },
    };
    let all = Scope { segments: SEGMENTS.to_vec(), flags: KEYS.to_vec() };
    members(&KEYS, |scope, place| flag_in(scope, Some(place)), before, all)
}

fn layers() -> impl Strategy<Value = Value> {
    let line = choice(json!([{}, {}, {}, { "salt": "" }, { "bucketBy": ["visitorId", "userId"] }, { "salt": 7 }]));
    let other = option::weighted(0.9, choice(json!([{}, { "bucketBy": "plan", "salt": "line" }])));
    (line, other).prop_map(|(line, other)| object(vec![("line", Some(line)), ("other", other)]))
}

/// A snapshot that loads, though some of its flags may be broken. Every fifth has its lists hashed.
pub fn snapshot() -> impl Strategy<Value = Value> {
    (plain(), 0..5u8).prop_map(|(snapshot, hashed)| if hashed == 0 { with_hashed_lists(snapshot) } else { snapshot })
}

fn with_hashed_lists(mut snapshot: Value) -> Value {
    hash_lists(&mut snapshot);
    snapshot["hashedLists"] = json!({ "salt": "pepper" });
    snapshot
}

/// Hashes what lists hold, wherever they are.
fn hash_lists(value: &mut Value) {
    let fold = value["caseInsensitive"] == true;
    let is_in = value["op"] == "in";
    for (name, member) in value.as_object_mut().into_iter().flatten() {
        match name.as_str() {
            "whitelistUsers" => hash_texts(member, false),
            "whitelist" => member
                .as_object_mut()
                .into_iter()
                .flat_map(|lists| lists.values_mut())
                .for_each(|list| hash_texts(list, false)),
            "values" if is_in => hash_texts(member, fold),
            _ => hash_lists(member),
        }
    }
    value.as_array_mut().into_iter().flatten().for_each(hash_lists);
}

fn hash_texts(list: &mut Value, fold: bool) {
    for text in list.as_array_mut().into_iter().flatten() {
        if let Some(own) = text.as_str() {
            let folded = if fold { own.to_ascii_lowercase() } else { own.into() };
            *text = digest::digest("pepper", &folded).into();
        }
    }
}

fn plain() -> impl Strategy<Value = Value> {
    let switch = prop_oneof![9 => Just(true), 1 => Just(false)];
    (salt(), segments(), layers(), flags(), routes(), switch).prop_map(
        |(salt, segments, layers, flags, routes, faults)| {
            json!({
                "faultsEnabled": faults,
                "salt": salt, "segments": segments, "layers": layers, "flags": flags, "routes": routes,
                "backends": { "stable": { "origin": "http://a.test" }, "canary": { "origin": "http://b.test" } },
            })
        },
    )
}
