//! The boundary: free functions over numbers, which decode, call and encode. Nothing is decided here.
//!
//! JavaScript packs a context into the region, calls `decide`, and gets one number back. Reports and descriptions are
//! objects and texts: they are read once for each load.

#[cfg(feature = "edge")]
mod edge;
#[cfg(feature = "full")]
mod full;

use crate::{
    EDGE,
    context::packed::{Known, Packed},
    decision::{Cause, Decision},
    engine::{Engine, Options},
    eval, limits, manifest as json,
    report::{self, LoadReport},
};
use std::sync::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;

/// Smaller than the standard library's allocator by 1.5 kB (brotli).
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// How many result words `route` writes.
const ROUTE_WORDS: usize = 9;

/// What one instance holds.
struct State {
    engine: Option<Engine>,
    /// The snapshot that JavaScript is writing, and the carried flags behind it.
    input: Vec<u8>,
    /// The context that JavaScript packs. At a place that the linker knows, and so large: most bounds need no look.
    region: Region,
    /// What is known of a prepared context that lies there.
    known: Known,
    /// What `decide_all` and `route` answer.
    results: Vec<u32>,
}

/// Numbers in it lie at multiples of eight. Behind it stands the stamp of the prepared context that lies there, a number of its own
/// from one load to the next; 0 for what is decided once.
#[repr(C, align(8))]
struct Region([u8; limits::REGION_BYTES], f64);

/// wasm32-unknown-unknown has one thread: the lock is a flag, and cheaper to reach than a thread-local.
static STATE: Mutex<State> = Mutex::new(State {
    engine: None,
    input: Vec::new(),
    region: Region([0; limits::REGION_BYTES], 0.0),
    known: Known::new(),
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

    /// The same, with what is known of it.
    #[inline(always)]
    fn prepared(&self) -> Packed<'_> {
        let Region(_, stamp) = &self.region;
        // Pages do without: there it is not worth its bytes.
        if !EDGE || *stamp == 0.0 { self.packed() } else { self.packed().with_known(&self.known, stamp.to_bits()) }
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

/// Loads the snapshot that was written to the buffer, `snapshot` bytes of it, JSON or compiled, with `carried` bytes behind it of a JSON
/// object of flags to carry when an instance is restored. The answer is JSON text.
#[wasm_bindgen]
pub fn load(snapshot: usize, carried: usize, max: usize, strict: bool) -> String {
    let options = Options { strict, max_snapshot_bytes: max };
    with(|state| {
        let mut input = std::mem::take(&mut state.input);
        input.truncate(snapshot.saturating_add(carried));
        let carried = input.split_off(snapshot.min(input.len()));
        let answer = load_into(&mut state.engine, input, &carried, options);
        let flags = state.engine.as_ref().map_or(0, |engine| engine.table().flags.len());
        state.results = vec![0; flags.max(ROUTE_WORDS)];
        answer
    })
}

fn load_into(engine: &mut Option<Engine>, snapshot: Vec<u8>, carried: &[u8], options: Options) -> String {
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
    report::written(accepted, &report, carried)
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
    eval::evaluate_inline(flag, engine.believed(now), state.prepared()).word()
}

/// Decides all flags over the packed context, one result word each; gives their number.
#[wasm_bindgen]
pub fn decide_all(now: f64) -> usize {
    with(|state| {
        let mut results = std::mem::take(&mut state.results);
        let mut count: usize = 0;
        if let Some(engine) = &state.engine {
            let known = Known::new();
            eval::all::evaluate_all(&engine.believed(now), state.packed().with_known(&known, 0), &mut results);
            count = engine.table().flags.len();
        }
        state.results = results;
        count
    })
}
