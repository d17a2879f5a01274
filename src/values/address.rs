//! IP addresses and ranges of them (CIDR, RFC 4632 and RFC 4291). A v4 address is held in its v6 form, `::ffff:a.b.c.d`.

/// An address in sixteen bytes.
pub type Address = [u8; 16];

/// What every mapped v4 address begins with (RFC 4291, section 2.5.5.2).
const MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
/// How many bits that is.
const MAPPED_BITS: u8 = 96;

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range {
    start: Address,
    /// How many bits are alike.
    bits: u8,
}

impl Range {
    /// The range that a text is: an address and a prefix length, or one address alone. Bits behind the prefix mean nothing.
    pub fn parse(text: &str) -> Option<Range> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let start = parse(address.as_bytes())?;
        let before = if address.contains(':') { 0 } else { MAPPED_BITS };
        let bits = match prefix {
            None => 128,
            Some(prefix) => decimal(prefix.as_bytes(), 128)?.checked_add(before).filter(|bits| *bits <= 128)?,
        };
        Some(Range { start, bits })
    }

    /// What they begin with, and how many bits of it count.
    pub fn parts(self) -> (Address, u8) {
        (self.start, self.bits)
    }

    /// The range of these parts.
    pub fn of_parts(start: Address, bits: u8) -> Option<Range> {
        (bits <= 128).then_some(Range { start, bits })
    }

    /// Whether the range holds an address. A v4 address is in v4 ranges alone.
    pub fn holds(self, address: Address) -> bool {
        let family = is_v4(address) == (is_v4(self.start) && self.bits >= MAPPED_BITS);
        let (whole, rest) = (usize::from(self.bits / 8), self.bits % 8);
        let mask = !(0xff_u8.checked_shr(rest.into()).unwrap_or(0));
        let alike = address.get(..whole) == self.start.get(..whole);
        let edge = |of: Address| of.get(whole).map_or(0, |byte| byte & mask);
        family && alike && edge(address) == edge(self.start)
    }
}

fn is_v4(address: Address) -> bool {
    address.starts_with(&MAPPED)
}

/// The address that a text is, v4 or v6; none where it is not one.
pub fn parse(text: &[u8]) -> Option<Address> {
    if text.contains(&b':') {
        return v6(text);
    }
    let [a, b, c, d] = v4(text)?;
    let [.., e, f] = MAPPED;
    Some([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, e, f, a, b, c, d])
}

/// Four decimal numbers.
fn v4(text: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut parts = text.split(|byte| *byte == b'.');
    for octet in &mut octets {
        *octet = decimal(parts.next()?, 255)?;
    }
    parts.next().is_none().then_some(octets)
}

/// A decimal number without leading zeros.
fn decimal(digits: &[u8], most: u16) -> Option<u8> {
    let padded = digits.len() > 1 && digits.first() == Some(&b'0');
    let mut value: u16 = 0;
    for digit in digits {
        let digit = char::from(*digit).to_digit(10)? as u16;
        value = value.saturating_mul(10).saturating_add(digit);
    }
    u8::try_from(value).ok().filter(|_| !digits.is_empty() && !padded && value <= most)
}

/// Groups of four hexadecimal digits; `::` stands once for at least one group of zeros.
fn v6(text: &[u8]) -> Option<Address> {
    let Some(gap) = text.windows(2).position(|pair| pair == b"::") else {
        let (address, bytes) = groups(text, true)?;
        return (bytes == 16).then_some(address);
    };
    let (before, from) = groups(text.get(..gap)?, false)?;
    let (behind, bytes) = groups(text.get(gap.saturating_add(2)..)?, true)?;
    let to = 14_usize.checked_sub(bytes).filter(|to| from <= *to)?.saturating_add(2);
    let mut address = before;
    address.get_mut(to..)?.copy_from_slice(behind.get(..bytes)?);
    Some(address)
}

/// Groups and colons between them, written from the front on; and how many bytes that are. The last four may be a v4 address.
fn groups(text: &[u8], last: bool) -> Option<(Address, usize)> {
    let mut address = [0; 16];
    let mut bytes: usize = 0;
    let mut parts = text.split(|byte| *byte == b':').filter(|_| !text.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let dotted = last && parts.peek().is_none() && part.contains(&b'.');
        let (group, length) = if dotted { (v4(part)?, 4) } else { (hexadecimal(part)?, 2) };
        let end = bytes.saturating_add(length);
        address.get_mut(bytes..end)?.copy_from_slice(group.get(..length)?);
        bytes = end;
    }
    Some((address, bytes))
}

/// One to four digits, in the first two bytes.
fn hexadecimal(digits: &[u8]) -> Option<[u8; 4]> {
    let mut value: u32 = 0;
    for digit in digits {
        value = value << 4 | char::from(*digit).to_digit(16)?;
    }
    let [_, _, high, low] = value.to_be_bytes();
    (1..=4).contains(&digits.len()).then_some([high, low, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::{Range, parse};
    use std::net::{IpAddr, Ipv6Addr};

    /// By the standard library.
    fn known(text: &str) -> Option<[u8; 16]> {
        match text.parse().ok()? {
            IpAddr::V4(address) => Some(address.to_ipv6_mapped().octets()),
            IpAddr::V6(address) => Some(Ipv6Addr::octets(&address)),
        }
    }

    /// Every text of up to so many of these pieces.
    fn texts(pieces: &[&str], most: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut longest = texts.clone();
        for _ in 0..most {
            longest =
                longest.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
            texts.extend(longest.iter().cloned());
        }
        texts
    }

    #[test]
    fn addresses_are_those_of_the_standard_library() {
        let mut sound = 0;
        let short =
            texts(&["::", ":", "1", "f00", "0:0:0:0:0:0", "1.2.3.4", "1.2.3.", "07", "255", "256", ".", "%1"], 4);
        let long = texts(&[":0", "::", "f:", "g", "1.2.3.4"], 7);
        for text in short.iter().chain(&long) {
            let address = parse(text.as_bytes());
            assert_eq!(address, known(text), "{text}");
            sound += usize::from(address.is_some());
        }
        assert!(sound > 200, "{sound}");
    }

    fn holds(range: &str, address: &str) -> bool {
        Range::parse(range).unwrap().holds(parse(address.as_bytes()).unwrap())
    }

    #[test]
    fn a_range_holds_what_begins_alike() {
        for (range, first, last, outside) in [
            ("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
            ("192.168.1.130/25", "192.168.1.128", "192.168.1.255", "192.168.1.127"),
            ("1.2.3.4", "1.2.3.4", "::ffff:1.2.3.4", "1.2.3.5"),
            ("1.2.3.4/31", "1.2.3.4", "1.2.3.5", "1.2.3.6"),
            ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "::1"),
            ("::/0", "::1", "ffff::", "1.2.3.4"),
            ("::ffff:10.0.0.0/104", "10.0.0.1", "::ffff:10.255.0.0", "11.0.0.0"),
            ("2001:db8::/33", "2001:db8::", "2001:db8:7fff::", "2001:db8:8000::"),
            ("::fffe:0:0/95", "::fffe:0:1", "::fffe:ffff:ffff", "0.0.0.0"),
        ] {
            assert!(holds(range, first) && holds(range, last), "{range}");
            assert!(!holds(range, outside), "{range} {outside}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "/8",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.0.0/8",
            "::/129",
            "::/8/8",
            "::1%eth0/64",
        ] {
            assert!(Range::parse(text).is_none(), "{text}");
        }
    }
}
