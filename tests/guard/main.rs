//! The guard: its formulas and numbers, its clock, what it says and when, merging, ejections. Expected values come from the rule's
//! published tables, from an independent computation, or by hand.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod clock;
mod deltas;
mod ejections;
mod latency;
mod merging;
mod numbers;
mod orders;
mod simulated;
mod states;
mod volume;
mod watching;

use pointsman::guard::{Cell, Guard, Rate};

/// At most 1 % may fail, over five minutes in slots of ten seconds, for `hold` slots.
pub fn guard(hold: usize) -> Guard {
    Guard { error_rate: Rate { max: Some(0.01), over_control: None }, hold, ..Guard::default() }
}

/// The candidate's rate may be 1 % above the control's.
pub fn beside_control(hold: usize) -> Guard {
    Guard { error_rate: Rate { max: None, over_control: Some(0.01) }, ..guard(hold) }
}

/// A slot of requests, so many of them failures.
pub fn cell(requests: u32, failures: u32) -> Cell {
    Cell { requests, failures, timed: requests - failures, ..Cell::default() }
}

/// As many slots of one kind as a guard looks at.
pub fn all(guard: &Guard, cell: &Cell) -> Vec<Cell> {
    vec![cell.clone(); guard.span()]
}

/// So many empty slots, then these.
pub fn newest(guard: &Guard, cells: &[Cell]) -> Vec<Cell> {
    let mut padded = vec![Cell::default(); guard.span() - cells.len()];
    padded.extend_from_slice(cells);
    padded
}
