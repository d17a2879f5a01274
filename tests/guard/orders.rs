//! What an engine orders: for which flag and variant, and where schedules stand.

use pointsman::{
    Clock, Context, Engine,
    guard::{Condition, Outcome, State},
};

/// 2026-03-02T12:00:00Z.
const START: i64 = 1_772_452_800_000;
const SLOT: i64 = 5_000;

const GUARD: &str =
    r#""guard": { "errorRate": { "max": 0.01 }, "window": "1m", "for": "0s", "slot": "5s", "consecutiveFailures": 0 }"#;

fn engine(flags: &str) -> Engine {
    let mut engine = Engine::from_slice(format!(r#"{{ "flags": {{ {flags} }} }}"#).as_bytes()).unwrap();
    engine.judge(START);
    engine
}

/// Two flags alike, which give a third of all visitors to each of three variants; the last of them is the control.
fn two_flags() -> Engine {
    let flag = |key: &str| {
        let split = ["a", "b", "c"].map(|variant| format!(r#"{{ "variant": "{variant}", "weight": 1 }}"#)).join(",");
        let guard = GUARD.replacen('{', r#"{ "control": "c", "#, 1);
        format!(
            r#""{key}": {{ "enabled": true, "salt": "s", "variants": {{ "off": 0, "a": 1, "b": 2, "c": 3 }}, "offVariant": "off",
            "onVariant": "a", "rollout": {{ "split": [{split}] }}, {guard} }}"#
        )
    };
    engine(&[flag("first"), flag("second")].join(","))
}

/// Who of a hundred visitors gets another variant of this flag than before, and which instead.
fn changed(flag: &str, before: &Engine, after: &Engine) -> Vec<(String, String)> {
    let variant = |engine: &Engine, user: &str| {
        engine.evaluate(flag, &Context::new().with("userId", user), START).variant.unwrap().to_string()
    };
    let users = (0..100).map(|number| format!("u-{number}"));
    let mut changed: Vec<_> = users
        .map(|user| (variant(before, &user), variant(after, &user)))
        .filter(|(before, after)| before != after)
        .collect();
    changed.dedup();
    changed
}

fn report(engine: &mut Engine, flag: &str, variant: &str, outcome: Outcome) {
    (0..100).for_each(|_| _ = engine.report(flag, variant, outcome, 1.0, START + 1_000));
}

/// How each variant stands, and whether it is withdrawn.
fn states(engine: &mut Engine) -> Vec<(String, String, State, bool)> {
    let judged = engine.judge(START + SLOT).into_iter();
    judged.map(|own| (own.flag, own.variant, own.state, own.withdrawn)).collect()
}

#[test]
fn one_variant_of_one_flag_is_withdrawn() {
    let (before, mut engine) = (two_flags(), two_flags());
    for (flag, variant) in [("first", "a"), ("first", "b"), ("first", "c"), ("second", "a"), ("second", "c")] {
        report(&mut engine, flag, variant, Outcome::Success);
    }
    report(&mut engine, "second", "b", Outcome::Failure);
    let one = |flag: &str, variant: &str, state, withdrawn| (flag.to_string(), variant.to_string(), state, withdrawn);
    assert_eq!(
        states(&mut engine),
        [
            one("first", "a", State::Ok, false),
            one("first", "b", State::Ok, false),
            one("second", "a", State::Ok, false),
            one("second", "b", State::Breach, true),
        ]
    );
    assert_eq!(changed("first", &before, &engine), []);
    assert_eq!(changed("second", &before, &engine), [("b".into(), "c".into())]);
}

/// In an isolate that has a coordinator, a verdict of its own withdraws the variant for a while.
#[test]
fn what_is_ejected_is_withdrawn_as_long_as_it_is() {
    let mut engine = two_flags();
    engine.identify("isolate", true);
    report(&mut engine, "second", "b", Outcome::Failure);
    let withdrawn = |engine: &mut Engine, time: i64| {
        engine.judge(time).iter().filter(|own| own.withdrawn).map(|own| own.variant.clone()).collect::<Vec<_>>()
    };
    assert_eq!(withdrawn(&mut engine, START + SLOT), ["b"]);
    // 30 s, a fifth more or less; by then the window is empty.
    assert_eq!(withdrawn(&mut engine, START + SLOT + 23_999), ["b"]);
    assert_eq!(withdrawn(&mut engine, START + 600_000), [""; 0]);
}

#[test]
fn a_directive_for_a_variant_that_is_not_there_withdraws_none() {
    let (before, mut engine) = (two_flags(), two_flags());
    let directive = |variant: &str| {
        format!(
            r#"{{"directives":[{{"flag":"second","variant":"{variant}","generation":0,"action":"rollback","at":{START}}}]}}"#
        )
    };
    for variant in ["gone", "c"] {
        engine.apply(&directive(variant), START).unwrap();
        assert!(["first", "second"].iter().all(|flag| changed(flag, &before, &engine).is_empty()), "{variant}");
    }
    engine.apply(&directive("a"), START).unwrap();
    assert_eq!(changed("second", &before, &engine), [("a".into(), "c".into())]);
}

#[test]
fn grounds_are_taken_as_they_are_written() {
    for (name, condition) in [
        ("errorRate.max", Condition::ErrorMax),
        ("errorRate.overControl", Condition::ErrorOverControl),
        ("latency.max", Condition::LatencyMax),
        ("latency.overControl", Condition::LatencyOverControl),
    ] {
        let mut engine = two_flags();
        let text = format!(
            r#"{{"directives":[{{"flag":"first","variant":"a","generation":0,"action":"freeze","at":7,"evidence":{{"condition":"{name}","since":1,"failed":2,"requests":3,"controlFailed":4,"controlRequests":5,"limit":1.5,"edgeMs":320}}}}],"clocks":[]}}"#
        );
        engine.apply(&text, START).unwrap();
        assert_eq!(engine.orders().directives[0].evidence.unwrap().condition, condition);
        assert_eq!(engine.orders_text(), text);
    }
}

fn clocks(rollouts: &str) -> Vec<Clock> {
    engine(&format!(r#""f": {{ "enabled": true, {rollouts}, {GUARD} }}"#)).orders().clocks.clone()
}

#[test]
fn a_flag_without_a_schedule_has_no_clock() {
    assert_eq!(clocks(r#""rolloutPercentage": 50"#), []);
}

/// The guard knows nothing yet, which holds a schedule; but there is nobody that it could have let in.
#[test]
fn a_schedule_that_has_let_nobody_in_goes_on() {
    let own = |at: &str, percentage: u32| {
        format!(r#""rollout": {{ "schedule": [{{ "at": "{at}", "percentage": {percentage} }}] }}"#)
    };
    let held = |rollouts: &str| clocks(rollouts)[0].held_at;
    let (before, after) = ("2026-03-02T11:59:59Z", "2026-03-02T12:00:01Z");
    assert_eq!(held(&own(after, 5)), None);
    assert_eq!(held(&own(before, 0)), None);
    assert_eq!(held(&own(before, 5)), Some(START as f64));
    // One of two schedules is enough to be held.
    let rule = |own: &str| {
        format!(r#""rules": [{{ "if": {{ "attribute": "x", "op": "exists" }}, "onMiss": "continue", {own} }}]"#)
    };
    let both = |one: &str, other: &str| held(&format!("{}, {}", rule(&own(one, 5)), own(other, 5)));
    assert_eq!(both(after, after), None);
    assert_eq!(both(before, after), Some(START as f64));
    assert_eq!(both(after, before), Some(START as f64));
}
