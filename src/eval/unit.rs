//! Who the visitor is: the id that is hashed, and the ids that whitelists know.

use crate::{
    context::{Attributes, Value},
    hash, limits,
    number::Digits,
    table::{Definition, Lists},
};

/// What a flag needs to know of who is asking.
pub struct Identity {
    /// The hash of the first present `bucketBy` attribute.
    pub unit: Option<u64>,
    /// The variant that the whitelist gives to any present `bucketBy` attribute.
    pub listed: Option<u8>,
}

/// Looks at the `bucketBy` attributes in order; at no more of them than needed.
pub fn identify<'a, A: Attributes<'a>>(lists: &Lists, definition: &Definition, attributes: A) -> Identity {
    let mut identity = Identity { unit: None, listed: None };
    if !definition.needs_unit && definition.list.is_none() {
        return identity;
    }
    for &attribute in &definition.bucket_by {
        with_id(attributes.value(attribute), |id| {
            let unit = hash::unit(id);
            identity.unit.get_or_insert(unit);
            identity.listed = definition.list.and_then(|list| lists.find(list, unit, id));
        });
        let done = identity.unit.is_some() && definition.list.is_none();
        if done || identity.listed.is_some() {
            break;
        }
    }
    identity
}

/// An id is a non-empty string, or an integer that a double holds exactly, as decimal. Anything else is absent.
fn with_id(value: Value<'_>, mut take: impl FnMut(&[u8])) {
    match value {
        Value::Text(id) if !id.is_empty() => take(id),
        Value::Number(id) if id.fract() == 0.0 && id.abs() <= limits::SAFE_INTEGER => {
            take(Digits::new(id as i64).as_bytes());
        }
        Value::Missing | Value::Text(_) | Value::Number(_) | Value::Boolean(_) | Value::List(_) | Value::Unusable => {}
    }
}
