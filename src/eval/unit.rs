//! Who the visitor is: the id that is hashed, and the ids that whitelists know.

use super::{Recorder, Step, Truth};
use crate::{
    context::{Attributes, Value},
    hash, limits,
    number::Digits,
    table::{Definition, Table},
};

/// What a flag needs to know of who is asking.
pub struct Identity {
    /// The hash of the first present `bucketBy` attribute.
    pub unit: Option<u64>,
    /// The variant that the whitelist gives to any present `bucketBy` attribute.
    pub listed: Option<u8>,
}

/// Looks at the `bucketBy` attributes in order, and at no more of them than needed.
#[inline(always)]
pub fn identify<'a, A: Attributes<'a>>(table: &Table, definition: &Definition, attributes: A) -> Identity {
    match definition.list {
        Some(list) => look_up(list, table, &definition.bucket_by, &attributes),
        None if definition.needs_unit => Identity { unit: first(&definition.bucket_by, attributes), listed: None },
        None => Identity { unit: None, listed: None },
    }
}

/// The hash of the first present attribute of these that is an id.
#[inline(always)]
pub fn first<'a, A: Attributes<'a>>(bucket_by: &[u16], attributes: A) -> Option<u64> {
    for attribute in bucket_by {
        match attributes.text_at(*attribute) {
            Some(id) if !id.is_empty() => return Some(attributes.hash(*attribute, id)),
            None if !attributes.is_missing(*attribute) => match of_number(attributes, *attribute) {
                None => {}
                unit => return unit,
            },
            Some(_) | None => {}
        }
    }
    None
}

/// Tells a listener which attribute the id is in, and where its visitor stands on a line.
pub fn tell<'t, 'a, A: Attributes<'a>>(bucket_by: &[u16], attributes: &A, point: u64, recorder: &mut Recorder<'_, 't>) {
    let source = bucket_by.iter().find(|attribute| first(&[**attribute], *attributes).is_some());
    if let Some(attribute) = source {
        recorder.enter(Step::Point { attribute: *attribute, point });
        recorder.leave(Truth::True);
    }
}

#[inline(never)]
fn look_up<'a, A: Attributes<'a>>(list: u32, table: &Table, bucket_by: &[u16], attributes: &A) -> Identity {
    let mut identity = Identity { unit: None, listed: None };
    let mut see = |attribute: u16, unit: u64, id: &[u8]| {
        identity.unit.get_or_insert(unit);
        identity.listed = table.listed(list, unit, id, attributes.source(attribute));
        identity.listed.is_some()
    };
    bucket_by.iter().any(|attribute| match attributes.value(*attribute) {
        Value::Text(id) => !id.is_empty() && see(*attribute, attributes.hash(*attribute, id), id),
        Value::Number(id) => digits(id).is_some_and(|id| see(*attribute, hash::unit(id.as_bytes()), id.as_bytes())),
        Value::Missing | Value::Boolean(_) | Value::List(_) | Value::Unusable => false,
    });
    identity
}

#[cold]
#[inline(never)]
fn of_number<'a, A: Attributes<'a>>(attributes: A, attribute: u16) -> Option<u64> {
    let Value::Number(id) = attributes.value(attribute) else { return None };
    digits(id).map(|id| hash::unit(id.as_bytes()))
}

/// A number is an id where it is an integer that a double holds exactly: its decimal digits.
fn digits(id: f64) -> Option<Digits> {
    (id.fract() == 0.0 && id.abs() <= limits::SAFE_INTEGER).then(|| Digits::new(id as i64))
}
