//! Conditions, three-valued: true, false, or unknown (none).

use super::{Twin, Visit, attributes, digest::hashed, flag::list, operators};
use pointsman::hash::{Kind, cut};
use serde_json::Value;

impl Twin<'_> {
    /// "`not` unknown is unknown; `all` is the least, `any` the greatest of false < unknown < true."
    pub(super) fn truth(&self, condition: &Value, visit: Visit<'_>) -> Option<bool> {
        let parts = |form| list(condition.get(form)).iter().map(|part| self.truth(part, visit)).collect::<Vec<_>>();
        if condition.get("all").is_some() {
            let parts = parts("all");
            return if parts.contains(&Some(false)) { Some(false) } else { unless_unknown(&parts, true) };
        }
        if condition.get("any").is_some() {
            let parts = parts("any");
            return if parts.contains(&Some(true)) { Some(true) } else { unless_unknown(&parts, false) };
        }
        if let Some(part) = condition.get("not") {
            return self.truth(part, visit).map(|truth| !truth);
        }
        if let Some(name) = condition["segment"].as_str() {
            return self.truth(&self.snapshot["segments"][name], visit);
        }
        if let Some(key) = condition["flag"].as_str() {
            return self.prerequisite(key, &condition["is"], visit);
        }
        match condition.get("bucket") {
            Some(bucket) => self.bucket(bucket, visit),
            None => self.test(condition, visit),
        }
    }

    /// Unknown where the other flag ended in an error.
    fn prerequisite(&self, key: &str, is: &Value, visit: Visit<'_>) -> Option<bool> {
        let answer = self.decide(key, visit);
        let name = Value::from(answer.variant.filter(|_| answer.reason != "ERROR")?);
        Some(*is == name || list(Some(is)).contains(&name))
    }

    /// "0 % is false and 100 % is true without any id; otherwise no id is unknown."
    fn bucket(&self, bucket: &Value, visit: Visit<'_>) -> Option<bool> {
        let percentage = bucket["percentage"].as_f64()?;
        let end = cut(percentage / 100.0);
        if end == 0 || end == 1 << 32 {
            return Some(end > 0);
        }
        let point = self.point(Kind::Bucket, bucket["salt"].as_str()?, bucket.get("bucketBy"), visit)?;
        Some(point < end)
    }

    fn test(&self, condition: &Value, visit: Visit<'_>) -> Option<bool> {
        let (name, operator) = (condition["attribute"].as_str()?, condition["op"].as_str()?);
        let actual = attributes::attribute(visit.context, name);
        let truth = match actual.and_then(|actual| hashed(self.snapshot, condition, actual)) {
            Some((condition, actual)) => operators::test(&condition, Some(&actual)),
            None => operators::test(condition, actual),
        };
        *self.asked.borrow_mut().entry((operator.into(), truth)).or_default() += 1;
        truth
    }
}

fn unless_unknown(parts: &[Option<bool>], otherwise: bool) -> Option<bool> {
    if parts.contains(&None) { None } else { Some(otherwise) }
}
