//! How texts stand in lists that a snapshot has hashed: so that who reads the snapshot can't read them.
//!
//! ```text
//! digest = base64url( SHA-256( utf8(salt) || 0x00 || utf8(text) ) )      43 characters, without padding
//! ```

use crate::{sha256::Hash, values::case};

/// A text's digest, as lists have it.
pub type Digest = [u8; 43];

/// RFC 4648, section 5.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The salt of a snapshot's hashed lists, with the hash that all of its digests begin with.
#[derive(Debug)]
pub struct Salted {
    pub salt: String,
    start: Hash,
}

impl Salted {
    pub fn new(salt: &str) -> Salted {
        let mut start = Hash::new();
        start.update(salt.as_bytes());
        start.update(&[0]);
        Salted { salt: salt.into(), start }
    }

    /// The digest of a text.
    #[inline(never)]
    pub fn digest(&self, text: &[u8]) -> Digest {
        let mut hash = self.start.clone();
        hash.update(text);
        encoded(hash.finish())
    }

    /// The digest of a text whatever the case of ASCII's letters.
    #[inline(never)]
    pub fn folded(&self, text: &str) -> Digest {
        let mut hash = self.start.clone();
        for letter in text.chars() {
            hash.update(case::fold_ascii(letter).encode_utf8(&mut [0; 4]).as_bytes());
        }
        encoded(hash.finish())
    }
}

/// Whether a text can be a digest: of that length, of those characters, and with nothing in the two bits that are over.
pub fn is_digest(text: &[u8]) -> bool {
    let last = text.last().is_some_and(|last| b"AEIMQUYcgkosw048".contains(last));
    last && text.len() == size_of::<Digest>() && text.iter().all(|character| ALPHABET.contains(character))
}

fn encoded(hash: [u32; 8]) -> Digest {
    let mut digest = [0; size_of::<Digest>()];
    let mut bit: u32 = 0;
    for character in &mut digest {
        let mut sextet = 0;
        for _ in 0..6 {
            let word = hash.get((bit >> 5) as usize).copied().unwrap_or_default();
            sextet = sextet << 1 | word << (bit & 31) >> 31;
            bit = bit.wrapping_add(1);
        }
        *character = ALPHABET.get(sextet as usize).copied().unwrap_or_default();
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::{Salted, is_digest};

    const ALICE: &[u8; 43] = b"T2nsU37xF64MedxuS1cB4AKX6qG3a8R2iAeJ66XM_9o";
    const KS: &[u8; 43] = b"gPy4d7WGfbFZa3hgUOmLGdHWlrxGWeYasBdBvJJ-EIY";

    /// By Python: `base64.urlsafe_b64encode(hashlib.sha256(salt + b"\0" + text).digest()).rstrip(b"=")`.
    #[test]
    fn digests_of_another_implementation() {
        let salted = Salted::new("pepper");
        assert_eq!(&salted.digest(b"alice"), ALICE);
        assert_eq!(&salted.folded("ALICE"), ALICE);
        assert_eq!(&salted.folded("\u{212a}\u{17f}\u{c4}"), KS);
    }

    #[test]
    fn what_can_be_a_digest() {
        assert!(is_digest(ALICE));
        let with = |place: usize, character| {
            let mut text = *ALICE;
            text[place] = character;
            is_digest(&text)
        };
        assert!(with(0, b'-') && with(0, b'_') && with(42, b'A'));
        assert!(!with(0, b'+') && !with(0, b'=') && !with(0, 0) && !with(42, b'B') && !with(42, b'_'));
        assert!(!is_digest(&ALICE[1..]) && !is_digest(&[ALICE, &b"A"[..]].concat()) && !is_digest(b""));
    }
}
