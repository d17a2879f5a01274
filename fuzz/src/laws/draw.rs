//! Values drawn from an input: what the generators of the crate's tests make where the input's bytes are their random numbers.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::sync::LazyLock;
use xxhash_rust::xxh64::xxh64;

/// What stands behind each input: generators that try until something fits would try for ever over the zeros that follow.
static BEHIND: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0_u64..8 << 10).flat_map(|at| xxh64(&at.to_le_bytes(), 0).to_le_bytes()).collect());

/// None where the bytes lead nowhere.
pub fn drawn<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, bytes: &[u8]) -> Option<T> {
    let config = Config { failure_persistence: None, ..Config::default() };
    let numbers = TestRng::from_seed(RngAlgorithm::PassThrough, &[bytes, &BEHIND].concat());
    let mut runner = TestRunner::new_with_rng(config, numbers);
    strategy.new_tree(&mut runner).ok().map(|tree| tree.current())
}
