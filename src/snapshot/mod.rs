//! Snapshot bytes to a wire document with positions, checked against the schema table one value at a time.

#[cfg(all(any(test, fuzzing), not(target_family = "wasm")))]
pub(crate) mod agreement;
pub(crate) mod check;
pub(crate) mod document;
mod escape;
pub(crate) mod issues;
pub(crate) mod place;
mod reader;
mod scan;
pub(crate) mod schema;
mod suggest;
#[cfg(test)]
mod tests;
