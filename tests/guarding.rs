//! What an engine makes of how requests end: orders, reloads, coordinators, and the words for it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{
    Code, Context, Engine, Grounds, RequestFacts,
    guard::{Condition, Lack, Outcome, Standing, State},
    limits,
};
use serde_json::Value;
use std::fs;

const START: i64 = 1_772_452_800_000;

const SNAPSHOT: &str = r#"{ "flags": { "canary": { "enabled": true, "rolloutPercentage": 50, "salt": "s",
    "guard": { "errorRate": { "max": 0.01 }, "window": "1m", "for": "0s", "slot": "5s", "consecutiveFailures": 0 } } } }"#;

fn engine(snapshot: &str) -> Engine {
    Engine::from_slice(snapshot.as_bytes()).unwrap()
}

fn detail(engine: &Engine, user: &str) -> String {
    engine.evaluate("canary", &Context::new().with("userId", user), START).detail.into()
}

/// A user whom the rollout lets in.
fn insider(engine: &Engine) -> String {
    let users = (0..).map(|number| format!("u-{number}"));
    let is_in = |user: &String| engine.is_enabled("canary", &Context::new().with("userId", user.as_str()), START);
    users.clone().find(is_in).unwrap()
}

/// So many failures in one slot, which then ends; gives the time.
fn fail(engine: &mut Engine, requests: u32) -> i64 {
    for _ in 0..requests {
        engine.report("canary", "on", Outcome::Failure, 1.0, START + 1_000);
    }
    START + 5_000
}

fn breached() -> (Engine, String) {
    let mut engine = engine(SNAPSHOT);
    let user = insider(&engine);
    engine.judge(START);
    let now = fail(&mut engine, 100);
    assert_eq!(engine.judge(now)[0].state, State::Breach);
    (engine, user)
}

#[test]
fn a_verdict_becomes_a_directive_that_another_engine_takes() {
    let (first, user) = breached();
    assert_eq!(detail(&first, &user), "rollback");
    let text = first.orders_text();
    assert_eq!(
        text,
        r#"{"directives":[{"flag":"canary","variant":"on","generation":0,"action":"rollback","at":1772452805000,"evidence":{"condition":"errorRate.max","since":1772452800000,"failed":100,"requests":100,"controlFailed":0,"controlRequests":0,"limit":0.01,"edgeMs":0}}],"clocks":[]}"#
    );
    let mut second = engine(SNAPSHOT);
    assert_eq!(detail(&second, &user), "rollout");
    assert_eq!(second.apply(&text, START), Ok(true));
    assert_eq!(second.apply(&text, START), Ok(false), "the same again changes nothing");
    assert_eq!(detail(&second, &user), "rollback");
    assert_eq!(second.orders(), first.orders());
}

#[test]
fn a_directive_outlives_reloads_until_the_generation_grows() {
    let (mut engine, user) = breached();
    let without_guard = r#"{ "flags": { "canary": { "enabled": true, "rolloutPercentage": 50, "salt": "s" } } }"#;
    for snapshot in [without_guard, SNAPSHOT, r#"{ "flags": {} }"#, SNAPSHOT] {
        engine.load(snapshot.as_bytes()).unwrap();
    }
    assert_eq!(detail(&engine, &user), "rollback");
    engine.load(SNAPSHOT.replace("\"window\"", "\"generation\": 1, \"window\"").as_bytes()).unwrap();
    assert_eq!(detail(&engine, &user), "rollout");
    // An old one does not come back by way of others.
    let (other, _) = breached();
    assert_eq!(engine.apply(&other.orders_text(), START), Ok(false));
}

#[test]
fn counts_outlive_a_reload_of_the_same_generation() {
    let mut engine = engine(SNAPSHOT);
    engine.judge(START);
    let now = fail(&mut engine, 100);
    // The flag stands elsewhere now, and its variants too.
    let moved = SNAPSHOT.replace(r#""canary": {"#, r#""a": { "enabled": true }, "canary": {"#);
    engine.load(moved.as_bytes()).unwrap();
    assert_eq!(engine.judge(now)[0].state, State::Breach);

    let mut engine = self::engine(SNAPSHOT);
    engine.judge(START);
    let now = fail(&mut engine, 100);
    engine.load(SNAPSHOT.replace("\"window\"", "\"generation\": 1, \"window\"").as_bytes()).unwrap();
    assert_eq!(engine.judge(now)[0].state, State::Insufficient(Lack::Requests));
}

#[test]
fn counts_of_what_is_slow_end_with_another_limit() {
    let limited =
        |max: &str| SNAPSHOT.replace(r#""errorRate": { "max": 0.01 }"#, &format!(r#""latency": {{ "max": "{max}" }}"#));
    let mut engine = engine(&limited("100ms"));
    engine.judge(START - 5_000);
    for _ in 0..100 {
        engine.report("canary", "on", Outcome::Success, 200.0, START + 1_000);
    }
    assert_eq!(engine.judge(START + 5_000)[0].state, State::Breach);
    engine.load(limited("300ms").as_bytes()).unwrap();
    assert_eq!(engine.judge(START + 5_000)[0].state, State::Insufficient(Lack::Requests));
}

/// 10 of 100 are 14.4 nats; a slot of 5 s needs ln(17280 / 0.05) = 12.8, and ln 1000 = 6.9 more of an isolate that knows nobody else.
#[test]
fn an_isolate_alone_needs_more_evidence() {
    let mut alone = engine(SNAPSHOT);
    alone.identify("a", false);
    alone.judge(START);
    for number in 0..100 {
        let outcome = if number < 10 { Outcome::Failure } else { Outcome::Success };
        alone.report("canary", "on", outcome, 1.0, START + 1_000);
    }
    assert_eq!(alone.judge(START + 5_000)[0].state, State::Insufficient(Lack::Power));
    // Its own delta tells it nothing new, and makes it no coordinator.
    let own = alone.drain(START + 5_000);
    assert_eq!(alone.merge(&own, START + 5_000), Ok(true));
    let standing = &alone.judge(START + 5_000)[0];
    assert_eq!((standing.state, standing.evidence.unwrap().requests), (State::Insufficient(Lack::Power), 100));
    alone.merge(r#"{"isolate":"b","sequence":1,"cells":[]}"#, START + 5_000).unwrap();
    assert_eq!(alone.judge(START + 5_000)[0].state, State::Breach);
}

#[test]
fn a_coordinator_that_hears_nothing_says_nothing() {
    let mut coordinator = engine(SNAPSHOT);
    coordinator.judge(START);
    let now = fail(&mut coordinator, 100);
    coordinator.merge(r#"{"isolate":"b","sequence":1,"cells":[]}"#, START).unwrap();
    // Three slots of 5 s after the last report, and no longer.
    assert_eq!(coordinator.judge(now + 10_000)[0].state, State::Breach);
    assert_eq!(coordinator.judge(now + 10_001)[0].state, State::Insufficient(Lack::Stale));
}

#[test]
fn the_control_is_not_judged() {
    let mut engine = engine(&SNAPSHOT.replace("\"window\"", "\"control\": \"on\", \"window\""));
    assert_eq!(engine.judge(START), []);
    let now = fail(&mut engine, 100);
    assert_eq!((engine.judge(now), engine.orders().directives.len()), (vec![], 0));
}

#[test]
fn orders_in_a_route_lead_to_the_controls_backend() {
    let snapshot = SNAPSHOT.replacen(
        '{',
        r#"{ "backends": { "old": { "origin": "https://old.example" }, "new": { "origin": "https://new.example" } },
        "routes": [{ "name": "all", "match": {}, "flag": "canary", "backends": { "on": "new", "off": "old" }, "fallback": "old" }],"#,
        1,
    );
    let mut engine = engine(&snapshot);
    let user = Context::new().with("userId", insider(&engine));
    let backend = |engine: &Engine| engine.route(RequestFacts::default(), &user, START).unwrap().backend.to_string();
    assert_eq!(backend(&engine), "new");
    engine.judge(START);
    let now = fail(&mut engine, 100);
    engine.judge(now);
    assert_eq!(backend(&engine), "old");
    let overrides = [("canary", "on")];
    let preview = RequestFacts { overrides: &overrides, ..RequestFacts::default() };
    let to = engine.route(preview, &user, START).unwrap();
    assert_eq!((to.backend, to.evaluation.unwrap().detail, to.flag), ("new", "override", Some("canary")));
}

#[test]
fn what_is_withdrawn_is_explained() {
    let (engine, user) = breached();
    let context = Context::new().with("userId", user.as_str());
    let text = engine.explain("canary", &context, START).to_string();
    let (first, last) = (text.lines().next().unwrap(), text.lines().last().unwrap());
    assert_eq!((first, last), ("canary: off (DEFAULT, rollback)", "  on is withdrawn: yes"));
}

#[test]
fn a_delta_of_a_generation_that_is_not_known_yet_is_not_acknowledged() {
    let mut isolate = engine(&SNAPSHOT.replace("\"window\"", "\"generation\": 1, \"window\""));
    isolate.identify("a", true);
    isolate.judge(START);
    let now = fail(&mut isolate, 3);
    let mut coordinator = engine(SNAPSHOT);
    coordinator.identify("c", false);
    let delta = isolate.drain(now);
    assert_eq!(coordinator.merge(&delta, now), Ok(false));
    coordinator.load(SNAPSHOT.replace("\"window\"", "\"generation\": 1, \"window\"").as_bytes()).unwrap();
    assert_eq!(coordinator.merge(&isolate.drain(now), now), Ok(true));
    assert_eq!(coordinator.judge(now)[0].evidence.unwrap().failed, 3);
    // Acknowledged, it is not sent again; a stranger's acknowledgement is none.
    let acknowledged = |isolate: &str| format!(r#"{{"acknowledged":{{"isolate":"{isolate}","sequence":2}}}}"#);
    isolate.apply(&acknowledged("b"), now).unwrap();
    assert!(isolate.drain(now).contains("\"failures\":3"));
    isolate.apply(&acknowledged("a"), now).unwrap();
    assert!(isolate.drain(now).ends_with("\"cells\":[]}"));
}

#[test]
fn orders_that_are_wrong_are_refused_with_their_places() {
    let mut engine = engine(SNAPSHOT);
    for (orders, problem) in [
        ("[]", "1:1: expected an object, found a list (WRONG_TYPE)"),
        (r#"{"directives":[{}]}"#, "1:16 /directives/0: the member `flag` is missing (MISSING_FIELD)"),
        (r#"{"clocks":[],"clocks":[]}"#, "1:14 /clocks: `clocks` stands here a second time (DUPLICATE_KEY)"),
        (
            r#"{"clocks":[{"flag":"f","generation":0.5,"lagMs":0}]}"#,
            "1:37 /clocks/0/generation: `0.5` is not a whole number, 0 or more (OUT_OF_RANGE)",
        ),
        (
            r#"{"directives":[{"flag":"f","variant":"v","generation":0,"action":"stop","at":0}]}"#,
            "1:66 /directives/0/action: `stop` is not known here: use `rollback` or `freeze` (INVALID_VALUE)",
        ),
    ] {
        let error = engine.apply(orders, START).unwrap_err();
        assert_eq!(error.problems()[0].to_string(), problem);
    }
    assert_eq!(engine.orders_text(), r#"{"directives":[],"clocks":[]}"#);
}

#[test]
fn standings_are_told_in_the_words_that_the_npm_package_uses() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/standings.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() >= 9);
    for case in cases {
        assert_eq!(standing(&case["standing"]).to_string(), case["text"].as_str().unwrap());
    }
}

fn standing(json: &Value) -> Standing {
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_string();
    Standing {
        flag: text("flag"),
        variant: text("variant"),
        control: text("control"),
        generation: json["generation"].as_u64().unwrap(),
        state: state(json),
        evidence: json.get("evidence").map(grounds),
        withdrawn: json["withdrawn"].as_bool().unwrap(),
    }
}

fn state(json: &Value) -> State {
    match json["state"].as_str().unwrap() {
        "ok" => State::Ok,
        "suspect" => State::Suspect,
        "breach" => State::Breach,
        _ => State::Insufficient(match json["lack"].as_str().unwrap() {
            "requests" => Lack::Requests,
            "power" => Lack::Power,
            "stale" => Lack::Stale,
            "control" => Lack::Control,
            _ => Lack::Volume,
        }),
    }
}

fn grounds(json: &Value) -> Grounds {
    let whole = |name: &str| json[name].as_u64().unwrap();
    Grounds {
        condition: match json["condition"].as_str().unwrap() {
            "errorRate.max" => Condition::ErrorMax,
            "errorRate.overControl" => Condition::ErrorOverControl,
            "latency.max" => Condition::LatencyMax,
            _ => Condition::LatencyOverControl,
        },
        since: json["since"].as_i64().unwrap(),
        failed: whole("failed"),
        requests: whole("requests"),
        control_failed: whole("controlFailed"),
        control_requests: whole("controlRequests"),
        limit: json["limit"].as_f64().unwrap(),
        edge_ms: json["edgeMs"].as_f64().unwrap(),
    }
}

/// So many parts are taken, and one more is refused with the code of a bound.
fn bound(most: usize, snapshot: impl Fn(&[String]) -> String) {
    let parts = |count: usize| (0..count).map(|part| format!("part-{part}")).collect::<Vec<_>>();
    engine(&snapshot(&parts(most)));
    let error = Engine::from_slice(snapshot(&parts(most + 1)).as_bytes()).unwrap_err();
    assert_eq!(error.problems()[0].code, Code::LimitExceeded);
}

#[test]
fn guards_faults_and_headers_have_bounds() {
    let members = |names: &[String], value: &str| {
        names.iter().map(|name| format!(r#""{name}": {value}"#)).collect::<Vec<_>>().join(",")
    };
    bound(limits::GUARDS, |names| {
        let flag = r#"{ "enabled": true, "rolloutPercentage": 1, "guard": {} }"#;
        format!(r#"{{ "flags": {{ {} }} }}"#, members(names, flag))
    });
    bound(limits::HEADERS, |names| {
        let headers = members(names, "\"x\"");
        format!(r#"{{ "backends": {{ "a": {{ "origin": "https://a.example", "headers": {{ {headers} }} }} }} }}"#)
    });
    bound(limits::FAULTS, |names| {
        let fault = |name: &String| {
            format!(
                r#"{{ "name": "{name}", "percentage": 1, "until": "2026-01-01T00:00:00Z", "abort": {{ "status": 500 }} }}"#
            )
        };
        let faults = names.iter().map(fault).collect::<Vec<_>>().join(",");
        format!(
            r#"{{ "backends": {{ "a": {{ "origin": "https://a.example" }} }},
            "routes": [{{ "name": "r", "match": {{}}, "backend": "a", "fallback": "a", "faults": [{faults}] }}] }}"#
        )
    });
}

/// The condition that is breached where all of the candidate's requests fail and none of the control's, each within 100 ms.
fn breached_by_errors(guard: &str) -> Option<Condition> {
    let flag = format!(r#"{{ "enabled": true, "rolloutPercentage": 50, "guard": {guard} }}"#);
    let mut engine = engine(&format!(r#"{{ "flags": {{ "canary": {flag} }} }}"#));
    engine.judge(START);
    for (variant, outcome) in [("on", Outcome::Failure), ("off", Outcome::Success)] {
        for _ in 0..1_000 {
            engine.report("canary", variant, outcome, 100.0, START + 1_000);
        }
    }
    let standing = engine.judge(START + 5_000).remove(0);
    (standing.state == State::Breach).then(|| standing.evidence.unwrap().condition)
}

#[test]
fn errors_are_held_against_the_control_unless_latency_alone_is_limited() {
    let rest = r#""window": "1m", "for": "0s", "slot": "5s", "consecutiveFailures": 0"#;
    let latency = r#""latency": { "max": "1s" }"#;
    for (limits, expected) in [
        (String::new(), Some(Condition::ErrorOverControl)),
        (format!("{latency},"), None),
        (format!(r#"{latency}, "errorRate": {{}},"#), Some(Condition::ErrorOverControl)),
        (String::from(r#""errorRate": { "max": 0.01 },"#), Some(Condition::ErrorMax)),
    ] {
        assert_eq!(breached_by_errors(&format!("{{ {limits} {rest} }}")), expected, "{limits}");
    }
}
