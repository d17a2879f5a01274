//! Which conditions are sound in themselves: decisions over operators and forms. Whether what they refer to is there, and
//! sound, is `sound.rs`'s.

use super::{
    address,
    digest::is_as_said,
    flag,
    flag::list,
    semver,
    shape::{has_only, if_there, is_bucket_by, is_list, is_name, is_names, is_percentage},
    time,
};
use serde_json::Value;

const FORMS: [(&str, &[&str]); 7] = [
    ("all", &["all"]),
    ("any", &["any"]),
    ("not", &["not"]),
    ("segment", &["segment"]),
    ("flag", &["flag", "is"]),
    ("bucket", &["bucket"]),
    ("attribute", &["attribute", "op", "values", "caseInsensitive"]),
];

pub fn is_condition(snapshot: &Value, condition: &Value) -> bool {
    let mut forms = FORMS.iter().filter(|(form, _)| condition.get(form).is_some());
    let (Some((form, members)), None) = (forms.next(), forms.next()) else { return false };
    let own = &condition[form];
    has_only(condition, members)
        && match *form {
            "all" | "any" => !list(Some(own)).is_empty() && is_list(own, |part| is_condition(snapshot, part)),
            "not" => is_condition(snapshot, own),
            "segment" => is_name(own),
            "flag" => is_name(own) && is_answer(snapshot, condition),
            "bucket" => is_bucket(own),
            _ => is_name(own) && is_test(condition) && is_hashed(snapshot, condition),
        }
}

/// A variant of the flag, or several. Whether there is such a flag is asked elsewhere.
fn is_answer(snapshot: &Value, condition: &Value) -> bool {
    let Some(is) = condition.get("is") else { return false };
    let flag = condition["flag"].as_str().and_then(|key| snapshot["flags"].get(key));
    let variants = flag.map(flag::variants);
    let named =
        |name: &Value| variants.as_ref().is_none_or(|own| name.as_str().is_some_and(|name| own.contains_key(name)));
    is_names(is, 255) && if is.is_array() { list(Some(is)).iter().all(named) } else { named(is) }
}

fn is_bucket(bucket: &Value) -> bool {
    has_only(bucket, &["percentage", "salt", "bucketBy"])
        && bucket.get("percentage").is_some_and(is_percentage)
        && bucket["salt"].is_string()
        && if_there(bucket, "bucketBy", is_bucket_by)
}

fn is_test(test: &Value) -> bool {
    let values = list(test.get("values"));
    let Some(operator) = test["op"].as_str() else { return false };
    if operator == "exists" {
        return values.is_empty() && test["caseInsensitive"] != true;
    }
    is_operator(operator)
        && test["values"].is_array()
        && if_there(test, "caseInsensitive", Value::is_boolean)
        && values.iter().all(|value| takes(operator, value))
        && (test["caseInsensitive"] != true || folds(operator, values))
}

fn is_hashed(snapshot: &Value, test: &Value) -> bool {
    test["op"] != "in" || list(test.get("values")).iter().all(|value| is_as_said(snapshot, value))
}

fn is_operator(name: &str) -> bool {
    let texts = ["startsWith", "endsWith", "contains"];
    let numbers = ["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"];
    let versions =
        ["semVerEqual", "semVerLessThan", "semVerLessThanOrEqual", "semVerGreaterThan", "semVerGreaterThanOrEqual"];
    let others = ["in", "before", "after", "ipInRange"];
    (cfg!(feature = "full") && name == "matches")
        || [&texts[..], &numbers, &versions, &others].iter().any(|names| names.contains(&name))
}

/// What an operator compares with.
fn takes(operator: &str, value: &Value) -> bool {
    let text = value.as_str();
    match operator {
        "in" => value.is_string() || value.is_number() || value.is_boolean(),
        "startsWith" | "endsWith" | "contains" | "matches" => value.is_string(),
        "before" | "after" => value.is_number() || text.is_some_and(|text| time::instant(text).is_some()),
        "ipInRange" => text.is_some_and(address::is_range),
        version if version.starts_with("semVer") => text.is_some_and(semver::is_version),
        _ => value.is_number(),
    }
}

/// The core folds ASCII alone.
fn folds(operator: &str, values: &[Value]) -> bool {
    let takes_fold = ["in", "startsWith", "endsWith", "contains", "matches"].contains(&operator);
    let is_ascii = |value: &Value| value.as_str().is_none_or(str::is_ascii);
    takes_fold && (cfg!(feature = "full") || values.iter().all(is_ascii))
}
