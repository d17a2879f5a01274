//! IP addresses and ranges, by the standard library's reading of addresses.

use std::net::IpAddr;

/// Whether an address is in a range; none where it is no address.
pub fn is_in(address: &str, range: &str) -> Option<bool> {
    let address = mapped(read(address)?);
    let (start, prefix) = parts(range)?;
    Some(match (address, start) {
        (IpAddr::V4(address), IpAddr::V4(start)) => {
            same_bits(u32::from(address).into(), u32::from(start).into(), 32 - prefix)
        }
        (IpAddr::V6(address), IpAddr::V6(start)) => same_bits(address.into(), start.into(), 128 - prefix),
        _ => false,
    })
}

pub fn is_range(text: &str) -> bool {
    parts(text).is_some()
}

/// Whether two numbers are the same but for so many last bits.
fn same_bits(a: u128, b: u128, last: u32) -> bool {
    let rest = |number: u128| number.checked_shr(last).unwrap_or(0);
    rest(a) == rest(b)
}

/// No zone, no brackets, no port; the standard library takes none of them.
fn read(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// `::ffff:a.b.c.d` is the v4 address.
fn mapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Where a range begins, and its prefix. A mapped one is a v4 range, where its prefix leaves one.
fn parts(range: &str) -> Option<(IpAddr, u32)> {
    let (start, prefix) = match range.split_once('/') {
        Some((start, prefix)) => (read(start)?, Some(number(prefix)?)),
        None => (read(range)?, None),
    };
    let bits = if start.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.unwrap_or(bits);
    if prefix > bits {
        return None;
    }
    match start {
        IpAddr::V6(six) if prefix >= 96 && six.to_ipv4_mapped().is_some() => Some((mapped(start), prefix - 96)),
        IpAddr::V4(_) | IpAddr::V6(_) => Some((start, prefix)),
    }
}

/// Decimal, without sign and leading zeros.
fn number(text: &str) -> Option<u32> {
    let number = text.parse().ok()?;
    (u32::to_string(&number) == text).then_some(number)
}
