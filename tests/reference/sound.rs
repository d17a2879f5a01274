//! What is broken in a snapshot: decisions, "References" and "Layers".

use super::{condition_shape::is_condition, flag::list, flag_shape};
use pointsman::hash::cut;
use serde_json::Value;
use std::collections::BTreeSet;

/// What refers, and what is referred to: `flags`, `segments` or `layers`, and a name in there.
type Node = (&'static str, String);

/// The keys of the flags that are broken.
pub fn broken(snapshot: &Value) -> BTreeSet<String> {
    let nodes = nodes(snapshot);
    let mut broken: BTreeSet<Node> =
        nodes.iter().filter(|node| !is_well_formed(snapshot, node) || is_in_a_cycle(snapshot, node)).cloned().collect();
    spread(snapshot, &nodes, &mut broken);
    // Flags that are broken otherwise overlap nothing, so these come last.
    let overlapping: Vec<Node> =
        nodes.iter().filter(|node| overlaps(snapshot, &nodes, &broken, node)).cloned().collect();
    broken.extend(overlapping);
    spread(snapshot, &nodes, &mut broken);
    broken.into_iter().filter(|(kind, _)| *kind == "flags").map(|(_, name)| name).collect()
}

fn nodes(snapshot: &Value) -> BTreeSet<Node> {
    let of = |kind: &'static str| {
        let names = snapshot[kind].as_object().into_iter().flat_map(|members| members.keys());
        names.map(move |name| (kind, name.clone()))
    };
    ["flags", "segments", "layers"].into_iter().flat_map(of).collect()
}

fn is_well_formed(snapshot: &Value, (kind, name): &Node) -> bool {
    let definition = &snapshot[kind][name];
    match *kind {
        "flags" => flag_shape::is_flag(snapshot, definition),
        "segments" => is_condition(snapshot, definition),
        _ => flag_shape::is_layer(definition),
    }
}

/// Whatever refers to something broken or missing is broken itself.
fn spread(snapshot: &Value, nodes: &BTreeSet<Node>, broken: &mut BTreeSet<Node>) {
    let is_hit = |node: &Node, broken: &BTreeSet<Node>| {
        references(snapshot, node).iter().any(|other| !nodes.contains(other) || broken.contains(other))
    };
    while let Some(node) = nodes.iter().find(|node| !broken.contains(*node) && is_hit(node, broken)) {
        broken.insert(node.clone());
    }
}

/// Decisions, "References": every member of a cycle breaks.
fn is_in_a_cycle(snapshot: &Value, start: &Node) -> bool {
    let mut reached = BTreeSet::new();
    let mut next = references(snapshot, start);
    while let Some(node) = next.pop() {
        if reached.insert(node.clone()) {
            next.extend(references(snapshot, &node));
        }
    }
    reached.contains(start)
}

/// What a flag or a segment refers to.
fn references(snapshot: &Value, (kind, name): &Node) -> Vec<Node> {
    let definition = &snapshot[kind][name];
    match *kind {
        "flags" => {
            let layer = definition["layer"]["name"].as_str().map(|name| ("layers", name.to_owned()));
            let rules = list(definition.get("rules")).iter();
            layer.into_iter().chain(rules.flat_map(|rule| of_condition(&rule["if"]))).collect()
        }
        "segments" => of_condition(definition),
        _ => Vec::new(),
    }
}

fn of_condition(condition: &Value) -> Vec<Node> {
    let parts = ["all", "any"].into_iter().flat_map(|form| list(condition.get(form))).chain(condition.get("not"));
    let inner = parts.flat_map(of_condition);
    let segment = condition["segment"].as_str().map(|name| ("segments", name.to_owned()));
    let flag = condition["flag"].as_str().map(|name| ("flags", name.to_owned()));
    inner.chain(segment).chain(flag).collect()
}

/// Decisions, "Layers": parts of one layer that have a point in common break both flags.
fn overlaps(snapshot: &Value, nodes: &BTreeSet<Node>, broken: &BTreeSet<Node>, node: &Node) -> bool {
    let part = |(kind, name): &Node| if *kind == "flags" { part(&snapshot["flags"][name]["layer"]) } else { None };
    let Some((layer, from, to)) = part(node).filter(|_| !broken.contains(node)) else { return false };
    nodes.iter().filter(|other| *other != node && !broken.contains(*other)).filter_map(part).any(|other| {
        let (other_layer, start, end) = other;
        layer == other_layer && from.max(start) < to.min(end)
    })
}

/// The layer's name, and the points from and to.
fn part(layer: &Value) -> Option<(&str, u64, u64)> {
    let end = |member: &str| layer[member].as_f64().map(|percentage| cut(percentage / 100.0));
    Some((layer["name"].as_str()?, end("from")?, end("to")?))
}
