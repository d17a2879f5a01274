//! The short texts of short lists, each once in a snapshot: countries, plans, and the like. Such a list is a set of bits, and
//! a visitor's text is looked up once for all of them, without hashing it: 4 ns in place of 22.

use super::lists::scattered;
use crate::limits;

/// Bytes of the longest word: with its length they make sixteen.
const LONGEST: usize = 15;

#[derive(Debug, Default)]
pub struct Words {
    /// In the order of their numbers.
    keys: Vec<Key>,
    /// Numbers, each one up, at the places that keys have in a table of linear probing; 0 where there is none. A power of two of
    /// them, at most half of which are taken.
    slots: Vec<u8>,
}

/// A text of 1 to 15 bytes: its bytes, and its length in the highest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub low: u64,
    pub high: u64,
}

impl Key {
    /// None for a text that is empty, or too long.
    #[inline(always)]
    fn of(text: &[u8]) -> Option<Key> {
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let mut key = Key { low: 0, high: (text.len() as u64) << 56 };
        let mut shift: u32 = 0;
        for byte in text {
            let shifted = u64::from(*byte) << (shift & 63);
            if shift < 64 {
                key.low |= shifted;
            } else {
                key.high |= shifted;
            }
            shift = shift.wrapping_add(8);
        }
        Some(key)
    }

    #[inline(always)]
    fn place(self) -> usize {
        scattered(self.low ^ self.high)
    }
}

impl Words {
    /// The number of a word.
    #[inline(always)]
    pub fn number(&self, text: &[u8]) -> Option<u8> {
        self.find(Key::of(text)?)
    }

    #[inline(always)]
    fn find(&self, key: Key) -> Option<u8> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut place = key.place() & mask;
        loop {
            let number = self.slots.get(place)?.checked_sub(1)?;
            if self.keys.get(usize::from(number)) == Some(&key) {
                return Some(number);
            }
            place = place.wrapping_add(1) & mask;
        }
    }

    /// The number of a text, which becomes a word where it is none yet; none where it is too long, or there are too many.
    pub fn intern(&mut self, text: &[u8]) -> Option<u8> {
        let key = Key::of(text)?;
        self.find(key).or_else(|| self.add(key))
    }

    fn add(&mut self, key: Key) -> Option<u8> {
        let number = u8::try_from(self.keys.len()).ok().filter(|number| usize::from(*number) < limits::WORDS)?;
        self.keys.push(key);
        if self.slots.len() < self.keys.len().saturating_mul(2) {
            *self = Words::of(std::mem::take(&mut self.keys));
        } else {
            self.settle(key, number);
        }
        Some(number)
    }

    /// Words with these keys, the first [`limits::WORDS`] of them.
    pub fn of(mut keys: Vec<Key>) -> Words {
        keys.truncate(limits::WORDS);
        let mut words = Words { slots: vec![0; keys.len().saturating_mul(2).next_power_of_two()], keys: Vec::new() };
        for (key, number) in keys.iter().zip(0..) {
            words.settle(*key, number);
        }
        words.keys = keys;
        words
    }

    /// Puts a number at the first free place. There is one: half of them are.
    fn settle(&mut self, key: Key, number: u8) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = key.place() & mask;
        while let Some(slot) = self.slots.get_mut(place) {
            if *slot == 0 {
                *slot = number.wrapping_add(1);
                return;
            }
            place = place.wrapping_add(1) & mask;
        }
    }

    /// In the order of their numbers.
    pub fn keys(&self) -> &Vec<Key> {
        &self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::limits;

    #[test]
    fn each_word_has_a_number_of_its_own() {
        let mut words = Words::default();
        assert_eq!(words.number(b"DE"), None);
        for number in 0..limits::WORDS {
            let text = format!("word-{number}");
            assert_eq!(words.intern(text.as_bytes()), Some(number as u8));
        }
        assert_eq!(words.intern(b"one too many"), None);
        let again = Words::of(words.keys().clone());
        for number in 0..limits::WORDS {
            let text = format!("word-{number}");
            assert_eq!(words.number(text.as_bytes()), Some(number as u8));
            assert_eq!(again.number(text.as_bytes()), Some(number as u8));
        }
        assert_eq!(words.number(b"one too many"), None);
    }

    #[test]
    fn texts_that_differ_are_different_words() {
        let mut words = Words::default();
        let texts: [&[u8]; 8] =
            [b"a", b"a\0", b"\0a", b"aaaaaaaa", b"aaaaaaaaa", b"aaaaaaaa\0", b"aaaaaaaaaaaaaaa", b"AAAAAAAAAAAAAAA"];
        for (text, number) in texts.iter().zip(0..) {
            assert_eq!(words.intern(text), Some(number), "{text:?}");
        }
        assert_eq!(words.intern(b""), None);
        assert_eq!(words.intern(b"aaaaaaaaaaaaaaaa"), None);
    }
}
