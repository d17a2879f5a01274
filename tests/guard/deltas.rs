//! Deltas as text: what is taken, and what is refused and why.

use pointsman::{
    guard::{
        Cell, Guard,
        delta::{self, Delta, Reported},
    },
    limits,
};
use proptest::{collection::vec, prelude::*, test_runner::RngSeed};

const CELL: &str = r#"{"flag":"f","variant":"on","generation":0,"slot":10000,"index":178000,"requests":40,"failures":1,"timed":39,"slow":2,"buckets":[17,3,18,36]}"#;

fn with_cells(cells: &str) -> String {
    ["{\"isolate\":\"a\",\"sequence\":7,\"cells\":[", cells, "]}"].concat()
}

fn refusal(text: &str) -> String {
    delta::read(text).unwrap_err().problems()[0].to_string()
}

#[test]
fn the_wire_form() {
    let cell = Cell { requests: 40, failures: 1, timed: 39, slow: 2, buckets: vec![(17, 3), (18, 36)] };
    let reported =
        Reported { flag: "f".into(), variant: "on".into(), generation: 0, slot_ms: 10_000, index: 178_000, cell };
    let expected = Delta { isolate: "a".into(), sequence: 7, cells: vec![reported] };
    assert_eq!(delta::read(&with_cells(CELL)), Ok(expected.clone()));
    assert_eq!(delta::write(&expected), with_cells(CELL));
    assert_eq!(delta::write(&delta::read(&with_cells("")).unwrap()), with_cells(""));
}

#[test]
fn what_begins_with_x_is_ignored() {
    let more = CELL.replacen('{', "{\"x-note\":[{}],", 1);
    assert_eq!(delta::read(&with_cells(&more)), delta::read(&with_cells(CELL)));
}

#[test]
fn only_cells_of_the_guards_generation_and_slots_count() {
    let reported = &delta::read(&with_cells(CELL)).unwrap().cells[0];
    assert!(reported.fits(&Guard::default()));
    assert!(!reported.fits(&Guard { generation: 1, ..Guard::default() }));
    assert!(!reported.fits(&Guard { slot_ms: 5_000, ..Guard::default() }));
}

#[test]
fn what_is_not_a_delta() {
    for (text, expected) in [
        ("", "NOT_JSON"),
        ("{", "NOT_JSON"),
        ("\u{0}", "NOT_JSON"),
        ("null", "WRONG_TYPE"),
        ("[]", "WRONG_TYPE"),
        ("{}", "MISSING_FIELD"),
        (r#"{"isolate":"a","sequence":7}"#, "MISSING_FIELD"),
        (r#"{"isolate":"","sequence":7,"cells":[]}"#, "EMPTY"),
        (r#"{"isolate":"a\u0000","sequence":7,"cells":[]}"#, "INVALID_VALUE"),
        (r#"{"isolate":7,"sequence":7,"cells":[]}"#, "WRONG_TYPE"),
        (r#"{"isolate":"a","sequence":7.5,"cells":[]}"#, "OUT_OF_RANGE"),
        (r#"{"isolate":"a","sequence":-1,"cells":[]}"#, "OUT_OF_RANGE"),
        (r#"{"isolate":"a","sequence":9007199254740992,"cells":[]}"#, "OUT_OF_RANGE"),
        (r#"{"isolate":"a","sequence":1e999,"cells":[]}"#, "NOT_JSON"),
        (r#"{"isolate":"a","sequence":"7","cells":[]}"#, "WRONG_TYPE"),
        (r#"{"isolate":"a","sequence":7,"cells":{}}"#, "WRONG_TYPE"),
        (r#"{"isolate":"a","sequence":7,"cells":[7]}"#, "WRONG_TYPE"),
        (r#"{"isolate":"a","sequence":7,"cells":[],"more":1}"#, "UNKNOWN_FIELD"),
        (r#"{"isolate":"a","isolate":"b","sequence":7,"cells":[]}"#, "DUPLICATE_KEY"),
    ] {
        let refusal = refusal(text);
        assert!(refusal.ends_with(&["(", expected, ")"].concat()), "{text}: {refusal}");
    }
}

#[test]
fn numbers_that_are_no_counts() {
    for (from, to, expected) in [
        ("\"requests\":40", "\"requests\":-1", "`-1` is not a count: use a whole number, 0 to 2^32 - 1"),
        (
            "\"requests\":40",
            "\"requests\":4294967296",
            "`4294967296` is not a count: use a whole number, 0 to 2^32 - 1",
        ),
        ("\"requests\":40", "\"requests\":40.5", "`40.5` is not a count"),
        ("\"requests\":40", "\"requests\":null", "expected a number, found null"),
        ("\"requests\":40", "\"requests\":0", "more failures than requests"),
        ("\"failures\":1", "\"failures\":41", "more failures than requests"),
        ("\"timed\":39", "\"timed\":41", "more timed requests than requests"),
        ("\"slow\":2", "\"slow\":40", "more slow requests than timed ones"),
        ("\"slow\":2,", "", "the member `slow` is missing"),
        ("\"slot\":10000", "\"slot\":0", "`0` is not a slot's length in milliseconds, 1 or more"),
        ("\"flag\":\"f\"", "\"flag\":\"\"", "a name must not be empty"),
        ("\"index\":178000", "\"index\":178000,\"index\":178000", "`index` stands here a second time"),
        ("[17,3,18,36]", "[17,3,18,37]", "more requests in buckets than timed ones"),
        ("[17,3,18,36]", "[17,3,18]", "buckets that are not pairs"),
        ("[17,3,18,36]", "[18,3,17,36]", "buckets that are not pairs"),
        ("[17,3,18,36]", "[17,3,17,36]", "buckets that are not pairs"),
        ("[17,3,18,36]", "[17,3,130,36]", "buckets that are not pairs"),
        ("[17,3,18,36]", "[17,3,274,36]", "buckets that are not pairs"),
        ("[17,3,18,36]", "[17,0]", "buckets that are not pairs"),
        ("[17,3,18,36]", "[17,\"3\"]", "expected a number, found a string"),
    ] {
        assert!(CELL.contains(from));
        let refusal = refusal(&with_cells(&CELL.replacen(from, to, 1)));
        assert!(refusal.contains(expected) && refusal.contains("/cells/0"), "{to}: {refusal}");
    }
}

#[test]
fn bounds() {
    let isolate = |bytes| ["{\"isolate\":\"", &"i".repeat(bytes), "\",\"sequence\":7,\"cells\":[]}"].concat();
    assert!(delta::read(&isolate(64)).is_ok());
    assert_eq!(refusal(&isolate(65)), "1:12 /isolate: a name of more than 64 bytes, the limit (LIMIT_EXCEEDED)");
    let many = |count| with_cells(&vec![CELL; count].join(","));
    assert_eq!(delta::read(&many(limits::DELTA_CELLS)).unwrap().cells.len(), 10_000);
    assert!(refusal(&many(limits::DELTA_CELLS + 1)).contains("more than 10000 entries, the limit (LIMIT_EXCEEDED)"));
    let mut long = with_cells(CELL);
    long.push_str(&" ".repeat(limits::DELTA_BYTES - long.len()));
    assert!(delta::read(&long).is_ok());
    long.push(' ');
    assert!(refusal(&long).ends_with("(LIMIT_EXCEEDED)"));
    assert!(refusal(&"[".repeat(1_000)).ends_with("(LIMIT_EXCEEDED)"));
}

/// A cell that has a request in every one of the 130 buckets.
#[test]
fn as_many_buckets_as_there_are() {
    let pairs = |count| (0..count).map(|bucket| format!("{bucket},1")).collect::<Vec<_>>().join(",");
    let cell = |count| {
        let counted = CELL.replace("\"requests\":40", "\"requests\":200").replace("\"timed\":39", "\"timed\":200");
        with_cells(&counted.replace("17,3,18,36", &pairs(count)))
    };
    let buckets = &delta::read(&cell(130)).unwrap().cells[0].cell.buckets;
    assert_eq!((buckets.len(), buckets[129]), (130, (129, 1)));
    assert!(refusal(&cell(131)).contains("more than 260 entries, the limit (LIMIT_EXCEEDED)"));
}

#[test]
fn names_of_isolates() {
    let long = "i".repeat(64);
    assert!(["f3a1", "ä \"\\", &long].iter().all(|name| delta::is_isolate(name)));
    assert!(["", "a\n", "\u{7f}", &[&long, "i"].concat()].iter().all(|name| !delta::is_isolate(name)));
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z-]{1,12}", "[a-z\"\\\\/é\u{1f600}]{1,8}"]
}

fn a_cell() -> impl Strategy<Value = Cell> {
    let buckets = proptest::collection::btree_map(0_u8..130, 1_u32..1_000, 0..6);
    (0_u32..1_000, 0_u32..1_000, 0_u32..1_000, buckets).prop_map(|(rest, failures, slow, buckets)| {
        let timed = slow + buckets.values().sum::<u32>();
        Cell { requests: rest + timed.max(failures), failures, timed, slow, buckets: buckets.into_iter().collect() }
    })
}

fn reported() -> impl Strategy<Value = Reported> {
    (name(), name(), 0_u64..1 << 53, 1_u64..1 << 53, 0_u64..1 << 53, a_cell()).prop_map(
        |(flag, variant, generation, slot_ms, index, cell)| Reported {
            flag,
            variant,
            generation,
            slot_ms,
            index,
            cell,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(isolate in name(), sequence in 0_u64..1 << 53, cells in vec(reported(), 0..5)) {
        let sent = Delta { isolate, sequence, cells };
        let text = delta::write(&sent);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        prop_assert_eq!(delta::read(&text), Ok(sent));
    }

    /// Any text gives a delta or a problem; where one character of a sound one is lost or another, what is read is still sound.
    #[test]
    fn any_text_is_read_or_refused(noise in "\\PC{0,40}", at in any::<prop::sample::Index>(), with in "\\PC?") {
        prop_assert!(delta::read(&noise).is_err());
        let mut text = with_cells(CELL);
        let place = at.index(text.len());
        text.replace_range(place..=place, &with);
        for reported in delta::read(&text).map(|delta| delta.cells).unwrap_or_default() {
            let cell = reported.cell;
            prop_assert!(cell.failures <= cell.requests && cell.slow <= cell.timed && cell.timed <= cell.requests);
        }
    }
}
