//! Where the bounds of a snapshot are: what is just within is sound, what is beyond is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{Code, Context, Engine, Options, limits};
use std::ops::Range;

const LARGE: Options = Options { strict: true, max_snapshot_bytes: usize::MAX };

fn engine(snapshot: &str) -> Engine {
    Engine::from_slice(snapshot.as_bytes()).unwrap()
}

/// Variant and detail for a user.
fn decided<'e>(engine: &'e Engine, flag: &str, user: &str) -> (Option<&'e str>, &'e str) {
    let evaluation = engine.evaluate(flag, &Context::new().with("userId", user), 0);
    (evaluation.variant, evaluation.detail)
}

#[test]
fn problems_are_listed_up_to_a_bound() {
    let engine = engine(&flags(1_500, "{}"));
    let count = |code| engine.problems().iter().filter(|problem| problem.code == code).count();
    assert_eq!((count(Code::MissingField), count(Code::LimitExceeded)), (limits::PROBLEMS, 1));
    let rest = engine.problems().iter().find(|problem| problem.code == Code::LimitExceeded).unwrap();
    assert_eq!(rest.to_string(), "1:1: 500 more problems are not listed (LIMIT_EXCEEDED)");
    assert!(engine.problems().is_sorted_by_key(|problem| (problem.line, problem.column)));
    assert_eq!(decided(&engine, "n1499", "alice").1, "PARSE_ERROR");
}

/// The limit itself is sound; one more is refused, and the message says what the limit is.
fn bound(limit: usize, snapshot: impl Fn(usize) -> String) {
    let at_limit = Engine::new(snapshot(limit).as_bytes(), LARGE);
    assert_eq!(at_limit.map(|_| ()), Ok(()), "at the limit of {limit}");
    let error = Engine::new(snapshot(limit + 1).as_bytes(), Options { strict: false, ..LARGE }).unwrap_err();
    let problem = &error.problems()[0];
    assert_eq!((problem.code, error.problems().len()), (Code::LimitExceeded, 1), "{error}");
    assert!(problem.message.contains(&limit.to_string()), "{error}");
}

/// So many entries of a list.
fn list(range: Range<usize>, entry: impl Fn(usize) -> String) -> String {
    format!("[{}]", range.map(entry).collect::<Vec<_>>().join(",\n"))
}

/// An object with so many members, `n0` and so on.
fn object(members: usize, value: &str) -> String {
    list(0..members, |n| format!("\"n{n}\": {value}")).replace('[', "{").replace(']', "}")
}

fn flags(count: usize, definition: &str) -> String {
    format!(r#"{{ "flags": {} }}"#, object(count, definition))
}

/// A snapshot with one flag.
fn flag(members: &str) -> String {
    format!(r#"{{ "flags": {{ "f": {{ "enabled": true, {members} }} }} }}"#)
}

/// A snapshot with one rule.
fn rule(condition: &str) -> String {
    flag(&format!(r#""rules": [{{ "if": {condition}, "serve": "off" }}]"#))
}

/// A snapshot whose routes use one backend.
fn routes(routes: &str) -> String {
    let backends = r#""backends": { "b": { "origin": "http://b.test" } }"#;
    format!(r#"{{ "flags": {{ "f": {{ "enabled": true }} }}, {backends}, "routes": {routes} }}"#)
}

fn exists(attribute: usize) -> String {
    format!(r#"{{ "attribute": "a{attribute}", "op": "exists" }}"#)
}

#[test]
fn a_snapshot_is_bounded() {
    bound(limits::DEPTH, |n| format!(r#"{{ "x-deep": {}{} }}"#, "[".repeat(n - 1), "]".repeat(n - 1)));
    bound(limits::FLAGS, |n| flags(n, r#"{ "enabled": true }"#));
    bound(limits::SEGMENTS, |n| format!(r#"{{ "segments": {} }}"#, object(n, &exists(0))));
    bound(limits::LAYERS, |n| format!(r#"{{ "layers": {} }}"#, object(n, "{}")));
    bound(limits::VARIANTS, |n| {
        let when = format!(r#"{{ "flag": "g", "is": {} }}"#, list(0..n, |_| "\"on\"".into()));
        let own = format!(r#"{{ "enabled": true, "rules": [{{ "if": {when}, "serve": "on" }}] }}"#);
        format!(r#"{{ "flags": {{ "g": {{ "enabled": true }}, "f": {own} }} }}"#)
    });
    bound(limits::ATTRIBUTES, |n| {
        let halves = [list(0..n / 2, exists), list(n / 2..n, exists)];
        rule(&format!(r#"{{ "all": [{{ "any": {} }}, {{ "any": {} }}] }}"#, halves[0], halves[1]))
    });
}

#[test]
fn names_are_bounded() {
    let name = |bytes: usize| format!("{}{}", "ä".repeat(bytes / 2), "k".repeat(bytes % 2));
    bound(limits::NAME_BYTES, |n| format!(r#"{{ "flags": {{ "{}": {{ "enabled": true }} }} }}"#, name(n)));
    bound(limits::NAME_BYTES, |n| flag(&format!(r#""variants": {{ "on": 1, "off": 0, "{}": 2 }}"#, name(n))));
    bound(limits::NAME_BYTES, |n| rule(&format!(r#"{{ "attribute": "{}", "op": "exists" }}"#, name(n))));
    bound(limits::NAME_BYTES, |n| {
        routes(&format!(r#"[{{ "name": "{}", "match": {{}}, "backend": "b", "fallback": "b" }}]"#, name(n)))
    });
}

#[test]
fn a_flag_is_bounded() {
    bound(limits::VARIANTS, |n| {
        flag(&format!(r#""onVariant": "n254", "offVariant": "n0", "variants": {}"#, object(n, "1")))
    });
    bound(limits::VARIANTS, |n| flag(&format!(r#""metadata": {}"#, object(n, "1"))));
    bound(limits::VARIANTS, |n| {
        let arm = r#"{ "variant": "on", "weight": 1 }"#;
        flag(&format!(r#""rollout": {{ "split": {} }}"#, list(0..n, |_| arm.into())))
    });
    bound(limits::RULES, |n| {
        flag(&format!(r#""rules": {}"#, list(0..n, |_| format!(r#"{{ "if": {}, "serve": "on" }}"#, exists(0)))))
    });
    bound(limits::STEPS, |n| {
        let step = |n| format!(r#"{{ "at": "2026-01-01T00:{:02}:{:02}Z", "percentage": 1 }}"#, n / 60, n % 60);
        flag(&format!(r#""rollout": {{ "schedule": {} }}"#, list(0..n, step)))
    });
    bound(limits::BUCKET_BY, |n| {
        flag(&format!(r#""rolloutPercentage": 50, "bucketBy": {}"#, list(0..n, |n| format!(r#""id{n}""#))))
    });
}

#[test]
fn the_last_variant_and_the_last_rule_can_decide() {
    let rule = |n: usize| format!(r#"{{ "if": {}, "serve": "n{}" }}"#, exists(n), n % limits::VARIANTS);
    let rules = list(0..limits::RULES, rule);
    let variants = object(limits::VARIANTS, "1");
    let engine =
        engine(&flag(&format!(r#""onVariant": "n254", "offVariant": "n0", "variants": {variants}, "rules": {rules}"#)));
    assert_eq!(decided(&engine, "f", "alice"), (Some("n254"), "fallthrough"));
    let answer = engine.evaluate("f", &Context::new().with("a999", true), 0);
    assert_eq!((answer.variant, answer.rule), (Some("n234"), Some((999, None))));
}

#[test]
fn lists_are_bounded() {
    bound(limits::LIST, |n| {
        flag(&format!(r#""rolloutPercentage": 0, "whitelistUsers": ["a"{}]"#, r#","a""#.repeat(n - 1)))
    });
    bound(limits::LIST, |n| {
        rule(&format!(r#"{{ "attribute": "a", "op": "in", "values": [1{}] }}"#, ",1".repeat(n - 1)))
    });
    bound(limits::CONDITIONS, |n| rule(&format!(r#"{{ "all": {} }}"#, list(0..n, |_| exists(0)))));
}

#[test]
fn guards_are_bounded() {
    bound(limits::GUARDS, |n| flags(n, r#"{ "enabled": true, "rolloutPercentage": 50, "guard": {} }"#));
}

#[test]
fn an_origin_may_have_a_port_or_be_an_address() {
    let origins = ["//a.test", "//a.test:1", "//a.test:65535", "//127.0.0.1:8080", "//[::1]", "//[::1]:8080"];
    for origin in origins.map(|rest| format!("http:{rest}")) {
        let loaded =
            Engine::from_slice(format!(r#"{{ "backends": {{ "b": {{ "origin": "{origin}" }} }} }}"#).as_bytes());
        assert_eq!(loaded.map(|_| ()), Ok(()), "{origin}");
    }
}

#[test]
fn a_cookie_may_be_kept_as_long_as_browsers_keep_it() {
    let kept = |days: u64| {
        let visitor = format!(r#"{{ "cookie": "vid", "maxAge": "{days}d" }}"#);
        routes(&format!(
            r#"[{{ "name": "r", "match": {{}}, "flag": "f", "backends": {{ "on": "b" }}, "fallback": "b", "visitor": {visitor} }}]"#
        ))
    };
    assert_eq!(Engine::from_slice(kept(400).as_bytes()).map(|_| ()), Ok(()));
    assert_eq!(Engine::from_slice(kept(401).as_bytes()).unwrap_err().problems()[0].code, Code::OutOfRange);
}

#[test]
fn routes_are_bounded() {
    let open = |members: &str| format!(r#"{{ "name": "r", "match": {{}}, "fallback": "b", {members} }}"#);
    bound(limits::BACKENDS, |n| format!(r#"{{ "backends": {} }}"#, object(n, r#"{ "origin": "http://b.test" }"#)));
    bound(limits::ROUTES, |n| routes(&list(0..n, |_| open(r#""backend": "b""#))));
    bound(limits::METHODS, |n| {
        let methods = list(0..n, |_| r#""GET""#.into());
        routes(&format!(r#"[{{ "name": "r", "match": {{ "methods": {methods} }}, "backend": "b", "fallback": "b" }}]"#))
    });
}
