//! A compiled snapshot decides as the JSON that it was made of, and only what has no problems is compiled.

use super::{
    parts,
    visit::{Visit, agree},
};
use pointsman::{Engine, Options, compile_snapshot};

/// `bytes` are a snapshot and a visit.
pub fn law(bytes: &[u8]) {
    let [snapshot, visit] = parts(bytes);
    let Some(json) = sound(snapshot) else { return };
    let compiled = compile_snapshot(snapshot).expect("what has no problems is compiled");
    let mut engine = Engine::from_slice(&compiled).expect("what was compiled loads");
    let visit = Visit::read(visit);
    agree(&json, &engine, &visit);
    for key in json.flags() {
        let explained = |engine: &Engine| engine.explain(key, &visit.context, visit.now).to_string();
        assert_eq!(explained(&json), explained(&engine));
    }
    assert!(engine.load(snapshot).is_ok_and(|report| report.unchanged), "it is known by its text");
}

/// The engine, where the bytes are JSON that has no problems.
fn sound(snapshot: &[u8]) -> Option<Engine> {
    let strict = Engine::new(snapshot, Options { strict: true, ..Options::default() });
    // In its compiled form already.
    if snapshot.starts_with(&[0]) {
        return None;
    }
    if strict.is_err() {
        assert!(compile_snapshot(snapshot).is_err());
    }
    strict.ok()
}
