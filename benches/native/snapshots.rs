//! Snapshots, the same in every run.

use crate::visitors::{COUNTRIES, PLANS, VERSIONS, uuid};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Map, Value, json};

/// A snapshot with so many flags, of these kinds in turn. With 1,000 it has 1.4 MB, half of that ids.
pub fn mixed(count: usize) -> Vec<u8> {
    const KINDS: [fn(&mut StdRng, usize) -> Value; 10] =
        [share, listed, targeted, share, targeted, scheduled, targeted, prerequisite, listed, constant];
    let mut draw = StdRng::seed_from_u64(count as u64);
    let flag = |place: usize| (key(place), KINDS[place % KINDS.len()](&mut draw, place));
    let flags: Map<String, Value> = (0..count).map(flag).collect();
    let europe = json!({ "attribute": "country", "op": "in", "values": COUNTRIES[..19] });
    let free = json!({ "attribute": "plan", "op": "in", "values": [PLANS[0]] });
    let paying = json!({ "all": [{ "not": free }, { "segment": "europe" }] });
    text(&json!({ "revision": 1, "segments": { "europe": europe, "paying": paying }, "flags": flags }))
}

pub fn text(snapshot: &Value) -> Vec<u8> {
    snapshot.to_string().into_bytes()
}

pub fn key(place: usize) -> String {
    const AREAS: [&str; 8] =
        ["checkout", "search", "profile", "billing", "catalogue", "onboarding", "notifications", "reports"];
    format!("{}-{place:05}", AREAS[place % AREAS.len()])
}

/// Ids for a list; another seed gives others.
pub fn ids(seed: u64, count: usize) -> Vec<String> {
    let mut draw = StdRng::seed_from_u64(seed);
    (0..count).map(|_| uuid(&mut draw)).collect()
}

fn metadata(draw: &mut StdRng, place: usize) -> Value {
    let owner = ["team-payments", "team-search", "team-growth", "team-platform"].choose(draw);
    let about =
        format!("Decides who sees the new way to do it, in area {place}; goes when everybody has had it for a month.");
    let (ticket, temporary) = (format!("SHOP-{place}"), draw.random_bool(0.5));
    json!({ "description": about, "owner": owner, "ticket": ticket, "temporary": temporary, "created": "2026-01-31" })
}

/// A boolean for a share of visitors.
fn share(draw: &mut StdRng, place: usize) -> Value {
    json!({ "enabled": true, "rolloutPercentage": 25, "metadata": metadata(draw, place) })
}

/// The same with a list of ids.
fn listed(draw: &mut StdRng, place: usize) -> Value {
    let count = draw.random_range(75..=115);
    let users = ids(draw.random(), count);
    json!({ "enabled": true, "rolloutPercentage": 25, "whitelistUsers": users, "metadata": metadata(draw, place) })
}

/// What a front end is configured with, with an escape and letters beyond ASCII.
fn variants(draw: &mut StdRng) -> Value {
    let mut variant = |title: &str| {
        let (colour, columns) = (format!("#{:06x}", draw.random_range(0..1 << 24)), draw.random_range(1..=6));
        json!({
            "title": title, "colour": colour, "columns": columns, "limits": { "items": 24, "timeout": 1.5 },
            "endpoint": "https://api.example.com/v2/recommendations",
        })
    };
    json!({
        "off": variant("As before"), "a": variant("With \u{201c}similar items\u{201d}"),
        "b": variant("With what others bought"), "c": variant("With both\nin two rows"),
    })
}

/// A country in ten, a plan and a version, then an experiment with three arms.
fn targeted(draw: &mut StdRng, place: usize) -> Value {
    let staff = json!({ "attribute": "email", "op": "endsWith", "values": ["@example.com"] });
    json!({
        "enabled": true, "variants": variants(draw), "onVariant": "a", "metadata": metadata(draw, place),
        "rules": [experiment(), { "name": "staff", "if": staff, "serve": "c" }], "rollout": { "percentage": 0 },
    })
}

/// The rule of the flags above.
pub fn experiment() -> Value {
    let country = json!({ "attribute": "country", "op": "in", "values": COUNTRIES[..10] });
    let plan = json!({ "attribute": "plan", "op": "in", "values": [PLANS[1]] });
    let version = json!({ "attribute": "appVersion", "op": "semVerGreaterThanOrEqual", "values": [VERSIONS[1]] });
    let arm = |variant: &str, weight: u32| json!({ "variant": variant, "weight": weight });
    let split = [arm("a", 50), arm("b", 30), arm("c", 20)];
    json!({ "name": "experiment", "if": { "all": [country, plan, version] }, "rollout": { "split": split } })
}

/// A rollout that grows with time.
fn scheduled(draw: &mut StdRng, place: usize) -> Value {
    let steps = ["01", "02", "05", "09"].iter().zip([1, 10, 50, 100]);
    let steps: Vec<Value> = steps
        .map(|(day, percentage)| json!({ "at": format!("2026-02-{day}T09:00:00Z"), "percentage": percentage }))
        .collect();
    json!({ "enabled": true, "rollout": { "schedule": steps, "ramp": "linear" }, "metadata": metadata(draw, place) })
}

/// For those who have another flag, and are in a segment.
fn prerequisite(draw: &mut StdRng, place: usize) -> Value {
    let flag = json!({ "flag": key(place - 7), "is": "on" });
    let adult = json!({ "attribute": "age", "op": "greaterThanOrEqual", "values": [18] });
    let rule = json!({ "if": { "all": [flag, { "segment": "paying" }, adult] }, "serve": "on" });
    json!({ "enabled": true, "rules": [rule], "rolloutPercentage": 0, "metadata": metadata(draw, place) })
}

/// A switch that is off, with a text of its own.
fn constant(draw: &mut StdRng, place: usize) -> Value {
    let variants = json!({ "on": "https://new.example.com", "off": "https://www.example.com" });
    json!({ "enabled": false, "variants": variants, "metadata": metadata(draw, place) })
}
