//! Requests to backends: the path finds a route, the cookie a visitor, and the flag decides.

use crate::{
    snapshots,
    visitors::visitors,
    work::{Task, Work, share_of},
};
use pointsman::{Context, Engine, RequestFacts};
use serde_json::{Value, json};

pub const WORKS: [Work; 2] =
    [Work { name: "route/1", prepare: || route(1) }, Work { name: "route/1000", prepare: || route(1_000) }];

fn route(routes: usize) -> Task {
    let engine = Engine::from_slice(&snapshot(routes)).unwrap();
    assert_eq!(engine.problems(), []);
    let requests: Vec<(String, String)> = (0..1_000)
        .zip(visitors(1, 1_000))
        .map(|(place, visitor)| (format!("/area-{}/cart", place % routes), format!("theme=dark; vid={}", visitor.id)))
        .collect();
    for (path, cookie) in &requests {
        let to = engine.route(facts(path, cookie), &Context::new(), 0).unwrap();
        assert_eq!(format!("/{}/cart", to.route), *path);
    }
    Task::of_thousand(share_of(1_000, 0.25), move || {
        let visitor = Context::new();
        let routed = requests.iter().filter_map(|(path, cookie)| engine.route(facts(path, cookie), &visitor, 0));
        routed.filter(|to| to.backend == "canary").count() as u64
    })
}

fn facts<'a>(path: &'a str, cookie: &'a str) -> RequestFacts<'a> {
    RequestFacts {
        host: b"shop.example",
        path: path.as_bytes(),
        method: b"GET",
        cookie: cookie.as_bytes(),
        navigation: true,
        ..RequestFacts::default()
    }
}

fn snapshot(routes: usize) -> Vec<u8> {
    let route = |place: usize| {
        let path = format!("/area-{place}/*");
        json!({
            "name": format!("area-{place}"), "match": { "host": "shop.example", "path": path },
            "flag": "canary", "backends": { "on": "canary", "off": "stable" }, "fallback": "stable",
            "visitor": { "cookie": "vid", "maxAge": "30d" },
        })
    };
    let backends = json!({ "stable": { "origin": "https://a.example" }, "canary": { "origin": "https://b.example" } });
    snapshots::text(&json!({
        "flags": { "canary": { "enabled": true, "rolloutPercentage": 25, "bucketBy": "visitorId" } },
        "backends": backends,
        "routes": (0..routes).map(route).collect::<Vec<Value>>(),
    }))
}
