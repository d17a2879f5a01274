//! Whom an engine judges, and how many requests it lets a rollout promise each of them: less than half of that says nothing.

use pointsman::{
    Engine,
    guard::{Lack, Outcome, Standing, State},
};

/// 2026-03-02T12:00:00Z.
const START: i64 = 1_772_452_800_000;

/// Clean requests in one slot of five seconds, by variant, and what the engine then says. A window is a minute long.
fn standings(flag: &str, control: &str, requests: &[(&str, u32)]) -> Vec<Standing> {
    let snapshot = format!(
        r#"{{ "flags": {{ "f": {{ "enabled": true, "variants": {{ "off": 0, "a": 1, "b": 2, "c": 3 }}, "offVariant": "off",
            "onVariant": "a", {flag}, "guard": {{ "control": "{control}", "errorRate": {{ "max": 0.2 }}, "window": "1m",
            "for": "0s", "slot": "5s" }} }} }} }}"#
    );
    let mut engine = Engine::from_slice(snapshot.as_bytes()).unwrap();
    engine.judge(START - 60_000);
    for (variant, count) in requests {
        (0..*count).for_each(|_| _ = engine.report("f", variant, Outcome::Success, 1.0, START));
    }
    engine.judge(START + 5_000)
}

fn state(flag: &str, control: &str, requests: &[(&str, u32)], of: &str) -> State {
    standings(flag, control, requests).into_iter().find(|standing| standing.variant == of).unwrap().state
}

/// So many requests of a variant beside 900 of the control are too few to say anything, and one more is enough.
fn half_is_above(flag: &str, control: &str, of: &str, few: u32) {
    let state = |count| state(flag, control, &[(control, 900), (of, count)], of);
    assert_eq!(state(few), State::Insufficient(Lack::Volume), "{flag}");
    assert_eq!(state(few + 1), State::Ok, "{flag}");
}

/// Twenty are all that a guard asks for where nobody knows how many there should be.
fn nothing_is_expected(flag: &str, control: &str, of: &str) {
    assert_eq!(state(flag, control, &[(control, 900), (of, 20)], of), State::Ok, "{flag}");
}

/// 20 % and 80 %: a quarter of the control's 900 is 225, half of that 112.5.
#[test]
fn a_percentage_promises_its_share() {
    half_is_above(r#""rolloutPercentage": 20"#, "off", "a", 112);
}

/// With 50 % in, 1 : 3 are 12.5 and 37.5 %, and 50 % get the control: 900 / 4 / 2 and 900 * 3 / 4 / 2.
#[test]
fn a_split_promises_each_arm_its_share() {
    let steady = r#""rollout": { "percentage": 50, "split": [{ "variant": "a", "weight": 1 }, { "variant": "b", "weight": 3 }] }"#;
    let scheduled =
        steady.replace(r#""percentage": 50"#, r#""schedule": [{ "at": "2026-03-01T00:00:00Z", "percentage": 50 }]"#);
    for flag in [steady, &scheduled] {
        half_is_above(flag, "off", "a", 112);
        half_is_above(flag, "off", "b", 337);
    }
}

/// Half of all visitors are out of the split, and are no control's: 1 : 4 it stays.
#[test]
fn a_control_in_the_split_has_only_its_arms() {
    let split = r#""split": [{ "variant": "a", "weight": 1 }, { "variant": "c", "weight": 4 }]"#;
    half_is_above(&format!(r#""rollout": {{ {split} }}"#), "c", "a", 112);
    half_is_above(&format!(r#""rollout": {{ "percentage": 50, {split} }}"#), "c", "a", 112);
}

/// Five seconds after its start the window of a minute began at 20 %: what has come since has not had its requests yet.
#[test]
fn a_schedule_promises_what_it_gave_when_the_window_began() {
    let steps =
        r#"{ "at": "2026-03-01T00:00:00Z", "percentage": 20 }, { "at": "2026-03-02T11:59:10Z", "percentage": 90 }"#;
    half_is_above(&format!(r#""rollout": {{ "schedule": [{steps}] }}"#), "off", "a", 112);
    // Not begun at the window's start: nobody was promised anything.
    let late = r#""rollout": { "schedule": [{ "at": "2026-03-02T11:59:10Z", "percentage": 90 }] }"#;
    nothing_is_expected(late, "off", "a");
}

#[test]
fn nothing_is_expected_beside_a_control_that_gets_nobody() {
    nothing_is_expected(r#""rolloutPercentage": 100"#, "off", "a");
    nothing_is_expected(r#""rolloutPercentage": 50"#, "c", "a");
}

/// Who comes to which rollout is not known; whom a rule serves does not count at all.
#[test]
fn nothing_is_expected_where_rules_have_rollouts() {
    let rule = |outcome: &str| format!(r#""rules": [{{ "if": {{ "attribute": "x", "op": "exists" }}, {outcome} }}]"#);
    let own = rule(r#""rollout": { "percentage": 20 }"#);
    nothing_is_expected(&own, "off", "a");
    nothing_is_expected(&format!(r#""rolloutPercentage": 20, {own}"#), "off", "a");
    half_is_above(&format!(r#""rolloutPercentage": 20, {}"#, rule(r#""serve": "b""#)), "off", "a", 112);
}

#[test]
fn variants_that_a_rollout_gives_out_are_judged_but_for_the_control() {
    let judged = |flag: &str, control: &str| {
        standings(flag, control, &[]).into_iter().map(|standing| standing.variant).collect::<Vec<_>>()
    };
    let split = r#""split": [{ "variant": "b", "weight": 1 }, { "variant": "a", "weight": 0 }, { "variant": "c", "weight": 1 }]"#;
    let rule =
        r#""rules": [{ "if": { "attribute": "x", "op": "exists" }, "rollout": { "percentage": 5, "variant": "b" } }]"#;
    let schedule = r#""schedule": [{ "at": "2026-03-01T00:00:00Z", "percentage": 50 }]"#;
    for (flag, control, expected) in [
        (r#""rolloutPercentage": 0"#.into(), "off", &[][..]),
        (r#""rolloutPercentage": 5"#.into(), "off", &["a"]),
        (r#""rolloutPercentage": 100"#.into(), "off", &["a"]),
        (r#""rolloutPercentage": 100"#.into(), "a", &[]),
        (format!(r#""rollout": {{ {split} }}"#), "off", &["b", "c"]),
        (format!(r#""rollout": {{ {split} }}"#), "c", &["b"]),
        (format!(r#""rollout": {{ {schedule}, {split} }}"#), "c", &["b"]),
        (format!(r#""rollout": {{ {schedule}, "variant": "c" }}"#), "off", &["c"]),
        (format!(r#""rollout": {{ {split} }}, {rule}"#), "off", &["b", "c"]),
        (format!(r#""rolloutPercentage": 5, {rule}"#), "off", &["a", "b"]),
    ] {
        assert_eq!(judged(&flag, control), expected, "{flag}");
    }
}
