//! What fuzzing needs of the boundary and the reader, which no caller of the crate sees: laws over the packed context, the guards'
//! clock and the JSON reader, for any bytes. Compiled for tests and for cargo-fuzz alone.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a law fails by panicking"
)]
#![allow(missing_docs, reason = "nobody sees it but `fuzz/`")]

pub use crate::snapshot::agreement::agree as json;
use crate::{
    Engine,
    context::packed::{Known, Packed},
    eval::{self, Scene},
    explain::Trace,
    guard::{Key, Moment, Outcome, Seen},
    route::{self, RequestFacts},
};

/// Two bytes for the length of a JSON snapshot, the snapshot, eight for the time, and the region: as JavaScript packs it, or not.
/// Nothing in it makes a decision fail, and one flag is decided as it is among all, be it explained or not.
pub fn packed(bytes: &[u8]) {
    let Some(([high, low], rest)) = bytes.split_first_chunk() else { return };
    let Some((snapshot, rest)) = rest.split_at_checked(usize::from(*high) << 8 | usize::from(*low)) else { return };
    let Some((now, region)) = rest.split_first_chunk() else { return };
    let Ok(engine) = Engine::from_slice(snapshot) else { return };
    let scene = Scene { table: &engine.table, now: f64::from_le_bytes(*now), orders: &[], overrides: &[] };
    decided_alike(scene, Packed::new(region));
    routed(scene, Packed::new(region), region);
}

fn decided_alike(scene: Scene<'_>, packed: Packed<'_>) {
    let (known, table) = (Known::new(), scene.table);
    let mut all = vec![0; table.flags.len()];
    eval::all::evaluate_all(&scene, packed.with_known(&known, 1), &mut all);
    for (flag, word) in table.flags.iter().zip(all) {
        let alone = eval::evaluate_inline(flag, scene, packed).word();
        let prepared = eval::evaluate_inline(flag, scene, packed.with_known(&known, 2)).word();
        let (explained, _) = Trace::of(flag.place, scene, packed).expect("it is a flag");
        assert_eq!([alone, prepared, explained.word()], [word; 3], "{}", table.keys.name(flag.place));
    }
}

/// What `wasm/edge.rs` reads of a request.
fn routed(scene: Scene<'_>, packed: Packed<'_>, region: &[u8]) {
    let first = scene.table.attributes.len();
    let text = |fact: usize| packed.text(first + fact);
    let [host, path, method, cookie] = [0, 1, 2, 3].map(|fact| text(fact).unwrap_or_default());
    let (fresh_id, navigation) = (text(4), packed.flag(first + 5));
    let facts = RequestFacts { host, path, method, cookie, fresh_id, navigation, ..RequestFacts::default() };
    let pairs: Vec<_> = packed.numbers(first + 6).take(64).collect();
    let overrides: Vec<_> = pairs.chunks_exact(2).map(|pair| (pair[0] as u32, pair[1] as u8)).collect();
    let decision = route::route(Scene { overrides: &overrides, ..scene }, scene.now, facts, packed);
    let id = decision.and_then(|decision| decision.visitor.id()).unwrap_or_default();
    // JavaScript is told where in the region it stands.
    assert!(id.is_empty() || region.as_ptr_range().contains(&id.as_ptr()));
}

const GUARDED: &[u8] = br#"{ "flags": {
    "canary": { "enabled": true, "rolloutPercentage": 50, "guard": { "errorRate": { "max": 0.01 }, "window": "1m", "for": "5s",
        "slot": "5s", "consecutiveFailures": 3 } },
    "button": { "enabled": true, "guard": { "window": "1m", "for": "0s", "slot": "5s", "onBreach": "freeze",
        "latency": { "max": "100ms", "overControl": 1.5 }, "errorRate": { "overControl": 0.02 } },
        "rollout": { "ramp": "linear", "schedule": [{ "at": "2026-03-02T12:00:00Z", "percentage": 5 }, { "at": "2026-03-02T13:00:00Z", "percentage": 100 }] } } } }"#;

/// Each ten bytes are what happened and when: at times of any order and kind nothing fails, and what one engine has to tell another
/// takes.
pub fn guarded(bytes: &[u8]) {
    let mut engine = Engine::from_slice(GUARDED).expect("it is a snapshot");
    let mut other = Engine::from_slice(GUARDED).expect("it is a snapshot");
    engine.identify("here", bytes.len().is_multiple_of(2));
    for step in bytes.chunks_exact(10).take(256) {
        let now = time(step[1], &step[2..]);
        happen(&mut engine, &mut other, step[0], Moment { now, schedules: now });
    }
}

/// Most are near each other; some are whatever eight bytes say.
fn time(kind: u8, bytes: &[u8]) -> f64 {
    let any = f64::from_le_bytes(std::array::from_fn(|at| bytes[at]));
    let near = 1_772_452_800_000.0 + f64::from(u16::from_le_bytes([bytes[0], bytes[1]])) * 100.0;
    if kind.is_multiple_of(8) { any } else { near }
}

fn happen(engine: &mut Engine, other: &mut Engine, what: u8, moment: Moment) {
    let key = Key { flag: u32::from(what >> 3 & 1), variant: what >> 4 & 3 };
    let outcome = [Outcome::Success, Outcome::Failure, Outcome::Timeout, Outcome::Failure][usize::from(what & 3)];
    match what & 7 {
        4 => drop(engine.watch.judge(&engine.table, moment)),
        5 => {
            let delta = engine.watch.drain(&engine.table, moment.now);
            other.watch.merge(&other.table, &delta, moment.now).expect("what is written is read");
        }
        6 => {
            let orders = engine.orders_text();
            other.watch.apply(&other.table, &orders, moment).expect("what is written is read");
        }
        7 => drop(engine.load(GUARDED)),
        _ => {
            let latency_ms = f64::from(what) * 7.0;
            engine.watch.observe(&engine.table, Some(Seen { key, outcome, latency_ms }), moment);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Context, Engine,
        context::{Attributes, Named},
        directive::FlagOrder,
        eval::{self, Scene},
        explain::Trace,
    };
    use std::{fs, path::Path};

    /// The inputs of a target in `fuzz/regressions/`, and these.
    fn hold(target: &str, law: fn(&[u8]), own: &[Vec<u8>]) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions").join(target);
        let paths = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        own.iter().for_each(|bytes| law(bytes));
        paths.for_each(|path| law(&fs::read(path).unwrap()));
    }

    /// A snapshot, a time, and a region of two slots with a text behind them.
    fn region(kind: u8, length: u8, offset: u8) -> Vec<u8> {
        let snapshot = br#"{"flags":{"f":{"enabled":true,"rolloutPercentage":50,"whitelistUsers":["alice"],"bucketBy":["a","b"],"rules":[{"if":{"attribute":"a","op":"contains","values":["x"]},"serve":"off"}]}}}"#;
        let slot = |kind: u8, length: u8, offset: u8| {
            [[kind, 0, 0, 0, length, 0, 0, 0], [offset, 0, 0, 0, 0, 0, 0, 0]].concat()
        };
        let slots = [slot(kind, length, offset), slot(1, 5, 32), b"alice".to_vec()].concat();
        [&[0, snapshot.len() as u8][..], snapshot, &f64::NAN.to_le_bytes(), &slots].concat()
    }

    #[test]
    fn packed() {
        let regions: Vec<_> = (0..=5).flat_map(|kind| [0, 1, 255].map(|length| region(kind, length, 16))).collect();
        hold("packed", super::packed, &regions);
    }

    /// What single decisions, and all at once, take a shorter way for, and what they must not.
    fn short_as_long<'a, A: Attributes<'a>>(scene: Scene<'_>, attributes: A) -> usize {
        let flags = &scene.table.flags;
        let mut all = vec![0; flags.len()];
        eval::all::evaluate_all(&scene, attributes, &mut all);
        for (flag, word) in flags.iter().zip(all) {
            let short = eval::evaluate_inline(flag, scene, attributes);
            let (long, _) = Trace::of(flag.place, scene, attributes).unwrap();
            assert_eq!([short.word(), word], [long.word(); 2], "{}", scene.table.keys.name(flag.place));
        }
        flags.len()
    }

    #[test]
    fn all_cases_the_short_way() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let mut decided = 0;
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let Ok(file) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
            let Ok(engine) = Engine::from_slice(file["snapshot"].to_string().as_bytes()) else { continue };
            let places: Vec<u32> = engine.table.flags.iter().map(|flag| flag.place).collect();
            let overrides: Vec<_> = places.iter().map(|place| (*place, 0)).collect();
            let order =
                |place: &u32| FlagOrder { flag: *place, control: 1, withdrawn: vec![0], ..FlagOrder::default() };
            let orders: Vec<_> = places.iter().map(order).collect();
            for case in file["cases"].as_array().unwrap() {
                let Ok(context) = serde_json::from_value::<Context>(case["context"].clone()) else { continue };
                let named = Named::new(&context, &engine.table.attributes);
                let now = case["now"].as_f64().unwrap_or(1_772_452_800_000.0);
                let scene = Scene { table: &engine.table, now, orders: &[], overrides: &[] };
                decided += short_as_long(scene, named);
                decided += short_as_long(Scene { overrides: &overrides, ..scene }, named);
                decided += short_as_long(Scene { orders: &orders, ..scene }, named);
            }
        }
        assert!(decided > 100_000, "{decided}");
    }

    #[test]
    fn guarded() {
        let steps = |seed: u8| {
            (0..=255_u8).flat_map(move |at| [at.wrapping_mul(seed), at, at, seed, 0, 0, 0, 0, 0xf0, 0x7f]).collect()
        };
        hold("guarded", super::guarded, &[steps(1), steps(3), steps(7)]);
    }

    #[test]
    fn json() {
        hold("json", super::json, &[b"[1e5, \"\\u0041\"]".to_vec()]);
    }
}
