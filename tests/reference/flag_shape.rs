//! Which flags and layers are sound in themselves.

use super::{
    condition_shape::is_condition,
    digest::is_as_said,
    flag::{list, variants},
    guard_shape::is_guard,
    shape::{has_only, if_there, is_bucket_by, is_list, is_name, is_percentage},
    time::instant,
};
use serde_json::Value;
use std::collections::BTreeMap;

const MEMBERS: [&str; 15] = [
    "enabled",
    "rolloutPercentage",
    "whitelistUsers",
    "variants",
    "onVariant",
    "offVariant",
    "whitelist",
    "rules",
    "rollout",
    "bucketBy",
    "salt",
    "layer",
    "guard",
    "serverOnly",
    "metadata",
];

pub fn is_layer(layer: &Value) -> bool {
    has_only(layer, &["bucketBy", "salt"])
        && if_there(layer, "bucketBy", is_bucket_by)
        && if_there(layer, "salt", Value::is_string)
}

pub fn is_flag(snapshot: &Value, flag: &Value) -> bool {
    has_only(flag, &MEMBERS)
        && flag["enabled"].is_boolean()
        && has_variants(flag)
        && if_there(flag, "bucketBy", is_bucket_by)
        && if_there(flag, "salt", Value::is_string)
        && if_there(flag, "serverOnly", Value::is_boolean)
        && if_there(flag, "metadata", is_metadata)
        && if_there(flag, "layer", is_part)
        && if_there(flag, "guard", |guard| is_guard(guard) && if_there(guard, "control", |name| is_variant(flag, name)))
        && has_rollout(flag)
        && has_whitelist(snapshot, flag)
        && if_there(flag, "rules", |rules| is_list(rules, |rule| is_rule(snapshot, flag, rule)))
}

/// `offVariant` is needed always, `onVariant` where it is used; both are there, if they are named.
fn has_variants(flag: &Value) -> bool {
    if_there(flag, "variants", Value::is_object)
        && if_there(flag, "onVariant", |name| is_variant(flag, name))
        && if_there(flag, "offVariant", |name| is_variant(flag, name))
        && (flag.get("offVariant").is_some() || variants(flag).contains_key("off"))
}

fn is_variant(flag: &Value, name: &Value) -> bool {
    name.as_str().is_some_and(|name| variants(flag).contains_key(name))
}

fn has_on(flag: &Value) -> bool {
    flag.get("onVariant").is_some() || variants(flag).contains_key("on")
}

fn is_metadata(metadata: &Value) -> bool {
    let is_scalar = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    metadata.as_object().is_some_and(|members| members.values().all(is_scalar))
}

fn is_part(part: &Value) -> bool {
    let share = |name: &str| part.get(name).filter(|value| is_percentage(value)).and_then(Value::as_f64);
    let (Some(from), Some(to)) = (share("from"), share("to")) else { return false };
    has_only(part, &["name", "from", "to"]) && is_name(&part["name"]) && from <= to
}

/// One of two forms, or none; the short form and none give the on variant.
fn has_rollout(flag: &Value) -> bool {
    match (flag.get("rollout"), flag.get("rolloutPercentage")) {
        (Some(_), Some(_)) => false,
        (Some(rollout), None) => is_rollout(flag, rollout),
        (None, Some(percentage)) => is_percentage(percentage) && has_on(flag),
        (None, None) => has_on(flag),
    }
}

/// One of two forms, or none; beside a rollout. An id is under one variant.
fn has_whitelist(snapshot: &Value, flag: &Value) -> bool {
    let lists: Vec<(&str, &Value)> = match (flag.get("whitelist"), flag.get("whitelistUsers")) {
        (None, None) => return true,
        (Some(_), Some(_)) => return false,
        (None, Some(users)) if has_on(flag) => vec![("", users)],
        (None, Some(_)) => return false,
        (Some(lists), None) => {
            let Some(lists) = lists.as_object() else { return false };
            if !lists.keys().all(|name| variants(flag).contains_key(name)) {
                return false;
            }
            lists.iter().map(|(name, users)| (name.as_str(), users)).collect()
        }
    };
    let is_id = |user: &Value| user.as_str().is_some_and(|id| !id.is_empty()) && is_as_said(snapshot, user);
    let mut owners = BTreeMap::new();
    let users =
        lists.iter().flat_map(|(name, users)| list(Some(users)).iter().map(move |user| (user.to_string(), *name)));
    let one_owner = users.into_iter().all(|(user, name)| *owners.entry(user).or_insert(name) == name);
    (flag.get("rollout").is_some() || flag.get("rolloutPercentage").is_some())
        && lists.iter().all(|(_, users)| is_list(users, is_id))
        && one_owner
}

fn is_rule(snapshot: &Value, flag: &Value, rule: &Value) -> bool {
    let outcome = match (rule.get("serve"), rule.get("rollout")) {
        (Some(variant), None) => rule.get("onMiss").is_none() && is_variant(flag, variant),
        (None, Some(rollout)) => is_rollout(flag, rollout),
        _ => false,
    };
    outcome
        && has_only(rule, &["name", "if", "serve", "rollout", "onMiss"])
        && if_there(rule, "name", is_name)
        && if_there(rule, "onMiss", |word| word == "off" || word == "continue")
        && rule.get("if").is_some_and(|condition| is_condition(snapshot, condition))
}

fn is_rollout(flag: &Value, rollout: &Value) -> bool {
    let has = |name: &str| rollout.get(name).is_some();
    has_only(rollout, &["percentage", "schedule", "ramp", "pausedAt", "variant", "split", "salt"])
        && if_there(rollout, "percentage", is_percentage)
        && if_there(rollout, "salt", Value::is_string)
        && !(has("percentage") && has("schedule"))
        && !(has("split") && has("variant"))
        && (has("schedule") || !has("ramp") && !has("pausedAt"))
        && if_there(rollout, "schedule", is_schedule)
        && if_there(rollout, "ramp", |word| word == "step" || word == "linear")
        && if_there(rollout, "pausedAt", is_time)
        && if_there(rollout, "variant", |name| is_variant(flag, name))
        && if_there(rollout, "split", |split| is_split(flag, split))
        && (has("variant") || has("split") || has_on(flag))
}

fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| instant(text).is_some())
}

/// At least one step, each later than the one before it.
fn is_schedule(schedule: &Value) -> bool {
    let is_step = |step: &Value| {
        has_only(step, &["at", "percentage"])
            && step.get("at").is_some_and(is_time)
            && step.get("percentage").is_some_and(is_percentage)
    };
    let at = |step: &Value| step["at"].as_str().and_then(instant);
    let steps = list(Some(schedule));
    !steps.is_empty() && steps.iter().all(is_step) && steps.windows(2).all(|pair| at(&pair[0]) < at(&pair[1]))
}

/// At least one arm; no weight is negative, and their sum is above 0 and finite.
fn is_split(flag: &Value, split: &Value) -> bool {
    let is_arm = |arm: &Value| {
        has_only(arm, &["variant", "weight"])
            && is_variant(flag, &arm["variant"])
            && arm["weight"].as_f64().is_some_and(|weight| weight >= 0.0)
    };
    let arms = list(Some(split));
    let total: f64 = arms.iter().filter_map(|arm| arm["weight"].as_f64()).sum();
    !arms.is_empty() && arms.iter().all(is_arm) && total > 0.0 && total.is_finite()
}
