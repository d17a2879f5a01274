//! Ids to units, and units to points.

use crate::{
    visitors::visitors,
    work::{Task, Work, share_of},
};
use pointsman::hash::{self, Kind, LINE};

pub const WORKS: [Work; 2] = [Work { name: "hash/unit", prepare: units }, Work { name: "hash/point", prepare: points }];

/// Of 36 bytes each.
fn units() -> Task {
    let visitors = visitors(1, 1_000);
    Task::of_thousand(share_of(1_000, 0.25), move || {
        let low = visitors.iter().filter(|visitor| hash::unit(visitor.id.as_bytes()) < u64::MAX / 4);
        low.count() as u64
    })
}

fn points() -> Task {
    let units: Vec<u64> = visitors(1, 1_000).iter().map(|visitor| hash::unit(visitor.id.as_bytes())).collect();
    let seed = hash::seed("", Kind::Flag, "new-checkout");
    Task::of_thousand(share_of(1_000, 0.25), move || {
        let low = units.iter().filter(|unit| hash::point(**unit, seed) < LINE / 4);
        low.count() as u64
    })
}
