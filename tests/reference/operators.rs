//! Operators: what an attribute's value is, beside each of the values of a condition.

use super::{address, flag::list, folding::folded, semver, time};
use serde_json::Value;
use std::cmp::Ordering;

/// A condition on an attribute.
pub fn test(condition: &Value, actual: Option<&Value>) -> Option<bool> {
    if condition["op"] == "exists" {
        return Some(actual.is_some());
    }
    let actual = actual?;
    if list(condition.get("values")).is_empty() {
        return Some(false);
    }
    match actual.as_array() {
        Some(elements) => of_list(elements.iter().map(|element| element_test(condition, element)).collect()),
        None => one(condition, actual),
    }
}

/// No operator reads a list within a list, an object, or null.
fn element_test(condition: &Value, element: &Value) -> Option<bool> {
    if element.is_array() { None } else { one(condition, element) }
}

/// "An array matches if any element does; it is unknown if none does and any is unknown."
fn of_list(elements: Vec<Option<bool>>) -> Option<bool> {
    match elements.contains(&Some(true)) {
        false if elements.contains(&None) => None,
        any => Some(any),
    }
}

/// One value beside all of the condition's: true for any of them, unknown where none can be compared.
fn one(condition: &Value, actual: &Value) -> Option<bool> {
    let fold = condition["caseInsensitive"] == true;
    let operator = condition["op"].as_str()?;
    let compared: Vec<Option<bool>> =
        list(condition.get("values")).iter().map(|value| compare(operator, fold, actual, value)).collect();
    let known = compared.iter().flatten();
    known.copied().max()
}

/// None where the two can't be compared.
fn compare(operator: &str, fold: bool, actual: &Value, value: &Value) -> Option<bool> {
    let texts = || Some((text(actual, fold)?, text(value, fold)?));
    match operator {
        "in" => equal(fold, actual, value),
        "startsWith" => texts().map(|(actual, value)| actual.starts_with(&value)),
        "endsWith" => texts().map(|(actual, value)| actual.ends_with(&value)),
        "contains" => texts().map(|(actual, value)| actual.contains(&value)),
        "matches" => matches(fold, actual.as_str()?, value.as_str()?),
        "before" => Some(time::of(actual)? < time::of(value)?),
        "after" => Some(time::of(actual)? > time::of(value)?),
        "ipInRange" => address::is_in(actual.as_str()?, value.as_str()?),
        number => match number.strip_prefix("semVer") {
            Some(name) => ordered(name, semver::compare(actual.as_str()?, value.as_str()?)?),
            None => ordered(number, actual.as_f64()?.partial_cmp(&value.as_f64()?)?),
        },
    }
}

fn text(value: &Value, fold: bool) -> Option<String> {
    value.as_str().map(|text| if fold { folded(text) } else { text.into() })
}

fn equal(fold: bool, actual: &Value, value: &Value) -> Option<bool> {
    match (actual, value) {
        (Value::String(_), Value::String(_)) => Some(text(actual, fold)? == text(value, fold)?),
        (Value::Number(_), Value::Number(_)) => Some(actual.as_f64()? == value.as_f64()?),
        (Value::Bool(actual), Value::Bool(value)) => Some(actual == value),
        _ => None,
    }
}

/// A comparison by its name, without the prefix of its type.
fn ordered(name: &str, order: Ordering) -> Option<bool> {
    match name.to_ascii_lowercase().as_str() {
        "equal" => Some(order.is_eq()),
        "lessthan" => Some(order.is_lt()),
        "lessthanorequal" => Some(order.is_le()),
        "greaterthan" => Some(order.is_gt()),
        "greaterthanorequal" => Some(order.is_ge()),
        _ => None,
    }
}

#[cfg(feature = "full")]
fn matches(fold: bool, actual: &str, pattern: &str) -> Option<bool> {
    let pattern = regex_lite::RegexBuilder::new(pattern).case_insensitive(fold).build();
    pattern.ok().map(|pattern| pattern.is_match(actual))
}

/// The core has no such operator: a flag that uses it is broken.
#[cfg(not(feature = "full"))]
fn matches(_: bool, _: &str, _: &str) -> Option<bool> {
    None
}
