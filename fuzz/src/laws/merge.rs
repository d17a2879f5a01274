//! Deltas may come in any order, and as often as they like: the counts are the same.

use pointsman::{
    Engine,
    guard::{
        Cell,
        buckets::BUCKETS,
        delta::{self, Delta, Reported},
    },
};

const SNAPSHOT: &str = r#"{ "flags": {
    "canary": { "enabled": true, "rolloutPercentage": 50, "guard": {
        "errorRate": { "max": 0.01 }, "window": "1m", "for": "5s", "slot": "5s", "consecutiveFailures": 0 } },
    "button": { "enabled": true, "variants": { "on": 1, "off": 0, "b": 2 }, "guard": { "generation": 1, "window": "1m", "for": "0s", "slot": "5s",
        "latency": { "max": "100ms", "overControl": 1.5 }, "errorRate": { "overControl": 0.02 } },
        "rollout": { "split": [{ "variant": "on", "weight": 1 }, { "variant": "off", "weight": 1 }, { "variant": "b", "weight": 1 }] } } } }"#;

/// A slot of five seconds, in milliseconds, and one in which cells may lie.
const SLOT_MS: u64 = 5_000;
const SLOT: u64 = 354_490_560;

/// An engine with two guards.
pub fn guarded() -> Engine {
    Engine::from_slice(SNAPSHOT.as_bytes()).expect("it is a snapshot")
}

/// Each eight bytes of `bytes` are a delta with one cell.
pub fn law(bytes: &[u8]) {
    let deltas: Vec<_> = bytes.chunks_exact(8).take(64).filter_map(|bytes| bytes.try_into().ok().map(delta)).collect();
    let mut forwards = merged(deltas.iter());
    let mut backwards = merged(deltas.iter().rev().flat_map(|delta| [delta, delta]));
    for slot in 0..4 {
        let now = ((SLOT + 12 + slot) * SLOT_MS) as i64;
        assert_eq!(forwards.judge(now), backwards.judge(now), "{deltas:?}");
        assert_eq!(forwards.orders(), backwards.orders(), "{deltas:?}");
    }
}

fn merged<'d>(deltas: impl Iterator<Item = &'d String>) -> Engine {
    let mut engine = guarded();
    let now = ((SLOT + 12) * SLOT_MS) as i64;
    engine.judge(now - 120_000);
    for delta in deltas {
        engine.merge(delta, now).expect("it is a delta");
    }
    engine
}

fn delta([isolate, of, generation, slot, requests, failures, slow, bucket]: [u8; 8]) -> String {
    let requests = u32::from(requests) * 4;
    let timed = requests - requests.min(u32::from(failures) / 2);
    let cell = Cell {
        requests,
        failures: requests.min(u32::from(failures)),
        timed,
        slow: timed.min(u32::from(slow)),
        buckets: if timed == 0 { Vec::new() } else { vec![(bucket % BUCKETS, timed)] },
    };
    let (flag, variant) =
        [("canary", "on"), ("canary", "off"), ("button", "on"), ("button", "b"), ("button", "off"), ("gone", "on")]
            [usize::from(of) % 6];
    let reported = Reported {
        flag: flag.into(),
        variant: variant.into(),
        generation: u64::from(generation % 8 == 0) ^ u64::from(flag == "button"),
        slot_ms: SLOT_MS,
        index: SLOT + u64::from(slot) % 20,
        cell,
    };
    let isolate = ["a", "b", "c", "d"][usize::from(isolate) % 4].into();
    delta::write(&Delta { isolate, sequence: 1, cells: vec![reported] })
}
