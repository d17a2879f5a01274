//! Latencies in buckets: log-linear, eight to an octave, so that a bucket's edges are at most an eighth apart.

/// The number of buckets: below 1 ms, eight for each of the 16 octaves from 1 ms to 65.536 s, and beyond.
pub const BUCKETS: u8 = 130;

/// The last bucket, for what took 65.536 s or more, and for timeouts.
pub const LAST: u8 = BUCKETS - 1;

/// The bits of 1.0 from its exponent down to the third of its fraction: eight steps double a double.
const ONE: u64 = 1023 << 3;

/// The bits of a double below those.
const BELOW: u32 = 49;

/// The bucket of a latency in milliseconds. What is not a number, or negative, counts as 0.
///
/// ```
/// use pointsman::guard::buckets::{bucket_of, lower_edge};
/// assert_eq!(lower_edge(bucket_of(100.0)), 96.0);
/// assert_eq!(lower_edge(bucket_of(104.0)), 104.0);
/// ```
pub fn bucket_of(ms: f64) -> u8 {
    if ms >= 1.0 {
        let steps = (ms.to_bits() >> BELOW).saturating_sub(ONE).saturating_add(1);
        u8::try_from(steps).map_or(LAST, |bucket| bucket.min(LAST))
    } else {
        0
    }
}

/// The shortest latency of a bucket, in milliseconds; of a number that is no bucket, that of the last one.
pub fn lower_edge(bucket: u8) -> f64 {
    match bucket.min(LAST).checked_sub(1) {
        Some(steps) => f64::from_bits(u64::from(steps).saturating_add(ONE) << BELOW),
        None => 0.0,
    }
}

/// The first bucket that holds nothing shorter than `ms`; the last one where each does.
pub fn first_from(ms: f64) -> u8 {
    let bucket = bucket_of(ms);
    if lower_edge(bucket) < ms { bucket.saturating_add(1).min(LAST) } else { bucket }
}
