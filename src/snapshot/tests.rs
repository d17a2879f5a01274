//! The reader against serde_json: the same language, the same values. And the places of problems.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use super::{agreement::agree, document::Document, place};
use crate::{
    error::{Code, Issue, Place},
    number,
};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed};

#[test]
fn the_reader_agrees_with_serde_json_on_hard_cases() {
    let texts = [
        "",
        " ",
        "\u{feff}{}",
        "{}",
        "[]",
        "{}{}",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{1:2}",
        "[1 2]",
        "tru",
        "truex",
        "True",
        "nul",
        "null",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"\\ud83d\\ude80\"",
        "\"\\ud800\\udc00\\udbff\\udfff\"",
        "\"\\ud7ff\\ue000\\uffff\"",
        "\"\\ud800\\udbff\"",
        "\"\\ud800\\ue000\"",
        "\"\\ud83d\"",
        "\"\\ude80\"",
        "\"\\ud83d\\u0041\"",
        "\"\\ude80\\ud83d\"",
        "\"\\uD83D\\uDE8\"",
        "\"\u{7f}\u{80}\u{2028}\"",
        "\"a\tb\"",
        "\"a\nb\"",
        "\"\\u0000\"",
        "\u{a0}1",
        "\u{b}1",
        "\u{c}1",
        "1\u{0}",
        "/*c*/1",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\":{}}",
        "-",
        "-a",
        "+1",
        ".5",
        "1.",
        "01",
        "-01",
        "00",
        "0",
        "-0",
        "-0.0",
        "-0e0",
        "0e999",
        "-0e-999",
        "0.0e99999999999999999999",
        "1e999",
        "-1e999",
        "1e-999",
        "1e309",
        "1.8e308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "4e-324",
        "2e-324",
        "5e-324",
        "1e",
        "1e+",
        "1E+2",
        "1e-2",
        "1.5e3",
        "1.e3",
        "1.5.5",
        "0x10",
        "1_000",
        "Infinity",
        "NaN",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "0.1",
        "0.30000000000000004",
        "2.2250738585072011e-308",
        "100000000000000000000000",
        "123456789012345.6",
    ];
    for text in texts {
        agree(text.as_bytes());
        agree(format!(" [ {text} ]\r\n").as_bytes());
        agree(format!("{{\"name\":{text}}}").as_bytes());
    }
    for byte in 0..=u8::MAX {
        for text in [&[b'"', byte, b'"'][..], &[b'"', b'\\', byte, b'"'], &[byte, b'1'], &[b'1', byte], &[b'[', byte]] {
            agree(text);
        }
    }
    for depth in [1, 2, 63, 64, 65, 127, 128, 129] {
        agree([b"[".repeat(depth), b"]".repeat(depth)].concat().as_slice());
        agree([b"{\"a\":".repeat(depth), b"0".to_vec(), b"}".repeat(depth)].concat().as_slice());
    }
    for digits in [15, 16, 17, 299, 300, 301, 308, 309, 310, 400] {
        agree("9".repeat(digits).as_bytes());
        agree(format!("0.{}1", "0".repeat(digits)).as_bytes());
        agree(format!("1{}e-{digits}", "0".repeat(digits)).as_bytes());
    }
}

/// JSON text, written in unusual ways, and sometimes with an escape that is none.
fn json() -> impl Strategy<Value = String> {
    let space = "[ \n\r\t]{0,2}";
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?";
    let text = r#""([a-z/ éß日🚂]|\\["\\/bfnrt]|\\u(00[0-7]|[a-cE])[0-9a-fA-F]{2}[0-9]?|\\ud83d\\ude[89]0){0,6}""#;
    let leaf = prop_oneof![3 => number, 3 => text, 1 => "true|false|null"];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        let member = (space, text, space, inner.clone())
            .prop_map(|(a, name, b, value)| [a, name, b, ":".into(), value].concat());
        prop_oneof![
            (space, vec(inner, 0..5)).prop_map(|(space, list)| format!("{space}[{space}{}]{space}", list.join(","))),
            (space, vec(member, 0..5)).prop_map(|(space, list)| format!("{space}{{{space}{}}}{space}", list.join(","))),
        ]
    })
}

/// Changes a byte, cuts, or inserts what JSON is made of.
fn change(mut bytes: Vec<u8>, (at, byte, kind): (Index, u8, u8)) -> Vec<u8> {
    const ALPHABET: &[u8] = b"{}[]:,\"\\/0123456789.eE+-truefalsn \n\tu\0\x7f\xc3\xa9";
    let letter = ALPHABET[usize::from(byte) % ALPHABET.len()];
    let at = at.index(bytes.len() + 1);
    match (kind, bytes.get_mut(at)) {
        (0, Some(own)) => *own ^= 1 << (byte % 8),
        (1, Some(own)) => *own = letter,
        (2, Some(_)) => drop(bytes.remove(at)),
        (3, _) => bytes.truncate(at),
        _ => bytes.insert(at, letter),
    }
    bytes
}

fn laws(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(0x6a73_6f6e);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(laws(4_000))]

    #[test]
    fn the_reader_agrees_with_serde_json(text in json(), changes in vec((any::<Index>(), any::<u8>(), 0_u8..6), 1..3)) {
        agree(text.as_bytes());
        for count in 1..=changes.len() {
            agree(&changes[..count].iter().fold(text.clone().into_bytes(), |bytes, one| change(bytes, *one)));
        }
    }

    #[test]
    fn numbers_agree_with_the_standard_library(
        text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?", bits in any::<u64>(),
    ) {
        prop_assert_eq!(number::parse(&text).to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
        prop_assert_eq!(number::length(text.as_bytes()), text.len());
        let value = f64::from_bits(bits);
        if value.is_finite() {
            prop_assert_eq!(number::parse(&format!("{value:e}")).to_bits(), bits);
        }
    }
}

#[test]
fn problems_have_the_places_that_people_count() {
    // The mark stands before the token: pointer, line, column.
    let texts = [
        ("§{}", "", 1, 1),
        ("\n\n  §[ ]", "", 3, 3),
        ("{ \"a\": §1 }", "/a", 1, 8),
        ("{ §\"a\": 1 }", "/a", 1, 3),
        ("{ \"a\": 1,\n\t§\"b\": 2 }", "/b", 2, 2),
        ("{ \"a\": { \"b\": [0, [1, §2]] } }", "/a/b/1/1", 1, 23),
        ("[{}, [], §{ \"a\": [] }]", "/2", 1, 10),
        ("{ \"\": { \"\": §0 } }", "//", 1, 13),
        ("{ \"a/b\": { \"~1\": { \"~\": §0 } } }", "/a~1b/~01/~0", 1, 25),
        ("{ \"\\u0061\\n\": §0 }", "/a\n", 1, 15),
        ("{ \"a\": 0, \"a\": §0 }", "/a", 1, 16),
        ("{ \"größe\": \"日本\", \"🚂\": §0 }", "/🚂", 1, 23),
        ("{\r\n  \"a\": §0 }", "/a", 2, 8),
    ];
    for (marked, pointer, line, column) in texts {
        let (before, behind) = marked.split_once('§').unwrap();
        let text = [before, behind].concat();
        let document = Document::read(&text).unwrap();
        let start = u32::try_from(before.len()).unwrap();
        let token = (0..).find(|token| document.node(*token).span().start == start).unwrap();
        let located = |document, place| {
            let issue = Issue { code: Code::Empty, message: String::new(), place };
            let problem = place::locate(document, &text, &[issue]).pop().unwrap();
            (problem.pointer, problem.line, problem.column)
        };
        assert_eq!(located(Some(&document), Place::Token(token)), (pointer.into(), line, column), "{marked}");
        assert_eq!(located(None, Place::Offset(start)), (String::new(), line, column), "{marked}");
    }
}

#[test]
fn problems_come_in_the_order_of_the_text() {
    let text = "{ \"a\": 1,\n \"b\": [2, 3] }";
    let document = Document::read(text).unwrap();
    // Tokens: the object, "a", 1, "b", the list, 2, 3.
    let issues = [(6, "third"), (2, "first"), (5, "second"), (6, "fourth")].map(|(token, message)| Issue {
        code: Code::Empty,
        message: message.into(),
        place: Place::Token(token),
    });
    let problems = place::locate(Some(&document), text, &issues).into_iter().map(|problem| problem.to_string());
    let expected =
        ["1:8 /a: first (EMPTY)", "2:8 /b/0: second (EMPTY)", "2:11 /b/1: third (EMPTY)", "2:11 /b/1: fourth (EMPTY)"];
    assert_eq!(problems.collect::<Vec<_>>(), expected);
}
