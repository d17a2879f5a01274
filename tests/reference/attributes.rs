//! What a context holds: attributes, and the ids among them.

use serde_json::{Map, Value};

/// An attribute; none where it is missing or null. An exact key wins over a path; `request.*` is the platform's.
pub fn attribute<'c>(context: &'c Map<String, Value>, name: &str) -> Option<&'c Value> {
    let exact = context.get(name);
    let found = if name.starts_with("request.") { exact } else { exact.or_else(|| at_path(context, name)) };
    found.filter(|value| !value.is_null())
}

/// What a caller may say.
pub fn of_caller(context: &Map<String, Value>) -> Map<String, Value> {
    let own = context.iter().filter(|(name, _)| !name.starts_with("request."));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn at_path<'c>(context: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    let (first, rest) = path.split_once('.')?;
    let mut found = context.get(first)?;
    for part in rest.split('.') {
        found = found.as_object()?.get(part)?;
    }
    Some(found)
}

/// "A non-empty string, or an integer up to 2^53 - 1 in magnitude as decimal; anything else is absent."
fn id(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned()).filter(|text| !text.is_empty());
    }
    let number = value.as_f64()?;
    let is_id = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0;
    is_id.then(|| format!("{}", number as i64))
}

/// The ids that a visitor has under these names, in their order.
pub fn ids(context: &Map<String, Value>, bucket_by: Option<&Value>) -> Vec<String> {
    names(bucket_by).iter().filter_map(|name| id(attribute(context, name)?)).collect()
}

fn names(bucket_by: Option<&Value>) -> Vec<&str> {
    match bucket_by {
        None => vec!["targetingKey", "userId", "visitorId"],
        Some(Value::String(name)) => vec![name],
        Some(names) => names.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
    }
}
