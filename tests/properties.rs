//! The laws of bucketing, evaluation and loading, over generated snapshots and visitors. The seeds are fixed.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;

use common::{conditions::Scope, flags::flag_in, percentage, salt, schedule, snapshot, split, visitors};
use pointsman::{
    Context, Engine, RequestFacts,
    hash::{self, Kind},
};
use proptest::{collection::vec, prelude::*, test_runner::RngSeed};
use serde_json::{Value, json};

/// The same cases in each run, and no file of failures beside the tests.
fn laws(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(0x0070_6f69_6e74);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// A flag that refers to nothing; a few are broken.
fn flag() -> impl Strategy<Value = Value> {
    flag_in(&Scope::default(), None)
}

fn context() -> impl Strategy<Value = Context> {
    visitors::visitor().prop_map(|visitor| visitors::read(&visitor))
}

fn engine(snapshot: &Value) -> Engine {
    Engine::from_slice(snapshot.to_string().as_bytes()).unwrap()
}

fn user(id: &str) -> Context {
    Context::new().with("userId", id)
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    vec(prop_oneof!["[0-9a-f]{8}", "[0-9]{1,9}", "\\PC{1,12}"], 40)
}

/// The variant that a user gets.
fn variant<'e>(engine: &'e Engine, flag: &str, id: &str) -> Option<&'e str> {
    engine.evaluate(flag, &user(id), 0).variant
}

/// All that an evaluation says; values as JSON, so that the order of their members doesn't matter.
fn told(engine: &Engine, flag: &str, context: &Context, now: i64) -> Value {
    let answer = engine.evaluate(flag, context, now);
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    json!([
        answer.variant,
        read(answer.value),
        answer.reason.as_str(),
        answer.detail,
        answer.rule,
        answer.error_code.map(|code| code.as_str()),
        read(answer.metadata)
    ])
}

const FACTS: RequestFacts<'_> = RequestFacts {
    host: b"a.test",
    path: b"/about",
    method: b"GET",
    cookie: b"a=b; vid=known",
    fresh_id: Some(b"fresh"),
    navigation: true,
    request: &[],
    overrides: &[],
};

/// Everything that an engine answers to a visitor, flags by name.
fn answers(engine: &Engine, context: &Context, now: i64) -> Value {
    let mut keys: Vec<_> = engine.flags().collect();
    keys.sort_unstable();
    let flags: Vec<_> = keys.iter().map(|key| told(engine, key, context, now)).collect();
    let anonymous = RequestFacts { cookie: b"", path: b"/", ..FACTS };
    let routes = [FACTS, anonymous].map(|facts| {
        format!(
            "{:?}",
            engine.route(facts, context, now).map(|to| {
                (
                    to.route.to_owned(),
                    to.backend.to_owned(),
                    to.fallback,
                    to.visitor_id,
                    to.set_cookie,
                    to.evaluation.map(|own| own.variant),
                )
            })
        )
    });
    json!([keys, flags, routes])
}

/// Flags that have this rollout in each place where one can stand, for those whom no rule can tell from others.
fn everywhere(salt: &str, rollout: &Value) -> Engine {
    let everybody = json!({ "not": { "attribute": "nobody", "op": "exists" } });
    let variants = json!({ "on": true, "off": false, "b": 2, "c": 3 });
    let own = with(rollout, "salt", salt);
    engine(&json!({ "flags": {
        "flag": { "enabled": true, "variants": variants, "salt": salt, "rollout": rollout },
        "own-salt": { "enabled": true, "variants": variants, "rollout": own },
        "rule": { "enabled": true, "variants": variants, "salt": salt, "rules": [{ "if": everybody, "rollout": rollout }] },
    } }))
}

fn with(object: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut object = object.clone();
    object[name] = value.into();
    object
}

/// Whether everybody who is in with the first engine has the same variant with the second.
fn keeps(less: &Engine, more: &Engine, ids: &[String]) -> Result<(), TestCaseError> {
    for (flag, id) in less.flags().flat_map(|flag| ids.iter().map(move |id| (flag, id))) {
        let before = variant(less, flag, id);
        prop_assert!(before == Some("off") || before == variant(more, flag, id), "{} {}", flag, id);
    }
    Ok(())
}

/// Two percentages in order, often near each other.
fn two_percentages() -> impl Strategy<Value = (f64, f64)> {
    let near = (percentage(), 0.0..1.0).prop_map(|(one, more): (f64, f64)| (one, (one + more).min(100.0)));
    prop_oneof![near, (percentage(), percentage()).prop_map(|(one, other)| (one.min(other), one.max(other)))]
}

proptest! {
    #![proptest_config(laws(128))]

    #[test]
    fn a_larger_percentage_keeps_everyone_it_had((less, more) in two_percentages(), salt in salt(), ids in ids()) {
        let simple = |share: f64| {
            engine(&json!({ "salt": salt, "flags": { "f": { "enabled": true, "rolloutPercentage": share } } }))
        };
        keeps(&simple(less), &simple(more), &ids)?;
        let rollout = |share: f64| everywhere(&salt, &json!({ "percentage": share }));
        keeps(&rollout(less), &rollout(more), &ids)?;
    }

    #[test]
    fn a_larger_percentage_beside_a_split_moves_nobody_to_another_arm(
        ((less, more), weights) in (two_percentages(), vec(0.0..9.0, 3)), salt in salt(), ids in ids(),
    ) {
        let arms = [("on", weights[0]), ("b", weights[1] + 0.001), ("c", weights[2])];
        let grown = everywhere(&salt, &split(Some(more), &arms));
        keeps(&everywhere(&salt, &split(Some(less), &arms)), &grown, &ids)?;
        keeps(&grown, &everywhere(&salt, &split(None, &arms)), &ids)?;
    }

    #[test]
    fn a_rising_schedule_keeps_everyone_it_had(
        (less, more) in two_percentages(), (now, later) in (900_000_i64..2_100_000, 0_i64..600_000),
        salt in salt(), ids in ids(),
    ) {
        for ramp in [None, Some("linear")] {
            let engine = everywhere(&salt, &schedule(less, more, ramp));
            for id in ids.iter().filter(|id| engine.is_enabled("flag", &user(id), now)) {
                prop_assert!(engine.is_enabled("flag", &user(id), now + later), "{}", id);
            }
        }
    }

    #[test]
    fn renaming_a_flag_with_its_salt_kept_moves_nobody(
        flag in flag(), salt in salt(), ids in ids(), other in context(),
    ) {
        let kept = flag.get("salt").cloned().unwrap_or("old".into());
        let old = engine(&json!({ "salt": salt, "flags": { "old": flag } }));
        let new = engine(&json!({ "salt": salt, "flags": { "new": with(&flag, "salt", kept) } }));
        for context in ids.iter().map(|id| user(id)).chain([other]) {
            prop_assert_eq!(told(&old, "old", &context, 1_500_000), told(&new, "new", &context, 1_500_000));
        }
    }

    #[test]
    fn the_order_of_object_keys_changes_nothing(
        snapshot in snapshot(), mut order in any::<u64>(), contexts in vec(context(), 4),
    ) {
        let mut text = String::new();
        shuffled(&snapshot, &mut order, &mut text);
        let (sorted, shuffled) = (engine(&snapshot), Engine::from_slice(text.as_bytes()).unwrap());
        for context in contexts {
            prop_assert_eq!(answers(&sorted, &context, 1_500_000), answers(&shuffled, &context, 1_500_000), "{}", text);
        }
    }

    #[test]
    fn an_answer_depends_on_nothing_that_came_before(
        (first, snapshot) in (snapshot(), snapshot()), (one, other) in (context(), context()), now in any::<i64>(),
    ) {
        let fresh = engine(&snapshot);
        let answer = answers(&fresh, &one, now);
        answers(&fresh, &other, now.wrapping_add(1));
        prop_assert_eq!(&answers(&fresh, &one, now), &answer);
        let mut used = engine(&first);
        answers(&used, &one, now);
        let report = used.load(snapshot.to_string().as_bytes()).unwrap();
        for flag in fresh.flags().filter(|flag| fresh.evaluate(flag, &one, now).detail != "PARSE_ERROR") {
            prop_assert_eq!(told(&used, flag, &one, now), told(&fresh, flag, &one, now));
        }
        // Segments and layers are carried, too: what is wrong with a flag alone leaves none of them behind.
        if report.carried.is_empty() && report.problems.iter().all(|problem| problem.pointer.starts_with("/flags/")) {
            prop_assert_eq!(&answers(&used, &one, now), &answer);
        }
    }

    #[test]
    fn any_context_gets_an_answer(
        snapshot in snapshot(), contexts in vec(context(), 4), now in any::<i64>(), bytes in vec(any::<u8>(), 0..40),
    ) {
        let engine = engine(&snapshot);
        let facts = RequestFacts { cookie: &[b"vid=", &bytes[..]].concat(), fresh_id: Some(&bytes), ..FACTS };
        for context in contexts {
            answers(&engine, &context, now);
            engine.route(facts, &context, now);
            for flag in engine.flags() {
                let answer = engine.evaluate(flag, &context, now);
                prop_assert_eq!(answer.error_code.is_some(), answer.reason.as_str() == "ERROR");
                prop_assert!(answer.error_code.is_none() || !engine.is_enabled(flag, &context, now));
                let explanation = engine.explain(flag, &context, now);
                prop_assert_eq!(explanation.evaluation, answer);
                prop_assert!(explanation.to_string().starts_with(flag));
            }
        }
    }

    #[test]
    fn disabled_always_gives_the_off_variant(flag in flag(), context in context(), now in any::<i64>()) {
        let engine = engine(&json!({ "flags": { "f": with(&flag, "enabled", false) } }));
        let answer = engine.evaluate("f", &context, now);
        if engine.problems().is_empty() {
            let off = flag["offVariant"].as_str().unwrap_or("off");
            prop_assert_eq!((answer.variant, answer.reason.as_str()), (Some(off), "DISABLED"));
        }
    }

    #[test]
    fn nobody_without_an_id_gets_in_by_rollout(
        share in (0.0..100.0).prop_filter("0 % needs no id", |share| *share > 0.0), salt in salt(), context in context(),
    ) {
        let arms = [("on", 1.0), ("b", 2.0)];
        let percentage = json!({ "percentage": share });
        let rollouts = [percentage, split(Some(share), &arms), split(None, &arms), schedule(share, share, None)];
        let unknown = Context::new();
        let nobody = context.with("targetingKey", "").with("userId", 0.5).with("visitorId", true);
        for engine in rollouts.map(|rollout| everywhere(&salt, &rollout)) {
            for (flag, context) in engine.flags().flat_map(|flag| [(flag, &nobody), (flag, &unknown)]) {
                let answer = engine.evaluate(flag, context, 1_500_000);
                prop_assert_eq!((answer.variant, answer.detail), (Some("off"), "TARGETING_KEY_MISSING"));
            }
        }
    }
}

/// JSON whose objects have their members in an order drawn from `order`.
fn shuffled(value: &Value, order: &mut u64, text: &mut String) {
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            for end in (1..members.len()).rev() {
                *order = order.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                members.swap(end, (*order >> 33) as usize % (end + 1));
            }
            joined(['{', '}'], members.iter(), text, |(name, value), text| {
                text.push_str(&format!("{}:", json!(name)));
                shuffled(value, order, text);
            });
        }
        Value::Array(list) => joined(['[', ']'], list.iter(), text, |value, text| shuffled(value, order, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

fn joined<T>(
    ends: [char; 2],
    parts: impl Iterator<Item = T>,
    text: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    text.push(ends[0]);
    for (place, part) in parts.enumerate() {
        text.push_str(if place == 0 { "" } else { "," });
        write(part, text);
    }
    text.push(ends[1]);
}

/// Bytes that are almost a snapshot, and some that are far from it.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..8);
    let near = (snapshot(), vec(change, 0..3)).prop_map(|(snapshot, changes)| {
        let mut bytes = snapshot.to_string().into_bytes();
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len().max(1));
            match (kind, bytes.get_mut(at)) {
                (0, _) => bytes.truncate(at),
                (1, _) => bytes.insert(at, byte),
                (2, Some(own)) => *own = byte,
                (3, Some(own)) => *own = b"{}[]:,\"0\\"[usize::from(byte) % 9],
                (_, Some(own)) if own.is_ascii_alphanumeric() => *own = own.wrapping_add(1),
                _ => {}
            }
        }
        bytes
    });
    let fields = "(\\{\"(flags|routes|backends|schema|salt|revision)\":(\\{|\\[)?(\"[a-z]\":)?[0-9a-z\"\\{\\}\\[\\],:]{0,30}){1,2}";
    prop_oneof![3 => near, 1 => vec(any::<u8>(), 0..64), 1 => fields.prop_map(String::into_bytes)]
}

proptest! {
    #![proptest_config(laws(2_000))]

    #[test]
    fn any_bytes_load_or_have_problems_with_a_place(bytes in bytes(), context in context()) {
        let problems = match Engine::from_slice(&bytes) {
            Ok(engine) => {
                prop_assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
                answers(&engine, &context, 0);
                engine.problems().to_vec()
            }
            Err(error) => {
                prop_assert!(!error.problems().is_empty());
                error.problems().to_vec()
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.split('\n').collect();
        for problem in problems {
            let line = lines.get(problem.line as usize - 1).map_or(0, |line| line.chars().count() + 1);
            prop_assert!((1..=line).contains(&(problem.column as usize)), "{} of {}", problem, text);
        }
    }
}

#[test]
fn points_are_independent_of_each_other() {
    use Kind::{Bucket, Fault, Flag, Layer};
    let pairs = [
        [("", Flag, "checkout"), ("", Flag, "checkout-2")],
        [("", Flag, "checkout"), ("", Layer, "checkout")],
        [("", Flag, "checkout"), ("", Bucket, "checkout")],
        [("", Flag, "checkout"), ("", Fault, "checkout")],
        [("", Flag, ""), ("", Layer, "")],
        [("a", Flag, "checkout"), ("b", Flag, "checkout")],
        [("a", Flag, "Fb"), ("aF", Flag, "b")],
    ];
    let units: Vec<u64> = (0..262_144).map(|id: u32| hash::unit(id.to_string().as_bytes())).collect();
    for pair in pairs {
        let [one, other] = pair.map(|(snapshot, kind, salt)| hash::seed(snapshot, kind, salt));
        let mut cells = [0_u32; 256];
        for unit in &units {
            cells[(hash::point(*unit, one) >> 28 << 4 | hash::point(*unit, other) >> 28) as usize] += 1;
        }
        // 255 degrees of freedom: mean 255, deviation sqrt(2 * 255) = 22.6; five of these to each side.
        let chi_squared: f64 = cells.iter().map(|count| (f64::from(*count) - 1_024.0).powi(2) / 1_024.0).sum();
        assert!((142.0..368.0).contains(&chi_squared), "{pair:?}: {chi_squared}");
    }
}

/// Five deviations of a binomial distribution.
fn assert_within_five_sigma(hits: u32, trials: f64, share: f64) {
    let (mean, deviation) = (trials * share, (trials * share * (1.0 - share)).sqrt());
    assert!((f64::from(hits) - mean).abs() <= 5.0 * deviation, "{hits} of {trials} for {share}");
}

#[test]
fn shares_are_met() {
    const FLAGS: [(&str, f64); 4] = [("thousandth", 0.001), ("one", 1.0), ("quarter", 25.0), ("half", 50.0)];
    let flags: Value =
        FLAGS.map(|(key, share)| (key, json!({ "enabled": true, "rolloutPercentage": share }))).into_iter().collect();
    let engine = engine(&json!({ "flags": flags }));
    let (mut hits, mut both) = ([0; 4], 0);
    for id in 0..1_000_000_u32 {
        let visitor = user(&id.to_string());
        let ins = FLAGS.map(|(key, _)| engine.is_enabled(key, &visitor, 0));
        hits.iter_mut().zip(ins).for_each(|(hits, is_in)| *hits += u32::from(is_in));
        both += u32::from(ins[2] && ins[3]);
    }
    FLAGS.iter().zip(hits).for_each(|((_, share), hits)| assert_within_five_sigma(hits, 1e6, share / 100.0));
    assert_within_five_sigma(both, 1e6, 0.125);
}

/// A million ids are too few to see 0.001 % well: here are ten flags' points of each.
#[test]
fn the_smallest_share_is_met() {
    let cut = hash::cut(0.001 / 100.0);
    let seeds: Vec<u64> = (0..10).map(|flag| hash::seed("", Kind::Flag, &flag.to_string())).collect();
    let mut hits = 0;
    for id in 0..1_000_000_u32 {
        let unit = hash::unit(id.to_string().as_bytes());
        hits += seeds.iter().map(|seed| u32::from(hash::point(unit, *seed) < cut)).sum::<u32>();
    }
    assert_within_five_sigma(hits, 1e7, 1e-5);
}

/// Bucketed by hand: a share ends before the point that it is as long as.
#[test]
fn the_end_of_a_scheduled_share_is_outside_of_it() {
    let point = hash::point(hash::unit(b"alice"), hash::seed("", Kind::Flag, "f"));
    for (points, is_in) in [(point, false), (point + 1, true)] {
        let percentage = points as f64 * 100.0 / hash::LINE as f64;
        let schedule = json!([{ "at": "1970-01-01T00:00:00Z", "percentage": percentage }]);
        let flag = json!({ "enabled": true, "rollout": { "schedule": schedule } });
        let engine = engine(&json!({ "flags": { "f": flag } }));
        assert!(engine.problems().is_empty(), "{:?}", engine.problems());
        assert_eq!(engine.is_enabled("f", &user("alice"), 1), is_in, "at {percentage} %");
    }
}
