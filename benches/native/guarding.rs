//! Guards: responses counted, variants judged, another isolate's counts taken in.

use crate::work::{Task, Work};
use pointsman::{
    Engine,
    guard::{Outcome, State, delta},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rand_distr::LogNormal;

pub const WORKS: [Work; 3] = [
    Work { name: "guard/report", prepare: report },
    Work { name: "guard/judge", prepare: judge },
    Work { name: "guard/merge", prepare: merge },
];

/// Errors and latencies are judged: five minutes and one more, in slots of ten seconds.
const SNAPSHOT: &[u8] = br#"{ "flags": { "canary": { "enabled": true, "rolloutPercentage": 25, "guard": {
    "errorRate": { "max": 0.01, "overControl": 0.01 }, "latency": { "quantile": 0.95 } } } } }"#;
/// The beginning of a slot.
const START: i64 = 1_772_452_800_000;
const SLOT_MS: i64 = 10_000;
const SLOTS: i64 = 36;

struct Response {
    variant: &'static str,
    outcome: Outcome,
    latency_ms: f64,
}

/// A quarter from the canary, one in 500 failed, and a median of 80 ms.
fn responses() -> Vec<Response> {
    let mut draw = StdRng::seed_from_u64(1);
    let latency = LogNormal::new(80_f64.ln(), 0.5).unwrap();
    let one = |place| Response {
        variant: if draw.random_bool(0.25) { "on" } else { "off" },
        outcome: if place % 500 == 499 { Outcome::Failure } else { Outcome::Success },
        latency_ms: draw.sample(latency),
    };
    (0..1_000).map(one).collect()
}

fn engine(isolate: &str) -> Engine {
    let mut engine = Engine::from_slice(SNAPSHOT).unwrap();
    assert_eq!(engine.problems(), []);
    engine.identify(isolate, true);
    engine.judge(START);
    engine
}

/// Reports them all at one time; gives how often that changed what is in force.
fn tell(engine: &mut Engine, responses: &[Response], now: i64) -> u64 {
    let changes = responses
        .iter()
        .filter(|response| engine.report("canary", response.variant, response.outcome, response.latency_ms, now));
    changes.count() as u64
}

/// Within one slot: nothing is judged.
fn report() -> Task {
    let (mut engine, responses, now) = (engine("own"), responses(), START + SLOT_MS / 2);
    assert_eq!(tell(&mut engine, &responses, now), 0);
    let told = delta::read(&engine.drain(now)).unwrap();
    assert_eq!(told.cells.iter().map(|reported| reported.cell.requests).sum::<u32>(), 1_000);
    Task::of_thousand(0..=0, move || tell(&mut engine, &responses, now))
}

/// One variant against its control, on a full window.
fn judge() -> Task {
    let (mut engine, responses) = (engine("own"), responses());
    for slot in 0..SLOTS {
        tell(&mut engine, &responses, START + slot * SLOT_MS + SLOT_MS / 2);
    }
    Task {
        operations: 1,
        bytes: 0,
        expected: 1..=1,
        run: Box::new(move || {
            let standings = engine.judge(START + SLOTS * SLOT_MS);
            standings.iter().filter(|standing| standing.state == State::Ok).count() as u64
        }),
    }
}

/// Two slots of both variants, known already: a coordinator takes the same again for as long as a slot lasts.
fn merge() -> Task {
    let (mut other, mut engine, responses) = (engine("other"), engine("own"), responses());
    for slot in 0..2 {
        tell(&mut other, &responses, START + slot * SLOT_MS + SLOT_MS / 2);
    }
    let now = START + 2 * SLOT_MS;
    let delta = other.drain(now);
    assert_eq!(delta::read(&delta).unwrap().cells.len(), 4);
    Task {
        operations: 1,
        bytes: delta.len() as u64,
        expected: 1..=1,
        run: Box::new(move || engine.merge(&delta, now).unwrap().into()),
    }
}
