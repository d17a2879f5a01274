//! What the members of a snapshot may hold.

use serde_json::Value;

/// Whether an object has these members only, `x-…` aside.
pub fn has_only(value: &Value, names: &[&str]) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.keys().all(|name| name.starts_with("x-") || names.contains(&name.as_str())))
}

/// Whether a member is as it must be, if it is there.
pub fn if_there(value: &Value, name: &str, holds: impl Fn(&Value) -> bool) -> bool {
    value.get(name).is_none_or(holds)
}

/// A string of 1 to 256 bytes without control characters.
pub fn is_name(value: &Value) -> bool {
    value.as_str().is_some_and(|name| (1..=256).contains(&name.len()) && !name.chars().any(char::is_control))
}

pub fn is_percentage(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| (0.0..=100.0).contains(&number))
}

/// A name, or a list of at least one and at most so many.
pub fn is_names(value: &Value, most: usize) -> bool {
    let is_list = |list: &Vec<Value>| (1..=most).contains(&list.len()) && list.iter().all(is_name);
    is_name(value) || value.as_array().is_some_and(is_list)
}

pub fn is_bucket_by(value: &Value) -> bool {
    is_names(value, 8)
}

pub fn is_list(value: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(holds))
}
