//! Routes requests on Fastly Compute by a snapshot in a KV store. Fastly makes an instance for each request, so that the snapshot is loaded
//! for each: `pointsman compile` makes one that loads without parsing.
//!
//! Not taken over from the package's router: faults, header overrides, timeouts (they are the Fastly backend's own) and reports to guards.

use fastly::{
    Error, KVStore, Request, Response,
    http::{StatusCode, header},
};
use pointsman::{Context, Destination, Engine, RequestFacts};
use std::time::{SystemTime, UNIX_EPOCH};

/// Who answers when no engine can be had, as a snapshot is missing or refused.
const FALLBACK: &str = "stable";
const STORE: &str = "snapshots";
const KEY: &str = "snapshot.json";

#[fastly::main]
fn main(request: Request) -> Result<Response, Error> {
    match engine() {
        Ok(engine) => routed(&engine, request),
        Err(error) => {
            eprintln!("pointsman: {error}");
            Ok(request.with_pass(true).send(FALLBACK)?)
        }
    }
}

/// The engine with the store's snapshot. What is broken in it is told, and breaks alone.
fn engine() -> Result<Engine, Error> {
    let store = KVStore::open(STORE)?.ok_or_else(|| Error::msg(format!("there is no KV store `{STORE}`")))?;
    let engine = Engine::from_slice(&store.lookup(KEY)?.take_body_bytes())?;
    for problem in engine.problems() {
        eprintln!("pointsman: {problem}");
    }
    Ok(engine)
}

fn routed(engine: &Engine, mut request: Request) -> Result<Response, Error> {
    let Some(to) = decide(engine, &request) else {
        return Ok(Response::from_status(StatusCode::NOT_FOUND));
    };
    request.set_path(&format!("{}{}", to.path_prefix, request.get_path()));
    // Fastly's cache knows a response by its URL alone, and would give one backend's to the visitors of the other.
    request.set_pass(true);
    let mut response = request.send(to.backend)?;
    if let Some(cookie) = to.set_cookie {
        response.append_header(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The first matching route's destination. Backends have the same names here as in the snapshot.
fn decide<'e>(engine: &'e Engine, request: &Request) -> Option<Destination<'e>> {
    let ip = request.get_client_ip_addr().map(|address| address.to_string());
    let known: Vec<_> = ip.iter().map(|ip| ("ip", ip.as_str())).collect();
    let fresh_id = uuid::Uuid::new_v4().to_string();
    let facts = RequestFacts {
        host: request.get_url().host_str().unwrap_or_default().as_bytes(),
        path: request.get_path().as_bytes(),
        method: request.get_method_str().as_bytes(),
        cookie: request.get_header(header::COOKIE).map(|value| value.as_bytes()).unwrap_or_default(),
        fresh_id: Some(fresh_id.as_bytes()),
        navigation: request.get_header("sec-fetch-mode").is_none_or(|mode| mode == "navigate"),
        request: &known,
        overrides: &[],
    };
    engine.route(facts, &visitor(request), now())
}

/// Replace this by what your application knows of its users, from a session that it has verified.
fn visitor(request: &Request) -> Context {
    match request.get_query_parameter("user") {
        Some(user) => Context::new().with("userId", user),
        None => Context::new(),
    }
}

/// Milliseconds since 1970; 0 for a clock that is before.
fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
