//! JSON string escapes.

/// The text that a JSON string means, from what stands between its quotes. The reader has checked every escape.
pub fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        text.push_str(plain);
        let (character, length) = one(escape);
        text.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

fn one(escape: &str) -> (char, usize) {
    match escape.as_bytes().get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => unicode(escape).unwrap_or((char::REPLACEMENT_CHARACTER, 6)),
        other => (other.map_or(char::REPLACEMENT_CHARACTER, |&byte| char::from(byte)), 2),
    }
}

/// The character of a `\u` escape, or of a pair of surrogates, at the start of `text`, and the escape's length in bytes.
/// None where the digits are wrong or a surrogate stands alone.
pub fn unicode(text: &str) -> Option<(char, usize)> {
    let high = unit(text)?;
    if let Some(character) = char::from_u32(high) {
        return Some((character, 6));
    }
    let low = unit(text.get(6..)?)?;
    let pair = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    char::decode_utf16(pair).next()?.ok().map(|character| (character, 12))
}

fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` alone would let a sign pass.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}
