//! The boundary: free functions over numbers, which decode, call and encode. Nothing is decided here.
//!
//! JavaScript packs a context into the region, calls `decide`, and gets one number back. Reports and descriptions are
//! objects and texts: they are read once for each load.

use crate::{
    context::packed::{Hashes, Packed},
    decision::{Cause, Decision},
    engine::{Engine, Options},
    error::LoadError,
    eval::{self, Recorder, Scene},
    explain::{self, Trace},
    guard::{self, Key, Outcome, Seen},
    limits, manifest as json,
    report::LoadReport,
    route::{self, RequestFacts, RouteDecision, VisitorId},
};
use serde::Serialize;
use std::sync::Mutex;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Smaller than the standard library's allocator by 1.5 kB (brotli).
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What one instance holds.
struct State {
    engine: Option<Engine>,
    /// The snapshot that JavaScript is writing, and the carried flags behind it.
    input: Vec<u8>,
    /// The context that JavaScript packs. At a place that the linker knows, and so large: most bounds need no look.
    region: Region,
    /// What `decide_all` and `route` answer.
    results: Vec<u32>,
}

/// Numbers in it lie at multiples of eight.
#[repr(align(8))]
struct Region([u8; limits::REGION_BYTES]);

/// wasm32-unknown-unknown has one thread: the lock is a flag, and cheaper to reach than a thread-local.
static STATE: Mutex<State> = Mutex::new(State {
    engine: None,
    input: Vec::new(),
    region: Region([0; limits::REGION_BYTES]),
    results: Vec::new(),
});

/// Nothing here calls back into JavaScript while the state is locked, so it is never found locked in a sound instance. A
/// broken one ends in a trap, and JavaScript replaces it.
#[inline(always)]
fn with<T>(call: impl FnOnce(&mut State) -> T) -> T {
    match STATE.try_lock() {
        Ok(mut state) => call(&mut state),
        Err(_) => std::process::abort(),
    }
}

impl State {
    #[inline(always)]
    fn packed(&self) -> Packed<'_> {
        Packed::new(&self.region.0)
    }
}

/// The address of the context region.
#[wasm_bindgen]
pub fn region() -> usize {
    with(|state| state.region.0.as_ptr() as usize)
}

/// The address of the result words.
#[wasm_bindgen]
pub fn results() -> usize {
    with(|state| state.results.as_ptr() as usize)
}

/// The address of a buffer of so many bytes for a snapshot; 0 where that is over the limit.
#[wasm_bindgen]
pub fn reserve(bytes: usize) -> usize {
    with(|state| {
        // Twice: the carried flags were part of a snapshot of at most the limit.
        if bytes > limits::SNAPSHOT_BYTES_MAX.saturating_mul(2) {
            return 0;
        }
        state.input = vec![0; bytes];
        state.input.as_ptr() as usize
    })
}

/// Loads the snapshot that was written to the buffer, `snapshot` bytes of it, with `carried` bytes behind it of a JSON
/// object of flags to carry when an instance is restored.
#[wasm_bindgen]
pub fn load(snapshot: usize, carried: usize, max: usize, strict: bool) -> JsValue {
    let options = Options { strict, max_snapshot_bytes: max };
    let answer = with(|state| {
        let mut input = std::mem::take(&mut state.input);
        input.truncate(snapshot.saturating_add(carried));
        let carried = input.split_off(snapshot.min(input.len()));
        let answer = load_into(&mut state.engine, input, &carried, options);
        let flags = state.engine.as_ref().map_or(0, |engine| engine.table().flags.len());
        state.results = vec![0; flags.max(ROUTE_WORDS)];
        Some(answer)
    });
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    answer.and_then(|answer| answer.serialize(&serializer).ok()).unwrap_or(JsValue::NULL)
}

/// What JavaScript gets from a load.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    accepted: bool,
    /// Refused: with problems only.
    report: LoadReport,
    carried_text: String,
}

fn load_into(engine: &mut Option<Engine>, snapshot: Vec<u8>, carried: &[u8], options: Options) -> Answer {
    let loaded = match engine {
        Some(engine) => {
            engine.set_options(options);
            engine.load_owned(snapshot)
        }
        None => Engine::restore(snapshot, std::str::from_utf8(carried).unwrap_or_default(), options)
            .map(|restored| engine.insert(restored).changed_since(None)),
    };
    let table = engine.as_ref().map(Engine::table);
    let carried = table.and_then(|table| table.text.get(table.snapshot_bytes..)).unwrap_or_default();
    let accepted = loaded.is_ok();
    let report = loaded.unwrap_or_else(|error| LoadReport { problems: error.problems, ..LoadReport::default() });
    Answer { accepted, report, carried_text: carried.into() }
}

/// The names of flags, attributes and backends, and the routes, as JSON text.
#[wasm_bindgen]
pub fn manifest() -> String {
    with(|state| state.engine.as_ref().map(|engine| json::manifest(engine.table())).unwrap_or_default())
}

/// One flag's variants, what it asks for, and its rules' names, as JSON text.
#[wasm_bindgen]
pub fn describe(flag: usize) -> String {
    with(|state| {
        let table = state.engine.as_ref().map(Engine::table);
        table.and_then(|table| Some(json::describe(table, table.flags.get(flag)?))).unwrap_or_default()
    })
}

/// Decides one flag over the packed context; the answer is a decision word.
///
/// Exported without wasm-bindgen, whose wrapper for panics took 55 of a disabled flag's 234 instructions; with
/// `panic = "abort"` it has nothing to catch.
#[expect(unsafe_code, reason = "an unmangled name could collide with another symbol; the module exports it once")]
#[unsafe(no_mangle)]
pub extern "C" fn decide(flag: usize, now: f64) -> u32 {
    with(|state| decided(state, flag, now))
}

#[inline(always)]
fn decided(state: &State, flag: usize, now: f64) -> u32 {
    let unknown = Decision::unknown(Cause::FlagNotFound);
    let Some(engine) = &state.engine else { return unknown.word() };
    let table = engine.table();
    let Some(flag) = table.flags.get(flag) else { return unknown.word() };
    eval::evaluate_inline(flag, engine.believed(now), state.packed()).word()
}

/// How one flag is decided over the packed context, as JSON text; empty where there is no such flag.
#[wasm_bindgen]
pub fn explain(flag: u32, now: f64) -> String {
    with(|state| {
        let Some(engine) = &state.engine else { return String::new() };
        let explained = Trace::of(flag, engine.believed(now), state.packed());
        explained.map(|(decision, trace)| explain::explained(engine.table(), decision, &trace)).unwrap_or_default()
    })
}

/// Decides all flags over the packed context, one result word each; gives their number.
#[wasm_bindgen]
pub fn decide_all(now: f64) -> usize {
    with(|state| {
        let mut results = std::mem::take(&mut state.results);
        let mut count: usize = 0;
        if let Some(engine) = &state.engine {
            let (flags, scene, hashes) = (&engine.table().flags, engine.believed(now), Hashes::default());
            let attributes = state.packed().with_hashes(&hashes);
            for (flag, word) in flags.iter().zip(&mut results) {
                *word = eval::evaluate(flag, &scene, &attributes, &mut Recorder::silent()).word();
            }
            count = flags.len();
        }
        state.results = results;
        count
    })
}

/// Names this isolate, by the text in the buffer, and says whether a coordinator gives the orders.
#[wasm_bindgen]
pub fn identify(length: usize, coordinated: bool) {
    with(|state| {
        let name = taken(&mut state.input, length);
        if let Some(engine) = &mut state.engine {
            engine.identify(&name, coordinated);
        }
    });
}

/// Counts how a request ended: 0 a success, 1 a failure, 2 a timeout; with any other number, or for no flag, only the time is told.
/// 1 where other orders are in force now.
#[wasm_bindgen]
pub fn report(flag: u32, variant: u8, outcome: u32, latency_ms: f64, now: f64) -> u32 {
    let outcome = match outcome {
        0 => Some(Outcome::Success),
        1 => Some(Outcome::Failure),
        2 => Some(Outcome::Timeout),
        _ => None,
    };
    let seen = outcome.map(|outcome| Seen { key: Key { flag, variant }, outcome, latency_ms });
    with(|state| state.engine.as_mut().is_some_and(|engine| engine.watch.observe(&engine.table, seen, now)).into())
}

/// Judges all guarded variants; how they stand, as JSON text.
#[wasm_bindgen]
pub fn judge(now: f64) -> String {
    with(|state| {
        let Some(engine) = &mut state.engine else { return String::new() };
        guard::standings_written(&engine.watch.judge(&engine.table, now))
    })
}

/// What was counted here and not acknowledged yet, as JSON text.
#[wasm_bindgen]
pub fn drain(now: f64) -> String {
    with(|state| state.engine.as_mut().map(|engine| engine.watch.drain(&engine.table, now)).unwrap_or_default())
}

/// The orders in force, as JSON text.
#[wasm_bindgen]
pub fn orders() -> String {
    with(|state| state.engine.as_ref().map(Engine::orders_text).unwrap_or_default())
}

/// Takes in the delta in the buffer: whether all of it was of use, or the problems with it.
#[wasm_bindgen]
pub fn merge(length: usize, now: f64) -> JsValue {
    answered(with(|state| {
        let delta = taken(&mut state.input, length);
        state.engine.as_mut().map(|engine| engine.watch.merge(&engine.table, &delta, now))
    }))
}

/// Takes the orders in the buffer: whether others are in force now, or the problems with them.
#[wasm_bindgen]
pub fn apply(length: usize) -> JsValue {
    answered(with(|state| {
        let orders = taken(&mut state.input, length);
        state.engine.as_mut().map(|engine| engine.apply(&orders))
    }))
}

fn answered(answer: Option<Result<bool, LoadError>>) -> JsValue {
    match answer {
        Some(Err(error)) => serde_wasm_bindgen::to_value(&error.problems).unwrap_or(JsValue::NULL),
        Some(Ok(answer)) => JsValue::from_bool(answer),
        None => JsValue::FALSE,
    }
}

/// The text that JavaScript has written to the buffer. It encodes what it writes, so that this is UTF-8.
fn taken(input: &mut Vec<u8>, length: usize) -> String {
    let mut bytes = std::mem::take(input);
    bytes.truncate(length);
    String::from_utf8(bytes).unwrap_or_default()
}

/// How many result words `route` writes.
const ROUTE_WORDS: usize = 9;
/// The place of "no flag" among the decision words.
const NO_FLAG: u32 = u32::MAX;
/// The place of "no fault" among a route's faults.
const NO_FAULT: u32 = u32::MAX;

/// Routes the packed request; 0 where no route matches, else the result words hold the decision. `now` is what schedules see,
/// `clock` the true time.
#[wasm_bindgen]
pub fn route(now: f64, clock: f64) -> u32 {
    with(|state| {
        let Some(words) = routed(state, now, clock) else { return 0 };
        state.results.iter_mut().zip(words).for_each(|(result, word)| *result = word);
        1
    })
}

fn routed(state: &State, now: f64, clock: f64) -> Option<[u32; ROUTE_WORDS]> {
    let engine = state.engine.as_ref()?;
    let table = engine.table();
    let packed = state.packed();
    let first = table.attributes.len();
    let text = |fact: usize| packed.text(first.saturating_add(fact));
    let facts = RequestFacts {
        host: text(0).unwrap_or_default(),
        path: text(1).unwrap_or_default(),
        method: text(2).unwrap_or_default(),
        cookie: text(3).unwrap_or_default(),
        fresh_id: text(4),
        navigation: packed.flag(first.saturating_add(5)),
        ..RequestFacts::default()
    };
    let overrides = overrides(packed, first.saturating_add(6));
    let scene = Scene { overrides: &overrides, ..engine.believed(now) };
    route::route(scene, clock, facts, packed).map(|decision| words(&decision, state))
}

/// Places of flags and of their variants, by turns.
fn overrides(packed: Packed<'_>, slot: usize) -> Vec<(u32, u8)> {
    let mut overrides = Vec::new();
    let mut flag = None;
    for number in packed.numbers(slot) {
        match flag.take() {
            None => flag = Some(number as u32),
            Some(flag) => overrides.push((flag, number as u8)),
        }
    }
    overrides
}

fn words(decision: &RouteDecision<'_>, state: &State) -> [u32; ROUTE_WORDS] {
    let id = decision.visitor.id().unwrap_or_default();
    let source = match decision.visitor {
        VisitorId::None => 0,
        VisitorId::Cookie(_) => 1,
        VisitorId::Fresh(_) => 2,
    };
    let offset = (id.as_ptr() as usize).saturating_sub(state.region.0.as_ptr() as usize);
    [
        decision.route as u32,
        decision.backend.into(),
        decision.decision.map_or(NO_FLAG, Decision::word),
        source,
        offset as u32,
        id.len() as u32,
        decision.fallback.into(),
        decision.fault.map_or(NO_FAULT, |fault| fault.place as u32),
        decision.fault.map_or(0, |fault| fault.delay_ms as u32),
    ]
}
