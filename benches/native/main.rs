//! The crate natively, through its public API: `make bench-native` has divan time it, `make bench-instructions` callgrind count it.
//!
//! It is built for size, as the wasm is. What other crates get that are built for speed: `CARGO_PROFILE_BENCH_OPT_LEVEL=3 make bench-native`.
//!
//! For `benches/instructions.mjs` there are `--names`, which lists all works, and `--count NAME`, which does one of them where callgrind
//! counts, and says how many operations that has.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking"
)]

mod evaluating;
mod guarding;
mod hashing;
mod loading;
mod routing;
mod snapshots;
mod visitors;
mod work;

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use std::{
    env,
    io::{self, Write},
};
use work::{Task, Work};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--names"] => works().try_for_each(|work| writeln!(io::stdout(), "{}", work.name)),
        ["--count", name] => {
            let work = works().find(|work| work.name == name).expect("a name that --names lists");
            writeln!(io::stdout(), "{}", prepared_and_counted(work))
        }
        _ => {
            divan::main();
            Ok(())
        }
    }
}

fn works() -> impl Iterator<Item = Work> {
    [&hashing::WORKS[..], &evaluating::WORKS, &loading::WORKS, &routing::WORKS, &guarding::WORKS].concat().into_iter()
}

/// The number of operations of a run.
fn prepared_and_counted(work: Work) -> u64 {
    let mut task = (work.prepare)();
    task.assert(work);
    counted(&mut task);
    task.assert(work);
    task.operations
}

/// Callgrind counts what happens in here, by this name. One run is enough: it is the second one, and all from then on are alike.
#[inline(never)]
fn counted(task: &mut Task) {
    divan::black_box((task.run)());
}

#[divan::bench(args = hashing::WORKS)]
fn hash(bencher: Bencher, work: Work) {
    time(bencher, work);
}

#[divan::bench(args = evaluating::WORKS)]
fn evaluate(bencher: Bencher, work: Work) {
    time(bencher, work);
}

#[divan::bench(args = loading::WORKS, max_time = 3)]
fn load(bencher: Bencher, work: Work) {
    time(bencher, work);
}

#[divan::bench(args = routing::WORKS)]
fn route(bencher: Bencher, work: Work) {
    time(bencher, work);
}

#[divan::bench(args = guarding::WORKS)]
fn guard(bencher: Bencher, work: Work) {
    time(bencher, work);
}

fn time(bencher: Bencher, work: Work) {
    let mut task = (work.prepare)();
    task.assert(work);
    let bencher = bencher.counter(ItemsCount::new(task.operations));
    match task.bytes {
        0 => bencher.bench_local(&mut task.run),
        bytes => bencher.counter(BytesCount::new(bytes)).bench_local(&mut task.run),
    }
    task.assert(work);
}
