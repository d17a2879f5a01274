//! Values that meet: small pools, so that each operator is often true, often false, and often unknown.

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

/// One of the elements of a list.
pub fn choice(list: Value) -> impl Strategy<Value = Value> + Clone {
    select(list.as_array().cloned().unwrap_or_default())
}

/// Attributes of one kind: their names, values that contexts have and conditions compare with, and the operators.
pub struct Pool {
    pub names: &'static [&'static str],
    pub operators: &'static [&'static str],
    /// What both sides have.
    pub shared: Value,
    /// What only visitors have: no operator of the pool takes it.
    pub odd: Value,
    /// Whether letters may be folded.
    pub folds: bool,
}

/// All kinds of attributes.
pub fn pools() -> [Pool; 6] {
    [texts(), scalars(), numbers(), times(), versions(), addresses()]
}

fn texts() -> Pool {
    Pool {
        names: &["plan", "address.city", "tags"],
        operators: &["in", "startsWith", "endsWith", "contains"],
        shared: json!(["", "a", "pro", "PRO", "Pro-Kunde", "Berlin", "berlin", "ber", "in", "\u{212a}in", "\u{17f}o"]),
        odd: json!(["pröfi", "PRÖFI", "Σας", 7, true]),
        folds: true,
    }
}

fn scalars() -> Pool {
    Pool {
        names: &["beta", "userId", "tags", "plan"],
        operators: &["in", "in", "exists"],
        shared: json!([true, false, 0, 1, 7, 7.5, -3, "alice", "bob", "7", "true", 9007199254740991u64]),
        odd: json!([{}, null]),
        folds: true,
    }
}

fn numbers() -> Pool {
    Pool {
        names: &["age", "address.floor"],
        operators: &["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"],
        shared: json!([-3, 0, 17, 18, 18.0, 18.5, 40, 1e300, 5e-324]),
        odd: json!(["18", true, {}]),
        folds: false,
    }
}

/// Near each other, in both forms; 1,000 seconds after 1970 among them.
fn times() -> Pool {
    Pool {
        names: &["seen", "account.since"],
        operators: &["before", "after"],
        shared: json!([
            "1970-01-01T00:16:40Z",
            "1970-01-01T01:16:40+01:00",
            "1970-01-01T00:16:40.0009Z",
            "1970-01-01T00:16:39.999z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:15:60Z",
            "2024-02-29T12:00:00-05:30",
            "0001-01-01T00:00:00Z",
            1000000,
            1000000.5,
            999999,
            0,
            -1000
        ]),
        odd: json!(["1970-01-01", "1970-01-01T00:16:40", "2023-02-29T00:00:00Z", "1970-01-01T24:00:00Z", "now", true]),
        folds: false,
    }
}

fn versions() -> Pool {
    Pool {
        names: &["app.version", "version"],
        operators: &[
            "semVerEqual",
            "semVerLessThan",
            "semVerLessThanOrEqual",
            "semVerGreaterThan",
            "semVerGreaterThanOrEqual",
        ],
        shared: json!([
            "1",
            "1.2",
            "1.0.0",
            "1.2.0",
            "1.2.0+build.7",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1-rc.1",
            "1.0.0--",
            "1.0.0-0",
            "1.0.0-1a",
            "1.10.0",
            "1.9.0",
            "99999999999999999999.0.0",
            "100000000000000000000.0.0"
        ]),
        odd: json!(["v1.0.0", "01.0.0", "1.0.0-01", "1..0", "1.0.0.0", "", "1.0.0-", "1.0.0+", "1.0.0-ä", 1, 1.2]),
        folds: false,
    }
}

fn addresses() -> Pool {
    Pool {
        names: &["ip", "network.ip"],
        operators: &["ipInRange"],
        shared: json!([
            "10.0.0.1",
            "10.1.2.3",
            "192.168.0.7",
            "::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
            "2001:DB8:0:0:0:0:0:1"
        ]),
        odd: json!([
            "10.0.0.01",
            "10.0.0",
            "[::1]",
            "fe80::1%eth0",
            "10.0.0.1:80",
            "::ffff:10.0.0.256",
            "1:2:3:4:5:6:7::8:9",
            10
        ]),
        folds: false,
    }
}

/// What `ipInRange` compares with.
pub fn ranges() -> Value {
    json!([
        "10.0.0.0/8",
        "10.0.0.1",
        "10.0.0.77/24",
        "0.0.0.0/0",
        "::/0",
        "2001:db8::/32",
        "::ffff:10.0.0.0/104",
        "::ffff:0:0/96",
        "::ffff:10.0.0.0/95",
        "192.168.0.7/32",
        "::1/128",
        "128.0.0.0/1",
        "2001:db8::2/127"
    ])
}
