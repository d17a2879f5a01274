//! The laws: each holds for any bytes, and fails by panicking. `fuzz/targets/` and `tests/regressions.rs` share them.

pub mod compile;
pub mod compiled;
pub mod evaluate;
pub mod explain;
pub mod load;
pub mod merge;
pub mod percentage;
pub mod told;
pub mod twin;

mod visit;

/// The name of a target, and its law.
pub type Law = (&'static str, fn(&[u8]));

/// All of them.
pub const LAWS: &[Law] = &[
    ("compile", compile::law),
    ("compiled", compiled::law),
    ("evaluate", evaluate::law),
    ("explain", explain::law),
    ("load", load::law),
    ("merge", merge::law),
    ("percentage", percentage::law),
    ("told", told::law),
    ("twin", twin::law),
];

/// Stands between the parts of an input: no JSON text has it, and editors show it.
const BETWEEN: u8 = b'\x0c';

/// The parts of an input; empty ones where it ends too early.
fn parts<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut parts = bytes.splitn(N, |byte| *byte == BETWEEN);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
