//! A snapshot that goes unconfirmed for longer than its `maxAge`, and schedules that stand still for it, with a guard and without.
//! Nobody who was in may be taken out by that, now or once the snapshot is confirmed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{Context, Engine, guard::Outcome};

/// 2026-03-02T09:00:00Z.
const NINE: i64 = 1_772_442_000_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const VISITORS: u32 = 1_000;

/// From 0 to 100 % in a hundred hours, so that a percentage is an hour.
const SNAPSHOT: &str = r#"{ "maxAge": "24h", "flags": { "canary": { "enabled": true, "rollout": { "ramp": "linear", "schedule": [
    { "at": "2026-03-02T09:00:00Z", "percentage": 0 }, { "at": "2026-03-06T13:00:00Z", "percentage": 100 }] },
    "guard": { "errorRate": { "max": 0.5 }, "window": "5m", "for": "0s", "slot": "1m", "consecutiveFailures": 0 } } } }"#;

/// An engine that is told what its guard and its schedule need, minute by minute.
struct Isolate {
    engine: Engine,
    now: i64,
}

impl Isolate {
    fn new(snapshot: &str) -> Isolate {
        let mut isolate = Isolate { engine: Engine::from_slice(snapshot.as_bytes()).unwrap(), now: NINE };
        isolate.engine.confirm(NINE);
        isolate.engine.judge(NINE);
        isolate
    }

    /// So many of a thousand visitors are in.
    fn share(&self) -> u32 {
        let is_in = |visitor: u32| {
            let context = Context::new().with("userId", format!("v-{visitor}"));
            self.engine.is_enabled("canary", &context, self.now)
        };
        (0..VISITORS).map(|visitor| u32::from(is_in(visitor))).sum()
    }

    /// Minutes in each of which so many requests of the canary end like this.
    fn minutes(&mut self, minutes: i64, requests: u32, outcome: Outcome) {
        for _ in 0..minutes {
            for _ in 0..requests {
                self.engine.report("canary", "on", outcome, 1.0, self.now + MINUTE / 2);
            }
            self.now += MINUTE;
            self.engine.judge(self.now);
        }
    }

    /// The guard is ok.
    fn healthy(&mut self, minutes: i64) {
        self.minutes(minutes, 200, Outcome::Success);
    }

    /// The guard knows nothing.
    fn quiet(&mut self, minutes: i64) {
        self.minutes(minutes, 0, Outcome::Success);
    }

    fn lag(&self) -> f64 {
        self.engine.orders().clocks[0].lag_ms
    }
}

/// Each step of a life leaves everybody in who was in.
fn only_ever_adds(isolate: &mut Isolate, steps: &[&dyn Fn(&mut Isolate)]) -> Vec<u32> {
    let mut shares = vec![isolate.share()];
    for step in steps {
        step(isolate);
        shares.push(isolate.share());
    }
    assert!(shares.is_sorted(), "{shares:?}");
    shares
}

#[test]
fn a_schedule_that_lags_stands_where_it_was() {
    let mut isolate = Isolate::new(SNAPSHOT);
    isolate.quiet(10 * 60);
    isolate.healthy(13 * 60);
    let (before, lag) = (isolate.share(), isolate.lag());
    assert!(before > 100, "13 hours on, {before}");
    assert!(lag > 9.0 * HOUR as f64);
    only_ever_adds(&mut isolate, &[&|it| it.healthy(62), &|it| it.quiet(60), &|it| it.healthy(60)]);
    assert!(isolate.share() < before + 20, "an hour more, and no further");
}

#[test]
fn a_schedule_without_a_guard_stands_where_it_was() {
    let (without, _) = SNAPSHOT.split_once(",\n    \"guard\"").unwrap();
    let mut isolate = Isolate::new(&format!("{without} }} }} }}"));
    let wait = |it: &mut Isolate| it.now += 12 * HOUR;
    let shares = only_ever_adds(&mut isolate, &[&wait, &wait, &wait, &wait]);
    assert!(shares[2] > 200 && shares[2..] == [shares[2]; 3], "a day, and no further: {shares:?}");
    isolate.engine.confirm(isolate.now);
    assert!(isolate.share() > 440, "two days");
}

#[test]
fn a_confirmation_after_a_long_hold_goes_on_from_there() {
    let mut isolate = Isolate::new(SNAPSHOT);
    isolate.quiet(10 * 60);
    isolate.healthy(20 * 60);
    let confirm = |it: &mut Isolate| it.engine.confirm(it.now);
    // Held at 24 hours, while its guard comes and goes; then believed again while the guard is ok, and while it is not.
    let life: [&dyn Fn(&mut Isolate); 7] = [
        &|it| it.quiet(60),
        &|it| it.healthy(120),
        &confirm,
        &|it| it.healthy(30 * 60),
        &|it| it.quiet(120),
        &confirm,
        &|it| it.quiet(60),
    ];
    let shares = only_ever_adds(&mut isolate, &life);
    assert!(shares[3] > shares[2], "what was held back is made up for: {shares:?}");
    assert_eq!(shares[5..], [shares[5]; 3], "not while the guard is not ok: {shares:?}");
    let (lag, before) = (isolate.lag(), isolate.share());
    isolate.healthy(120);
    assert!(isolate.lag() > lag && isolate.share() > before);
}

#[test]
fn a_frozen_schedule_stays_where_it_was_through_hold_and_confirmation() {
    let mut isolate = Isolate::new(&SNAPSHOT.replace("\"window\"", "\"onBreach\": \"freeze\", \"window\""));
    isolate.healthy(30 * 60);
    let held = isolate.share();
    isolate.minutes(10, 200, Outcome::Failure);
    assert_eq!(isolate.engine.orders().directives.len(), 1);
    isolate.healthy(60);
    assert_eq!(isolate.share(), held);
    isolate.engine.confirm(isolate.now);
    assert_eq!(isolate.share(), held);
    isolate.healthy(60);
    assert_eq!(isolate.share(), held);
}

/// What a guard's ups and downs cost a schedule that goes on, a frozen one does not lose.
#[test]
fn a_frozen_schedule_takes_nobody_out_when_its_guard_comes_and_goes() {
    let mut isolate = Isolate::new(&SNAPSHOT.replace("\"window\"", "\"onBreach\": \"freeze\", \"window\""));
    isolate.healthy(4 * 60);
    isolate.minutes(10, 200, Outcome::Failure);
    assert_eq!(isolate.engine.orders().directives.len(), 1);
    let held = isolate.share();
    assert!(held > 20);
    for _ in 0..2 {
        isolate.quiet(4 * 60);
        isolate.healthy(10);
        assert_eq!(isolate.share(), held);
    }
}

#[test]
fn another_flag_that_is_frozen_holds_no_schedule_but_its_own() {
    let mut isolate = Isolate::new(SNAPSHOT);
    let frozen =
        r#"{"directives":[{"flag":"other","variant":"on","generation":0,"action":"freeze","at":1772442000000}]}"#;
    isolate.engine.apply(frozen, isolate.now).unwrap();
    isolate.healthy(4 * 60);
    assert!(isolate.share() > 20);
}

#[test]
fn a_clock_that_is_set_back_lets_nobody_in_and_nothing_is_lost() {
    let mut isolate = Isolate::new(SNAPSHOT);
    isolate.quiet(10 * 60);
    isolate.healthy(16 * 60);
    let held = isolate.share();
    isolate.now -= 12 * HOUR;
    isolate.healthy(5);
    assert!(isolate.share() <= held);
    isolate.now += 12 * HOUR;
    isolate.healthy(10);
    assert_eq!(isolate.share(), held);
}

#[test]
fn a_guard_that_looks_for_the_first_time_while_all_is_held_lets_nobody_in() {
    let mut isolate = Isolate { engine: Engine::from_slice(SNAPSHOT.as_bytes()).unwrap(), now: NINE + 48 * HOUR };
    isolate.engine.confirm(NINE);
    let held = isolate.share();
    assert!((200..300).contains(&held), "a day: {held}");
    isolate.quiet(1);
    isolate.engine.confirm(isolate.now);
    assert_eq!(isolate.share(), held);
    isolate.healthy(10);
    assert!(isolate.share() > held);
}

/// The schedule goes on after eight hours, two of them late; for an hour before that it then was two hours late as well.
#[test]
fn a_clock_that_is_set_back_to_before_a_hold_ended_keeps_its_lag() {
    let mut isolate = Isolate::new(SNAPSHOT);
    isolate.healthy(6 * 60);
    isolate.quiet(2 * 60);
    isolate.healthy(10);
    let lag = isolate.lag() as i64;
    assert!(lag > HOUR && lag < 3 * HOUR);
    isolate.now = NINE + 7 * HOUR;
    let mut punctual = Isolate::new(SNAPSHOT);
    punctual.healthy(1);
    punctual.now = isolate.now - lag;
    assert!(punctual.share() > 20);
    assert_eq!(isolate.share(), punctual.share());
}

#[test]
fn orders_of_a_coordinator_that_is_confirmed_take_nobody_out() {
    let mut coordinator = Isolate::new(SNAPSHOT);
    let mut isolate = Isolate::new(SNAPSHOT);
    isolate.engine.identify("isolate", true);
    let mut follow = |coordinator: &Isolate| {
        isolate.now = coordinator.now;
        isolate.engine.apply(&coordinator.engine.orders_text(), isolate.now).unwrap();
        isolate.share()
    };
    coordinator.healthy(23 * 60);
    let mut shares = vec![follow(&coordinator)];
    for _ in 0..6 {
        coordinator.engine.confirm(coordinator.now);
        coordinator.quiet(5 * 60);
        shares.push(follow(&coordinator));
        coordinator.healthy(60);
        shares.push(follow(&coordinator));
    }
    assert!(shares.is_sorted(), "{shares:?}");
    isolate.engine.confirm(isolate.now);
    assert_eq!(isolate.share(), coordinator.share());
    // The other way round: the coordinator's own hold is not theirs.
    coordinator.engine.confirm(coordinator.now - 20 * HOUR);
    let before = isolate.share();
    coordinator.healthy(6 * 60);
    coordinator.quiet(60);
    isolate.now = coordinator.now;
    isolate.engine.apply(&coordinator.engine.orders_text(), isolate.now).unwrap();
    assert!(isolate.share() > before);
}
