//! Runs `tests/errors/`: what a snapshot is told when it is bad, to the character.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use pointsman::{Engine, Problem};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_bad_snapshot_is_told_what_is_wrong() {
    let mut failures = Vec::new();
    let snapshots: Vec<_> = snapshots().into_iter().filter(|path| is_for_this_build(path)).collect();
    for path in &snapshots {
        let expected = seen(&fs::read_to_string(path.with_extension("txt")).unwrap());
        let actual = told(&fs::read(path).unwrap());
        if actual != expected {
            failures.push(format!("{}\nexpected {expected}actual   {actual}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), snapshots.len(), failures.join("\n"));
    assert!(snapshots.len() > 100, "only {} snapshots were found", snapshots.len());
}

/// What one build takes, the other may not.
fn is_for_this_build(path: &Path) -> bool {
    let other = if cfg!(feature = "full") { "core-" } else { "full-" };
    !path.file_name().unwrap().to_str().unwrap().starts_with(other)
}

/// What this build sees of the problems: without the edge not what backends, routes and guards hold. A problem there in backends and
/// routes refuses the whole snapshot: with no other left, it is loaded.
fn seen(text: &str) -> String {
    if cfg!(feature = "edge") {
        return text.into();
    }
    let (verdict, problems) = text.split_once('\n').unwrap();
    let seen: Vec<_> = problems.lines().filter(|problem| !is_unseen(problem)).collect();
    let verdict = if seen.is_empty() { "loaded" } else { verdict };
    seen.iter().fold(format!("{verdict}\n"), |text, problem| format!("{text}{problem}\n"))
}

/// By its pointer: `2:7 /routes/0/name: …`. That two backends have one name is seen: this is about the object of all backends.
fn is_unseen(problem: &str) -> bool {
    let pointer = problem.split_once(' ').map_or("", |(_, rest)| rest.split(": ").next().unwrap());
    match pointer.split('/').collect::<Vec<_>>()[..] {
        [_, "backends", _] => !problem.ends_with("(DUPLICATE_KEY)"),
        [_, "backends" | "routes", _, ..] | [_, "flags", _, "guard", ..] => true,
        _ => false,
    }
}

/// Codes that come from a second load: `tests/loading.rs` has these.
const OF_RELOADS: [&str; 3] = ["STALE_REVISION", "REVISION_CONFLICT", "REVISION_MISSING"];

/// Codes that are of no JSON: `tests/compiled.rs` has these.
const OF_COMPILED: [&str; 2] = ["COMPILED_VERSION", "COMPILED_DAMAGED"];

#[test]
fn every_code_has_a_snapshot() {
    let told: String = snapshots().iter().map(|path| fs::read_to_string(path.with_extension("txt")).unwrap()).collect();
    let (loading, compiled) = (include_str!("loading.rs"), include_str!("compiled.rs"));
    let mut count = 0;
    for code in codes() {
        let elsewhere = OF_RELOADS.contains(&code) && loading.contains(code)
            || OF_COMPILED.contains(&code) && compiled.contains(code);
        let shown = elsewhere || told.contains(&format!("({code})"));
        assert!(shown, "no test shows {code}");
        count += 1;
    }
    assert!(count > 20, "only {count} codes were found");
}

#[test]
fn every_text_has_its_snapshot() {
    let texts = files("txt");
    let snapshots: Vec<_> = snapshots().iter().map(|path| path.with_extension("txt")).collect();
    assert_eq!(texts, snapshots);
}

/// The codes in the words of programs, from the table in the source.
fn codes() -> impl Iterator<Item = &'static str> {
    let rows = include_str!("../src/error.rs").lines().filter_map(|line| line.trim().strip_prefix("Code::"));
    rows.filter_map(|row| row.split_once("=> \"")?.1.strip_suffix("\","))
}

fn snapshots() -> Vec<PathBuf> {
    files("json")
}

fn files(extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|own| own == extension)).collect();
    files.sort();
    files
}

fn told(snapshot: &[u8]) -> String {
    match Engine::from_slice(snapshot) {
        Ok(engine) => text("loaded", engine.problems()),
        Err(error) => text("refused", error.problems()),
    }
}

fn text(verdict: &str, problems: &[Problem]) -> String {
    problems.iter().fold(format!("{verdict}\n"), |text, problem| format!("{text}{problem}\n"))
}
