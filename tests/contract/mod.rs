//! What the tests of decisions share: the contract's operators, and a decision as `tests/cases/` has it.

#[cfg(feature = "edge")]
pub mod requests;

use pointsman::{Context, Evaluation};
use serde_json::{Value, json};

/// The operators of the contract; `matches` is the full build's alone.
pub const OPERATORS: [&str; 18] = [
    "in",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "lessThan",
    "lessThanOrEqual",
    "greaterThan",
    "greaterThanOrEqual",
    "before",
    "after",
    "semVerEqual",
    "semVerLessThan",
    "semVerLessThanOrEqual",
    "semVerGreaterThan",
    "semVerGreaterThanOrEqual",
    "ipInRange",
    "exists",
];

/// A case's context.
pub fn context(case: &Value) -> Context {
    case.get("context").map_or_else(Context::new, |context| serde_json::from_value(context.clone()).unwrap())
}

/// A case's time; some ask no clock.
pub fn now(case: &Value) -> i64 {
    case.get("now").map_or(0, |now| now.as_i64().unwrap())
}

/// What the engine says, without metadata.
pub fn told(evaluation: &Evaluation<'_>) -> Value {
    let value: Value = serde_json::from_str(evaluation.value).unwrap();
    let mut told = json!({
        "variant": evaluation.variant, "value": value,
        "reason": evaluation.reason.as_str(), "detail": evaluation.detail,
    });
    if let Some((index, name)) = evaluation.rule {
        told["rule"] = name.map_or(json!({ "index": index }), |name| json!({ "index": index, "name": name }));
    }
    if let Some(code) = evaluation.error_code {
        told["errorCode"] = code.as_str().into();
    }
    told
}
