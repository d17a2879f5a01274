//! The forms that strings have in snapshots and contexts alike: times, versions, addresses, and letters whatever their case.

pub mod address;
pub mod case;
#[cfg(feature = "full")]
pub mod pattern;
pub mod time;
pub mod version;
