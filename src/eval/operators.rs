//! One short function an operator. A missing value is unknown to all but `exists`; a value of a type that none of the
//! operator's values has is unknown too; no values at all are false for any value that is present.

use super::condition::Truth;
use crate::{
    context::{List, Value},
    table::{Operator, Scalars, Texts},
};

/// The truth of an operator over an attribute's value.
pub fn test(operator: &Operator, value: Value<'_>) -> Truth {
    match (operator, value) {
        (Operator::Exists, Value::Missing) => Truth::False,
        (Operator::Exists, _) => Truth::True,
        (_, Value::Missing) => Truth::Unknown,
        (_, Value::List(list)) => any_element(operator, list),
        (_, value) => one(operator, value),
    }
}

/// A list matches if any of its elements does; it is unknown if none does and any is unknown.
fn any_element(operator: &Operator, list: List<'_>) -> Truth {
    list.iter().map(|element| one(operator, element)).max().unwrap_or(Truth::False)
}

fn one(operator: &Operator, value: Value<'_>) -> Truth {
    match operator {
        Operator::Exists => Truth::True,
        Operator::In(scalars) => is_in(scalars, value),
        Operator::StartsWith(texts) => any_text(texts, value, |text, part| text.starts_with(part)),
        Operator::EndsWith(texts) => any_text(texts, value, |text, part| text.ends_with(part)),
        Operator::Contains(texts) => any_text(texts, value, contains),
        Operator::LessThan(numbers) => any_number(numbers, value, |left, right| left < right),
        Operator::LessThanOrEqual(numbers) => any_number(numbers, value, |left, right| left <= right),
        Operator::GreaterThan(numbers) => any_number(numbers, value, |left, right| left > right),
        Operator::GreaterThanOrEqual(numbers) => any_number(numbers, value, |left, right| left >= right),
    }
}

fn is_in(scalars: &Scalars, value: Value<'_>) -> Truth {
    let (none, found) = match value {
        Value::Text(text) => (scalars.texts.is_empty(), holds_text(&scalars.texts, text)),
        Value::Number(number) => (scalars.numbers.is_empty(), scalars.numbers.contains(&number)),
        Value::Boolean(boolean) => (scalars.booleans.is_empty(), scalars.booleans.contains(&boolean)),
        Value::Missing | Value::List(_) | Value::Unusable => (true, false),
    };
    let empty = scalars.texts.is_empty() && scalars.numbers.is_empty() && scalars.booleans.is_empty();
    if none && !empty { Truth::Unknown } else { Truth::of(found) }
}

fn holds_text(texts: &Texts, text: &[u8]) -> bool {
    texts.binary_search_by(|own| (**own).cmp(text)).is_ok()
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
