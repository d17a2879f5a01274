//! Any bytes load, or are refused with problems that stand within them.

use super::{
    parts,
    visit::{Visit, agree},
};
use pointsman::{Engine, Options, Problem};

/// `bytes` are a snapshot, the next one, and a visit.
pub fn law(bytes: &[u8]) {
    let [first, next, visit] = parts(bytes);
    let Some(mut engine) = loaded(first) else { return };
    let visit = Visit::read(visit);
    let twin = Engine::from_slice(first).expect("what loads once loads twice");
    assert_eq!(engine.problems(), twin.problems());
    agree(&engine, &twin, &visit);
    let again = engine.load(first).expect("what is in use loads again");
    assert!(again.unchanged);
    assert_eq!(again.problems, twin.problems());
    follow(engine, &twin, next, &visit);
}

/// Loads, and holds problems to their place and to `strict`.
fn loaded(snapshot: &[u8]) -> Option<Engine> {
    let strict = Engine::new(snapshot, Options { strict: true, ..Options::default() });
    match Engine::from_slice(snapshot) {
        Ok(engine) => {
            within(snapshot, engine.problems());
            assert_eq!(strict.map_or_else(|error| error.problems().to_vec(), |_| Vec::new()), engine.problems());
            Some(engine)
        }
        Err(error) => {
            assert!(!error.problems().is_empty());
            within(snapshot, error.problems());
            assert_eq!(strict.err(), Some(error));
            None
        }
    }
}

/// Each problem stands at a character of the text, or right behind it.
fn within(snapshot: &[u8], problems: &[Problem]) {
    let text = String::from_utf8_lossy(snapshot);
    let lines: Vec<_> = text.split('\n').map(|line| line.chars().count() as u32).collect();
    for problem in problems {
        let columns = problem.line.checked_sub(1).and_then(|line| lines.get(line as usize));
        let is_within = columns.is_some_and(|columns| (1..=columns + 1).contains(&problem.column));
        assert!(is_within, "{problem}");
    }
}

/// A refused snapshot changes nothing; one that needs nothing of the last is as if it had been the first.
fn follow(mut engine: Engine, before: &Engine, next: &[u8], visit: &Visit<'_>) {
    let Ok(report) = engine.load(next) else { return agree(&engine, before, visit) };
    within(next, &report.problems);
    assert!(report.carried.iter().chain(&report.broken).all(|key| engine.flags().any(|own| own == key)));
    if report.problems.is_empty() {
        agree(&engine, &Engine::from_slice(next).expect("what is loaded next loads first"), visit);
    }
}
