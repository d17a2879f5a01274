//! The laws that targets try on any bytes, and what they take from the crate's tests: the twin, and cases.

pub mod common;
#[path = "../../tests/contract/mod.rs"]
pub mod contract;
pub mod laws;
#[path = "../../tests/reference/mod.rs"]
pub mod reference;
pub mod seeds;
