//! Visitors, the same in every run.

use pointsman::Context;
use rand::{RngExt, SeedableRng, rngs::StdRng};

pub const COUNTRIES: [&str; 20] = [
    "AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "LU", "NL", "NO", "PL", "PT", "SE", "SK",
    "US",
];
pub const PLANS: [&str; 3] = ["free", "pro", "team"];
/// Their major versions are their places, and one.
pub const VERSIONS: [&str; 4] = ["1.9.0", "2.3.1", "3.0.0", "4.12.5"];

/// What a rule can ask for; the numbers are places in the lists above.
pub struct Visitor {
    pub id: String,
    pub country: usize,
    pub plan: usize,
    pub version: usize,
}

/// So many visitors with ids of their own; another seed gives others.
pub fn visitors(seed: u64, count: usize) -> Vec<Visitor> {
    let mut draw = StdRng::seed_from_u64(seed);
    let one = |_| Visitor {
        id: uuid(&mut draw),
        country: draw.random_range(0..COUNTRIES.len()),
        plan: draw.random_range(0..PLANS.len()),
        version: draw.random_range(0..VERSIONS.len()),
    };
    (0..count).map(one).collect()
}

/// A version 4 UUID (RFC 9562): 36 bytes, as cookies hold them.
pub fn uuid(draw: &mut StdRng) -> String {
    let bits = draw.random::<u128>() & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl Visitor {
    pub fn context(&self) -> Context {
        Context::new()
            .with("userId", self.id.as_str())
            .with("country", COUNTRIES[self.country])
            .with("plan", PLANS[self.plan])
            .with("appVersion", VERSIONS[self.version])
    }
}
