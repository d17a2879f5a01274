//! The laws that `fuzz/` tries on any bytes, on the inputs that it begins with and on those that once broke one.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod common {
    pub mod digest;
}
#[allow(dead_code, reason = "cases are for those who run them")]
mod contract;
#[path = "../fuzz/src/laws/mod.rs"]
mod laws;
#[allow(dead_code, reason = "what was asked of operators is for who counts it")]
mod reference;
#[path = "../fuzz/src/seeds.rs"]
mod seeds;

use laws::LAWS;
use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_laws_hold_for_what_fuzzing_begins_with() {
    let seeds = seeds::all(root());
    for (target, law) in LAWS {
        let own: Vec<_> = seeds.iter().filter(|(of, ..)| of == target).collect();
        own.iter().for_each(|(_, name, bytes)| hold(target, *law, name, bytes));
        assert!(own.len() >= 3, "only {} inputs for {target}", own.len());
    }
}

#[test]
fn the_laws_hold_for_what_once_broke_them() {
    for (target, law) in LAWS {
        for path in inputs(&root().join("fuzz/regressions").join(target)) {
            let bytes = fs::read(&path).expect("an input");
            hold(target, *law, &path.display().to_string(), &bytes);
        }
    }
}

fn hold(target: &str, law: fn(&[u8]), name: &str, bytes: &[u8]) {
    assert!(catch_unwind(|| law(bytes)).is_ok(), "{target} does not hold for {name}");
}

/// The files of a folder, which need not be there.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("a file").path()).collect()
}
