//! Decisions, through the native API: keys and attributes are looked up by name, contexts are ready.

use crate::{
    snapshots,
    visitors::{COUNTRIES, Visitor, visitors},
    work::{Task, Work, share_of},
};
use pointsman::{Context, Engine, Options, limits};
use serde_json::{Value, json};

/// 2026-02-06T17:46:40Z, while schedules are ramping.
const NOW: i64 = 1_770_400_000_000;
const KEY: &str = "new-checkout";
const SHARE: f64 = 0.25;

pub const WORKS: [Work; 5] = [
    Work { name: "evaluate/share", prepare: share },
    Work { name: "evaluate/listed-1000", prepare: || listed(1_000) },
    Work { name: "evaluate/listed-1000000", prepare: || listed(1_000_000) },
    Work { name: "evaluate/experiment", prepare: experiment },
    Work { name: "evaluate/mixed-100", prepare: mixed },
];

fn engine(flag: &Value) -> Engine {
    let options = Options { max_snapshot_bytes: limits::SNAPSHOT_BYTES_MAX, ..Options::default() };
    let engine = Engine::new(&snapshots::text(&json!({ "flags": { KEY: flag } })), options).unwrap();
    assert_eq!(engine.problems(), []);
    engine
}

fn contexts(visitors: &[Visitor]) -> Vec<Context> {
    visitors.iter().map(Visitor::context).collect()
}

/// A flag for a share of visitors.
fn share() -> Task {
    let engine = engine(&json!({ "enabled": true, "rolloutPercentage": SHARE * 100.0 }));
    let contexts = contexts(&visitors(1, 1_000));
    Task::of_thousand(share_of(1_000, SHARE), move || enabled(&engine, &contexts))
}

fn enabled(engine: &Engine, contexts: &[Context]) -> u64 {
    contexts.iter().filter(|context| engine.is_enabled(KEY, context, NOW)).count() as u64
}

/// The same with so many ids listed, a tenth of those who ask among them.
fn listed(count: usize) -> Task {
    let visitors = visitors(1, 1_000);
    let mut ids = snapshots::ids(2, count - 100);
    ids.extend(visitors.iter().step_by(10).map(|visitor| visitor.id.clone()));
    let engine = engine(&json!({ "enabled": true, "rolloutPercentage": SHARE * 100.0, "whitelistUsers": ids }));
    let (contexts, others) = (contexts(&visitors), share_of(900, SHARE));
    Task::of_thousand(others.start() + 100..=others.end() + 100, move || enabled(&engine, &contexts))
}

/// A country in ten, a plan, a version at least, and then 50/30/20.
fn experiment() -> Task {
    let visitors = visitors(1, 1_000);
    let participants = participants(&visitors);
    let engine = engine(&json!({
        "enabled": true, "variants": { "off": 0, "a": 1, "b": 2, "c": 3 }, "onVariant": "a",
        "rules": [snapshots::experiment()], "rollout": { "percentage": 0 },
    }));
    let contexts = contexts(&visitors);
    Task::of_thousand(participants..=participants, move || {
        let decisions = contexts.iter().map(|context| engine.evaluate(KEY, context, NOW));
        decisions.filter(|decision| decision.variant != Some("off")).count() as u64
    })
}

/// How many take part in the experiment.
fn participants(visitors: &[Visitor]) -> u64 {
    let takes_part =
        |visitor: &&Visitor| visitor.country < COUNTRIES.len() / 2 && visitor.plan == 1 && visitor.version >= 1;
    visitors.iter().filter(takes_part).count() as u64
}

/// All of 100 flags, for ten visitors.
fn mixed() -> Task {
    let visitors = visitors(1, 10);
    let engine = Engine::from_slice(&snapshots::mixed(100)).unwrap();
    assert_eq!(engine.problems(), []);
    let keys: Vec<String> = engine.flags().map(String::from).collect();
    let contexts = contexts(&visitors);
    // Of 100 flags ten are off, and thirty have the experiment; for all others it is a rollout that decides.
    let rolled_out = 10 * 90 - 30 * participants(&visitors);
    Task::of_thousand(rolled_out..=rolled_out, move || {
        let pairs = contexts.iter().flat_map(|context| keys.iter().map(move |key| (key, context)));
        let decisions = pairs.map(|(key, context)| engine.evaluate(key, context, NOW));
        decisions.filter(|decision| decision.detail == "rollout").count() as u64
    })
}
