//! What a flag's members mean, its short forms among them. Only sound flags come here.

use super::{attributes::ids, digest::listed_form};
use serde_json::{Map, Value, json};

/// A list, or nothing.
pub fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The variants, by name.
pub fn variants(flag: &Value) -> Map<String, Value> {
    let own = flag.get("variants").and_then(Value::as_object).cloned();
    own.unwrap_or_else(|| Map::from_iter([("on".into(), json!(true)), ("off".into(), json!(false))]))
}

pub fn value(flag: &Value, variant: &str) -> Value {
    variants(flag)[variant].clone()
}

pub fn on(flag: &Value) -> String {
    flag["onVariant"].as_str().unwrap_or("on").into()
}

pub fn off(flag: &Value) -> String {
    flag["offVariant"].as_str().unwrap_or("off").into()
}

/// The flag's rollout, in its long form.
pub fn rollout(flag: &Value) -> Option<Value> {
    let short = flag.get("rolloutPercentage").map(|percentage| json!({ "percentage": percentage }));
    flag.get("rollout").cloned().or(short)
}

/// The variant that the first token for the flag asks for, if the flag has it.
pub fn overridden(key: &str, flag: &Value, overrides: &[Value]) -> Option<String> {
    let first = overrides.iter().find(|one| one["flag"] == key)?;
    first["variant"].as_str().filter(|name| variants(flag).contains_key(*name)).map(String::from)
}

/// The variant that one of the visitor's ids is listed under.
pub fn listed(snapshot: &Value, flag: &Value, context: &Map<String, Value>) -> Option<String> {
    let ids: Vec<_> = ids(context, flag.get("bucketBy")).iter().map(|id| listed_form(snapshot, id)).collect();
    let is_in = |users: &Value| list(Some(users)).iter().any(|user| ids.iter().any(|id| user == id.as_str()));
    if flag.get("whitelistUsers").is_some_and(is_in) {
        return Some(on(flag));
    }
    // The first id that is listed decides, should two be listed under two variants.
    let lists = flag.get("whitelist").and_then(Value::as_object)?;
    ids.iter().find_map(|id| {
        let holds = |users: &Value| list(Some(users)).iter().any(|user| user == id.as_str());
        lists.iter().find(|(_, users)| holds(users)).map(|(variant, _)| variant.clone())
    })
}
