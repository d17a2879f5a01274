//! The crate as wasm: its hashing, its numbers, its decisions, its boundary. The environment says where: Node, a page, a worker.
#![cfg(all(target_family = "wasm", target_os = "unknown"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use js_sys::{DataView, Function, Reflect, Uint8Array, WebAssembly::Memory};
use pointsman::{
    Context, Engine, RequestFacts,
    hash::{Kind, cut, point, seed, unit},
    number,
};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

// ---- vectors computed by an independent implementation

fn rows(text: &str) -> impl Iterator<Item = (&str, Vec<Value>)> {
    text.split_terminator('\n').map(|line| (line, serde_json::from_str(line).unwrap()))
}

fn hex(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap(), 16).unwrap()
}

#[wasm_bindgen_test]
fn units_seeds_and_points_agree() {
    let mut count = 0;
    for (line, row) in rows(include_str!("vectors/bucketing.jsonl")) {
        let text = |place: usize| row[place].as_str().unwrap();
        let kind = match text(1) {
            "F" => Kind::Flag,
            "L" => Kind::Layer,
            "B" => Kind::Bucket,
            _ => Kind::Fault,
        };
        let (unit, seed) = (unit(text(3).as_bytes()), seed(text(0), kind, text(2)));
        assert_eq!((unit, seed), (hex(&row[4]), hex(&row[5])), "{line}");
        assert_eq!(Some(point(unit, seed)), row[6].as_u64(), "{line}");
        count += 1;
    }
    assert!(count >= 10_000, "only {count} rows");
}

#[wasm_bindgen_test]
fn cuts_of_percentages_agree() {
    let percentages = rows(include_str!("vectors/cuts.jsonl")).filter(|(_, row)| row[0] == "percentage");
    let mut count = 0;
    for (line, row) in percentages {
        assert_eq!(Some(cut(number::parse(&row[1].to_string()) / 100.0)), row[2].as_u64(), "{line}");
        count += 1;
    }
    assert!(count >= 1_000, "only {count} rows");
}

/// Here the host's parser takes what the crate's own doesn't. Bits as Python's `struct.pack("<d", float(text))` has them.
#[wasm_bindgen_test]
fn numbers_are_the_nearest_doubles() {
    let known = [
        ("-0", 0x8000_0000_0000_0000),
        ("4.35", 0x4011_6666_6666_6666),
        ("33.333333333333336", 0x4040_aaaa_aaaa_aaab),
        ("123456789012345.67", 0x42dc_1221_8377_de6b),
        ("9007199254740993", 0x4340_0000_0000_0000),
        ("0.30000000000000004", 0x3fd3_3333_3333_3334),
        ("100000000000000000000000", 0x44b5_2d02_c7e1_4af6),
        ("8.5e22", 0x44b1_ffdb_f6b2_b2eb),
        ("2.2250738585072011e-308", 0x000f_ffff_ffff_ffff),
        ("5e-324", 1),
        ("1e-999", 0),
        ("1.7976931348623157e308", 0x7fef_ffff_ffff_ffff),
    ];
    for (text, bits) in known {
        assert_eq!(number::parse(text).to_bits(), bits, "{text}");
    }
}

// ---- the engine

const SNAPSHOT: &str = r#"{
    "revision": 3,
    "flags": {
        "new-checkout": { "enabled": true, "rolloutPercentage": 25, "whitelistUsers": ["bob"] },
        "broken": { "enabled": true, "rolloutPercentage": 101 }
    },
    "backends": { "stable": { "origin": "https://stable.example" }, "canary": { "origin": "https://canary.example" } },
    "routes": [
        { "name": "fixed", "match": { "host": "fixed.example" }, "backend": "stable", "fallback": "stable" },
        { "name": "shop", "match": { "host": "shop.example", "path": "/cart", "methods": ["PUT"] },
          "flag": "new-checkout", "backends": { "on": "canary", "off": "stable" }, "fallback": "stable",
          "visitor": { "cookie": "vid", "maxAge": "1d" } }
    ]
}"#;

#[wasm_bindgen_test]
fn flags_are_decided() {
    let engine = Engine::from_slice(SNAPSHOT.as_bytes()).unwrap();
    let told = |flag: &str, id: &str| {
        let answer = engine.evaluate(flag, &Context::new().with("userId", id), 0);
        (answer.variant.map(String::from), answer.detail)
    };
    let some = |variant: &str| Some(String::from(variant));
    // alice lies at 17.38 % of the line (tests/vectors/README.md).
    assert_eq!(told("new-checkout", "alice"), (some("on"), "rollout"));
    assert_eq!(told("new-checkout", "bob"), (some("on"), "whitelist"));
    assert_eq!(told("new-checkout", ""), (some("off"), "TARGETING_KEY_MISSING"));
    assert_eq!(told("broken", "alice"), (None, "PARSE_ERROR"));
    assert_eq!(told("none", "alice"), (None, "FLAG_NOT_FOUND"));
    let facts = RequestFacts { host: b"shop.example", path: b"/cart", method: b"PUT", ..RequestFacts::default() };
    let bob = Context::new().with("userId", "bob");
    assert_eq!(engine.route(facts, &bob, 0).map(|to| to.backend), Some("canary"));
}

#[wasm_bindgen_test]
fn a_bad_snapshot_has_problems_and_the_last_good_one_stays() {
    let mut engine = Engine::from_slice(SNAPSHOT.as_bytes()).unwrap();
    let told = "5:59 /flags/broken/rolloutPercentage: `101` is not a percentage: use 0 to 100 (OUT_OF_RANGE)";
    assert_eq!(engine.problems().iter().map(ToString::to_string).collect::<Vec<_>>(), [told]);
    for (snapshot, told) in [
        ("{ \"flags\": ", "1:12: the text ends where a value was expected (NOT_JSON)"),
        ("{ \"revision\": 4, \"flags\": 7 }", "1:27 /flags: expected an object, found a number (WRONG_TYPE)"),
        ("{ \"revision\": 1e999 }", "1:15: a number beyond what a double can hold (NOT_JSON)"),
    ] {
        assert_eq!(engine.load(snapshot.as_bytes()).unwrap_err().problems()[0].to_string(), told);
        assert_eq!(engine.revision(), Some(3));
    }
}

// ---- the boundary, by the numbers of js/src/layout.ts

/// The number behind `export const NAME =`.
fn layout(name: &str) -> u32 {
    let (_, rest) = include_str!("../js/src/layout.ts").split_once(&format!("export const {name} = ")).unwrap();
    rest.split_once(';').unwrap().0.replace('_', "").parse().unwrap()
}

/// Calls one of the module's own exports.
fn call(name: &str, arguments: &[f64]) -> JsValue {
    let function: Function = Reflect::get(&wasm_bindgen::exports(), &name.into()).unwrap().unchecked_into();
    function.apply(&JsValue::NULL, &arguments.iter().map(|number| JsValue::from_f64(*number)).collect()).unwrap()
}

fn number_of(name: &str, arguments: &[f64]) -> u32 {
    // A wasm export gives 32 bits as a signed number.
    call(name, arguments).as_f64().unwrap() as i64 as u32
}

fn memory() -> JsValue {
    wasm_bindgen::memory().unchecked_into::<Memory>().buffer()
}

fn load(snapshot: &str) {
    let at = number_of("reserve", &[snapshot.len() as f64]);
    Uint8Array::new(&memory()).set(&Uint8Array::from(snapshot.as_bytes()), at);
    call("load", &[snapshot.len() as f64, 0.0, 1e6, 0.0]);
}

/// Writes one slot of the region: the text lies where it is told to.
fn put(slot: u32, kind: &str, text: &str, offset: u32) {
    let (region, slot) = (number_of("region", &[]), slot * layout("SLOT_BYTES"));
    let view = DataView::new(&memory().unchecked_into(), region as usize, layout("REGION_BYTES") as usize);
    view.set_uint32_endian(slot as usize, layout(kind), true);
    view.set_uint32_endian(slot as usize + 4, text.len() as u32, true);
    view.set_uint32_endian(slot as usize + 8, offset, true);
    Uint8Array::new(&memory()).set(&Uint8Array::from(text.as_bytes()), region + offset);
}

/// The words that `route` writes.
fn words() -> Vec<u32> {
    assert_eq!(number_of("route", &[0.0, 0.0]), 1);
    let length = layout("ROUTE_WORDS") as usize * 4;
    let view = DataView::new(&memory().unchecked_into(), number_of("results", &[]) as usize, length);
    (0..length).step_by(4).map(|at| view.get_uint32_endian(at, true)).collect()
}

#[wasm_bindgen_test]
fn facts_and_route_words_are_where_the_layout_says() {
    load(SNAPSHOT);
    let attributes: Vec<_> = Engine::from_slice(SNAPSHOT.as_bytes()).unwrap().attributes().map(String::from).collect();
    for slot in 0..attributes.len() {
        put(slot as u32, "KIND_MISSING", "", 2_000);
    }
    let fact =
        |name: &str, kind: &str, text: &str, offset| put(attributes.len() as u32 + layout(name), kind, text, offset);
    let told = |name: &str, words: &[u32]| words[layout(name) as usize];
    let code = |name: &str| layout(name) << 8 | layout("NO_RULE") << 16;
    fact("FACT_HOST", "KIND_STRING", "shop.example", 2_000);
    fact("FACT_PATH", "KIND_STRING", "/cart", 2_100);
    fact("FACT_METHOD", "KIND_STRING", "PUT", 2_200);
    fact("FACT_COOKIE", "KIND_STRING", "a=b; vid=alice", 2_300);
    fact("FACT_FRESH_ID", "KIND_STRING", "bob", 2_400);
    fact("FACT_NAVIGATION", "KIND_BOOLEAN", "1", 2_500);

    let known = words();
    assert_eq!((told("ROUTE_INDEX", &known), told("ROUTE_BACKEND", &known)), (1, 1));
    assert_eq!((told("ROUTE_DECISION", &known), told("ROUTE_FALLBACK", &known)), (code("CODE_ROLLOUT"), 0));
    assert_eq!(told("ROUTE_VISITOR", &known), layout("VISITOR_COOKIE"));
    assert_eq!((told("ROUTE_VISITOR_OFFSET", &known), told("ROUTE_VISITOR_LENGTH", &known)), (2_309, 5));

    fact("FACT_COOKIE", "KIND_MISSING", "", 2_300);
    let fresh = words();
    assert_eq!(
        (told("ROUTE_DECISION", &fresh), told("ROUTE_VISITOR", &fresh)),
        (code("CODE_WHITELIST"), layout("VISITOR_FRESH"))
    );
    assert_eq!((told("ROUTE_VISITOR_OFFSET", &fresh), told("ROUTE_VISITOR_LENGTH", &fresh)), (2_400, 3));

    fact("FACT_NAVIGATION", "KIND_BOOLEAN", "", 2_500);
    let nobody = words();
    assert_eq!((told("ROUTE_BACKEND", &nobody), told("ROUTE_FALLBACK", &nobody)), (0, 1));
    assert_eq!(told("ROUTE_DECISION", &nobody), code("CODE_TARGETING_KEY_MISSING") | 1);
    assert_eq!(told("ROUTE_VISITOR", &nobody), layout("VISITOR_NONE"));

    fact("FACT_HOST", "KIND_STRING", "fixed.example", 2_000);
    let fixed = words();
    assert_eq!((told("ROUTE_INDEX", &fixed), told("ROUTE_DECISION", &fixed)), (0, layout("NO_FLAG")));
    fact("FACT_HOST", "KIND_STRING", "other.example", 2_000);
    assert_eq!(number_of("route", &[0.0, 0.0]), 0);
}

#[wasm_bindgen_test]
fn flags_are_decided_over_the_region() {
    load(SNAPSHOT);
    let engine = Engine::from_slice(SNAPSHOT.as_bytes()).unwrap();
    for (slot, name) in engine.attributes().enumerate() {
        put(slot as u32, if name == "userId" { "KIND_STRING" } else { "KIND_MISSING" }, "alice", 2_000);
    }
    let (rollout, broken) = (layout("CODE_ROLLOUT") << 8, layout("CODE_PARSE_ERROR") << 8 | layout("NO_VARIANT"));
    let expected = [rollout, broken].map(|word| word | layout("NO_RULE") << 16);
    assert_eq!([0.0, 1.0].map(|flag| number_of("decide", &[flag, 0.0])), expected);
    assert_eq!(number_of("decide_all", &[0.0]), 2);
    let view = DataView::new(&memory().unchecked_into(), number_of("results", &[]) as usize, 8);
    assert_eq!([0, 4].map(|at| view.get_uint32_endian(at, true)), expected);
}
