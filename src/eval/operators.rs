//! One short function an operator. A missing value is unknown to all but `exists`; a value of a type that none of the
//! operator's values has is unknown too; no values at all are false for any value that is present.

use super::condition::Truth;
use crate::{
    EDGE,
    context::{Attributes, List, Source, Value},
    hash,
    table::{Operator, Order, Part, Scalars, Table, Test},
    values::{address, case, time, version},
};

/// The truth of an operator over an attribute's value.
#[inline(always)]
pub fn test<'a, A: Attributes<'a>>(test: &Test, table: &Table, attributes: &A) -> Truth {
    let Test { attribute, operator, .. } = test;
    if let Operator::In(Scalars { words, .. }) = operator
        && EDGE
        && !words.is_empty()
        && let Some(text) = attributes.text_at(*attribute)
    {
        // The most common test of all.
        return Truth::of(attributes.word(*attribute, text, &table.words).is_some_and(|word| is_among(words, word)));
    }
    match (operator, attributes.value(*attribute)) {
        (Operator::Exists, Value::Missing) => Truth::False,
        (Operator::Exists, _) => Truth::True,
        (_, Value::Missing) => Truth::Unknown,
        (_, Value::List(list)) => any_element(operator, table, list),
        (Operator::In(Scalars { list: Some(list), .. }), Value::Text(text)) => {
            let (unit, source) = (attributes.hash(*attribute, text), attributes.source(*attribute));
            Truth::of(table.listed(*list, unit, text, source).is_some())
        }
        (_, value) => one(operator, table, value),
    }
}

/// A list matches if any of its elements does; it is unknown if none does and any is unknown.
fn any_element(operator: &Operator, table: &Table, list: List<'_>) -> Truth {
    list.iter().map(|element| one(operator, table, element)).max().unwrap_or(Truth::False)
}

fn one(operator: &Operator, table: &Table, value: Value<'_>) -> Truth {
    match operator {
        Operator::Exists => Truth::True,
        Operator::In(scalars) => is_in(scalars, table, value),
        Operator::Text { part, values, folded: false } => any_text(values, value, *part),
        Operator::Text { part, values, folded: true } => {
            any(values, letters(value), |text, own| is_part_folded(text, own, *part))
        }
        Operator::Number(order, values) => any(values, number(value), |number, own| compares(*order, number, *own)),
        Operator::Time(order, values) => any(values, millis(value), |millis, own| compares(*order, millis, *own)),
        Operator::Version(order, values) => any(values, version(value), |version, own| order.is(version.compare(own))),
        Operator::Address(ranges) => any(ranges, address(value), |address, range| range.holds(address)),
        #[cfg(feature = "full")]
        Operator::Matches(patterns) => any(&patterns.list, letters(value), |text, pattern| pattern.is_match(text)),
    }
}

/// Whether any of the operator's own values matches what was read from the attribute's; unknown where nothing could be.
#[inline(always)]
fn any<T, R: Copy>(own: &[T], read: Option<R>, matches: impl Fn(R, &T) -> bool) -> Truth {
    match read {
        _ if own.is_empty() => Truth::False,
        Some(read) => Truth::of(own.iter().any(|own| matches(read, own))),
        None => Truth::Unknown,
    }
}

fn is_in(scalars: &Scalars, table: &Table, value: Value<'_>) -> Truth {
    let Scalars { list, words, folded, numbers, booleans } = scalars;
    let texts = list.is_some() || !words.is_empty() || !folded.is_empty();
    let (comparable, found) = match value {
        Value::Text(text) => (texts, holds(scalars, table, text)),
        Value::Number(number) => (!numbers.is_empty(), numbers.contains(&number)),
        Value::Boolean(boolean) => (!booleans.is_empty(), booleans.contains(&boolean)),
        Value::Missing | Value::List(_) | Value::Unusable => (false, false),
    };
    let empty = !texts && numbers.is_empty() && booleans.is_empty();
    if comparable || empty { Truth::of(found) } else { Truth::Unknown }
}

fn holds(scalars: &Scalars, table: &Table, text: &[u8]) -> bool {
    let listed = |list| table.listed(list, hash::unit(text), text, Source::UNKNOWN).is_some();
    let known = || table.words.number(text).is_some_and(|word| is_among(&scalars.words, word));
    scalars.list.is_some_and(listed)
        || (EDGE && !scalars.words.is_empty() && known())
        || (!scalars.folded.is_empty() && holds_folded(scalars, table, text))
}

fn holds_folded(Scalars { folded, .. }: &Scalars, table: &Table, text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    match &table.salted {
        None => folded.iter().any(|own| case::behind(text, own) == Some("")),
        Some(salted) => {
            let digest = salted.folded(text);
            folded.iter().any(|own| own.as_bytes() == digest)
        }
    }
}

fn is_among(words: &[u64], word: u8) -> bool {
    words.get(usize::from(word >> 6)).is_some_and(|bits| bits >> (word & 63) & 1 == 1)
}

fn any_text(values: &[String], value: Value<'_>, part: Part) -> Truth {
    any(values, text(value), |text, own| is_part(text, own.as_bytes(), part))
}

fn is_part(text: &[u8], own: &[u8], part: Part) -> bool {
    match part {
        Part::Start => text.starts_with(own),
        Part::End => text.ends_with(own),
        Part::Any => own.is_empty() || text.windows(own.len()).any(|window| window == own),
    }
}

fn is_part_folded(text: &str, own: &str, part: Part) -> bool {
    match part {
        Part::Start => case::behind(text, own).is_some(),
        Part::End => case::ends_with(text, own),
        Part::Any => case::contains(text, own),
    }
}

fn compares(order: Order, left: f64, right: f64) -> bool {
    left.partial_cmp(&right).is_some_and(|found| order.is(found))
}

// What an attribute's value is to operators of one type; none where it is of another.

fn text(value: Value<'_>) -> Option<&[u8]> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn letters(value: Value<'_>) -> Option<&str> {
    std::str::from_utf8(text(value)?).ok()
}

fn number(value: Value<'_>) -> Option<f64> {
    if let Value::Number(number) = value { Some(number) } else { None }
}

/// Milliseconds since 1970.
fn millis(value: Value<'_>) -> Option<f64> {
    number(value).or_else(|| time::instant(letters(value)?).map(|instant| instant as f64))
}

fn version(value: Value<'_>) -> Option<version::Given<'_>> {
    version::Given::parse(text(value)?)
}

fn address(value: Value<'_>) -> Option<address::Address> {
    address::parse(text(value)?)
}
