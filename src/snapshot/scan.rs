//! How far a JSON string goes before something in it has a meaning.

/// A byte of each value in each of a word's eight.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// How many bytes at the start are plain: neither a quote, nor a backslash, nor a control character.
///
/// Eight at a time, as most of a snapshot is names and ids (byte by byte: 12 native instructions each, a tenth of a load).
#[inline(always)]
pub fn plain(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        let marks = marks(u64::from_le_bytes(*eight));
        if marks != 0 {
            // The lowest mark is always right.
            return bytes.len().wrapping_sub(rest.len()).wrapping_add((marks.trailing_zeros() >> 3) as usize);
        }
        rest = behind;
    }
    let behind = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len());
    bytes.len().wrapping_sub(rest.len()).wrapping_add(behind)
}

/// The high bit of each byte that is not plain; bits above the lowest one may be wrong ("Bit Twiddling Hacks", S. E. Anderson:
/// determine if a word has a byte less than n).
#[inline(always)]
fn marks(word: u64) -> u64 {
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES.wrapping_mul(limit.into())) & !word;
    let equal = |byte: u8| below(word ^ ONES.wrapping_mul(byte.into()), 1);
    (below(word, 0x20) | equal(b'"') | equal(b'\\')) & HIGHS
}
