//! The engine beside a naive twin of it, `tests/reference/`: over `tests/cases/`, and over snapshots and visitors of every shape.
//!
//! `POINTSMAN_TWIN_PAIRS` makes a longer run, `POINTSMAN_TWIN_SEED` another one.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common;
mod contract;
mod reference;

use common::{KEYS, requests::request, snapshot, visitors};
use contract::{OPERATORS, requests::routed, told};
use pointsman::Engine;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{RngSeed, TestError, TestRunner},
};
use reference::{Asked, Twin};
use serde_json::{Map, Value, json};
use std::{cell::RefCell, collections::BTreeMap, env, fs, path::Path};

/// The cases' expectations hold for the twin too: it reads the contract as they do.
#[test]
fn the_twin_decides_the_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in paths {
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        if file["build"] == "full" && !cfg!(feature = "full") {
            continue;
        }
        let twin = Twin::new(&file["snapshot"]);
        for case in file["cases"].as_array().unwrap().iter().filter(|case| case["only"] != "js") {
            count += 1;
            let (actual, expected) = (by_the_twin(&twin, case), by_heart(&case["expect"]));
            if actual != expected {
                let name = path.file_name().unwrap().display();
                failures.push(format!("{name}: {}\n  expected {expected}\n  actual   {actual}", case["why"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 800, "only {count} cases were found");
}

fn by_the_twin(twin: &Twin<'_>, case: &Value) -> Value {
    if case["flag"].is_null() {
        return twin.route(case);
    }
    let context = case["context"].as_object().cloned().unwrap_or_default();
    twin.evaluate(case["flag"].as_str().unwrap(), &context, case["now"].as_i64().unwrap_or(0)).json()
}

/// The twin tells neither metadata nor cookies.
fn by_heart(expect: &Value) -> Value {
    let mut expect = expect.clone();
    for untold in ["metadata", "setCookie"] {
        expect.as_object_mut().and_then(|members| members.remove(untold));
    }
    expect
}

/// Pairs of a visitor and a flag in a run, unless the environment says otherwise.
const PAIRS: u64 = 100_000;

/// Visitors to each snapshot.
const VISITORS: usize = 16;

/// How often everything happens at least in a run.
const LEAST: u32 = 100;

/// Snapshots between two reports of a long run.
const BATCH: u32 = 256;

/// Milliseconds since 1970, around the steps of generated schedules.
fn now() -> impl Strategy<Value = i64> {
    prop_oneof![select(vec![0, 999_999, 1_000_000, 1_500_000, 1_999_999, 2_000_000, 3_000_000]), 900_000..2_100_000i64]
}

/// A visitor, the time, and a request.
type Visit = (Map<String, Value>, i64, Value);

/// What was seen in a run.
#[derive(Default)]
struct Tally {
    pairs: u64,
    /// By reason and detail.
    answers: BTreeMap<String, u32>,
    asked: Asked,
}

#[test]
fn the_engine_decides_as_the_twin_does() {
    let wanted = from_environment("POINTSMAN_TWIN_PAIRS");
    let seed = from_environment("POINTSMAN_TWIN_SEED").unwrap_or(0x7477_696e);
    let tally = RefCell::default();
    for batch in 0.. {
        compare(seed.wrapping_add(batch), &tally);
        let pairs = tally.borrow().pairs;
        if wanted.is_some() {
            eprintln!("{pairs} pairs agree");
        }
        if pairs >= wanted.unwrap_or(PAIRS) {
            break;
        }
    }
    check(&tally.borrow());
}

fn from_environment(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is `{text}`, which is no number")))
}

/// A batch of snapshots with their visitors. A failure is made smaller, and shown as a case.
fn compare(seed: u64, tally: &RefCell<Tally>) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: BATCH,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 1_000,
        ..ProptestConfig::default()
    });
    let visits = vec((visitors::visitor(), now(), request(&KEYS)), VISITORS);
    let result =
        runner.run(&(snapshot(), visits), |(snapshot, visits)| match disagreement(&snapshot, &visits, tally) {
            Some(pair) => Err(TestCaseError::fail(format!("on {}", pair.0["case"]))),
            None => Ok(()),
        });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(_, (snapshot, visits))) => {
            let pair = disagreement(&snapshot, &visits, &RefCell::default()).unwrap();
            panic!("seed {seed}: engine and twin disagree\n{}", pair.reduced());
        }
        Err(TestError::Abort(reason)) => panic!("seed {seed}: {reason}"),
    }
}

/// The first pair in which engine and twin disagree. Besides the flags, one that is not there is asked, and the routes.
fn disagreement(snapshot: &Value, visits: &[Visit], tally: &RefCell<Tally>) -> Option<Pair> {
    let twin = Twin::new(snapshot);
    let engine =
        Engine::from_slice(snapshot.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {snapshot}"));
    let flags = snapshot["flags"].as_object().unwrap();
    for (place, (visitor, now, request)) in visits.iter().enumerate() {
        if let Some(pair) = routed_otherwise(snapshot, &engine, &twin, routed_case(visitor, *now, request), tally) {
            return Some(pair);
        }
        let context = visitors::read(visitor);
        let missing = (place == 0).then_some("nowhere");
        for key in flags.keys().map(String::as_str).chain(missing) {
            let answer = twin.evaluate(key, visitor, *now);
            if told(&engine.evaluate(key, &context, *now)) != answer.json() {
                let case = json!({ "flag": key, "context": visitor, "now": now });
                return Some(Pair(json!({ "snapshot": snapshot, "case": case })));
            }
            let tally = &mut tally.borrow_mut();
            tally.pairs += 1;
            *tally.answers.entry(format!("{} {}", answer.reason, answer.detail)).or_default() += 1;
        }
    }
    for (asked, times) in twin.asked() {
        *tally.borrow_mut().asked.entry(asked).or_default() += times;
    }
    None
}

/// The visitor's request as a case.
fn routed_case(visitor: &Map<String, Value>, now: i64, request: &Value) -> Value {
    let mut case = request.clone();
    case["context"] = visitor.clone().into();
    case["now"] = now.into();
    case
}

fn routed_otherwise(
    snapshot: &Value,
    engine: &Engine,
    twin: &Twin<'_>,
    case: Value,
    tally: &RefCell<Tally>,
) -> Option<Pair> {
    let answer = twin.route(&case);
    if by_heart(&routed(engine, &case)) != answer {
        return Some(Pair(json!({ "snapshot": snapshot, "case": case })));
    }
    let answers = &mut tally.borrow_mut().answers;
    for (event, happened) in events(&answer) {
        *answers.entry(event.into()).or_default() += u32::from(happened);
    }
    None
}

/// What can come about where a request is routed.
fn events(answer: &Value) -> [(&'static str, bool); 6] {
    [
        ("no route", answer.is_null()),
        ("a later route", !answer.is_null() && answer["route"] != "r0"),
        ("the fallback", answer["fallback"] == true),
        ("an override", answer["flag"]["detail"] == "override"),
        ("a delay", answer["fault"]["delayMs"].as_u64() > Some(0)),
        ("an abort", answer["fault"]["abortStatus"].is_u64()),
    ]
}

/// A snapshot and a case, of a flag or of a request, about which engine and twin disagree: `snapshot` and `case`.
#[derive(Clone)]
struct Pair(Value);

impl Pair {
    /// What the twin and the engine say; nothing where the snapshot is refused.
    fn answers(&self) -> Option<(Value, Value)> {
        let (snapshot, case) = (&self.0["snapshot"], &self.0["case"]);
        let visitor = case["context"].as_object()?;
        let engine = Engine::from_slice(snapshot.to_string().as_bytes()).ok()?;
        let twin = Twin::new(snapshot);
        if let Some(key) = case["flag"].as_str() {
            let now = case["now"].as_i64()?;
            return Some((
                twin.evaluate(key, visitor, now).json(),
                told(&engine.evaluate(key, &visitors::read(visitor), now)),
            ));
        }
        is_whole(case).then(|| (twin.route(case), by_heart(&routed(&engine, case))))
    }

    fn disagrees(&self) -> bool {
        self.answers().is_some_and(|(twin, engine)| twin != engine)
    }

    /// The same without all that the disagreement does not need.
    fn reduced(mut self) -> Case {
        loop {
            let before = self.0.to_string().len();
            self = self.smaller();
            if self.0.to_string().len() >= before {
                return Case(self);
            }
        }
    }

    /// Each part is tried once, larger ones first.
    fn smaller(mut self) -> Pair {
        let mut place = 0;
        while let Some(pointer) = pointers(&self.0).get(place) {
            let mut tries = without(&self.0, pointer).into_iter().map(Pair);
            match tries.find(Pair::disagrees) {
                Some(smaller) => self = smaller,
                None => place += 1,
            }
        }
        self
    }
}

/// Whether all of a request is there that a case about one must have.
fn is_whole(case: &Value) -> bool {
    let is_there = |name: &str| case["request"][name].is_string();
    let mut overrides = case["overrides"].as_array().into_iter().flatten();
    is_there("method") && is_there("url") && overrides.all(|one| one["flag"].is_string() && one["variant"].is_string())
}

/// The JSON pointers of all that is within a value, outer ones first.
fn pointers(value: &Value) -> Vec<String> {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(object) => {
            object.iter().map(|(name, member)| (name.replace('~', "~0").replace('/', "~1"), member)).collect()
        }
        Value::Array(list) => list.iter().enumerate().map(|(place, entry)| (place.to_string(), entry)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let own = members.iter().map(|(name, _)| format!("/{name}"));
    own.chain(
        members.iter().flat_map(|(name, inner)| pointers(inner).into_iter().map(move |rest| format!("/{name}{rest}"))),
    )
    .collect()
}

/// The value without what is at a pointer, and with that replaced by a condition within it.
fn without(value: &Value, pointer: &str) -> Vec<Value> {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let mut removed = value.clone();
    match removed.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.remove(&name)),
        Some(Value::Array(list)) => drop(list.remove(name.parse().unwrap())),
        _ => panic!("{pointer} is not there"),
    }
    let condition = &value.pointer(pointer).unwrap();
    let parts = ["all", "any"].into_iter().filter_map(|form| condition.get(form)?.as_array()).flatten();
    let lifted = parts.chain(condition.get("not")).map(|part| {
        let mut lifted = value.clone();
        *lifted.pointer_mut(pointer).unwrap() = part.clone();
        lifted
    });
    [removed].into_iter().chain(lifted).collect()
}

/// A disagreement as a file of `tests/cases/`, with the twin's answer.
struct Case(Pair);

impl std::fmt::Display for Case {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Case(pair) = self;
        let (twin, engine) = pair.answers().unwrap();
        let mut case = pair.0["case"].clone();
        case["why"] = "engine and twin disagree".into();
        case["expect"] = twin;
        let file = json!({ "about": "A disagreement.", "snapshot": pair.0["snapshot"], "cases": [case] });
        write!(formatter, "{file:#}\nthe engine says {engine:#}")
    }
}

const ANSWERS: [&str; 16] = [
    "no route",
    "a later route",
    "the fallback",
    "an override",
    "a delay",
    "an abort",
    "DISABLED disabled",
    "TARGETING_MATCH whitelist",
    "TARGETING_MATCH rule",
    "SPLIT rule",
    "SPLIT rollout",
    "SPLIT layer",
    "DEFAULT fallthrough",
    "STATIC static",
    "ERROR TARGETING_KEY_MISSING",
    "ERROR PARSE_ERROR",
];

/// A run in which something hardly ever happens says nothing about it.
fn check(tally: &Tally) {
    let answers = ANSWERS.map(|answer| (answer.into(), tally.answers.get(answer).copied()));
    let operators = OPERATORS.iter().filter(|operator| cfg!(feature = "full") || **operator != "matches");
    let asked = operators.flat_map(|operator| {
        let truths =
            [Some(true), Some(false), None].into_iter().filter(|truth| *operator != "exists" || truth.is_some());
        truths.map(move |truth| {
            (format!("{operator}: {truth:?}"), tally.asked.get(&((*operator).into(), truth)).copied())
        })
    });
    let rare: Vec<_> = answers.into_iter().chain(asked).filter(|(_, times)| times.unwrap_or(0) < LEAST).collect();
    assert!(rare.is_empty(), "too rare in {} pairs: {rare:?}", tally.pairs);
}
