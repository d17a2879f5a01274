//! Loads and reloads: what is refused, what stays, and what is carried.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use pointsman::{Code, Context, Engine, ErrorCode, LoadReport, Options, RequestFacts, limits};

const STRICT: Options = Options { strict: true, max_snapshot_bytes: limits::SNAPSHOT_BYTES };

fn engine(snapshot: &str) -> Engine {
    Engine::from_slice(snapshot.as_bytes()).unwrap()
}

/// Variant and detail for a user.
fn decided<'e>(engine: &'e Engine, flag: &str, user: &str) -> (Option<&'e str>, &'e str) {
    let evaluation = engine.evaluate(flag, &Context::new().with("userId", user), 0);
    (evaluation.variant, evaluation.detail)
}

fn refusal(engine: &mut Engine, snapshot: &[u8]) -> Vec<String> {
    engine.load(snapshot).unwrap_err().problems().iter().map(ToString::to_string).collect()
}

// ---- what is refused

const GOOD: &str =
    r#"{ "revision": 7, "flags": { "f": { "enabled": true, "rolloutPercentage": 0, "whitelistUsers": ["alice"] } } }"#;

/// Snapshots that are refused after `GOOD`, and what they are told.
const REFUSED: [(&[u8], &str); 12] = [
    (b"flags: on", "1:1: expected a value (NOT_JSON)"),
    (b"{ \"revision\": 8", "1:16: the text ends where `,` or `}` was expected (NOT_JSON)"),
    (b"{ \"salt\": \"\xff\" }", "1:1: not UTF-8 at byte 11 (NOT_JSON)"),
    (br#"{ "revision": 8, "flags": 7 }"#, "1:27 /flags: expected an object, found a number (WRONG_TYPE)"),
    (br#"{ "revision": 8, "flag": {} }"#, "1:18 /flag: unknown field `flag`; did you mean `flags`? (UNKNOWN_FIELD)"),
    (
        br#"{ "revision": 8, "schema": 2 }"#,
        "1:28 /schema: schema `2` is newer than this engine, which knows 1: update `pointsman` (UNSUPPORTED_SCHEMA)",
    ),
    (
        br#"{ "revision": 6 }"#,
        "1:15 /revision: revision `6` is lower than `7`, in use: to go back, publish the old content under a higher one (STALE_REVISION)",
    ),
    (
        br#"{ "revision": 7 }"#,
        "1:15 /revision: revision `7` is in use with other content: publish a change under a higher one (REVISION_CONFLICT)",
    ),
    // No revision, which is said once.
    (br#"{ "revision": "8" }"#, "1:15 /revision: expected a number, found a string (WRONG_TYPE)"),
    (br#"{ "revision": -8 }"#, "1:15 /revision: `-8` is not a revision: use a whole number, 0 or more (OUT_OF_RANGE)"),
    (
        br#"{ "revision": 8.5 }"#,
        "1:15 /revision: `8.5` is not a revision: use a whole number, 0 or more (OUT_OF_RANGE)",
    ),
    (
        br#"{ "flags": {} }"#,
        "1:1: there is no revision, after a snapshot with revision 7: give it a higher one (REVISION_MISSING)",
    ),
];

#[test]
fn the_last_good_snapshot_stays_after_each_refusal() {
    let mut engine = engine(GOOD);
    for (snapshot, told) in REFUSED {
        assert_eq!(refusal(&mut engine, snapshot), [told]);
        assert_good_is_in_use(&engine);
    }
    assert!(engine.load(GOOD.as_bytes()).unwrap().unchanged);
    let next = br#"{ "revision": 8, "flags": { "f": { "enabled": false } } }"#;
    assert_eq!(engine.load(next).unwrap().changed, ["f"]);
    assert_eq!(decided(&engine, "f", "alice"), (Some("off"), "disabled"));
}

fn assert_good_is_in_use(engine: &Engine) {
    assert_eq!((engine.revision(), engine.problems().len()), (Some(7), 0));
    assert_eq!(engine.flags().collect::<Vec<_>>(), ["f"]);
    assert_eq!(decided(engine, "f", "alice"), (Some("on"), "whitelist"));
    assert_eq!(decided(engine, "f", "bob"), (Some("off"), "rollout"));
}

#[test]
fn a_snapshot_cut_off_anywhere_is_refused() {
    let next = GOOD.replace("7", "8");
    let mut engine = engine(GOOD);
    for end in 0..next.len() {
        refusal(&mut engine, &next.as_bytes()[..end]);
        assert_good_is_in_use(&engine);
    }
    engine.load(next.as_bytes()).unwrap();
}

#[test]
fn deep_nesting_is_refused() {
    let mut engine = engine(GOOD);
    for open in ["[", "{\"a\":"] {
        let column = limits::DEPTH * open.len() + 1;
        let told = format!("1:{column}: nested deeper than 64 levels (LIMIT_EXCEEDED)");
        assert_eq!(refusal(&mut engine, open.repeat(10_000).as_bytes()), [told]);
    }
}

#[test]
fn a_strict_engine_refuses_what_would_break_one_flag() {
    let mut engine = Engine::new(GOOD.as_bytes(), STRICT).unwrap();
    let next = br#"{ "revision": 8, "flags": { "f": { "enabled": true, "rolloutPercentage": 101 } } }"#;
    let told = "1:74 /flags/f/rolloutPercentage: `101` is not a percentage: use 0 to 100 (OUT_OF_RANGE)";
    assert_eq!(refusal(&mut engine, next), [told]);
    assert_good_is_in_use(&engine);
    let error = Engine::new(next, STRICT).unwrap_err();
    assert_eq!(error.to_string(), format!("the snapshot was refused\n  {told}"));
}

#[test]
fn a_snapshot_without_revisions_takes_any() {
    let mut engine = engine("{}");
    assert_eq!(engine.load(br#"{ "salt": "s" }"#).unwrap().revision, None);
    assert_eq!(engine.load(br#"{ "revision": 0 }"#).unwrap().revision, Some(0));
    assert_eq!(engine.load(b"{}").unwrap_err().problems()[0].code, Code::RevisionMissing);
}

#[test]
fn a_snapshot_may_have_so_many_bytes_and_no_more() {
    let sized = |bytes: usize| format!("{{{}}}", " ".repeat(bytes - 2)).into_bytes();
    let of = |max| Options { max_snapshot_bytes: max, ..Options::default() };
    let most = limits::SNAPSHOT_BYTES_MAX;
    for (options, limit) in [(of(100), 100), (Options::default(), 8 << 20), (of(most + 1), 64 << 20)] {
        let mut engine = Engine::new(&sized(limit), options).unwrap();
        let told = format!("1:1: a snapshot of {} bytes; the limit is {limit} (LIMIT_EXCEEDED)", limit + 1);
        assert_eq!(refusal(&mut engine, &sized(limit + 1)), [told]);
        assert!(engine.load(&sized(limit)).unwrap().unchanged);
    }
}

// ---- what a load reports

#[test]
fn the_same_bytes_change_nothing() {
    let mut engine = engine(GOOD);
    let expected = LoadReport { unchanged: true, revision: Some(7), ..LoadReport::default() };
    assert_eq!(engine.load(GOOD.as_bytes()).unwrap(), expected);
    assert_good_is_in_use(&engine);
}

#[test]
fn a_report_names_what_changed() {
    let mut engine = engine(
        r#"{ "flags": { "same": { "enabled": true }, "gone": { "enabled": true },
            "hurt": { "enabled": true }, "edited": { "enabled": true }, "lost": { "enabled": 1 } } }"#,
    );
    let report = engine
        .load(
            br#"{ "revision": 3, "flags": { "new": { "enabled": true }, "\u00e4": { "enabled": true }, "hurt": { "enabled": 1 },
            "same": { "enabled": true }, "edited": { "enabled": false }, "bad": { "enabled": 1 }, "lost": { "enabled": 1 } } }"#,
        )
        .unwrap();
    let names = |names: &[&str]| names.iter().map(|name| String::from(*name)).collect::<Vec<_>>();
    assert_eq!(report.problems.len(), 3);
    let expected = LoadReport {
        unchanged: false,
        revision: Some(3),
        added: names(&["bad", "new", "ä"]),
        removed: names(&["gone"]),
        changed: names(&["edited"]),
        carried: names(&["hurt"]),
        broken: names(&["bad", "lost"]),
        problems: engine.problems().to_vec(),
    };
    assert_eq!(report, expected);
}

// ---- flags that break

/// Broken in three ways, with texts of different lengths round it.
const BREAKS: [&str; 3] = [
    r#"{ "salt": "SALT", "flags": { "f": { "enabled": true, "rolloutPercentage": 101 } } }"#,
    r#"{ "flags": { "before": { "enabled": true, "metadata": { "k": "a long text" } }, "f": null }, "salt": "SALT" }"#,
    r#"{ "salt": "SALT", "flags": { "f": { "on": true }, "behind": { "enabled": false } } }"#,
];

const SOUND: &str = r##"{ "salt": "SALT", "flags": { "f": {
    "enabled": true, "variants": { "blue": { "hex": "#00f" }, "off": null }, "onVariant": "blue",
    "rolloutPercentage": 50, "whitelist": { "blue": ["alice"] }, "metadata": { "owner": "shop" } } } }"##;

#[test]
fn a_broken_flag_keeps_its_last_sound_definition() {
    let mut engine = engine(&SOUND.replace("SALT", "first"));
    let first = picks(&engine);
    for (broken, salt) in BREAKS.iter().zip(["second", "third", "fourth"]) {
        let report = engine.load(broken.replace("SALT", salt).as_bytes()).unwrap();
        assert_eq!((report.carried, report.broken), (vec![String::from("f")], vec![]));
        assert!(!report.problems.is_empty());
        let alice = engine.evaluate("f", &Context::new().with("userId", "alice"), 0);
        assert_eq!((alice.variant, alice.detail), (Some("blue"), "whitelist"));
        assert_eq!((alice.value, alice.metadata), (r##"{ "hex": "#00f" }"##, r#"{ "owner": "shop" }"#));
        assert_eq!(picks(&engine), picks(&self::engine(&SOUND.replace("SALT", salt))), "with the new salt");
        assert_ne!(picks(&engine), first);
    }
}

/// Who of two hundred is in.
fn picks(engine: &Engine) -> Vec<bool> {
    (0..200).map(|id| decided(engine, "f", &id.to_string()).0 == Some("blue")).collect()
}

#[test]
fn a_carried_flag_is_replaced_by_a_sound_one_and_forgotten_with_its_key() {
    let mut engine = engine(&SOUND.replace("SALT", ""));
    engine.load(BREAKS[0].as_bytes()).unwrap();
    let report = engine.load(br#"{ "flags": { "f": { "enabled": false } } }"#).unwrap();
    assert_eq!((report.changed, report.carried), (vec![String::from("f")], vec![]));
    assert_eq!(decided(&engine, "f", "alice"), (Some("off"), "disabled"));
    assert_eq!(engine.load(b"{}").unwrap().removed, ["f"]);
    assert_eq!(decided(&engine, "f", "alice"), (None, "FLAG_NOT_FOUND"));
    assert_eq!(engine.load(BREAKS[0].as_bytes()).unwrap().broken, ["f"]);
}

#[test]
fn a_flag_and_a_segment_of_one_name_are_carried_each_as_what_it_is() {
    let snapshot =
        |segment: &str, flag: &str| format!(r#"{{ "segments": {{ "f": {segment} }}, "flags": {{ "f": {flag} }} }}"#);
    let segment = r#"{ "attribute": "userId", "op": "in", "values": ["alice"] }"#;
    let flag = r#"{ "enabled": true, "rolloutPercentage": 0, "rules": [{ "if": { "segment": "f" }, "serve": "on" }] }"#;
    let mut engine = engine(&snapshot(segment, flag));
    let report = engine.load(snapshot("7", "7").as_bytes()).unwrap();
    assert_eq!((report.carried, report.broken), (vec![String::from("f")], vec![]));
    for (user, expected) in [("alice", (Some("on"), "rule")), ("bob", (Some("off"), "rollout"))] {
        assert_eq!(decided(&engine, "f", user), expected);
    }
}

/// The old definition of `f` and the new one of `g` would wait for each other: nobody has written that, so no cycle is told. Without
/// `f`, what depends on it is broken, and has a last sound definition.
#[test]
fn what_is_carried_is_given_up_where_it_makes_a_cycle() {
    let after = |flag: &str| {
        format!(r#"{{ "enabled": true, "rules": [{{ "if": {{ "flag": "{flag}", "is": ["on"] }}, "serve": "off" }}] }}"#)
    };
    let mut engine = engine(&format!(r#"{{ "flags": {{ "f": {}, "g": {{ "enabled": true }} }} }}"#, after("g")));
    let report = engine.load(format!(r#"{{ "flags": {{ "f": 7, "g": {} }} }}"#, after("f")).as_bytes()).unwrap();
    assert_eq!((report.carried, report.broken), (vec![String::from("g")], vec![String::from("f")]));
    assert_eq!(
        report.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [Code::WrongType, Code::BrokenReference]
    );
    assert_eq!(decided(&engine, "g", "alice"), (Some("on"), "static"));
}

#[test]
fn the_same_bytes_keep_what_is_carried() {
    let mut engine = engine(&SOUND.replace("SALT", ""));
    engine.load(BREAKS[0].as_bytes()).unwrap();
    let report = engine.load(BREAKS[0].as_bytes()).unwrap();
    assert!(report.unchanged);
    assert_eq!(report.carried, ["f"]);
    assert_eq!(decided(&engine, "f", "alice"), (Some("blue"), "whitelist"));
}

#[test]
fn a_broken_flag_without_a_sound_definition_answers_with_an_error() {
    let mut engine = engine(r#"{ "flags": { "bad": { "enabled": "yes" }, "good": { "enabled": true } } }"#);
    let answer = engine.evaluate("bad", &Context::new().with("userId", "alice"), 0);
    assert_eq!((answer.variant, answer.value, answer.metadata), (None, "null", "{}"));
    assert_eq!((answer.reason.as_str(), answer.detail), ("ERROR", "PARSE_ERROR"));
    assert_eq!(answer.error_code, Some(ErrorCode::ParseError));
    assert!(!engine.is_enabled("bad", &Context::new(), 0));
    assert!(engine.is_enabled("good", &Context::new(), 0));
    engine.load(br#"{ "flags": { "bad": { "enabled": true } } }"#).unwrap();
    assert!(engine.is_enabled("bad", &Context::new(), 0));
}

#[test]
fn a_route_follows_a_carried_flag_and_falls_back_from_a_broken_one() {
    let snapshot = |flag: &str| {
        r#"{ "backends": { "stable": { "origin": "http://a.test" }, "canary": { "origin": "http://b.test" } },
            "routes": [{ "name": "all", "match": {}, "flag": "f", "backends": { "on": "canary" }, "fallback": "stable" }],
            "flags": { "f": FLAG } }"#
            .replace("FLAG", flag)
            .into_bytes()
    };
    let backend =
        |engine: &Engine| engine.route(RequestFacts::default(), &Context::new(), 0).unwrap().backend.to_owned();
    let mut engine = Engine::from_slice(&snapshot("7")).unwrap();
    assert_eq!(backend(&engine), "stable");
    engine.load(&snapshot(r#"{ "enabled": true }"#)).unwrap();
    assert_eq!(backend(&engine), "canary");
    assert_eq!(engine.load(&snapshot("7")).unwrap().carried, ["f"]);
    assert_eq!(backend(&engine), "canary");
}
