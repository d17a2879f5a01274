//! Feature flags and routes decided at the edge, from one JSON snapshot, before a request reaches origin.
//!
//! ```
//! use pointsman::{Context, Engine};
//!
//! let snapshot = r#"{ "flags": { "new-checkout": { "enabled": true, "rolloutPercentage": 25 } } }"#;
//! let engine = Engine::from_slice(snapshot.as_bytes())?;
//! let visitor = Context::new().with("userId", "carol");
//! let decision = engine.evaluate("new-checkout", &visitor, 0);
//! assert_eq!(decision.reason.as_str(), "SPLIT");
//! # Ok::<(), pointsman::LoadError>(())
//! ```
//!
//! An [`Engine`] is a pure function of its snapshot, the visitor's [`Context`] and the time that it is told. Nobody gets in
//! by accident: a missing id, a missing attribute or a broken flag gives the off variant, with a reason that says why. A bad
//! snapshot is refused with every problem and its place, and the last good one stays.
//!
//! The npm package `pointsman` is this crate compiled to WebAssembly.

#![cfg_attr(
    not(all(target_family = "wasm", target_os = "unknown", feature = "edge")),
    allow(
        dead_code,
        reason = "the boundary's parts are used by wasm.rs alone; in the core's build for wasm32 the lint is on"
    )
)]

mod binary;
#[cfg(test)]
mod boundary_tests;
mod compile;
mod context;
mod decision;
mod digest;
mod directive;
mod engine;
mod error;
mod eval;
mod explain;
mod fault;
#[cfg(all(any(test, fuzzing), feature = "edge", not(target_family = "wasm")))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "edge")]
pub mod guard;
#[cfg(not(feature = "edge"))]
mod guard;
#[cfg(feature = "edge")]
mod guarding;
pub mod hash;
mod json;
pub mod limits;
mod manifest;
pub mod number;
mod report;
mod route;
#[cfg(feature = "edge")]
mod routing;
mod sha256;
mod snapshot;
mod sort;
mod span;
mod table;
mod values;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod wasm;

pub use context::{Attribute, Context};
pub use decision::{ErrorCode, Reason};
#[cfg(feature = "edge")]
pub use directive::{Clock, Directive, Grounds, Ordered, Orders};
pub use engine::{Engine, Evaluation, Options, compile_snapshot};
pub use error::{Code, LoadError, Problem};
#[cfg(feature = "edge")]
pub use explain::Explanation;
pub use report::LoadReport;
#[cfg(feature = "edge")]
pub use route::RequestFacts;
#[cfg(feature = "edge")]
pub use routing::{Destination, Fault};

/// Whether this build has routes, guards and explanations. What only they need is left out by the optimiser where this is false.
const EDGE: bool = cfg!(feature = "edge");
