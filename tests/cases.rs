//! Runs `tests/cases/` with the native crate. The JavaScript runners take the same files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{Context, Destination, Engine, Evaluation, RequestFacts};
use serde_json::{Value, json};
use std::{fs, path::Path};

#[test]
fn every_case_decides_as_expected() {
    let mut failures = Vec::new();
    let mut count = 0;
    for path in files() {
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let engine = Engine::from_slice(file["snapshot"].to_string().as_bytes()).unwrap();
        // A context that is no object cannot be written natively.
        for case in file["cases"].as_array().unwrap().iter().filter(|case| case["only"] != "js") {
            count += 1;
            let actual = if case["flag"].is_null() { routed(&engine, case) } else { evaluated(&engine, case) };
            if actual != case["expect"] {
                let name = path.file_name().unwrap().display();
                failures.push(format!("{name}: {}\n  expected {}\n  actual   {actual}", case["why"], case["expect"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 900, "only {count} cases were found");
}

fn files() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.sort();
    files
}

fn context(case: &Value) -> Context {
    case.get("context").map_or_else(Context::new, |context| serde_json::from_value(context.clone()).unwrap())
}

fn now(case: &Value) -> i64 {
    case.get("now").map_or(0, |now| now.as_i64().unwrap())
}

fn evaluated(engine: &Engine, case: &Value) -> Value {
    let evaluation = engine.evaluate(case["flag"].as_str().unwrap(), &context(case), now(case));
    described(&evaluation, case["expect"].get("metadata").is_some())
}

fn described(evaluation: &Evaluation<'_>, with_metadata: bool) -> Value {
    let value: Value = serde_json::from_str(evaluation.value).unwrap();
    let mut object = json!({
        "variant": evaluation.variant, "value": value,
        "reason": evaluation.reason.as_str(), "detail": evaluation.detail,
    });
    if let Some((index, name)) = evaluation.rule {
        object["rule"] = name.map_or(json!({ "index": index }), |name| json!({ "index": index, "name": name }));
    }
    if let Some(code) = evaluation.error_code {
        object["errorCode"] = json!(code.as_str());
    }
    if with_metadata {
        object["metadata"] = serde_json::from_str(evaluation.metadata).unwrap();
    }
    object
}

fn routed(engine: &Engine, case: &Value) -> Value {
    let request = &case["request"];
    let (host, path) = address(request["url"].as_str().unwrap());
    let header = |name: &str| request["headers"].get(name).map(|value| value.as_str().unwrap());
    let facts = RequestFacts {
        host: host.as_bytes(),
        path: path.as_bytes(),
        method: request["method"].as_str().unwrap().as_bytes(),
        cookie: header("cookie").unwrap_or_default().as_bytes(),
        fresh_id: case.get("freshId").map(|id| id.as_str().unwrap().as_bytes()),
        navigation: header("sec-fetch-mode").is_none_or(|mode| mode == "navigate"),
    };
    engine.route(facts, &context(case), now(case)).map_or(Value::Null, |destination| routed_to(&destination))
}

fn routed_to(destination: &Destination<'_>) -> Value {
    json!({
        "route": destination.route, "backend": destination.backend, "fallback": destination.fallback,
        "flag": destination.evaluation.as_ref().map(|evaluation| described(evaluation, false)),
        "visitorId": destination.visitor_id, "setCookie": destination.set_cookie,
    })
}

/// Host without port, and path, of a URL that is in its WHATWG form already.
fn address(url: &str) -> (&str, &str) {
    let behind = url.split_once("://").unwrap().1;
    let (authority, path) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
    let path = path.split(['?', '#']).next().unwrap();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    (host, if path.is_empty() { "/" } else { path })
}
