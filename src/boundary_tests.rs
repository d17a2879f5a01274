//! The packed layout and the decision words stand here and in `js/src/layout.ts`: both must say the same.
//! What `wasm.rs` alone knows, the order of facts and of result words, is compared in `tests/web.rs`.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use crate::{
    context::{
        Attributes, Value,
        packed::{Packed, SLOT_BYTES},
    },
    decision::{Cause, Decision},
    limits,
};
use std::fs;

fn layout() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/js/src/layout.ts")).unwrap()
}

/// The number behind `export const NAME =`.
fn number(name: &str) -> u32 {
    let (start, layout) = (format!("export const {name} = "), layout());
    let rest = layout.split_once(&start).unwrap_or_else(|| panic!("no {name} in layout.ts")).1;
    rest.split_once(';').unwrap().0.replace('_', "").parse().unwrap()
}

/// The quoted words of the table behind `export const NAME`, row by row.
fn rows(name: &str) -> Vec<Vec<String>> {
    let layout = layout();
    let table = layout.split_once(&format!("export const {name}")).unwrap().1.split_once(';').unwrap().0;
    let words = |line: &str| line.split('"').skip(1).step_by(2).map(String::from).collect();
    table.lines().filter(|line| line.contains('"')).map(words).collect()
}

#[test]
fn sizes_are_the_same() {
    assert_eq!(number("REGION_BYTES") as usize, limits::REGION_BYTES);
    assert_eq!(number("SLOT_BYTES") as usize, SLOT_BYTES);
    // The slots of attributes and facts leave room for the longest string, twice.
    let slots = (limits::ATTRIBUTES + number("FACTS") as usize) * SLOT_BYTES;
    assert!(slots + 2 * number("STRING_BYTES") as usize <= limits::REGION_BYTES);
}

/// A region whose first slots are these: kind, length, payload. Text and elements follow.
fn region(slots: &[(&str, u32, [u8; 8])]) -> Vec<u8> {
    let words = |(kind, length, payload): &(&str, u32, [u8; 8])| {
        [&number(kind).to_le_bytes()[..], &length.to_le_bytes(), payload].concat()
    };
    slots.iter().flat_map(words).chain(*b"text").collect()
}

fn offset(bytes: usize) -> [u8; 8] {
    (bytes as u64).to_le_bytes()
}

#[test]
fn kinds_of_slots_are_the_same() {
    let region = region(&[
        ("KIND_MISSING", 9, [9; 8]),
        ("KIND_STRING", 4, offset(7 * SLOT_BYTES)),
        ("KIND_NUMBER", 9, (-12.5_f64).to_le_bytes()),
        ("KIND_BOOLEAN", 1, [9; 8]),
        ("KIND_BOOLEAN", 0, [9; 8]),
        ("KIND_LIST", 3, offset(SLOT_BYTES)),
        ("KIND_UNUSABLE", 0, [0; 8]),
    ]);
    let value = |slot| Packed::new(&region).value(slot);
    assert!(matches!(value(0), Value::Missing));
    assert!(matches!(value(1), Value::Text(b"text")));
    assert!(matches!(value(2), Value::Number(-12.5)));
    assert!(matches!(value(3), Value::Boolean(true)));
    assert!(matches!(value(4), Value::Boolean(false)));
    assert!(matches!(value(6), Value::Unusable));
    let Value::List(list) = value(5) else { panic!("no list") };
    let elements: Vec<_> = list.iter().collect();
    assert!(matches!(elements[..], [Value::Text(b"text"), Value::Number(-12.5), Value::Boolean(true)]));
}

#[test]
fn what_does_not_fit_the_region_is_unusable() {
    let beyond = [
        ("KIND_STRING", 5, offset(SLOT_BYTES)),
        ("KIND_STRING", u32::MAX, offset(0)),
        ("KIND_STRING", 0, offset(usize::MAX)),
        ("KIND_LIST", 2, offset(0)),
        ("KIND_LIST", u32::MAX, offset(0)),
        ("KIND_NUMBER", 0, f64::NAN.to_le_bytes()),
        ("KIND_NUMBER", 0, f64::INFINITY.to_le_bytes()),
    ];
    for slot in beyond {
        assert!(matches!(Packed::new(&region(&[slot])).value(0), Value::Unusable), "{slot:?}");
    }
    assert!(matches!(Packed::new(&region(&[])).value(0), Value::Unusable));
}

const CAUSES: [Cause; 13] = [
    Cause::Disabled,
    Cause::Override,
    Cause::Whitelist,
    Cause::RuleServe,
    Cause::RuleRollout,
    Cause::Rollout,
    Cause::Layer,
    Cause::Fallthrough,
    Cause::Static,
    Cause::Rollback,
    Cause::FlagNotFound,
    Cause::ParseError,
    Cause::TargetingKeyMissing,
];

/// The name in layout.ts. A cause that is new here belongs in `CAUSES` too.
fn code(cause: Cause) -> &'static str {
    match cause {
        Cause::Disabled => "CODE_DISABLED",
        Cause::Override => "CODE_OVERRIDE",
        Cause::Whitelist => "CODE_WHITELIST",
        Cause::RuleServe => "CODE_RULE_SERVE",
        Cause::RuleRollout => "CODE_RULE_SPLIT",
        Cause::Rollout => "CODE_ROLLOUT",
        Cause::Layer => "CODE_LAYER",
        Cause::Fallthrough => "CODE_FALLTHROUGH",
        Cause::Static => "CODE_STATIC",
        Cause::Rollback => "CODE_ROLLBACK",
        Cause::FlagNotFound => "CODE_FLAG_NOT_FOUND",
        Cause::ParseError => "CODE_PARSE_ERROR",
        Cause::TargetingKeyMissing => "CODE_TARGETING_KEY_MISSING",
    }
}

#[test]
fn decision_words_are_the_same() {
    let (no_variant, no_rule) = (number("NO_VARIANT"), number("NO_RULE"));
    for cause in CAUSES {
        let bits = number(code(cause)) << 8;
        assert_eq!(Decision::unknown(cause).word(), no_variant | bits | no_rule << 16, "{cause:?}");
        assert_eq!(Decision::new(254, cause).word(), 254 | bits | no_rule << 16, "{cause:?}");
        let rule = if cause.is_error() { no_rule } else { 999 };
        assert_eq!(Decision::new(7, cause).by_rule(999).word(), 7 | bits | rule << 16, "{cause:?}");
        assert_ne!(Decision::new(7, cause).word(), number("NO_FLAG"));
    }
}

#[test]
fn codes_mean_the_same() {
    let (outcomes, errors) = (rows("OUTCOMES"), rows("ERRORS").concat());
    assert_eq!((outcomes.len(), errors.len()), (10, 6));
    for cause in CAUSES {
        let place = number(code(cause)) as usize;
        let told = match place.checked_sub(128) {
            Some(error) => ["ERROR", &errors[error]],
            None => [outcomes[place][0].as_str(), outcomes[place][1].as_str()],
        };
        assert_eq!(told, [cause.reason().as_str(), cause.detail()], "{cause:?}");
        assert_eq!(cause.error_code().map(|code| code.as_str()), cause.is_error().then_some(cause.detail()));
    }
}
