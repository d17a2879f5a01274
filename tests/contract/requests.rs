//! The cases about requests, asked of the native crate.

use super::{context, now, told};
use pointsman::{Destination, Engine, RequestFacts};
use serde_json::{Value, json};

/// Where the request of a case goes, as `tests/cases/` has it.
pub fn routed(engine: &Engine, case: &Value) -> Value {
    let request = &case["request"];
    let (host, path) = address(request["url"].as_str().unwrap());
    let header = |name: &str| request["headers"].get(name).map(|value| value.as_str().unwrap());
    let attributes = attributes(request);
    let attributes: Vec<_> = attributes.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let overrides: Vec<_> = case["overrides"].as_array().into_iter().flatten().map(overridden).collect();
    let facts = RequestFacts {
        host: host.as_bytes(),
        path: path.as_bytes(),
        method: request["method"].as_str().unwrap().as_bytes(),
        cookie: header("cookie").unwrap_or_default().as_bytes(),
        fresh_id: case.get("freshId").map(|id| id.as_str().unwrap().as_bytes()),
        navigation: header("sec-fetch-mode").is_none_or(|mode| mode == "navigate"),
        request: &attributes,
        overrides: &overrides,
    };
    engine.route(facts, &context(case), now(case)).map_or(Value::Null, |destination| routed_to(&destination))
}

fn overridden(one: &Value) -> (&str, &str) {
    (one["flag"].as_str().unwrap(), one["variant"].as_str().unwrap())
}

/// What a host tells of the request besides its host, path and method, for a URL that needs no decoding.
fn attributes(request: &Value) -> Vec<(String, &str)> {
    let headers = request["headers"].as_object();
    let headers = headers.into_iter().flatten().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    let cookie = request["headers"]["cookie"].as_str().unwrap_or_default();
    let query = request["url"].as_str().unwrap().split_once('?').map_or("", |(_, query)| query);
    let pairs =
        |text: &'static str, list, mark| pairs(list, mark).map(move |(name, value)| (format!("{text}.{name}"), value));
    let own = request["attributes"].as_object().into_iter().flatten();
    (pairs("query", query, '&').chain(pairs("cookie", cookie, ';')))
        .chain(headers.map(|(name, value)| (format!("header.{name}"), value)))
        .chain(own.map(|(name, value)| (name.clone(), value.as_str().unwrap())))
        .collect()
}

/// `a=1&b=2`, or the same with another mark.
fn pairs(list: &str, mark: char) -> impl Iterator<Item = (&str, &str)> {
    let parts = list.split(mark).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}

fn routed_to(destination: &Destination<'_>) -> Value {
    let mut told = json!({
        "route": destination.route, "backend": destination.backend, "fallback": destination.fallback,
        "flag": destination.evaluation.as_ref().map(|evaluation| told(evaluation)),
        "visitorId": destination.visitor_id, "setCookie": destination.set_cookie,
    });
    if let Some(fault) = destination.fault {
        told["fault"] = json!({ "name": fault.name, "delayMs": fault.delay_ms, "abortStatus": fault.abort });
    }
    told
}

/// Host without port, and path, of a URL that is in its WHATWG form already.
fn address(url: &str) -> (&str, &str) {
    let behind = url.split_once("://").unwrap().1;
    let (authority, path) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
    let path = path.split(['?', '#']).next().unwrap();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    (host, if path.is_empty() { "/" } else { path })
}
