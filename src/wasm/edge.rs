//! The part of the boundary that pages do without: routes, guards, explanations.

use super::{ROUTE_WORDS, State, with};
use crate::{
    context::packed::Packed,
    decision::Decision,
    engine::Engine,
    error::LoadError,
    eval::Scene,
    explain::{self, Trace},
    guard::{self, Key, Moment, Outcome, Seen},
    route::{self, RequestFacts, RouteDecision, VisitorId},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// How one flag is decided over the packed context, as JSON text; empty where there is no such flag.
#[wasm_bindgen]
pub fn explain(flag: u32, now: f64) -> String {
    with(|state| {
        let Some(engine) = &state.engine else { return String::new() };
        let explained = Trace::of(flag, engine.believed(now), state.packed());
        explained.map(|(decision, trace)| explain::explained(engine.table(), decision, &trace)).unwrap_or_default()
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
/// 1 where other orders are in force now. `now` is the true time, `schedules` what schedules see.
#[wasm_bindgen]
pub fn report(flag: u32, variant: u8, outcome: u32, latency_ms: f64, now: f64, schedules: f64) -> u32 {
    let outcome = match outcome {
        0 => Some(Outcome::Success),
        1 => Some(Outcome::Failure),
        2 => Some(Outcome::Timeout),
        _ => None,
    };
    let seen = outcome.map(|outcome| Seen { key: Key { flag, variant }, outcome, latency_ms });
    let moment = Moment { now, schedules };
    with(|state| state.engine.as_mut().is_some_and(|engine| engine.watch.observe(&engine.table, seen, moment)).into())
}

/// Judges all guarded variants; how they stand, as JSON text. The times are those of `report`.
#[wasm_bindgen]
pub fn judge(now: f64, schedules: f64) -> String {
    with(|state| {
        let Some(engine) = &mut state.engine else { return String::new() };
        guard::standings_written(&engine.watch.judge(&engine.table, Moment { now, schedules }))
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

/// Takes the orders in the buffer: whether others are in force now, or the problems with them. The times are those of `report`.
#[wasm_bindgen]
pub fn apply(length: usize, now: f64, schedules: f64) -> JsValue {
    answered(with(|state| {
        let orders = taken(&mut state.input, length);
        state.engine.as_mut().map(|engine| engine.watch.apply(&engine.table, &orders, Moment { now, schedules }))
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
