//! Routes: which one a request takes, where it leads, and which fault hits it.

use super::{
    Twin, Visit,
    attributes::{ids, of_caller},
    flag::list,
    request, time,
};
use pointsman::hash::{Kind, cut};
use serde_json::{Map, Value, json};

impl Twin<'_> {
    /// What `tests/cases/` expects of a case about a request, but for `setCookie`.
    pub fn route(&self, case: &Value) -> Value {
        let mut context = of_caller(case["context"].as_object().unwrap_or(&Map::new()));
        context.extend(request::attributes(&case["request"]));
        let (now, overrides) = (case["now"].as_i64().unwrap_or(0), list(case.get("overrides")));
        let visit = Visit { context: &context, now, overrides };
        let mut routes = list(self.snapshot.get("routes")).iter();
        let Some(route) = routes.find(|route| self.matches(&route["match"], visit)) else { return Value::Null };
        let id = self.visitor_id(route, case, visit);
        let mut context = context.clone();
        if route.get("visitor").is_some() {
            context.insert("visitorId".into(), id.clone().into());
        }
        self.told(route, id, Visit { context: &context, now, overrides })
    }

    fn told(&self, route: &Value, id: Option<String>, visit: Visit<'_>) -> Value {
        let answer = route["flag"].as_str().map(|key| self.decide(key, visit));
        let backend = match &answer {
            None => route.get("backend"),
            Some(answer) if answer.reason == "ERROR" => None,
            Some(answer) => answer.variant.as_ref().and_then(|variant| route["backends"].get(variant)),
        };
        let mut told = json!({
            "route": route["name"], "backend": backend.unwrap_or(&route["fallback"]), "fallback": backend.is_none(),
            "flag": answer.map(|answer| answer.json()), "visitorId": id,
        });
        if let Some(fault) = self.fault(route, visit) {
            told["fault"] = fault;
        }
        told
    }

    /// "First matching route wins": all that is given must hold, and a condition that is unknown does not.
    fn matches(&self, wanted: &Value, visit: Visit<'_>) -> bool {
        let is = |name: &str| visit.context[&format!("request.{name}")].as_str().unwrap_or("");
        let path = wanted["path"].as_str().unwrap_or("*");
        let path_holds = path.strip_suffix('*').map_or(is("path") == path, |start| is("path").starts_with(start));
        let methods = list(wanted.get("methods"));
        path_holds
            && wanted["host"].as_str().is_none_or(|host| is("host") == host)
            && (methods.is_empty() || methods.iter().any(|method| method == is("method")))
            && wanted.get("if").is_none_or(|condition| self.truth(condition, visit) == Some(true))
    }

    /// From the cookie, or a fresh one for a navigation; none without consent.
    fn visitor_id(&self, route: &Value, case: &Value, visit: Visit<'_>) -> Option<String> {
        let visitor = route.get("visitor")?;
        if visitor.get("consent").is_some_and(|consent| self.truth(consent, visit) != Some(true)) {
            return None;
        }
        let request = &case["request"];
        let known = request::cookie(request, visitor["cookie"].as_str()?).filter(|id| is_id(id));
        let navigates = request::header(request, "sec-fetch-mode").is_none_or(|mode| mode == "navigate");
        let fresh = case["freshId"].as_str().filter(|id| navigates && is_id(id));
        known.or(fresh).map(String::from)
    }

    /// "The first fault of the route that hits decides."
    fn fault(&self, route: &Value, visit: Visit<'_>) -> Option<Value> {
        if self.snapshot["faultsEnabled"] == false {
            return None;
        }
        list(route.get("faults")).iter().find_map(|fault| {
            let point = self.hit(route, fault, visit)?;
            let part = |name| milliseconds(fault["delay"][name].as_str().unwrap_or("0ms"));
            let added = u128::from(part("jitter")) * u128::from(point) / u128::from(end(fault).max(1));
            let status = fault["abort"].get("status");
            Some(json!({ "name": fault["name"], "delayMs": u128::from(part("fixed")) + added, "abortStatus": status }))
        })
    }

    /// The visitor's point; without an id only a fault for everybody hits.
    fn hit(&self, route: &Value, fault: &Value, visit: Visit<'_>) -> Option<u64> {
        let is_over = time::instant(fault["until"].as_str()?).is_none_or(|until| visit.now >= until);
        if is_over || fault.get("if").is_some_and(|condition| self.truth(condition, visit) != Some(true)) {
            return None;
        }
        if ids(visit.context, None).is_empty() {
            return (end(fault) == 1 << 32).then_some(0);
        }
        let salt = format!("{}/{}", route["name"].as_str()?, fault["name"].as_str()?);
        self.point(Kind::Fault, &salt, None, visit).filter(|point| *point < end(fault))
    }
}

/// Where a fault's part of its line ends.
fn end(fault: &Value) -> u64 {
    cut(fault["percentage"].as_f64().unwrap_or(0.0) / 100.0)
}

/// A duration in `ms` or `s`.
fn milliseconds(text: &str) -> u64 {
    let (digits, unit) = text.strip_suffix("ms").map_or((text.trim_end_matches('s'), 1_000), |digits| (digits, 1));
    digits.parse().unwrap_or(0_u64) * unit
}

/// RFC 6265, `cookie-octet`, and at most 128 of them.
fn is_id(text: &str) -> bool {
    let is_octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    (1..=128).contains(&text.len()) && text.bytes().all(is_octet)
}
