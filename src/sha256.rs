//! SHA-256 (FIPS 180-4), for texts that are given in pieces.
//!
//! Written out, and for size: no table, no unrolled rounds. Tests hold it to NIST's vectors and to the crate `sha2`.

/// Bytes of a block, and of the length that ends the last one.
const BLOCK: usize = 64;
const LENGTH: usize = 8;

/// A hash of what was given so far.
#[derive(Clone, Debug)]
pub struct Hash {
    state: [u32; 8],
    /// One for each round.
    constants: [u32; 64],
    block: [u8; BLOCK],
    /// Bytes given so far.
    length: u64,
}

impl Hash {
    /// Of nothing. The constants are worked out, as sections 4.2.2 and 5.3.3 define them: the first 32 bits behind the point of the
    /// roots of the first primes.
    pub fn new() -> Hash {
        let mut hash = Hash { state: [0; 8], constants: [0; 64], block: [0; BLOCK], length: 0 };
        let mut primes = (2_u32..).filter(|number| !(2..*number).any(|divisor| number.is_multiple_of(divisor)));
        let mut state = hash.state.iter_mut();
        for constant in &mut hash.constants {
            let prime = f64::from(primes.next().unwrap_or_default());
            *constant = behind_the_point(cube_root(prime));
            if let Some(word) = state.next() {
                *word = behind_the_point(prime.sqrt());
            }
        }
        hash
    }

    /// Goes on with these bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.push(*byte);
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.block.get_mut(self.length as usize % BLOCK) {
            *place = byte;
        }
        self.length = self.length.wrapping_add(1);
        if (self.length as usize).is_multiple_of(BLOCK) {
            self.mix();
        }
    }

    /// The hash of all that was given, as words in order.
    pub fn finish(mut self) -> [u32; 8] {
        let bits = self.length.wrapping_mul(8);
        self.push(0x80);
        while self.length as usize % BLOCK != BLOCK - LENGTH {
            self.push(0);
        }
        self.update(&bits.to_be_bytes());
        self.state
    }

    /// Section 6.2.2, with sixteen words of the schedule at a time.
    fn mix(&mut self) {
        let mut words = [0; 16];
        for (word, bytes) in words.iter_mut().zip(self.block.as_chunks().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        let mut state = self.state;
        for constant in &self.constants {
            let [a, b, c, d, e, f, g, h] = state;
            let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = words;
            let one = sigma(e, 6, 11) ^ e.rotate_right(25);
            let one = one.wrapping_add(h).wrapping_add((e & f) ^ (!e & g)).wrapping_add(*constant).wrapping_add(w0);
            let two = sigma(a, 2, 13) ^ a.rotate_right(22);
            let two = two.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            state = [one.wrapping_add(two), a, b, c, d.wrapping_add(one), e, f, g];
            let next = w0.wrapping_add(sigma(w1, 7, 18) ^ (w1 >> 3)).wrapping_add(w9);
            let next = next.wrapping_add(sigma(w14, 17, 19) ^ (w14 >> 10));
            words = [w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, next];
        }
        for (word, mixed) in self.state.iter_mut().zip(state) {
            *word = word.wrapping_add(mixed);
        }
    }
}

fn sigma(word: u32, one: u32, other: u32) -> u32 {
    word.rotate_right(one) ^ word.rotate_right(other)
}

/// Newton's steps from above: sixteen are enough for all primes up to 311, the 64th.
fn cube_root(number: f64) -> f64 {
    let mut root = 7.0;
    for _ in 0..16 {
        root = (2.0 * root + number / (root * root)) / 3.0;
    }
    root
}

fn behind_the_point(number: f64) -> u32 {
    (number.fract() * 4_294_967_296.0) as u32
}

#[cfg(test)]
mod tests {
    use super::Hash;
    use sha2::{Digest, Sha256};

    fn hex(pieces: &[&[u8]]) -> String {
        let mut hash = Hash::new();
        pieces.iter().for_each(|piece| hash.update(piece));
        hash.finish().iter().map(|word| format!("{word:08x}")).collect()
    }

    /// NIST's examples for SHA-256: one block, two, many.
    #[test]
    fn nist_vectors() {
        let million = [b'a'; 1_000_000];
        let two = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(hex(&[b"abc"]), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&[b""]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(&[two]), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        assert_eq!(hex(&[&million]), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    /// Every length around the ends of blocks, in two pieces.
    #[test]
    fn as_another_implementation() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..bytes.len() {
            let (given, _) = bytes.split_at(length);
            let (one, other) = given.split_at(length / 3);
            let expected: String = Sha256::digest(given).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex(&[one, other]), expected, "{length} bytes");
        }
    }
}
