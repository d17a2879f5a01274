//! Runs `tests/cases/` with the native crate. The JavaScript runners take the same files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod contract;

#[cfg(feature = "edge")]
use contract::requests::routed;
use contract::{OPERATORS, context, now, told};
use pointsman::{Engine, Evaluation};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_case_decides_as_expected() {
    let mut failures = Vec::new();
    let (mut count, mut left_out) = (0, BTreeMap::<_, u32>::new());
    for (path, file) in all_files() {
        let engine = Engine::from_slice(file["snapshot"].to_string().as_bytes()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            if let Some(reason) = reason_left_out(&file, case) {
                *left_out.entry(reason).or_default() += 1;
                continue;
            }
            count += 1;
            let actual = decided(&engine, case);
            if actual != case["expect"] {
                let name = path.file_name().unwrap().display();
                failures.push(format!("{name}: {}\n  expected {}\n  actual   {actual}", case["why"], case["expect"]));
            }
        }
    }
    println!("{count} cases; left out: {left_out:?}");
    assert!(failures.is_empty(), "{} of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 2_900, "only {count} cases were found");
}

/// What this build can't be asked, or answers otherwise, and why.
fn reason_left_out(file: &Value, case: &Value) -> Option<&'static str> {
    let edge = cfg!(feature = "edge");
    if file["build"] == "full" && !cfg!(feature = "full") {
        Some("needs the full build")
    } else if case["only"] == "js" {
        // A context that is no object cannot be written natively.
        Some("for JavaScript")
    } else if case["flag"].is_null() && !edge {
        Some("a route")
    } else if !edge && breaks_by_guard(file, case) {
        Some("a broken guard")
    } else {
        None
    }
}

/// A build without guards does not look at them: one that is wrong breaks nothing there.
fn breaks_by_guard(file: &Value, case: &Value) -> bool {
    let guard = &file["snapshot"]["flags"][case["flag"].as_str().unwrap()]["guard"];
    !guard.is_null() && case["expect"]["errorCode"] == "PARSE_ERROR"
}

/// A flag's decision or, where a build has them, a route's.
fn decided(engine: &Engine, case: &Value) -> Value {
    #[cfg(feature = "edge")]
    if case["flag"].is_null() {
        return routed(engine, case);
    }
    evaluated(engine, case)
}

#[test]
fn every_operator_and_every_outcome_has_a_case() {
    let files = all_files();
    let cases: Vec<&Value> = files.iter().flat_map(|(_, file)| file["cases"].as_array().unwrap()).collect();
    let mut lacking = lacking_situations(&cases);
    lacking.extend(lacking_outcomes(&cases));
    assert!(lacking.is_empty(), "without a case: {}", lacking.join("; "));
}

const SITUATIONS: [&str; 6] = ["match", "no match", "missing", "wrong type", "empty list", "array"];

/// Each reason with each detail that can come about by now; an error's detail is its code.
const OUTCOMES: [(&str, &str); 15] = [
    ("STATIC", "static"),
    ("DEFAULT", "fallthrough"),
    ("TARGETING_MATCH", "override"),
    ("TARGETING_MATCH", "whitelist"),
    ("TARGETING_MATCH", "rule"),
    ("SPLIT", "rollout"),
    ("SPLIT", "rule"),
    ("SPLIT", "layer"),
    ("DISABLED", "disabled"),
    ("ERROR", "FLAG_NOT_FOUND"),
    ("ERROR", "PARSE_ERROR"),
    ("ERROR", "TARGETING_KEY_MISSING"),
    ("ERROR", "INVALID_CONTEXT"),
    ("ERROR", "TYPE_MISMATCH"),
    ("ERROR", "GENERAL"),
];

/// `exists` takes every type and has no values.
fn makes_sense(operator: &str, situation: &str) -> bool {
    operator != "exists" || !["wrong type", "empty list"].contains(&situation)
}

fn lacking_situations(cases: &[&Value]) -> Vec<String> {
    let pairs = OPERATORS.iter().flat_map(|operator| SITUATIONS.map(|situation| (*operator, situation)));
    let wanted = pairs.filter(|(operator, situation)| makes_sense(operator, situation));
    let names = wanted.map(|(operator, situation)| format!("{operator}: {situation}"));
    names.filter(|name| !cases.iter().any(|case| case["covers"] == name.as_str())).collect()
}

fn lacking_outcomes(cases: &[&Value]) -> Vec<String> {
    let lacking = OUTCOMES.iter().filter(|outcome| !cases.iter().any(|case| ends_in(&case["expect"], **outcome)));
    lacking.map(|(reason, detail)| format!("{reason}, {detail}")).collect()
}

/// Whether the decision, or that of the route's flag, is of this reason and detail.
fn ends_in(expect: &Value, (reason, detail): (&str, &str)) -> bool {
    [expect, &expect["flag"]].into_iter().any(|decision| {
        let code_fits = reason != "ERROR" || decision["errorCode"] == detail;
        decision["reason"] == reason && decision["detail"] == detail && code_fits
    })
}

/// All files, each with its path.
fn all_files() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), parsed(&path))).collect()
}

fn parsed(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn evaluated(engine: &Engine, case: &Value) -> Value {
    let evaluation = engine.evaluate(case["flag"].as_str().unwrap(), &context(case), now(case));
    described(&evaluation, case["expect"].get("metadata").is_some())
}

fn described(evaluation: &Evaluation<'_>, with_metadata: bool) -> Value {
    let mut object = told(evaluation);
    if with_metadata {
        object["metadata"] = serde_json::from_str(evaluation.metadata).unwrap();
    }
    object
}
