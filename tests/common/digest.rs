//! Texts as hashed lists have them, by another implementation of SHA-256 than the engine's.

use sha2::{Digest, Sha256};

/// RFC 4648, section 5.
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// "base64url( SHA-256( utf8(salt) || 0x00 || utf8(text) ) )", by bits written out.
pub fn digest(salt: &str, text: &str) -> String {
    let hash = Sha256::digest([salt.as_bytes(), b"\0", text.as_bytes()].concat());
    let mut bits: String = hash.iter().map(|byte| format!("{byte:08b}")).collect();
    bits.push_str("00");
    let sextets = bits.as_bytes().chunks(6).map(|six| std::str::from_utf8(six).unwrap());
    sextets.map(|six| ALPHABET.as_bytes()[usize::from_str_radix(six, 2).unwrap()] as char).collect()
}

/// "43 characters"; no bit is set that is over.
#[allow(dead_code, reason = "not every test that generates snapshots reads them")]
pub fn is_digest(text: &str) -> bool {
    let places: Option<Vec<usize>> = text.chars().map(|letter| ALPHABET.find(letter)).collect();
    text.len() == 43 && places.is_some_and(|places| places.last().is_some_and(|last| last.is_multiple_of(4)))
}
