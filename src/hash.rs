//! The only hashing of ids and salts: the bucketing specification, version 1.
//!
//! ```text
//! seed(kind, salt)  = XXH64( le32(byte length of S) || S || kind || utf8(salt), 0 )    S = utf8(snapshot salt)
//! unit              = XXH64( utf8(id), 0 )
//! point(kind, salt) = XXH64( le64(unit), seed(kind, salt) ) >> 32                      a point on a line of 2^32
//! cut(share)        = floor(share * 2^32 + 0.5)                                        IEEE binary64
//! ```
//!
//! A share covers the points `[0, cut(share))`. `tests/vectors/` holds values computed by an independent
//! implementation of xxHash.

use xxhash_rust::xxh64::xxh64;

/// The number of points on the line that shares are cut from.
pub const LINE: u64 = 1 << 32;

/// What a seed is for; keeps the points of a flag and of a layer with the same salt independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A flag or a rollout.
    Flag,
    /// A layer.
    Layer,
    /// A `bucket` condition.
    Bucket,
    /// A fault.
    Fault,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Kind::Flag => b'F',
            Kind::Layer => b'L',
            Kind::Bucket => b'B',
            Kind::Fault => b'X',
        }
    }
}

/// The seed of a salt: computed once, when a snapshot is compiled.
///
/// ```
/// use pointsman::hash::{Kind, seed};
/// assert_ne!(seed("", Kind::Flag, "new-checkout"), seed("", Kind::Layer, "new-checkout"));
/// ```
pub fn seed(snapshot_salt: &str, kind: Kind, salt: &str) -> u64 {
    // A snapshot has at most 64 MiB, so its salt's length fits.
    let length = u32::try_from(snapshot_salt.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(snapshot_salt.len().saturating_add(salt.len()).saturating_add(5));
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(snapshot_salt.as_bytes());
    bytes.push(kind.byte());
    bytes.extend_from_slice(salt.as_bytes());
    xxh64(&bytes, 0)
}

/// The hash of an id, shared by every flag that buckets by it.
#[inline(always)]
pub fn unit(id: &[u8]) -> u64 {
    xxh64(id, 0)
}

/// Where a unit stands on a seed's line of 2^32 points.
#[inline(always)]
pub fn point(unit: u64, seed: u64) -> u64 {
    // XXH64 of eight bytes, spelled out: 63 wasm instructions of a decision's 731 less than by the general function. The test
    // vectors hold this to an independent implementation.
    let lane = unit.wrapping_mul(PRIME_2).rotate_left(31).wrapping_mul(PRIME_1);
    let start = seed.wrapping_add(PRIME_5).wrapping_add(8);
    let mixed = (start ^ lane).rotate_left(27).wrapping_mul(PRIME_1).wrapping_add(PRIME_4);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(PRIME_2);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(PRIME_3);
    // The last step's `^ (mixed >> 32)` leaves the upper half as it is.
    mixed >> 32
}

/// The primes of XXH64 (xxHash specification, version 0.1.1, section "XXH64 algorithm description").
const PRIME_1: u64 = 0x9e37_79b1_85eb_ca87;
const PRIME_2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const PRIME_3: u64 = 0x1656_67b1_9e37_79f9;
const PRIME_4: u64 = 0x85eb_ca77_c2b2_ae63;
const PRIME_5: u64 = 0x27d4_eb2f_1656_67c5;

/// The end of a share, `0.0..=1.0`, on the line; clamped to it.
///
/// ```
/// assert_eq!(pointsman::hash::cut(0.25), 1 << 30);
/// ```
#[inline]
pub fn cut(share: f64) -> u64 {
    // The cast saturates, and NaN becomes 0: in doubt the share is empty.
    ((share * LINE as f64 + 0.5).floor() as u64).min(LINE)
}
