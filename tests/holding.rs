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
