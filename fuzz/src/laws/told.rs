//! Whatever text comes as a delta or as orders is taken or refused; taken twice, it is as if it had been taken once.

use super::parts;
use crate::laws::merge::guarded;
use pointsman::guard::delta;

/// `bytes` are a delta, orders, and a time.
pub fn law(bytes: &[u8]) {
    let [delta, orders, now] = parts(bytes).map(|part| str::from_utf8(part).unwrap_or_default());
    let now = now.parse().unwrap_or(1_772_452_800_000);
    let (mut engine, mut other) = (guarded(), guarded());
    engine.identify("here", false);
    let merged = engine.merge(delta, now);
    assert_eq!(engine.merge(delta, now), merged);
    if let Ok(read) = delta::read(delta) {
        assert_eq!(delta::read(&delta::write(&read)), Ok(read));
    }
    if engine.apply(orders, now).is_ok() {
        assert_eq!(engine.apply(orders, now), Ok(false), "the same again changes nothing");
        other.apply(&engine.orders_text(), now).expect("what is written is read");
        // Not the orders: a limit is written to six decimals.
        assert_eq!(other.orders_text(), engine.orders_text());
    }
    engine.judge(now);
    engine.judge(now.saturating_add(600_000));
    engine.drain(now);
}
