//! Segments, prerequisites and layers over several loads: what breaks, what is carried, and where the bounds are.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{Code, Context, Engine, LoadReport, Options, limits};
use serde_json::{Map, Value, json};

fn engine(snapshot: &Value) -> Engine {
    Engine::from_slice(snapshot.to_string().as_bytes()).unwrap()
}

fn load(engine: &mut Engine, snapshot: &Value) -> LoadReport {
    engine.load(snapshot.to_string().as_bytes()).unwrap()
}

/// Each problem's code and pointer.
fn problems(engine: &Engine) -> Vec<(&'static str, String)> {
    engine.problems().iter().map(|problem| (problem.code.as_str(), problem.pointer.clone())).collect()
}

fn detail(engine: &Engine, flag: &str, plan: &str) -> String {
    let context = Context::new().with("userId", "alice").with("plan", plan);
    let evaluation = engine.evaluate(flag, &context, 0);
    format!("{} {}", evaluation.variant.unwrap_or("none"), evaluation.detail)
}

/// A flag that is on for those for whom a condition holds.
fn when(condition: &Value) -> Value {
    json!({ "enabled": true, "rules": [{ "if": condition, "serve": "on" }], "rollout": { "percentage": 0 } })
}

fn plan(name: &str) -> Value {
    json!({ "attribute": "plan", "op": "in", "values": [name] })
}

fn segment(name: &str) -> Value {
    json!({ "segment": name })
}

fn flag(key: &str) -> Value {
    json!({ "flag": key, "is": "on" })
}

// ---- what breaks what

#[test]
fn a_missing_reference_breaks_what_depends_on_it_and_nothing_else() {
    let engine = engine(&json!({
        "segments": { "a": segment("nowhere"), "b": { "any": [plan("pro"), segment("a")] }, "fine": plan("pro") },
        "layers": { "l": {} },
        "flags": {
            "by-segment": when(&segment("b")), "by-flag": when(&flag("by-segment")), "missing": when(&flag("nobody")),
            "no-layer": { "enabled": true, "layer": { "name": "k", "from": 0, "to": 9 } },
            "variant": when(&json!({ "flag": "sound", "is": ["on", "blue"] })),
            "sound": when(&segment("fine")), "also": when(&flag("sound")),
        },
    }));
    let expected = [
        ("BROKEN_REFERENCE", "/flags/by-flag/rules/0/if/flag"),
        ("BROKEN_REFERENCE", "/flags/by-segment/rules/0/if/segment"),
        ("UNKNOWN_FLAG", "/flags/missing/rules/0/if/flag"),
        ("UNKNOWN_LAYER", "/flags/no-layer/layer/name"),
        ("UNKNOWN_VARIANT", "/flags/variant/rules/0/if/is/1"),
        ("UNKNOWN_SEGMENT", "/segments/a/segment"),
        ("BROKEN_REFERENCE", "/segments/b/any/1/segment"),
    ];
    assert_eq!(problems(&engine), expected.map(|(code, pointer)| (code, String::from(pointer))));
    for broken in ["by-segment", "by-flag", "missing", "no-layer", "variant"] {
        assert_eq!(detail(&engine, broken, "pro"), "none PARSE_ERROR", "{broken}");
    }
    assert_eq!((detail(&engine, "sound", "pro"), detail(&engine, "also", "pro")), ("on rule".into(), "on rule".into()));
    assert_eq!(detail(&engine, "also", "free"), "off rollout");
}

#[test]
fn a_cycle_is_named_by_its_path_and_breaks_its_members() {
    let engine = engine(&json!({
        "segments": { "s": { "not": flag("a") }, "self": { "any": [segment("self"), plan("pro")] } },
        "flags": { "b": when(&segment("s")), "a": when(&flag("b")), "outside": when(&flag("a")), "free": when(&plan("pro")) },
    }));
    let told: Vec<_> = engine.problems().iter().map(ToString::to_string).collect();
    let expected = [
        "flag `a` is broken (BROKEN_REFERENCE)",
        "depends on itself: segment `s` → flag `a` → flag `b` → segment `s` (CYCLE)",
        "depends on itself: segment `self` → segment `self` (CYCLE)",
    ];
    for text in expected {
        assert!(told.iter().any(|line| line.ends_with(text)), "{text} in {told:#?}");
    }
    assert_eq!(told.len(), 3);
    for broken in ["a", "b", "outside"] {
        assert_eq!(detail(&engine, broken, "pro"), "none PARSE_ERROR");
    }
    assert_eq!(detail(&engine, "free", "pro"), "on rule");
}

#[test]
fn the_order_of_members_changes_neither_who_breaks_nor_who_is_carried() {
    let first = |members: &[&str]| {
        let all = [("a", vec!["b", "c"]), ("b", vec!["a"]), ("c", vec!["b"])];
        let flags: Map<_, _> = members
            .iter()
            .map(|key| {
                let (_, uses) = all.iter().find(|(name, _)| name == key).unwrap();
                (String::from(*key), when(&json!({ "any": uses.iter().map(|to| flag(to)).collect::<Vec<_>>() })))
            })
            .collect();
        json!({ "flags": flags })
    };
    let sound = json!({ "flags": { "a": when(&plan("a")), "b": when(&plan("b")), "c": when(&plan("c")) } });
    let mut reports = Vec::new();
    for order in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
        // serde_json keeps the order of a text, not of a map: the members are written out.
        let texts: Vec<_> = order.iter().map(|key| format!("\"{key}\": {}", first(&order)["flags"][key])).collect();
        let mut engine = engine(&sound);
        let report = engine.load(format!(r#"{{ "flags": {{ {} }} }}"#, texts.join(", ")).as_bytes()).unwrap();
        assert!(report.broken.is_empty(), "{report:?}");
        let details = ["a", "b", "c"].map(|key| ["a", "b", "c"].map(|plan| detail(&engine, key, plan)));
        reports.push((report.carried, details));
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}

// ---- what is carried

#[test]
fn a_broken_segment_keeps_its_last_sound_definition_for_the_flags_that_use_it() {
    let snapshot = |segment: Value, on: bool| {
        let mut flag = when(&self::segment("s"));
        flag["enabled"] = on.into();
        json!({ "segments": { "s": segment }, "flags": { "f": flag } })
    };
    let mut engine = engine(&snapshot(plan("pro"), true));
    for _ in 0..3 {
        let report = load(&mut engine, &snapshot(json!({ "attribute": "plan", "op": "inn", "values": [] }), true));
        assert_eq!((report.problems.len(), report.carried.len(), report.broken.len()), (1, 0, 0));
        assert_eq!(
            (detail(&engine, "f", "pro"), detail(&engine, "f", "free")),
            ("on rule".into(), "off rollout".into())
        );
        load(&mut engine, &snapshot(json!(7), true));
    }
    load(&mut engine, &snapshot(plan("free"), true));
    assert_eq!(detail(&engine, "f", "pro"), "off rollout");
}

#[test]
fn a_broken_layer_keeps_its_last_sound_definition() {
    let snapshot = |layer: Value| {
        let range = json!({ "name": "l", "from": 0, "to": 50 });
        json!({ "layers": { "l": layer }, "flags": { "f": { "enabled": true, "layer": range } } })
    };
    let in_layer = |engine: &Engine| -> Vec<bool> {
        (0..200).map(|id| engine.is_enabled("f", &Context::new().with("userId", id.to_string()), 0)).collect()
    };
    let mut engine = engine(&snapshot(json!({ "salt": "kept" })));
    let before = in_layer(&engine);
    assert!(before.contains(&true) && before.contains(&false));
    let report = load(&mut engine, &snapshot(json!({ "salt": 7 })));
    assert_eq!((report.broken.len(), problems(&engine)), (0, vec![("WRONG_TYPE", "/layers/l/salt".into())]));
    assert_eq!(in_layer(&engine), before);
    let new = self::engine(&snapshot(json!({ "salt": 7 })));
    assert_eq!(detail(&new, "f", "pro"), "none PARSE_ERROR");
}

#[test]
fn who_joins_what_is_broken_keeps_what_it_was() {
    let mut engine = engine(&json!({ "flags": { "a": when(&plan("a")) } }));
    let report = load(&mut engine, &json!({ "flags": { "a": when(&flag("new")), "new": { "enabled": 1 } } }));
    assert_eq!((report.carried, report.broken), (vec!["a".into()], vec!["new".into()]));
    assert_eq!((detail(&engine, "a", "a"), detail(&engine, "new", "a")), ("on rule".into(), "none PARSE_ERROR".into()));
}

#[test]
fn a_carried_flag_that_would_close_a_cycle_is_broken() {
    let mut engine = engine(&json!({ "flags": { "a": when(&plan("a")), "b": when(&flag("a")) } }));
    // `b` is broken, and its last definition asks `a`, which now asks `b`.
    let report = load(&mut engine, &json!({ "flags": { "a": when(&flag("b")), "b": { "enabled": 1 } } }));
    assert_eq!((report.carried, report.broken), (vec!["a".into()], vec!["b".into()]));
    assert_eq!((detail(&engine, "a", "a"), detail(&engine, "b", "a")), ("on rule".into(), "none PARSE_ERROR".into()));
}

#[test]
fn parts_of_a_layer_that_overlap_break_both_flags_or_the_carried_one() {
    let part = |from: f64, to: f64| json!({ "enabled": true, "layer": { "name": "l", "from": from, "to": to } });
    let snapshot = |flags: Value| json!({ "layers": { "l": {} }, "flags": flags });
    let first = json!({ "a": part(0.0, 50.0), "b": part(50.0, 100.0), "c": part(20.0, 20.0), "d": part(100.0, 100.0) });
    let mut engine = engine(&snapshot(first));
    assert_eq!(problems(&engine), []);
    let report =
        load(&mut engine, &snapshot(json!({ "a": part(0.0, 50.1), "b": part(50.0, 100.0), "new": part(60.0, 70.0) })));
    let overlap = |flag: &str| ("OVERLAP", format!("/flags/{flag}/layer"));
    assert_eq!(problems(&engine), ["a", "b", "new"].map(overlap));
    // What they were does not overlap; `new` was nothing.
    assert_eq!((report.carried, report.broken), (vec!["a".into(), "b".into()], vec!["new".into()]));
    // `b` is broken otherwise, and what it was overlaps a sound one, which is not harmed.
    let mut broken = part(0.0, 1.0);
    broken["enabled"] = json!(1);
    let report = load(&mut engine, &snapshot(json!({ "a": part(0.0, 30.0), "b": broken, "new": part(60.0, 70.0) })));
    assert_eq!((report.carried, report.broken), (vec![], vec![String::from("b")]));
    let first_refused = Engine::new(
        snapshot(json!({ "a": part(0.0, 9.0), "b": part(0.0, 9.0) })).to_string().as_bytes(),
        Options { strict: true, ..Options::default() },
    );
    assert_eq!(first_refused.unwrap_err().problems().len(), 2);
}

// ---- bounds

/// Flags that each ask the next, so many levels deep.
/// The twin found it: what is broken by what it refers to still claimed its part.
#[test]
fn a_flag_that_is_broken_otherwise_claims_no_part_of_a_layer() {
    let part = |from: u8, to: u8| json!({ "enabled": true, "layer": { "name": "line", "from": from, "to": to } });
    let mut second = part(0, 100);
    second["rules"] = json!([{ "if": flag("broken"), "serve": "on" }]);
    let flags = json!({ "first": part(0, 100), "second": second, "broken": {} });
    let engine = engine(&json!({ "layers": { "line": {} }, "flags": flags }));
    assert_eq!(detail(&engine, "first", "pro"), "on static");
    assert_eq!(detail(&engine, "second", "pro"), "none PARSE_ERROR");
    let codes: Vec<_> = engine.problems().iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["MISSING_FIELD", "BROKEN_REFERENCE"]);
}

fn chain(levels: usize, part: impl Fn(Value) -> Value) -> Value {
    let mut flags = Map::new();
    for level in 0..levels {
        flags.insert(format!("n{level}"), when(&part(flag(&format!("n{}", level + 1)))));
    }
    flags.insert(format!("n{levels}"), when(&plan("pro")));
    json!({ "flags": flags })
}

fn refusal(snapshot: &Value) -> (Code, String, usize) {
    let error = Engine::from_slice(snapshot.to_string().as_bytes()).unwrap_err();
    (error.problems()[0].code, error.problems()[0].message.clone(), error.problems().len())
}

#[test]
fn references_are_bounded_in_depth() {
    let most = limits::REFERENCE_DEPTH as usize;
    assert_eq!(detail(&engine(&chain(most, |part| part)), "n0", "pro"), "on rule");
    let message = "segments and prerequisites nested deeper than 16 levels, the limit";
    assert_eq!(refusal(&chain(most + 1, |part| part)), (Code::LimitExceeded, message.into(), 1));
    // No recursion, natively or in wasm, though the chain is as long as flags may be.
    let (code, _, count) = refusal(&chain(limits::FLAGS - 1, |part| part));
    assert_eq!((code, count), (Code::LimitExceeded, 1));
}

#[test]
fn conditions_of_one_decision_are_bounded() {
    let rules = |count: usize| {
        let all: Vec<_> = (0..99).map(|_| plan("nobody")).collect();
        let rule = json!({ "if": { "all": all }, "serve": "on" });
        json!({ "flags": { "f": { "enabled": true, "rules": vec![rule; count] } } })
    };
    assert_eq!(detail(&engine(&rules(1_000)), "f", "pro"), "on fallthrough");
    let message = "more than 100000 conditions to walk for one decision, the limit";
    // Each level asks the one below three times.
    let tripled = chain(14, |part| json!({ "any": [part, part, part] }));
    assert_eq!(refusal(&tripled), (Code::LimitExceeded, message.into(), 1));
    let mut more = rules(1_000);
    more["flags"]["f"]["rules"][0]["if"]["all"].as_array_mut().unwrap().push(plan("one more"));
    assert_eq!(refusal(&more), (Code::LimitExceeded, message.into(), 1));
}
