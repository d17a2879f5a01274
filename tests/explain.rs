//! Explanations in words: `tests/explain/` natively. The JavaScript side is held to the same texts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use pointsman::{Context, Engine};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

#[test]
fn every_question_is_answered_as_expected() {
    let cases = cases();
    for (name, (case, expected)) in &cases {
        let engine = Engine::from_slice(snapshot(case).as_bytes()).unwrap();
        let context: Context = serde_json::from_value(case["context"].clone()).unwrap();
        let now = case["now"].as_i64().unwrap_or(0);
        let explanation = engine.explain(case["flag"].as_str().unwrap(), &context, now);
        assert_eq!(explanation.to_string(), expected.trim_end(), "{name}");
    }
    assert!(cases.len() >= 11, "only {} cases were found", cases.len());
}

/// The page shows what the code says: each of its questions with its text.
#[test]
fn the_page_says_what_the_code_says() {
    let page = fs::read_to_string(root().join("docs/explain.md")).unwrap();
    let cases = cases();
    let shown = |(case, text): &&(Value, String)| {
        page.contains(&format!("\n## {}\n", case["about"].as_str().unwrap()))
            && page.contains(&format!("```text\n{text}```\n"))
    };
    let texts = page.matches("```text\n").count();
    assert_eq!(cases.values().filter(shown).count(), texts);
    assert!(texts >= 5, "only {texts} texts");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text stands for itself, so that positions in it are known.
fn snapshot(case: &Value) -> String {
    case["snapshot"].as_str().map_or_else(|| case["snapshot"].to_string(), str::to_owned)
}

fn cases() -> BTreeMap<String, (Value, String)> {
    let paths = fs::read_dir(root().join("tests/explain")).unwrap().map(|entry| entry.unwrap().path());
    let json = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| {
        let case = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let text = fs::read_to_string(path.with_extension("txt")).unwrap();
        (path.file_stem().unwrap().display().to_string(), (case, text))
    })
    .collect()
}
