//! The hashing against vectors computed by an independent implementation (`tests/vectors/`).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::hash::{Kind, cut, point, seed, unit};
use serde_json::Value;

const BUCKETING: &str = include_str!("vectors/bucketing.jsonl");
const CUTS: &str = include_str!("vectors/cuts.jsonl");

fn hex(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap(), 16).unwrap()
}

fn kind(letter: &Value) -> Kind {
    match letter.as_str().unwrap() {
        "F" => Kind::Flag,
        "L" => Kind::Layer,
        "B" => Kind::Bucket,
        "X" => Kind::Fault,
        other => panic!("unknown kind {other}"),
    }
}

#[test]
fn units_seeds_and_points_agree() {
    let mut rows = 0;
    for line in BUCKETING.split_terminator('\n') {
        let row: Vec<Value> = serde_json::from_str(line).unwrap();
        let text = |place: usize| row[place].as_str().unwrap();
        let (unit, seed) = (unit(text(3).as_bytes()), seed(text(0), kind(&row[1]), text(2)));
        assert_eq!((unit, seed), (hex(&row[4]), hex(&row[5])), "{line}");
        assert_eq!(Some(point(unit, seed)), row[6].as_u64(), "{line}");
        rows += 1;
    }
    assert!(rows >= 10_000, "only {rows} rows");
}

#[test]
fn cuts_of_percentages_agree() {
    let mut rows = 0;
    for line in CUTS.lines().filter(|line| line.starts_with("[\"percentage\"")) {
        let row: Vec<Value> = serde_json::from_str(line).unwrap();
        let percentage = pointsman::number::parse(&row[1].to_string());
        assert_eq!(Some(cut(percentage / 100.0)), row[2].as_u64(), "{line}");
        rows += 1;
    }
    assert!(rows >= 1_000, "only {rows} rows");
}
