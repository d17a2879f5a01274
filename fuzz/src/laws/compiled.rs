//! Whatever stands behind the header of a compiled snapshot, and has a right checksum, is loaded or refused; what is loaded decides.

use super::visit::Visit;
use pointsman::{Code, Engine, compile_snapshot};
use std::sync::LazyLock;
use xxhash_rust::xxh64::xxh64;

/// Where the checksum stands, what it is of, and what is this version's and no snapshot's own: as `src/binary/mod.rs` has it.
const CHECKSUM: usize = 8;
const CHECKED_FROM: usize = 16;
const HEADER: usize = 40;

static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| compile_snapshot(b"{}").expect("it is a snapshot"));

/// `bytes` are what stands behind the header.
pub fn law(bytes: &[u8]) {
    match Engine::from_slice(&signed(bytes)) {
        Ok(mut engine) => exercise(&mut engine),
        Err(error) => assert_eq!(error.problems()[0].code, Code::CompiledDamaged),
    }
}

/// The same bytes as a snapshot of this version.
fn signed(body: &[u8]) -> Vec<u8> {
    let mut snapshot = [&EMPTY[..HEADER], body].concat();
    let checksum = xxh64(&snapshot[CHECKED_FROM..], 0).to_le_bytes();
    snapshot[CHECKSUM..CHECKED_FROM].copy_from_slice(&checksum);
    snapshot
}

const VISITOR: &[u8] = b"{\"userId\":\"alice\",\"plan\":\"pro\",\"country\":\"DE\",\"version\":\"1.2.0\",\"ip\":\"10.0.0.1\",\"n\":3,\"list\":[\"a\",7]}\x0c1500000\x0ca.test\x0c/about\x0cGET\x0cvid=bob\x0cfresh";
const NEXT: &[u8] = br#"{ "revision": 9007199254740991, "flags": { "f": { "enabled": 7 } } }"#;

/// Decides, explains, routes and judges everything; then goes over to another snapshot.
fn exercise(engine: &mut Engine) {
    let visit = Visit::read(VISITOR);
    for key in engine.flags() {
        engine.evaluate(key, &visit.context, visit.now);
        let _ = engine.explain(key, &visit.context, visit.now).to_string();
    }
    engine.route(visit.facts(), &visit.context, visit.now);
    engine.judge(visit.now);
    engine.confirm(visit.now);
    let _ = (engine.load(NEXT), engine.orders_text());
}
