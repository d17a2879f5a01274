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

use common::{snapshot, visitors};
use contract::{OPERATORS, told};
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
        let is_of_a_flag = |case: &&Value| case["only"] != "js" && case["flag"].is_string();
        for case in file["cases"].as_array().unwrap().iter().filter(is_of_a_flag) {
            count += 1;
            let (actual, expected) = (by_the_twin(&twin, case), without_metadata(&case["expect"]));
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
    let context = case["context"].as_object().cloned().unwrap_or_default();
    twin.evaluate(case["flag"].as_str().unwrap(), &context, case["now"].as_i64().unwrap_or(0)).json()
}

/// The twin does not tell metadata.
fn without_metadata(expect: &Value) -> Value {
    let mut expect = expect.clone();
    expect.as_object_mut().unwrap().remove("metadata");
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

/// A visitor and the time.
type Visit = (Map<String, Value>, i64);

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
    let visits = vec((visitors::visitor(), now()), VISITORS);
    let result =
        runner.run(&(snapshot(), visits), |(snapshot, visits)| match disagreement(&snapshot, &visits, tally) {
            Some(pair) => Err(TestCaseError::fail(format!("on {}", pair.key))),
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

/// The first pair in which engine and twin disagree. Besides the flags, one that is not there is asked.
fn disagreement(snapshot: &Value, visits: &[Visit], tally: &RefCell<Tally>) -> Option<Pair> {
    let twin = Twin::new(snapshot);
    let engine =
        Engine::from_slice(snapshot.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {snapshot}"));
    let flags = snapshot["flags"].as_object().unwrap();
    for (place, (visitor, now)) in visits.iter().enumerate() {
        let context = visitors::read(visitor);
        let missing = (place == 0).then_some("nowhere");
        for key in flags.keys().map(String::as_str).chain(missing) {
            let answer = twin.evaluate(key, visitor, *now);
            if told(&engine.evaluate(key, &context, *now)) != answer.json() {
                let input = json!({ "snapshot": snapshot, "context": visitor });
                return Some(Pair { input, now: *now, key: key.into() });
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

/// One visitor and one flag, about which engine and twin disagree.
#[derive(Clone)]
struct Pair {
    /// `snapshot` and `context`.
    input: Value,
    now: i64,
    key: String,
}

impl Pair {
    /// What the twin and the engine say; nothing where the snapshot is refused.
    fn answers(&self) -> Option<(Value, Value)> {
        let (snapshot, visitor) = (&self.input["snapshot"], self.input["context"].as_object()?);
        let engine = Engine::from_slice(snapshot.to_string().as_bytes()).ok()?;
        let answer = Twin::new(snapshot).evaluate(&self.key, visitor, self.now).json();
        Some((answer, told(&engine.evaluate(&self.key, &visitors::read(visitor), self.now))))
    }

    fn disagrees(&self) -> bool {
        self.answers().is_some_and(|(twin, engine)| twin != engine)
    }

    /// The same without all that the disagreement does not need.
    fn reduced(mut self) -> Case {
        loop {
            let before = self.input.to_string().len();
            self = self.smaller();
            if self.input.to_string().len() >= before {
                return Case(self);
            }
        }
    }

    /// Each part is tried once, larger ones first.
    fn smaller(mut self) -> Pair {
        let mut place = 0;
        while let Some(pointer) = pointers(&self.input).get(place) {
            let tries = without(&self.input, pointer).into_iter().map(|input| Pair { input, ..self.clone() });
            match tries.into_iter().find(Pair::disagrees) {
                Some(smaller) => self = smaller,
                None => place += 1,
            }
        }
        self
    }
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
        let case = json!({
            "why": "engine and twin disagree", "flag": pair.key, "context": pair.input["context"], "now": pair.now, "expect": twin,
        });
        let file = json!({ "about": "A disagreement.", "snapshot": pair.input["snapshot"], "cases": [case] });
        write!(formatter, "{file:#}\nthe engine says {engine:#}")
    }
}

const ANSWERS: [&str; 10] = [
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
