//! Lists whose texts are hashed.

use super::folding::folded_to_ascii;
use crate::common::digest::{digest, is_digest};
use serde_json::{Value, json};

/// The salt, where the lists of a snapshot are hashed.
fn salt(snapshot: &Value) -> Option<&str> {
    snapshot["hashedLists"]["salt"].as_str()
}

/// A text as lists have it.
pub fn listed_form(snapshot: &Value, text: &str) -> String {
    match salt(snapshot) {
        Some(salt) => digest(salt, text),
        None => text.into(),
    }
}

/// A condition `in` and what it is asked of, with the texts of the latter hashed as the condition's are.
pub fn hashed(snapshot: &Value, condition: &Value, actual: &Value) -> Option<(Value, Value)> {
    let salt = salt(snapshot).filter(|_| condition["op"] == "in")?;
    let form = |value: &Value| match value.as_str() {
        Some(text) if condition["caseInsensitive"] == true => digest(salt, &folded_to_ascii(text)).into(),
        Some(text) => digest(salt, text).into(),
        None => value.clone(),
    };
    let actual = actual.as_array().map_or_else(|| form(actual), |elements| elements.iter().map(form).collect());
    Some((json!({ "op": "in", "values": condition["values"] }), actual))
}

/// Whether a value of a list is as the snapshot says: numbers and booleans always are.
pub fn is_as_said(snapshot: &Value, value: &Value) -> bool {
    salt(snapshot).is_none() || value.as_str().is_none_or(is_digest)
}
