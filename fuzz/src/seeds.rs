//! Inputs to begin with, made of the data of the crate's tests: `make fuzz` writes them down, `tests/regressions.rs` tries them all.

use pointsman::compile_snapshot;
use serde_json::{Value, json};
use std::{fs, path::Path};
use xxhash_rust::xxh64::xxh64;

/// The target, the input's name, and the input.
pub type Seed = (&'static str, String, Vec<u8>);

/// Bytes of an input at most: in a larger one a changed byte says less.
const INPUT_BYTES: usize = 8 << 10;

/// Inputs for targets that draw from their bytes, and the bytes of each.
const DRAWN: u64 = 24;
const DRAWN_BYTES: u64 = 512;

/// All inputs; `root` is the folder of the crate.
pub fn all(root: &Path) -> Vec<Seed> {
    let bad = files(&root.join("tests/errors")).into_iter().map(|(name, text)| ("load", format!("error-{name}"), text));
    let cases = files(&root.join("tests/cases"));
    let seeds = bad.chain(cases.iter().flat_map(of_cases)).chain(drawn()).chain(told());
    seeds.filter(|(_, _, bytes)| bytes.len() <= INPUT_BYTES).collect()
}

/// The JSON files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(folder).expect("the tests' data").map(|entry| entry.expect("a file").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read(path).expect("a file"))).collect()
}

/// The snapshot of a file of cases with its first case, as JSON and compiled.
fn of_cases((name, text): &(String, Vec<u8>)) -> Vec<Seed> {
    let file: Value = serde_json::from_slice(text).expect("a file of cases");
    let snapshot = file["snapshot"].to_string();
    let visit = visit(&file["cases"][0]);
    let input = format!("{snapshot}\x0c{visit}").into_bytes();
    let mut seeds: Vec<Seed> =
        ["compile", "evaluate", "explain", "twin"].map(|target| (target, name.clone(), input.clone())).into();
    seeds.push(("load", name.clone(), format!("{snapshot}\x0c{{\"revision\":1}}\x0c{visit}").into_bytes()));
    // Without its header, as the target has it.
    if let Ok(compiled) = compile_snapshot(snapshot.as_bytes()) {
        seeds.push(("compiled", name.clone(), compiled[40..].to_vec()));
    }
    seeds
}

/// The parts of a visit: `fuzz/src/laws/visit.rs`.
fn visit(case: &Value) -> String {
    let url = case["request"]["url"].as_str().unwrap_or("http://a.test/").split_once("://").unwrap_or_default().1;
    let (host, path) = url.split_at(url.find('/').unwrap_or(url.len()));
    let context = case.get("context").cloned().unwrap_or(json!({}));
    let now = case["now"].as_i64().unwrap_or(0);
    let cookie = case["request"]["headers"]["cookie"].as_str().unwrap_or_default();
    format!("{context}\x0c{now}\x0c{host}\x0c{path}\x0cGET\x0c{cookie}\x0cfresh\x0cDE\x0c10.0.0.1")
}

/// Bytes of no meaning of their own.
fn drawn() -> impl Iterator<Item = Seed> {
    let bytes = |seed: u64| (0..DRAWN_BYTES / 8).flat_map(move |at| xxh64(&at.to_le_bytes(), seed).to_le_bytes());
    let of = move |target| (0..DRAWN).map(move |seed| (target, format!("drawn-{seed}"), bytes(seed).collect()));
    ["percentage", "merge"].into_iter().flat_map(of)
}

/// A delta, orders and a time.
fn told() -> impl Iterator<Item = Seed> {
    let cell = json!({ "flag": "canary", "variant": "on", "generation": 0, "slot": 5000, "index": 354_490_560,
        "requests": 40, "failures": 30, "timed": 39, "slow": 0, "buckets": [17, 3, 18, 36] });
    let delta = json!({ "isolate": "f3a1", "sequence": 7, "cells": [cell] });
    let evidence = json!({ "condition": "errorRate.max", "since": 1, "failed": 2, "requests": 3, "controlFailed": 0,
        "controlRequests": 5, "limit": 0.01, "edgeMs": 0 });
    let directive = json!({ "flag": "canary", "variant": "on", "generation": 0, "action": "rollback", "at": 9, "evidence": evidence });
    let clock = json!({ "flag": "button", "generation": 1, "heldAt": 1_772_452_805_000_u64, "lagMs": 5000 });
    let acknowledged = json!({ "isolate": "here", "sequence": 1 });
    let orders = json!({ "directives": [directive], "clocks": [clock], "acknowledged": acknowledged });
    let frozen = orders.to_string().replace("rollback", "freeze");
    [("rollback", orders.to_string()), ("freeze", frozen), ("empty", "{}".into())]
        .into_iter()
        .map(move |(name, orders)| ("told", name.into(), format!("{delta}\x0c{orders}\x0c1772452805000").into_bytes()))
}
