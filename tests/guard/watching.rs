//! An engine that watches its guarded flags: what it counts, what outlives a load, and what clocks and limits do to it.

use pointsman::{
    Context, Engine, Orders,
    guard::{Outcome, State},
    limits,
};

/// 2026-03-02T12:00:00Z.
const START: i64 = 1_772_452_800_000;
const SLOT: i64 = 5_000;
const HOUR: i64 = 3_600_000;

/// Two candidates beside `c`; three failures in a row eject one.
const SNAPSHOT: &str = r#"{ "flags": { "f": { "enabled": true, "salt": "s", "variants": { "off": 0, "a": 1, "b": 2, "c": 3 },
    "offVariant": "off", "onVariant": "a", "rollout": { "split": [{ "variant": "a", "weight": 1 }, { "variant": "b", "weight": 1 }] },
    "guard": { "errorRate": { "max": 0.01 }, "window": "1m", "for": "0s", "slot": "5s", "consecutiveFailures": 3 } } } }"#;

fn engine(snapshot: &str) -> Engine {
    let mut engine = Engine::from_slice(snapshot.as_bytes()).unwrap();
    engine.judge(START);
    engine
}

fn fail(engine: &mut Engine, variant: &str, from: i64, times: i64) -> bool {
    (0..times).any(|number| engine.report("f", variant, Outcome::Failure, 5.0, from + 10 * number))
}

/// The variants that none of a hundred visitors gets.
fn withdrawn(engine: &Engine) -> Vec<&'static str> {
    let variant = |user: u32| {
        let context = Context::new().with("userId", format!("u-{user}"));
        engine.evaluate("f", &context, START).variant.unwrap().to_string()
    };
    let got: Vec<_> = (0..100).map(variant).collect();
    ["a", "b"].into_iter().filter(|variant| !got.iter().any(|own| own == variant)).collect()
}

fn ejected() -> Engine {
    let mut engine = engine(SNAPSHOT);
    assert!(!fail(&mut engine, "b", START + 1_000, 2) && withdrawn(&engine).is_empty());
    assert!(fail(&mut engine, "b", START + 2_000, 1));
    assert_eq!(withdrawn(&engine), ["b"]);
    engine
}

#[test]
fn failures_in_a_row_eject_the_variant_that_has_them() {
    ejected();
    let mut engine = engine(SNAPSHOT);
    for second in 1..5 {
        engine.report("f", "b", Outcome::Success, 5.0, START + 100 * second);
    }
    assert_eq!(withdrawn(&engine), [""; 0]);
    let mut dry = self::engine(&SNAPSHOT.replace("\"window\"", "\"dryRun\": true, \"window\""));
    assert!(!fail(&mut dry, "b", START + 1_000, 10) && withdrawn(&dry).is_empty());
}

#[test]
fn an_ejection_outlives_a_load_of_the_same_guard_alone() {
    let split = r#"[{ "variant": "a", "weight": 1 }, { "variant": "b", "weight": 1 }]"#;
    let three =
        r#"[{ "variant": "a", "weight": 1 }, { "variant": "b", "weight": 1 }, { "variant": "c", "weight": 1 }]"#;
    for (from, to, expected) in [
        ("\"max\": 0.01", "\"max\": 0.02", &["b"][..]),
        ("\"f\": {", "\"another\": { \"enabled\": true }, \"f\": {", &["b"]),
        ("\"window\"", "\"generation\": 1, \"window\"", &[]),
        ("\"window\"", "\"control\": \"c\", \"window\"", &[]),
        ("\"c\": 3", "\"d\": 3", &[]),
        (split, three, &[]),
    ] {
        assert!(SNAPSHOT.contains(from));
        let mut engine = ejected();
        engine.load(SNAPSHOT.replace(from, to).as_bytes()).unwrap();
        assert_eq!(withdrawn(&engine), expected, "{to}");
    }
    // Nor does it pass to another flag, or stay behind where there is no guard any more.
    let (open, _) = SNAPSHOT.split_once(",\n    \"guard\"").unwrap();
    let without = format!("{open} }} }} }}");
    let renamed = SNAPSHOT.replace("\"f\": {", "\"g\": {");
    for snapshots in [vec![without.as_str()], vec![&without, SNAPSHOT], vec![&renamed, SNAPSHOT]] {
        let mut engine = ejected();
        snapshots.iter().for_each(|snapshot| _ = engine.load(snapshot.as_bytes()).unwrap());
        assert_eq!(withdrawn(&engine), [""; 0]);
    }
    let mut engine = ejected();
    engine.load(renamed.as_bytes()).unwrap();
    assert!(engine.judge(START + 3_000).iter().all(|standing| standing.flag == "g" && !standing.withdrawn));
}

/// A slot of failures leads to other orders when it has ended, and only then.
#[test]
fn a_report_tells_whether_orders_have_changed() {
    let mut engine = engine(&SNAPSHOT.replace("\"consecutiveFailures\": 3", "\"consecutiveFailures\": 0"));
    assert!(!fail(&mut engine, "a", START + 10, 100));
    assert!(!engine.report("f", "b", Outcome::Success, 1.0, START + SLOT - 1));
    assert!(engine.report("f", "b", Outcome::Success, 1.0, START + SLOT));
    assert!(!engine.report("f", "b", Outcome::Success, 1.0, START + SLOT));
    assert!(!engine.report("f", "b", Outcome::Success, 1.0, START + 2 * SLOT));
    assert_eq!((withdrawn(&engine), engine.orders().directives.len()), (vec!["a"], 1));
}

/// A thirtieth of the window, 1 s to 10 s: the milliseconds until a slot of failures has ended, and orders have changed.
#[test]
fn slots_have_a_length_of_their_own_unless_they_are_given_one() {
    for (window, slot) in [("15s", 1_000), ("2m", 4_000), ("5m", 10_000), ("1h", 10_000)] {
        let guard = format!(r#""window": "{window}""#);
        let snapshot = SNAPSHOT.replace("\"window\": \"1m\"", &guard).replace("\"slot\": \"5s\",", "");
        let mut engine = engine(&snapshot.replace("\"consecutiveFailures\": 3", "\"consecutiveFailures\": 0"));
        assert!(!fail(&mut engine, "a", START + 10, 50), "{window}");
        assert!(!engine.report("f", "b", Outcome::Success, 1.0, START + slot - 1), "{window}");
        assert!(engine.report("f", "b", Outcome::Success, 1.0, START + slot), "{window}");
    }
}

#[test]
fn a_guard_that_warns_withdraws_nothing() {
    let warns = SNAPSHOT.replace("\"window\"", "\"onBreach\": \"warn\", \"window\"");
    let mut engine = engine(&warns.replace("\"consecutiveFailures\": 3", "\"consecutiveFailures\": 0"));
    fail(&mut engine, "a", START + 10, 100);
    assert_eq!(engine.judge(START + SLOT)[0].state, State::Breach);
    assert_eq!(withdrawn(&engine), [""; 0]);
}

/// It has seen the next hour before: a slot's end in it is nothing to wait for.
#[test]
fn a_clock_that_is_set_back_is_judged_by() {
    let mut engine = engine(&SNAPSHOT.replace("\"consecutiveFailures\": 3", "\"consecutiveFailures\": 0"));
    engine.judge(START + HOUR);
    assert!(!fail(&mut engine, "a", START + 10, 100));
    assert!(engine.report("f", "b", Outcome::Success, 1.0, START + SLOT));
    assert_eq!(withdrawn(&engine), ["a"]);
}

#[test]
fn what_began_before_the_guard_does_not_count() {
    let mut engine = engine(SNAPSHOT);
    engine.report("f", "a", Outcome::Failure, 1_000.0, START + 999);
    engine.report("f", "a", Outcome::Success, 1_000.0, START + 1_000);
    engine.report("f", "a", Outcome::Success, 1_000.0, START + 1_001);
    let evidence = engine.judge(START + SLOT)[0].evidence.unwrap();
    assert_eq!((evidence.failed, evidence.requests), (0, 2));
}

/// Before 1970, and beyond 2^53 - 1, which orders could not be read with again.
#[test]
fn times_that_cannot_be_written_are_none() {
    let at_once = SNAPSHOT.replace("\"consecutiveFailures\": 3", "\"consecutiveFailures\": 1");
    let seen = |time: i64| {
        let mut engine = Engine::from_slice(at_once.as_bytes()).unwrap();
        (engine.report("f", "a", Outcome::Failure, 0.0, time), engine.judge(time).len())
    };
    assert_eq!([-1, i64::MIN, 1 << 53, i64::MAX].map(seen), [(false, 0); 4]);
    assert_eq!([0, (1 << 53) - 1].map(seen), [(true, 2); 2]);
}

fn directive(flag: &str, variant: &str, action: &str, generation: u64) -> String {
    format!(r#"{{"flag":"{flag}","variant":"{variant}","generation":{generation},"action":"{action}","at":{START}}}"#)
}

fn apply(engine: &mut Engine, directives: &[String]) -> bool {
    engine.apply(&format!(r#"{{"directives":[{}]}}"#, directives.join(",")), START).unwrap()
}

#[test]
fn directives_that_say_another_thing_add_up() {
    let mut engine = engine(SNAPSHOT);
    let apart = [("f", "a", "rollback"), ("f", "b", "rollback"), ("f", "a", "freeze"), ("g", "a", "rollback")];
    let all = |generation| apart.map(|(flag, variant, action)| directive(flag, variant, action, generation));
    for _ in 0..2 {
        apply(&mut engine, &all(0));
        assert_eq!(engine.orders().directives.len(), 4);
    }
    // Of a newer generation they take the place of the older ones, which do not come back.
    for generation in [1, 0] {
        apply(&mut engine, &all(generation));
        let generations = engine.orders().directives.iter().map(|own| own.generation);
        assert_eq!(generations.collect::<Vec<_>>(), [1; 4]);
    }
}

#[test]
fn directives_have_a_bound() {
    let many = |flag: &str, count| {
        (0..count).map(|number| directive(flag, &format!("v-{number}"), "rollback", 0)).collect::<Vec<_>>()
    };
    let mut engine = engine(SNAPSHOT);
    assert!(apply(&mut engine, &many("f", limits::DIRECTIVES)));
    assert_eq!(engine.orders().directives.len(), 1_000);
    assert!(!apply(&mut engine, &many("g", 1)));
    assert_eq!(engine.orders().directives.len(), 1_000);
}

#[test]
fn a_clock_takes_the_place_of_that_of_its_flag() {
    let flag = |key: &str| {
        format!(
            r#""{key}": {{ "enabled": true, "rollout": {{ "schedule": [{{ "at": "2026-03-01T00:00:00Z", "percentage": 5 }}] }}, "guard": {{}} }}"#
        )
    };
    let snapshot = |flags: &[String]| format!(r#"{{ "flags": {{ {} }} }}"#, flags.join(","));
    let mut engine = Engine::from_slice(snapshot(&[flag("f"), flag("g")]).as_bytes()).unwrap();
    engine.identify("isolate", true);
    let clock = |flag: &str, lag: u32| format!(r#"{{"flag":"{flag}","generation":0,"lagMs":{lag}}}"#);
    let lags = |orders: &Orders| {
        let mut lags = orders.clocks.iter().map(|clock| (clock.flag.clone(), clock.lag_ms)).collect::<Vec<_>>();
        lags.sort_by(|one, other| one.0.cmp(&other.0));
        lags
    };
    for clocks in [vec![clock("f", 1), clock("g", 2)], vec![clock("g", 3)]] {
        engine.apply(&format!(r#"{{"clocks":[{}]}}"#, clocks.join(",")), START).unwrap();
    }
    assert_eq!(lags(engine.orders()), [("f".into(), 1.0), ("g".into(), 3.0)]);
    // It outlives a load until its guard has another generation.
    let newer = flag("g").replace("\"guard\": {", "\"guard\": { \"generation\": 1");
    engine.load(snapshot(&[flag("f"), newer]).as_bytes()).unwrap();
    assert_eq!(lags(engine.orders()), [("f".into(), 1.0)]);
}

/// Two times 360 slots of an hour are thirty days.
#[test]
fn an_isolate_that_was_silent_for_thirty_days_gives_way() {
    let mut coordinator = engine(SNAPSHOT);
    let delta = |isolate: usize| format!(r#"{{"isolate":"i-{isolate}","sequence":1,"cells":[]}}"#);
    let kept = 30 * 24 * HOUR;
    assert!((0..limits::ISOLATES).all(|isolate| coordinator.merge(&delta(isolate), START).unwrap()));
    assert_eq!(coordinator.merge(&delta(limits::ISOLATES), START + kept - 1), Ok(false));
    assert_eq!(coordinator.merge(&delta(limits::ISOLATES), START + kept), Ok(true));
}

#[test]
fn a_verdict_needs_no_report_of_the_flag_itself() {
    let mut engine = engine(&SNAPSHOT.replace("\"consecutiveFailures\": 3", "\"consecutiveFailures\": 0"));
    fail(&mut engine, "a", START + 10, 100);
    assert!(engine.report("unknown", "on", Outcome::Success, 1.0, START + SLOT));
    assert_eq!(engine.judge(START + SLOT)[0].state, State::Breach);
}
