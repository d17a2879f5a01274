//! Numbers of JSON: their grammar, and their values as doubles, rounded correctly.
//!
//! Rust's own `str::parse::<f64>` weighed 15 kB (brotli) in a prototype of the module. Most numbers in snapshots need no rounding, or one:
//! at most 15 digits divided by a power of ten that a double holds exactly (Clinger 1990). The rest goes to the host, whose
//! parser is there already.

/// The length in bytes of the JSON number at the start of `text`; 0 where there is none.
pub fn length(text: &[u8]) -> usize {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(unsigned);
    if whole == 0 || (whole > 1 && unsigned.first() == Some(&b'0')) {
        return 0;
    }
    let rest = unsigned.get(whole..).unwrap_or_default();
    match fraction(rest).and_then(|rest| exponent(rest)) {
        Some(rest) => text.len().saturating_sub(rest.len()),
        None => 0,
    }
}

/// What follows the fraction, if there is one; none where it is malformed.
fn fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(rest) = text.strip_prefix(b".") else { return Some(text) };
    let count = digits(rest);
    if count == 0 { None } else { rest.get(count..) }
}

/// What follows the exponent, if there is one; none where it is malformed.
fn exponent(text: &[u8]) -> Option<&[u8]> {
    let Some((b'e' | b'E', rest)) = text.split_first() else { return Some(text) };
    let rest = rest.strip_prefix(b"+").or_else(|| rest.strip_prefix(b"-")).unwrap_or(rest);
    let count = digits(rest);
    if count == 0 { None } else { rest.get(count..) }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether a JSON number is within the range of a double. Only long numbers and those with an exponent can be beyond it.
pub fn is_finite(text: &str) -> bool {
    let plain = text.len() < 300 && !text.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    plain || parse(text).is_finite()
}

/// The double nearest to a JSON number.
///
/// ```
/// assert_eq!(pointsman::number::parse("-12.5"), -12.5);
/// ```
pub fn parse(text: &str) -> f64 {
    exactly(text).unwrap_or_else(|| host(text))
}

/// 10^0 to 10^15, each exact in a double.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The value where one rounding gives it: at most 15 digits, no exponent.
fn exactly(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if whole.len().saturating_add(fraction.len()) > 15 {
        return None;
    }
    let mut mantissa: u64 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = char::from(byte).to_digit(10)?;
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    let value = mantissa as f64 / POWERS.get(fraction.len())?;
    Some(if unsigned.len() < text.len() { -value } else { value })
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn host(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn host(text: &str) -> f64 {
    js_sys::parse_float(text)
}

/// The decimal digits of an integer, on the stack.
pub struct Digits {
    bytes: [u8; 21],
    start: usize,
}

impl Digits {
    /// The digits of `value`, with a sign where it is negative.
    pub fn new(value: i64) -> Digits {
        let mut digits = Digits { bytes: [0; 21], start: 21 };
        let mut rest = value.unsigned_abs();
        while digits.start == 21 || rest > 0 {
            digits.prepend(b'0'.wrapping_add((rest % 10) as u8));
            rest /= 10;
        }
        if value < 0 {
            digits.prepend(b'-');
        }
        digits
    }

    fn prepend(&mut self, byte: u8) {
        self.start = self.start.saturating_sub(1);
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = byte;
        }
    }

    /// The digits as ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

/// An integer as text.
pub fn text(value: u64) -> String {
    let digits = Digits::new(i64::try_from(value).unwrap_or(i64::MAX));
    digits.as_bytes().iter().map(|&byte| char::from(byte)).collect()
}
