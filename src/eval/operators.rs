//! One short function an operator. A missing value is unknown to all but `exists`; a value of a type that none of the
//! operator's values has is unknown too; no values at all are false for any value that is present.

use super::condition::Truth;
use crate::{
    context::{List, Value},
    hash,
    table::{Lists, Operator, Scalars, Texts},
};

/// The truth of an operator over an attribute's value.
pub fn test(operator: &Operator, lists: &Lists, value: Value<'_>) -> Truth {
    match (operator, value) {
        (Operator::Exists, Value::Missing) => Truth::False,
        (Operator::Exists, _) => Truth::True,
        (_, Value::Missing) => Truth::Unknown,
        (_, Value::List(list)) => any_element(operator, lists, list),
        (_, value) => one(operator, lists, value),
    }
}

/// A list matches if any of its elements does; it is unknown if none does and any is unknown.
fn any_element(operator: &Operator, lists: &Lists, list: List<'_>) -> Truth {
    list.iter().map(|element| one(operator, lists, element)).max().unwrap_or(Truth::False)
}

fn one(operator: &Operator, lists: &Lists, value: Value<'_>) -> Truth {
    match operator {
        Operator::Exists => Truth::True,
        Operator::In(scalars) => is_in(scalars, lists, value),
        Operator::StartsWith(texts) => any_text(texts, value, |text, part| text.starts_with(part)),
        Operator::EndsWith(texts) => any_text(texts, value, |text, part| text.ends_with(part)),
        Operator::Contains(texts) => any_text(texts, value, contains),
        Operator::LessThan(numbers) => any_number(numbers, value, |left, right| left < right),
        Operator::LessThanOrEqual(numbers) => any_number(numbers, value, |left, right| left <= right),
        Operator::GreaterThan(numbers) => any_number(numbers, value, |left, right| left > right),
        Operator::GreaterThanOrEqual(numbers) => any_number(numbers, value, |left, right| left >= right),
    }
}

fn is_in(scalars: &Scalars, lists: &Lists, value: Value<'_>) -> Truth {
    let (comparable, found) = match value {
        Value::Text(text) => (scalars.list.is_some(), holds(scalars, lists, text)),
        Value::Number(number) => (!scalars.numbers.is_empty(), scalars.numbers.contains(&number)),
        Value::Boolean(boolean) => (!scalars.booleans.is_empty(), scalars.booleans.contains(&boolean)),
        Value::Missing | Value::List(_) | Value::Unusable => (false, false),
    };
    let empty = scalars.list.is_none() && scalars.numbers.is_empty() && scalars.booleans.is_empty();
    if comparable || empty { Truth::of(found) } else { Truth::Unknown }
}

fn holds(scalars: &Scalars, lists: &Lists, text: &[u8]) -> bool {
    scalars.list.is_some_and(|list| lists.find(list, hash::unit(text), text).is_some())
}

fn any_text(texts: &Texts, value: Value<'_>, matches: impl Fn(&[u8], &[u8]) -> bool) -> Truth {
    match value {
        _ if texts.is_empty() => Truth::False,
        Value::Text(text) => Truth::of(texts.iter().any(|part| matches(text, part))),
        Value::Missing | Value::Number(_) | Value::Boolean(_) | Value::List(_) | Value::Unusable => Truth::Unknown,
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

fn any_number(numbers: &[f64], value: Value<'_>, matches: impl Fn(f64, f64) -> bool) -> Truth {
    match value {
        _ if numbers.is_empty() => Truth::False,
        Value::Number(number) => Truth::of(numbers.iter().any(|own| matches(number, *own))),
        Value::Missing | Value::Text(_) | Value::Boolean(_) | Value::List(_) | Value::Unusable => Truth::Unknown,
    }
}
