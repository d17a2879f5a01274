//! The published texts of `tests/json/`, and nesting without end, natively.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{Code, Context, Engine, limits::DEPTH};
use serde_json::Value;
use std::thread;

struct Text {
    name: String,
    bytes: Vec<u8>,
}

/// Texts that hold a member twice: JSON, but no snapshot.
const TWICE: [&str; 2] = ["y_object_duplicated_key", "y_object_duplicated_key_and_value"];

/// Of those that a reader may refuse: numbers that the nearest double stands for.
const ROUNDED: [&str; 5] = [
    "i_number_double_huge_neg_exp",
    "i_number_real_underflow",
    "i_number_too_big_neg_int",
    "i_number_too_big_pos_int",
    "i_number_very_big_negative_int",
];

fn texts() -> Vec<Text> {
    let texts: Vec<Text> = include_str!("json/parsing.jsonl").lines().map(read).collect();
    let of = |kind: &str| texts.iter().filter(|text| text.name.starts_with(kind)).count();
    assert_eq!([of("y_"), of("n_"), of("i_")], [95, 188, 35]);
    texts
}

fn read(line: &str) -> Text {
    let row: Value = serde_json::from_str(line).unwrap();
    let text = |member: &str| row[member].as_str().unwrap_or_default();
    let repeated = text("repeat").repeat(row["times"].as_u64().unwrap_or(0) as usize);
    let mut bytes = [text("text"), &repeated, text("end")].concat().into_bytes();
    let digits = text("hex");
    bytes.extend(
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2).unwrap(), 16).unwrap()),
    );
    Text { name: row["name"].as_str().unwrap().into(), bytes }
}

/// The codes of what is wrong with a snapshot, and whether it was refused.
fn codes(snapshot: &[u8]) -> (bool, Vec<Code>) {
    let of = |problems: &[pointsman::Problem]| problems.iter().map(|problem| problem.code).collect();
    match Engine::from_slice(snapshot) {
        Ok(engine) => (false, of(engine.problems())),
        Err(error) => (true, of(error.problems())),
    }
}

fn is_no_json(codes: &[Code]) -> bool {
    codes.iter().any(|code| matches!(code, Code::NotJson | Code::LimitExceeded))
}

/// As a member that is ignored.
fn embedded(text: &Text) -> Vec<u8> {
    [b"{\"x-any\":", &text.bytes[..], b"}"].concat()
}

#[test]
fn what_must_be_refused_is_refused_everywhere() {
    for text in texts().iter().filter(|text| text.name.starts_with("n_")) {
        for snapshot in [text.bytes.clone(), embedded(text)] {
            let (refused, codes) = codes(&snapshot);
            assert!(refused && codes.len() == 1 && is_no_json(&codes), "{}: {codes:?}", text.name);
        }
    }
}

#[test]
fn what_must_be_taken_is_taken() {
    for text in texts().iter().filter(|text| text.name.starts_with("y_")) {
        assert!(!is_no_json(&codes(&text.bytes).1), "{}", text.name);
        let expected =
            if TWICE.contains(&text.name.as_str()) { (true, vec![Code::DuplicateKey]) } else { (false, vec![]) };
        assert_eq!(codes(&embedded(text)), expected, "{}", text.name);
    }
}

#[test]
fn where_there_is_a_choice_only_what_can_be_kept_is_taken() {
    for text in texts().iter().filter(|text| text.name.starts_with("i_")) {
        let (refused, codes) = codes(&embedded(text));
        assert_eq!(refused, !ROUNDED.contains(&text.name.as_str()), "{}: {codes:?}", text.name);
        assert_eq!(refused, is_no_json(&codes), "{}: {codes:?}", text.name);
    }
}

#[test]
fn values_are_what_another_reader_makes_of_them() {
    let is_taken = |text: &&Text| {
        text.name.starts_with("y_") && !TWICE.contains(&text.name.as_str()) || ROUNDED.contains(&text.name.as_str())
    };
    for text in texts().iter().filter(is_taken) {
        let flag = [br#"{"flags":{"f":{"enabled":true,"variants":{"off":0,"on":"#, &text.bytes[..], b"}}}}"].concat();
        let engine = Engine::from_slice(&flag).unwrap();
        let value: Value = serde_json::from_str(engine.evaluate("f", &Context::new(), 0).value).unwrap();
        assert_eq!(value, serde_json::from_slice::<Value>(&text.bytes).unwrap(), "{}", text.name);
    }
}

/// So many times the start, the core, so many times the end.
fn nested(times: usize, start: &str, core: &str, end: &str) -> String {
    [&start.repeat(times), core, &end.repeat(times)].concat()
}

/// A stack that recursion over the input would soon use up.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap()
}

#[test]
fn nesting_without_end_is_refused_on_a_small_stack() {
    let condition =
        |inner: String| format!(r#"{{"flags":{{"f":{{"enabled":true,"rules":[{{"serve":"on","if":{inner}}}]}}}}}}"#);
    on_a_small_stack(move || {
        for times in [10_000, 100_000] {
            let snapshots = [
                nested(times, "[", "", "]"),
                nested(times, "{\"a\":", "1", "}"),
                nested(times, "[", "", ""),
                condition(nested(times, r#"{"not":"#, r#"{"segment":"s"}"#, "}")),
                condition(nested(times / 2, r#"{"all":[{"any":["#, r#"{"segment":"s"}"#, "]}]}")),
                format!(r#"{{"x-any":{}}}"#, nested(times, "[", "", "]")),
            ];
            for snapshot in snapshots {
                let error = Engine::from_slice(snapshot.as_bytes()).unwrap_err();
                let problem = &error.problems()[0];
                assert_eq!((problem.code, error.problems().len()), (Code::LimitExceeded, 1));
                assert_eq!(problem.message, "nested deeper than 64 levels");
            }
        }
    });
}

#[test]
fn nesting_to_the_limit_is_taken_and_evaluated_on_a_small_stack() {
    // The snapshot, its flags, the flag, its rules and the rule are five; each `not` is one, and so is what it is over.
    let within = DEPTH - 6;
    let snapshot = |levels: usize| {
        let condition = nested(levels, r#"{"not":"#, r#"{"attribute":"a","op":"exists"}"#, "}");
        format!(
            r#"{{"flags":{{"f":{{"enabled":true,"rolloutPercentage":0,"rules":[{{"serve":"on","if":{condition}}}]}}}}}}"#
        )
    };
    on_a_small_stack(move || {
        let engine = Engine::from_slice(snapshot(within).as_bytes()).unwrap();
        // An even number of negations of false.
        assert_eq!((within % 2, engine.evaluate("f", &Context::new(), 0).variant), (0, Some("off")));
        let error = Engine::from_slice(snapshot(within + 1).as_bytes()).unwrap_err();
        assert_eq!(error.problems()[0].message, "nested deeper than 64 levels");
    });
}
