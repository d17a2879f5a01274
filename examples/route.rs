//! Sends requests to one of two backends, and keeps each visitor where they are: `cargo run --example route`.

use pointsman::{Context, Engine, RequestFacts};
use std::{
    error::Error,
    io::{self, Write},
};

const SNAPSHOT: &[u8] = br#"{
    "flags": { "new-checkout": { "enabled": true, "rolloutPercentage": 25, "bucketBy": "visitorId" } },
    "backends": {
        "stable": { "origin": "https://stable.example" },
        "canary": { "origin": "https://canary.example" }
    },
    "routes": [{
        "name": "shop",
        "match": { "host": "shop.example", "path": "/*" },
        "flag": "new-checkout", "backends": { "on": "canary", "off": "stable" }, "fallback": "stable",
        "visitor": { "cookie": "vid", "maxAge": "30d" }
    }]
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::from_slice(SNAPSHOT)?;
    let first = RequestFacts {
        host: b"shop.example",
        path: b"/cart",
        method: b"GET",
        // Take it from a source of randomness; it becomes the visitor's id.
        fresh_id: Some(b"alice"),
        navigation: true,
        ..RequestFacts::default()
    };
    let later = RequestFacts { cookie: b"theme=dark; vid=alice", fresh_id: Some(b"another"), ..first };
    let other = RequestFacts { host: b"blog.example", ..first };

    let mut out = io::stdout().lock();
    for facts in [first, later, other] {
        match engine.route(facts, &Context::new(), 0) {
            Some(to) => writeln!(
                out,
                "{} -> {}, set-cookie: {}",
                to.route,
                to.origin,
                to.set_cookie.as_deref().unwrap_or("none")
            )?,
            None => writeln!(out, "no route: the request passes through")?,
        }
    }
    Ok(())
}
