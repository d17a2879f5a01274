//! What only the full build has at the boundary: the writer of compiled snapshots, which edge bundles have no use for.

use super::{State, with};
use crate::{binary, engine::Engine};

/// Compiles the snapshot in use, which must have been loaded without any problem. Gives how many bytes it has, 0 for none; the
/// first result word is their address.
///
/// Exported without wasm-bindgen, as the full build shares its glue with the core, which has no such function.
#[expect(unsafe_code, reason = "an unmangled name could collide with another symbol; the module exports it once")]
#[unsafe(no_mangle)]
pub extern "C" fn compile() -> usize {
    with(|state| compiled(state).unwrap_or(0))
}

fn compiled(state: &mut State) -> Option<usize> {
    let table = state.engine.as_ref().map(Engine::table).filter(|table| table.problems.is_empty())?;
    state.input = binary::written(table);
    *state.results.first_mut()? = state.input.as_ptr() as u32;
    Some(state.input.len())
}
