//! The steps as JSON for the JavaScript side, which knows the names of attributes, flags, variants and rules.

use super::{Entry, Trace};
use crate::{
    decision::Decision,
    eval::{Step, Truth},
    json::Writer,
    number,
    table::{Flag, Table},
};

/// What stands for no variant.
const NO_VARIANT: u8 = 255;

/// `[word, cut, [step, …]]`; a step is `[depth, code, result, [number, …], names, text]`.
pub fn explained(table: &Table, decision: Decision, trace: &Trace<'_>) -> String {
    let mut json = Writer::default();
    json.raw("[");
    json.raw(&number::text(decision.word().into()));
    json.raw(if trace.cut { ",true" } else { ",false" });
    json.list(",", trace.entries.len(), &|json, at| {
        if let Some(entry) = trace.entries.get(at) {
            step(json, table, entry);
        }
    });
    json.raw("]");
    json.text
}

fn step(json: &mut Writer, table: &Table, entry: &Entry<'_>) {
    json.raw("[");
    json.raw(&number::text(entry.depth.into()));
    json.raw(",");
    json.raw(&number::text(code(entry.step)));
    json.raw(match entry.result {
        Truth::True => ",true",
        Truth::False => ",false",
        Truth::Unknown => ",null",
    });
    let numbers = numbers(entry);
    json.list(",", numbers.len(), &|json, at| json.raw(&number::text(numbers.get(at).copied().unwrap_or_default())));
    json.numbers(",", ids(table, entry));
    json.raw(",");
    text(json, table, entry.step);
    json.raw("]");
}

/// The step's place among the words in `js/src/explanation.ts`.
fn code(step: Step<'_>) -> u64 {
    match step {
        Step::Enabled => 0,
        Step::Whitelist(_) => 1,
        Step::Layer(_) => 2,
        Step::Rule(_) => 3,
        Step::Rollout => 4,
        Step::All => 5,
        Step::Any => 6,
        Step::Not => 7,
        Step::Segment(_) => 8,
        Step::Flag(..) => 9,
        Step::Bucket(_) => 10,
        Step::Test(_) => 11,
        Step::Decision(..) => 12,
        Step::Point { .. } => 13,
        Step::Part { .. } => 14,
        Step::Rollback(_) => 15,
    }
}

fn numbers(entry: &Entry<'_>) -> Vec<u64> {
    match entry.step {
        Step::Rule(place) => vec![entry.flag.into(), place.into()],
        Step::Flag(flag, _) => vec![flag.into()],
        Step::Test(test) => vec![test.attribute.into()],
        Step::Decision(flag, decision) => vec![flag.into(), decision.word().into()],
        Step::Point { attribute, point } => vec![attribute.into(), point],
        Step::Part { variant, from, to } => {
            vec![entry.flag.into(), variant.unwrap_or(NO_VARIANT).into(), from, to]
        }
        Step::Rollback(variant) => vec![entry.flag.into(), variant.into()],
        Step::Enabled
        | Step::Whitelist(_)
        | Step::Layer(_)
        | Step::Rollout
        | Step::All
        | Step::Any
        | Step::Not
        | Step::Segment(_)
        | Step::Bucket(_) => Vec::new(),
    }
}

/// The attributes that an id is looked for in.
pub fn ids<'t>(table: &'t Table, entry: &Entry<'t>) -> &'t [u16] {
    let ids = match entry.step {
        Step::Whitelist(definition) => Some(&definition.bucket_by),
        Step::Rollout => {
            let flag: Option<&Flag> = table.flags.get(entry.flag as usize);
            flag.and_then(|flag| flag.definition.as_ref()).map(|definition| &definition.bucket_by)
        }
        Step::Layer(range) => {
            let line = table.layers.get(range.layer as usize).and_then(|layer| layer.line.as_ref());
            line.map(|line| &line.bucket_by)
        }
        Step::Bucket(bucket) => Some(&bucket.bucket_by),
        Step::Enabled
        | Step::Rule(_)
        | Step::All
        | Step::Any
        | Step::Not
        | Step::Segment(_)
        | Step::Flag(..)
        | Step::Test(_)
        | Step::Decision(..)
        | Step::Point { .. }
        | Step::Part { .. }
        | Step::Rollback(_) => None,
    };
    ids.map_or(&[], Vec::as_slice)
}

/// A name, names, or a condition as it is written in the snapshot.
fn text(json: &mut Writer, table: &Table, step: Step<'_>) {
    match step {
        Step::Layer(range) => json.string(table.layer_names.names().get(range.layer as usize)),
        Step::Segment(segment) => json.string(table.segment_names.names().get(segment as usize)),
        Step::Flag(_, is) => json.list("", is.len(), &|json, at| json.string(is.get(at))),
        Step::Bucket(bucket) => json.raw(bucket.span.of(&table.text)),
        Step::Test(test) => json.raw(test.span.of(&table.text)),
        Step::Enabled
        | Step::Whitelist(_)
        | Step::Rule(_)
        | Step::Rollout
        | Step::All
        | Step::Any
        | Step::Not
        | Step::Decision(..)
        | Step::Point { .. }
        | Step::Part { .. }
        | Step::Rollback(_) => json.raw("null"),
    }
}
