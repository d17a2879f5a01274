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
    xxh64(&unit.to_le_bytes(), seed) >> 32
}

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
