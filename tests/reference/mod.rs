//! A naive twin of the engine: the contract as it reads, over the JSON as it stands. No tables, nothing remembered, nothing
//! fast. With the engine it shares only the hash, which `tests/vectors/` holds to an implementation of its own.

mod address;
mod attributes;
mod condition_shape;
mod conditions;
mod digest;
mod flag;
mod flag_shape;
mod folding;
mod guard_shape;
mod operators;
mod request;
mod rollout;
mod route;
mod semver;
mod shape;
mod sound;
mod time;

use flag::list;
use pointsman::hash::{Kind, cut};
use rollout::Split;
use serde_json::{Map, Value, json};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// How often each operator was true, false and unknown.
pub type Asked = BTreeMap<(String, Option<bool>), u32>;

/// One snapshot, as it is after a first load: nothing is carried.
pub struct Twin<'s> {
    snapshot: &'s Value,
    broken: BTreeSet<String>,
    asked: RefCell<Asked>,
}

/// One decision.
pub struct Answer {
    pub variant: Option<String>,
    pub value: Value,
    pub reason: &'static str,
    pub detail: &'static str,
    pub rule: Option<Value>,
}

/// Who asks, when, and which variants tokens ask for: a list of `flag` and `variant`.
#[derive(Clone, Copy)]
struct Visit<'c> {
    context: &'c Map<String, Value>,
    now: i64,
    overrides: &'c [Value],
}

impl<'s> Twin<'s> {
    pub fn new(snapshot: &'s Value) -> Twin<'s> {
        Twin { snapshot, broken: sound::broken(snapshot), asked: RefCell::default() }
    }

    /// What was asked of operators so far.
    pub fn asked(&self) -> Asked {
        self.asked.borrow().clone()
    }

    pub fn evaluate(&self, key: &str, context: &Map<String, Value>, now: i64) -> Answer {
        self.decide(key, Visit { context: &attributes::of_caller(context), now, overrides: &[] })
    }

    /// "Order of one evaluation": broken flag; not enabled; override; whitelist; layer; rules; rollout; otherwise `onVariant`.
    fn decide(&self, key: &str, visit: Visit<'_>) -> Answer {
        let Some(flag) = self.snapshot["flags"].get(key) else { return Answer::nothing("FLAG_NOT_FOUND") };
        if self.broken.contains(key) {
            return Answer::nothing("PARSE_ERROR");
        }
        if flag["enabled"] == false {
            return Answer::of(flag, flag::off(flag), "DISABLED", "disabled");
        }
        if let Some(variant) = flag::overridden(key, flag, visit.overrides) {
            return Answer::of(flag, variant, "TARGETING_MATCH", "override");
        }
        if let Some(variant) = flag::listed(self.snapshot, flag, visit.context) {
            return Answer::of(flag, variant, "TARGETING_MATCH", "whitelist");
        }
        self.layer(flag, visit).or_else(|| self.rules(key, flag, visit)).unwrap_or_else(|| self.rest(key, flag, visit))
    }

    /// The decision over those outside of the flag's part of its layer.
    fn layer(&self, flag: &Value, visit: Visit<'_>) -> Option<Answer> {
        let part = flag.get("layer")?;
        let name = part["name"].as_str()?;
        let layer = &self.snapshot["layers"][name];
        let [from, to] = ["from", "to"].map(|end| cut(part[end].as_f64().unwrap_or(0.0) / 100.0));
        // Nobody and everybody can be told without an id.
        let inside = if from == to {
            Some(false)
        } else if from == 0 && to == 1 << 32 {
            Some(true)
        } else {
            let salt = layer["salt"].as_str().unwrap_or(name);
            let point = self.point(Kind::Layer, salt, layer.get("bucketBy"), visit);
            point.map(|point| from <= point && point < to)
        };
        match inside {
            Some(true) => None,
            Some(false) => Some(Answer::of(flag, flag::off(flag), "SPLIT", "layer")),
            None => Some(Answer::without_id(flag)),
        }
    }

    /// The first rule whose condition is true decides, unless its rollout misses and it says to go on.
    fn rules(&self, key: &str, flag: &Value, visit: Visit<'_>) -> Option<Answer> {
        list(flag.get("rules")).iter().enumerate().find_map(|(index, rule)| {
            if self.truth(&rule["if"], visit) != Some(true) {
                return None;
            }
            let decided = self.outcome(key, flag, rule, visit)?;
            let name = rule.get("name");
            let told = name.map_or(json!({ "index": index }), |name| json!({ "index": index, "name": name }));
            Some(Answer { rule: Some(told).filter(|_| decided.detail == "rule"), ..decided })
        })
    }

    fn outcome(&self, key: &str, flag: &Value, rule: &Value, visit: Visit<'_>) -> Option<Answer> {
        if let Some(variant) = rule["serve"].as_str() {
            return Some(Answer::of(flag, variant.into(), "TARGETING_MATCH", "rule"));
        }
        match self.split(key, flag, &rule["rollout"], visit) {
            Split::In(variant) => Some(Answer::of(flag, variant, "SPLIT", "rule")),
            Split::Out if rule["onMiss"] == "continue" => None,
            Split::Out => Some(Answer::of(flag, flag::off(flag), "SPLIT", "rule")),
            Split::NoId => Some(Answer::without_id(flag)),
        }
    }

    /// When no rule decided: the rollout, or the on variant for everybody.
    fn rest(&self, key: &str, flag: &Value, visit: Visit<'_>) -> Answer {
        let Some(rollout) = flag::rollout(flag) else {
            let (reason, detail) =
                if list(flag.get("rules")).is_empty() { ("STATIC", "static") } else { ("DEFAULT", "fallthrough") };
            return Answer::of(flag, flag::on(flag), reason, detail);
        };
        match self.split(key, flag, &rollout, visit) {
            Split::In(variant) => Answer::of(flag, variant, "SPLIT", "rollout"),
            Split::Out => Answer::of(flag, flag::off(flag), "SPLIT", "rollout"),
            Split::NoId => Answer::without_id(flag),
        }
    }
}

impl Answer {
    fn of(flag: &Value, variant: String, reason: &'static str, detail: &'static str) -> Answer {
        Answer { value: flag::value(flag, &variant), variant: Some(variant), reason, detail, rule: None }
    }

    fn without_id(flag: &Value) -> Answer {
        Answer::of(flag, flag::off(flag), "ERROR", "TARGETING_KEY_MISSING")
    }

    /// An error over a flag of which nothing is known.
    fn nothing(code: &'static str) -> Answer {
        Answer { variant: None, value: Value::Null, reason: "ERROR", detail: code, rule: None }
    }

    /// As `tests/cases/` has it.
    pub fn json(&self) -> Value {
        let mut told = json!({
            "variant": self.variant, "value": self.value, "reason": self.reason, "detail": self.detail,
        });
        if let Some(rule) = &self.rule {
            told["rule"] = rule.clone();
        }
        if self.reason == "ERROR" {
            told["errorCode"] = self.detail.into();
        }
        told
    }
}
