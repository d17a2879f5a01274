//! Times (RFC 3339) and durations, in milliseconds.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "every operand has at most nine digits, so nothing reaches the ends of i64"
)]

/// Milliseconds since 1970 of an RFC 3339 time, to the millisecond; none where it is not one.
pub fn instant(text: &str) -> Option<i64> {
    let (year, rest) = field(text, 4, "-")?;
    let (month, rest) = field(rest, 2, "-")?;
    let (day, rest) = field(rest, 2, "")?;
    let rest = rest.strip_prefix(['T', 't'])?;
    let (hour, rest) = field(rest, 2, ":")?;
    let (minute, rest) = field(rest, 2, ":")?;
    let (second, rest) = field(rest, 2, "")?;
    let (millis, rest) = fraction(rest)?;
    let date = (1..=12).contains(&month) && day >= 1 && day <= days_of(year, month);
    // 60 is a leap second, which Unix time counts as the second after.
    if !date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days(year, month, day)? * 86_400 + hour * 3_600 + minute * 60 + second - offset(rest)?;
    Some(seconds * 1_000 + millis)
}

/// A number of exactly so many digits, and what follows the mark behind it.
fn field<'t>(text: &'t str, digits: usize, mark: &str) -> Option<(i64, &'t str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    Some((whole(number)?, rest.strip_prefix(mark)?))
}

fn whole(digits: &str) -> Option<i64> {
    let sound = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| digits.bytes().fold(0, |value, byte| value * 10 + i64::from(byte & 15)))
}

/// The milliseconds of a fraction; further digits are cut off.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = rest.split_at_checked(count)?;
    let millis = digits.bytes().chain(*b"000").take(3).fold(0, |value, byte| value * 10 + i64::from(byte & 15));
    (count > 0).then_some((millis, rest))
}

/// Seconds east of UTC.
fn offset(text: &str) -> Option<i64> {
    let sign = match text.bytes().next()? {
        b'Z' | b'z' if text.len() == 1 => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = field(text.get(1..)?, 2, ":")?;
    let (minutes, rest) = field(rest, 2, "")?;
    (rest.is_empty() && hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, `days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9).rem_euclid(12);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Milliseconds of a duration: a whole number of at most nine digits and `ms`, `s`, `m`, `h` or `d`.
pub fn duration(text: &str) -> Option<u64> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, unit) = text.split_at_checked(count)?;
    let unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    u64::try_from(whole(digits)? * unit).ok()
}

#[cfg(test)]
mod tests {
    use super::{duration, instant};

    #[test]
    fn instants_agree_with_gnu_date() {
        // `date -u -d TIME +%s`, times 1,000.
        let known = [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-31T09:00:00Z", 1_769_850_000_000),
            ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
            ("2000-03-01T00:00:00+05:30", 951_849_000_000),
            ("1969-12-31T23:59:59-00:00", -1_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:60z", 253_402_300_800_000),
            ("2026-01-31t09:00:00.1239Z", 1_769_850_000_123),
        ];
        for (text, millis) in known {
            assert_eq!(instant(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-01-31",
            "2026-01-31T09:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00+24:00",
            "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Zx",
            "２026-01-01T00:00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn durations_have_one_number_and_one_unit() {
        assert_eq!(duration("250ms"), Some(250));
        assert_eq!(duration("7d"), Some(604_800_000));
        for text in ["", "5", "s", "1.5s", "-1s", "1 s", "1w", "1234567890s"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
