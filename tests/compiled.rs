//! Compiled snapshots: they decide as the JSON that they were made of, and what is no compiled snapshot is refused.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;
#[allow(dead_code, reason = "the names of operators are for who counts them")]
mod contract;

use common::{KEYS, requests::request, snapshot, visitors};
use contract::{context, now, requests::routed, told};
use pointsman::{Code, Context, Engine, Options, compile_snapshot, limits};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Map, Value, json};
use std::{fs, path::Path};
use xxhash_rust::xxh64::xxh64;

fn engine(snapshot: &[u8]) -> Engine {
    Engine::from_slice(snapshot).unwrap()
}

fn told_to(error: &pointsman::LoadError) -> Vec<String> {
    error.problems().iter().map(ToString::to_string).collect()
}

// ---- what it decides

#[test]
fn every_case_is_decided_from_its_compiled_form() {
    let (mut count, mut broken) = (0, 0);
    for file in files() {
        let Ok(compiled) = compile_snapshot(file["snapshot"].to_string().as_bytes()) else {
            broken += 1;
            continue;
        };
        let engine = engine(&compiled);
        for case in file["cases"].as_array().unwrap().iter().filter(|case| case["only"] != "js") {
            count += 1;
            let answer = if case["flag"].is_null() { routed(&engine, case) } else { evaluated(&engine, case) };
            assert_eq!(answer, case["expect"], "{}", case["why"]);
        }
    }
    assert!(count > 2_500, "only {count} cases were found");
    assert!(broken <= 5, "{broken} files have a broken flag, and are not to be compiled");
}

/// Those that this build can run.
fn files() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let files = paths.iter().map(|path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap());
    files.filter(|file: &Value| cfg!(feature = "full") || file["build"] != "full").collect()
}

fn evaluated(engine: &Engine, case: &Value) -> Value {
    let context = context(case);
    let evaluation = engine.evaluate(case["flag"].as_str().unwrap(), &context, now(case));
    let mut answer = told(&evaluation);
    if case["expect"].get("metadata").is_some() {
        answer["metadata"] = serde_json::from_str(evaluation.metadata).unwrap();
    }
    answer
}

/// Drops the flags that have problems, until there are none.
fn sound(mut snapshot: Value) -> Vec<u8> {
    loop {
        let text = snapshot.to_string();
        let problems = Engine::new(text.as_bytes(), Options { strict: true, ..Options::default() })
            .map_or_else(|error| error.problems().to_vec(), |_| Vec::new());
        let Some(problem) = problems.first() else { return text.into_bytes() };
        let mut path = problem.pointer.split('/').skip(1);
        let (section, name) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
        let removed = snapshot[section].as_object_mut().and_then(|members| members.remove(name));
        if removed.is_none() {
            snapshot[section] = if section == "routes" { json!([]) } else { json!({}) };
        }
    }
}

type Visit = (Map<String, Value>, i64, Value);

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    vec((visitors::visitor(), 900_000..2_100_000i64, request(&KEYS)), 8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decides_as_the_json_that_it_was_made_of(snapshot in snapshot(), visits in visits()) {
        let text = sound(snapshot);
        let (json, compiled) = (engine(&text), engine(&compile_snapshot(&text).unwrap()));
        prop_assert!(json.flags().eq(compiled.flags()) && json.attributes().eq(compiled.attributes()));
        for (visitor, now, request) in visits {
            let context = visitors::read(&visitor);
            for key in json.flags() {
                prop_assert_eq!(json.evaluate(key, &context, now), compiled.evaluate(key, &context, now));
                let explained = |engine: &Engine| engine.explain(key, &context, now).to_string();
                prop_assert_eq!(explained(&json), explained(&compiled));
            }
            let case = with_context(request, visitor, now);
            prop_assert_eq!(routed(&json, &case), routed(&compiled, &case));
        }
    }

    /// Hostile or not: whatever has a right checksum is loaded or refused, and decides.
    #[test]
    fn what_was_changed_on_purpose_does_no_harm(snapshot in snapshot(), visits in visits(), changes in vec((any::<Index>(), any::<u8>()), 1..4)) {
        let text = sound(snapshot);
        let mut bytes = compile_snapshot(&text).unwrap();
        for (place, byte) in changes {
            let behind = bytes.len() - HEADER;
            bytes[HEADER + place.index(behind)] = byte;
        }
        resign(&mut bytes);
        if let Ok(engine) = Engine::from_slice(&bytes) {
            decide_everything(&engine, &visits);
        }
    }
}

fn with_context(mut request: Value, visitor: Map<String, Value>, now: i64) -> Value {
    request["context"] = visitor.into();
    request["now"] = now.into();
    request
}

fn decide_everything(engine: &Engine, visits: &[Visit]) {
    for (visitor, now, request) in visits {
        let context = visitors::read(visitor);
        for key in engine.flags() {
            engine.evaluate(key, &context, *now);
            engine.explain(key, &context, *now).to_string();
        }
        routed(engine, &with_context(request.clone(), visitor.clone(), *now));
    }
}

// ---- how it is loaded

const FIRST: &[u8] =
    br#"{ "revision": 7, "flags": { "f": { "enabled": true, "rolloutPercentage": 0, "whitelistUsers": ["alice"] } } }"#;

fn is_on(engine: &Engine, user: &str) -> bool {
    engine.is_enabled("f", &Context::new().with("userId", user), 0)
}

#[test]
fn revisions_go_up_and_the_same_snapshot_changes_nothing() {
    let compiled = |text: &str| compile_snapshot(text.as_bytes()).unwrap();
    let mut engine = engine(FIRST);
    assert!(engine.load(&compile_snapshot(FIRST).unwrap()).unwrap().unchanged);
    let stale = compiled(r#"{ "revision": 6 }"#);
    let told = "1:15 /revision: revision `6` is lower than `7`, in use: to go back, publish the old content under a higher one (STALE_REVISION)";
    assert_eq!(told_to(&engine.load(&stale).unwrap_err()), [told]);
    let other = compiled(r#"{ "revision": 7 }"#);
    assert_eq!(engine.load(&other).unwrap_err().problems()[0].code, Code::RevisionConflict);
    assert_eq!(engine.load(&compiled("{}")).unwrap_err().problems()[0].code, Code::RevisionMissing);
    assert!(is_on(&engine, "alice"));
    let next = compiled(r#"{ "revision": 8, "flags": { "f": { "enabled": false }, "g": { "enabled": true } } }"#);
    let report = engine.load(&next).unwrap();
    assert_eq!((report.revision, report.added, report.changed), (Some(8), vec!["g".into()], vec!["f".into()]));
    assert!(engine.load(&next).unwrap().unchanged);
    assert!(!is_on(&engine, "alice"));
}

#[test]
fn later_snapshots_carry_from_it() {
    let mut engine = engine(&compile_snapshot(FIRST).unwrap());
    let broken = br#"{ "revision": 8, "flags": { "f": { "enabled": true, "rolloutPercentage": 101 } } }"#;
    let report = engine.load(broken).unwrap();
    assert_eq!((report.carried, report.problems.len()), (vec!["f".into()], 1));
    assert!(is_on(&engine, "alice") && !is_on(&engine, "bob"));
}

#[test]
fn only_what_has_no_problems_is_compiled() {
    let error = compile_snapshot(br#"{ "flags": { "f": { "enabled": "yes" } } }"#).unwrap_err();
    let told = "1:32 /flags/f/enabled: expected a boolean, found a string (WRONG_TYPE)";
    assert_eq!(told_to(&error), [told]);
}

#[test]
fn its_bytes_are_held_to_the_bound() {
    let compiled = compile_snapshot(FIRST).unwrap();
    let options = |max_snapshot_bytes| Options { strict: true, max_snapshot_bytes };
    assert!(Engine::new(&compiled, options(compiled.len())).is_ok());
    let error = Engine::new(&compiled, options(compiled.len() - 1)).unwrap_err();
    assert_eq!(error.problems()[0].code, Code::LimitExceeded);
}

#[cfg(feature = "full")]
#[test]
fn patterns_and_letters_beyond_ascii_need_the_full_build() {
    let needs = |values: Value, op: &str, fold: bool| {
        let test = json!({ "attribute": "plan", "op": op, "values": values, "caseInsensitive": fold });
        let flag = json!({ "enabled": true, "rules": [{ "if": test, "serve": "on" }] });
        compile_snapshot(json!({ "flags": { "f": flag } }).to_string().as_bytes()).unwrap()[20]
    };
    assert_eq!(needs(json!(["pro"]), "in", true), 0);
    assert_eq!(needs(json!(["prö"]), "in", false), 0);
    assert_eq!(needs(json!(["prö"]), "in", true), 1);
    // The sign of Kelvin, of which the small letter is an ASCII one.
    assert_eq!(needs(json!(["\u{212a}"]), "contains", true), 1);
    assert_eq!(needs(json!(["pro"]), "matches", false), 1);
}

#[cfg(feature = "full")]
const STRICT: Options = Options { strict: true, max_snapshot_bytes: limits::SNAPSHOT_BYTES };

#[cfg(feature = "full")]
fn matching(patterns: &[String]) -> Vec<u8> {
    let test = json!({ "attribute": "plan", "op": "matches", "values": patterns });
    let flag = json!({ "enabled": true, "rules": [{ "if": test, "serve": "on" }] });
    json!({ "flags": { "f": flag } }).to_string().into_bytes()
}

#[cfg(feature = "full")]
#[test]
fn patterns_are_held_to_their_number() {
    let patterns = vec!["^a".to_owned(); 1_001];
    assert!(Engine::new(&matching(&patterns[1..]), STRICT).is_ok());
    let error = Engine::new(&matching(&patterns), STRICT).unwrap_err();
    assert_eq!(error.problems()[0].code, Code::LimitExceeded);
}

#[cfg(feature = "full")]
#[test]
fn a_pattern_that_has_grown_too_large_since_it_was_compiled_is_refused() {
    let (small, large) = ("^[a-z0-9]+@shop-42[.]", r"(?:\w{0,200}){0,200}x");
    let mut bytes = compile_snapshot(&matching(&[small.to_owned()])).unwrap();
    // Once as what is compiled; the text of the snapshot, which may hold it too, says nothing of how it decides.
    while let Some(at) = bytes.windows(small.len()).position(|window| window == small.as_bytes()) {
        bytes[at..at + small.len()].copy_from_slice(large.as_bytes());
    }
    resign(&mut bytes);
    let error = Engine::new(&bytes, STRICT).unwrap_err();
    assert_eq!(error.problems()[0].code, Code::CompiledDamaged);
}

// ---- what is refused

/// Bytes before what the checksum is of, and before the text.
const CHECKED_FROM: usize = 16;
const HEADER: usize = 40;

fn resign(bytes: &mut [u8]) {
    let checksum = xxh64(&bytes[CHECKED_FROM..], 0).to_le_bytes();
    bytes[8..CHECKED_FROM].copy_from_slice(&checksum);
}

/// A bit of everything.
fn whole() -> Vec<u8> {
    let snapshot = json!({
        "revision": 7, "maxAge": "1h",
        "layers": { "line": {} },
        "segments": { "pro": { "all": [{ "attribute": "plan", "op": "in", "values": ["pro", "t\tb", 7, true] }, { "not": { "attribute": "ip", "op": "ipInRange", "values": ["10.0.0.0/8"] } }] } },
        "flags": {
            "f": { "enabled": true, "rollout": { "schedule": [{ "at": "1970-01-01T00:16:40Z", "percentage": 5 }], "ramp": "linear" }, "whitelistUsers": ["alice"], "guard": { "window": "5m" } },
            "g": { "enabled": true, "metadata": { "owner": "shop" }, "layer": { "name": "line", "from": 0, "to": 50 }, "rules": [
                { "name": "r", "if": { "any": [{ "segment": "pro" }, { "flag": "f", "is": "on" }, { "bucket": { "percentage": 5, "salt": "s" } }] }, "rollout": { "split": [{ "variant": "on", "weight": 1 }] } }] },
        },
        "backends": { "a": { "origin": "http://a.test", "timeout": "1s" } },
        "routes": [{ "name": "r", "match": { "path": "/a*", "host": "a.test", "if": { "attribute": "n", "op": "lessThan", "values": [5] } }, "flag": "f", "backends": { "on": "a" }, "fallback": "a",
            "visitor": { "cookie": "v", "maxAge": "1d" },
            "faults": [{ "name": "slow", "percentage": 5, "until": "1970-01-02T00:00:00Z", "delay": { "fixed": "1s" }, "abort": { "status": 503 } }] }],
    });
    compile_snapshot(snapshot.to_string().as_bytes()).unwrap()
}

#[test]
fn damage_of_any_byte_is_found() {
    let sound = whole();
    assert!(Engine::from_slice(&sound).is_ok());
    for place in 0..sound.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = sound.clone();
            bytes[place] ^= change;
            assert!(Engine::from_slice(&bytes).is_err(), "byte {place} changed by {change}");
        }
    }
}

#[test]
fn what_is_cut_off_or_too_long_is_refused() {
    let sound = whole();
    for end in 8..sound.len() {
        assert_damaged(&sound[..end]);
        if end >= HEADER {
            let mut bytes = sound[..end].to_vec();
            resign(&mut bytes);
            assert_damaged(&bytes);
        }
    }
    let mut longer = [&sound[..], &[0]].concat();
    assert_damaged(&longer);
    resign(&mut longer);
    assert_damaged(&longer);
}

fn assert_damaged(bytes: &[u8]) {
    let error = Engine::from_slice(bytes).unwrap_err();
    assert_eq!(told_to(&error), ["1:1: the compiled snapshot is damaged: compile it again (COMPILED_DAMAGED)"]);
}

#[test]
fn another_version_is_refused() {
    for place in [16, 24, 39] {
        let mut bytes = whole();
        bytes[place] ^= 1;
        resign(&mut bytes);
        let error = Engine::from_slice(&bytes).unwrap_err();
        let version = env!("CARGO_PKG_VERSION");
        let told = format!(
            "1:1: the snapshot was compiled for another version than {version}, which this is: compile it again with this one (COMPILED_VERSION)"
        );
        assert_eq!(told_to(&error), [told]);
    }
}

#[test]
fn what_needs_another_build_is_refused() {
    let mut bytes = whole();
    bytes[20] = if cfg!(feature = "full") { 2 } else { 1 };
    resign(&mut bytes);
    assert_eq!(Engine::from_slice(&bytes).unwrap_err().problems()[0].code, Code::NeedsFullBuild);
}

/// Ten thousand of them, of up to four bytes each, half of them with a number that counts much.
#[test]
fn whatever_a_forger_writes_is_loaded_or_refused() {
    let sound = whole();
    let mut rng = StdRng::seed_from_u64(11);
    let (mut loaded, mut refused) = (0, 0);
    for round in 0..10_000 {
        let mut bytes = sound.clone();
        for _ in 0..rng.random_range(1..4) {
            let place = rng.random_range(HEADER..bytes.len() - 4);
            bytes[place] = rng.random();
            if round % 2 == 0 {
                bytes[place..place + 4].copy_from_slice(&[0xff, 0xff, 0xff, rng.random_range(0..2) * 0x7f]);
            }
        }
        resign(&mut bytes);
        match Engine::from_slice(&bytes) {
            Ok(mut engine) => {
                loaded += 1;
                exercise(&mut engine);
            }
            Err(error) => {
                refused += 1;
                assert_eq!(error.problems()[0].code, Code::CompiledDamaged);
            }
        }
    }
    assert!(loaded > 1_000 && refused > 1_000, "{loaded} loaded, {refused} refused");
}

fn exercise(engine: &mut Engine) {
    let visitor = json!({ "userId": "alice", "plan": "pro", "ip": "10.0.0.1", "n": 3 });
    let request = json!({ "request": { "method": "GET", "url": "http://a.test/abc" } });
    decide_everything(engine, &[(visitor.as_object().unwrap().clone(), 1_500_000, request)]);
    engine.judge(1_500_000);
    engine.load(br#"{ "revision": 8, "flags": { "f": { "enabled": 7 } } }"#).ok();
}

/// A list of one snapshot, with what is behind it.
fn replaced(sound: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let place = sound.windows(from.len()).position(|window| window == from).unwrap();
    let mut bytes = [&sound[..place], to, &sound[place + from.len()..]].concat();
    resign(&mut bytes);
    bytes
}

/// Conditions as they are written: a number for the form, then what it is of.
const SEGMENT: [u8; 5] = [3, 0, 0, 0, 0];

#[test]
fn cycles_and_deep_conditions_are_refused() {
    // The second segment refers to the first one; then to itself.
    let text = r#"{ "segments": { "a": { "any": [{ "attribute": "x", "op": "exists" }] }, "b": { "not": { "segment": "a" } } } }"#;
    let sound = compile_snapshot(text.as_bytes()).unwrap();
    let inner = [&[2][..], &SEGMENT].concat();
    assert_damaged(&replaced(&sound, &inner, &[2, 3, 1, 0, 0, 0]));
    assert_damaged(&replaced(&sound, &inner, &[2, 3, 2, 0, 0, 0]));
    let nested = |levels| replaced(&sound, &inner, &[vec![2; levels], SEGMENT.to_vec()].concat());
    assert!(Engine::from_slice(&nested(limits::DEPTH - 1)).is_ok());
    assert_damaged(&nested(limits::DEPTH));
    assert_damaged(&nested(1_000_000));
}
