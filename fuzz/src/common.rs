//! What the twin takes of the generators.

#[path = "../../tests/common/digest.rs"]
pub mod digest;
