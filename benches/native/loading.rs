//! Bytes to an engine that is ready, and what it takes to drop it.

use crate::{
    snapshots,
    work::{Task, Work},
};
use pointsman::{Engine, Options, limits};

pub const WORKS: [Work; 3] = [
    Work { name: "load/100", prepare: || load(100) },
    Work { name: "load/1000", prepare: || load(1_000) },
    Work { name: "load/10000", prepare: || load(10_000) },
];

fn load(flags: usize) -> Task {
    let snapshot = snapshots::mixed(flags);
    let options = Options { max_snapshot_bytes: limits::SNAPSHOT_BYTES_MAX, ..Options::default() };
    Task {
        operations: 1,
        bytes: snapshot.len() as u64,
        expected: flags as u64..=flags as u64,
        run: Box::new(move || {
            let engine = Engine::new(&snapshot, options).unwrap();
            let sound = engine.flags().count() - engine.problems().len();
            sound as u64
        }),
    }
}
