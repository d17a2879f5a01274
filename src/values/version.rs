//! Versions by Semantic Versioning 2.0.0. `1` and `1.2` mean `1.0.0` and `1.2.0`, also before a pre-release, as LaunchDarkly has it.
//!
//! Numbers stay digits: they have no upper bound in the specification, and none here.

use crate::EDGE;
use std::cmp::Ordering;

/// A version, borrowed from its text. Build metadata is ignored (section 10).
#[derive(Clone, Copy, Debug)]
pub struct Version<'t> {
    /// Major, minor and patch.
    numbers: [Number<'t>; 3],
    /// The identifiers of the pre-release, with the dots between them; empty for a release.
    identifiers: &'t [u8],
}

impl<'t> Version<'t> {
    /// The version that a text is; none where it is not one.
    pub fn parse(text: &'t [u8]) -> Option<Version<'t>> {
        let mut numbers = [Number { digits: b"0", value: 0 }; 3];
        let mut rest = text;
        for (place, number) in numbers.iter_mut().enumerate() {
            if place > 0 {
                let [b'.', behind @ ..] = rest else { break };
                rest = behind;
            }
            (*number, rest) = Number::parse(rest)?;
        }
        let identifiers = if rest.is_empty() { rest } else { identifiers(rest)? };
        Some(Version { numbers, identifiers })
    }

    /// The precedence of two versions (section 11).
    pub fn compare(self, other: Version<'_>) -> Ordering {
        let numbers = self.numbers.into_iter().zip(other.numbers);
        let core = numbers.map(|(left, right)| left.compare(right)).find(|order| order.is_ne());
        core.unwrap_or_else(|| match (self.identifiers, other.identifiers) {
            ([], []) => Ordering::Equal,
            // A release comes after its pre-releases.
            ([], _) => Ordering::Greater,
            (_, []) => Ordering::Less,
            (left, right) => by_identifiers(left, right),
        })
    }
}

/// A version of a snapshot, read once.
#[derive(Debug, Default)]
pub struct Written {
    text: String,
    ordinal: Option<u64>,
}

impl Written {
    /// None for a text that is no version.
    pub fn parse(text: &str) -> Option<Written> {
        Version::parse(text.as_bytes()).map(|_| Written { text: text.into(), ordinal: ordinal(text.as_bytes()) })
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A visitor's version.
#[derive(Clone, Copy, Debug)]
pub struct Given<'t> {
    text: &'t [u8],
    ordinal: Option<u64>,
}

impl<'t> Given<'t> {
    /// None for a text that is no version.
    pub fn parse(text: &'t [u8]) -> Option<Given<'t>> {
        let ordinal = ordinal(text);
        (ordinal.is_some() || Version::parse(text).is_some()).then_some(Given { text, ordinal })
    }

    /// The precedence of this version and one of a snapshot.
    pub fn compare(self, other: &Written) -> Ordering {
        match (self.ordinal, other.ordinal) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => by_parts(self.text, other.text.as_bytes()),
        }
    }
}

/// As both were read before, the equality of what is none is never asked for.
#[inline(never)]
fn by_parts(left: &[u8], right: &[u8]) -> Ordering {
    match (Version::parse(left), Version::parse(right)) {
        (Some(left), Some(right)) => left.compare(right),
        _ => Ordering::Equal,
    }
}

/// Bits of one number in an ordinal, and the digits that always fit.
const ORDINAL_BITS: u32 = 20;
const ORDINAL_DIGITS: usize = 6;

/// What most versions are, releases with numbers of at most six digits, as one number each in the order of their precedence.
fn ordinal(text: &[u8]) -> Option<u64> {
    if !EDGE {
        return None;
    }
    let (mut ordinal, mut number, mut digits, mut numbers) = (0_u64, 0_u64, 0_usize, 0_u32);
    for byte in text {
        match byte {
            b'0'..=b'9' if digits < ORDINAL_DIGITS && (digits == 0 || number > 0) => {
                number = number.wrapping_mul(10).wrapping_add(u64::from(byte & 15));
                digits = digits.wrapping_add(1);
            }
            b'.' if digits > 0 && numbers < 2 => {
                ordinal = ordinal << ORDINAL_BITS | number;
                (number, digits, numbers) = (0, 0, numbers.wrapping_add(1));
            }
            _ => return None,
        }
    }
    let rest = 2_u32.wrapping_sub(numbers).wrapping_mul(ORDINAL_BITS);
    (digits > 0).then_some((ordinal << ORDINAL_BITS | number) << rest)
}

/// A number without leading zeros.
#[derive(Clone, Copy, Debug)]
struct Number<'t> {
    digits: &'t [u8],
    /// What it is worth, where it has no more digits than fit.
    value: u64,
}

/// All numbers of so many digits fit 64 bits.
const FITTING_DIGITS: usize = 19;

impl<'t> Number<'t> {
    /// The number that a text begins with, and what stands behind it.
    #[inline(always)]
    fn parse(text: &'t [u8]) -> Option<(Number<'t>, &'t [u8])> {
        let (mut rest, mut value) = (text, 0_u64);
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit & 15));
            rest = behind;
        }
        let digits = text.get(..text.len().saturating_sub(rest.len()))?;
        let sound = !digits.is_empty() && (digits.len() == 1 || digits.first() != Some(&b'0'));
        sound.then_some((Number { digits, value }, rest))
    }

    /// The longer is the larger.
    #[inline(always)]
    fn compare(self, other: Number<'_>) -> Ordering {
        if self.digits.len() <= FITTING_DIGITS && other.digits.len() <= FITTING_DIGITS {
            return self.value.cmp(&other.value);
        }
        by_value(self.digits, other.digits)
    }
}

/// The pre-release's identifiers in what stands behind the numbers; none where that is no part of a version.
#[inline(never)]
fn identifiers(text: &[u8]) -> Option<&[u8]> {
    let (core, build) = cut(text, b'+');
    let (nothing, pre) = cut(core, b'-');
    let sound = build.is_none_or(|build| build.split(is_dot).all(is_identifier))
        && pre.is_none_or(|pre| pre.split(is_dot).all(|part| is_identifier(part) && !is_padded(part)));
    (sound && nothing.is_empty()).then_some(pre.unwrap_or_default())
}

/// What stands before the first mark, and what behind it; nothing behind where there is none.
fn cut(text: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = text.splitn(2, |byte| *byte == mark);
    (parts.next().unwrap_or_default(), parts.next())
}

fn is_dot(byte: &u8) -> bool {
    *byte == b'.'
}

fn is_identifier(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

fn is_number(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(u8::is_ascii_digit)
}

/// A number with leading zeros, which no version has.
fn is_padded(part: &[u8]) -> bool {
    part.len() > 1 && part.first() == Some(&b'0') && is_number(part)
}

/// Two numbers without leading zeros: the longer is the larger.
fn by_value(left: &[u8], right: &[u8]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Identifier by identifier; of two lists that begin alike the longer is the larger.
fn by_identifiers(left: &[u8], right: &[u8]) -> Ordering {
    let mut others = right.split(is_dot);
    for own in left.split(is_dot) {
        let Some(other) = others.next() else { return Ordering::Greater };
        let order = by_identifier(own, other);
        if order.is_ne() {
            return order;
        }
    }
    if others.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

/// Numbers by their value, and below all others; those by their ASCII codes.
fn by_identifier(left: &[u8], right: &[u8]) -> Ordering {
    match (is_number(left), is_number(right)) {
        (true, true) => by_value(left, right),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left.cmp(right),
    }
}

#[cfg(test)]
mod tests {
    use super::Version;
    use std::cmp::Ordering;

    fn compare(left: &str, right: &str) -> Ordering {
        Version::parse(left.as_bytes()).unwrap().compare(Version::parse(right.as_bytes()).unwrap())
    }

    #[test]
    fn the_specification_s_examples_are_in_order() {
        let chains: [&[&str]; 3] = [
            &["1.0.0", "2.0.0", "2.1.0", "2.1.1"],
            // Section 11.4, with the identifiers of its examples.
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
            ],
            &["1.9", "1.10", "18446744073709551615", "18446744073709551616.0.0-0", "18446744073709551616"],
        ];
        for chain in chains {
            for (place, left) in chain.iter().enumerate() {
                for (other, right) in chain.iter().enumerate() {
                    assert_eq!(compare(left, right), place.cmp(&other), "{left} {right}");
                }
            }
        }
    }

    #[test]
    fn what_means_the_same_is_equal() {
        for (left, right) in [("1", "1.0.0"), ("1.2", "1.2.0"), ("1-rc.1", "1.0.0-rc.1"), ("1.0.0+a.b", "1.0.0+-01")] {
            assert_eq!(compare(left, right), Ordering::Equal, "{left} {right}");
        }
        assert_eq!(compare("1.0.0-rc.1+build-1", "1.0.0-rc.1"), Ordering::Equal);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in [
            "",
            "v1.2.3",
            "01.2.3",
            "1.02.3",
            "1.2.3-01",
            "1.2.3-",
            "1.2.3+",
            "1..3",
            "1.2.3.4",
            "1.2.",
            " 1.2.3",
            "1.2.3-a..b",
            "1.2.3-é",
            "1.2.3+a+b",
            "-1",
            "+1",
            "1.2.3-a_b",
        ] {
            assert!(Version::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
