//! Whatever loads answers any visitor at any time, and its answers hold together.

use super::{parts, visit::Visit};
use pointsman::{Destination, Engine, Evaluation, Reason};
use serde_json::Value;

/// `bytes` are a snapshot and a visit.
pub fn law(bytes: &[u8]) {
    let [snapshot, visit] = parts(bytes);
    let Ok(engine) = Engine::from_slice(snapshot) else { return };
    let visit = Visit::read(visit);
    for key in engine.flags().chain(["nowhere"]) {
        let answer = engine.evaluate(key, &visit.context, visit.now);
        hold(&answer);
        let is_on = answer.error_code.is_none() && answer.value == "true";
        assert_eq!(engine.is_enabled(key, &visit.context, visit.now), is_on);
    }
    if let Some(destination) = engine.route(visit.facts(), &visit.context, visit.now) {
        lead(&destination);
    }
}

/// An answer has a JSON value, and an error code if and only if its reason says so.
fn hold(answer: &Evaluation<'_>) {
    assert_eq!(answer.error_code.is_some(), answer.reason == Reason::Error);
    assert!(answer.variant.is_some() || answer.value == "null");
    assert!(serde_json::from_str::<Value>(answer.value).is_ok(), "{}", answer.value);
    assert!(serde_json::from_str::<Value>(answer.metadata).is_ok_and(|metadata| metadata.is_object()));
}

/// A request goes somewhere, and a flag that errs leads to the fallback.
fn lead(destination: &Destination<'_>) {
    assert!(destination.origin.starts_with("http"));
    if let Some(answer) = &destination.evaluation {
        hold(answer);
        assert!(destination.fallback || answer.error_code.is_none());
    }
    let cookie = destination.set_cookie.as_deref().unwrap_or_default();
    assert!(!cookie.contains(['\r', '\n', '\0']), "{cookie:?}");
    assert!(destination.visitor_id.is_some() || cookie.is_empty());
}
