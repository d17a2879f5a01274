//! The forms that strings have in snapshots and contexts alike: times, versions, addresses, and letters whatever their case.

pub mod address;
pub mod case;
pub mod time;
pub mod version;
