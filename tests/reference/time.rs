//! RFC 3339 to milliseconds since 1970, by counting days.

use serde_json::Value;

/// A time as an attribute or a value has it: RFC 3339, or milliseconds since 1970.
pub fn of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| instant(value.as_str()?).map(|instant| instant as f64))
}

/// `YYYY-MM-DDThh:mm:ss`, decimals of a second, and `Z` or an offset.
pub fn instant(text: &str) -> Option<i64> {
    let at = |from: usize, to: usize| text.get(from..to);
    let number = |from, to| at(from, to).filter(|part| part.chars().all(|digit| digit.is_ascii_digit()))?.parse().ok();
    let marks: Option<String> = [4, 7, 10, 13, 16].iter().map(|place| at(*place, place + 1)).collect();
    if !["--T::", "--t::"].contains(&marks?.as_str()) {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second): (i64, i64, i64) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let sound = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day) && hour < 24 && minute < 60;
    if !sound || second > 60 {
        return None;
    }
    let rest = at(19, text.len())?;
    let zone = rest.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    let fraction = fraction(rest.strip_suffix(zone)?)?;
    let minutes = (days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset(zone)?;
    Some((minutes * 60 + second) * 1_000 + fraction)
}

/// Milliseconds of `.123456`: cut, not rounded.
fn fraction(text: &str) -> Option<i64> {
    let Some(digits) = text.strip_prefix('.') else { return text.is_empty().then_some(0) };
    if digits.is_empty() || digits.contains('.') {
        return None;
    }
    format!("{digits}000").get(..3)?.parse().ok()
}

/// Minutes.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" || zone == "z" {
        return Some(0);
    }
    let sign = if zone.starts_with('+') { 1 } else { -1 };
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let two = |text: &str, most: i64| {
        let digits = text.len() == 2 && text.chars().all(|digit| digit.is_ascii_digit());
        text.parse().ok().filter(|number: &i64| digits && *number <= most)
    };
    Some(sign * (two(hours, 23)? * 60 + two(minutes, 59)?))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let of_year = |year| if is_leap(year) { 366 } else { 365 };
    let years: i64 =
        if year < 1970 { -(year..1970).map(of_year).sum::<i64>() } else { (1970..year).map(of_year).sum() };
    years + (1..month).map(|month| days(year, month)).sum::<i64>() + day - 1
}
