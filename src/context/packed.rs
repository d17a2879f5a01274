//! A context as it lies in the region that JavaScript packs: slots of sixteen bytes, then strings and list elements.

use super::{Attributes, List, Replaced, Source, Value};
use crate::{
    EDGE,
    digest::{Digest, Salted},
    hash,
    table::Words,
};
use std::cell::Cell;

/// Bytes of a slot: kind (u32), length (u32), and a number (f64) or an offset (u32).
pub const SLOT_BYTES: usize = 16;

/// The kinds of slots; 5 is a value that no operator reads.
pub mod kind {
    pub const MISSING: u32 = 0;
    pub const TEXT: u32 = 1;
    pub const NUMBER: u32 = 2;
    pub const BOOLEAN: u32 = 3;
    pub const LIST: u32 = 4;
}

/// A context as JavaScript packs it: a slot for each attribute, then slots for request facts, then strings and elements.
/// Any bytes may stand in the region: what doesn't fit its bounds is unusable.
#[derive(Clone, Copy)]
pub struct Packed<'a> {
    region: &'a [u8],
    replaced: Replaced<'a>,
    known: Option<&'a Known>,
}

/// What is known of the attributes of one context, each worked out once for all flags that look at it. A few: those that come
/// later take the places of earlier ones.
#[derive(Debug)]
pub struct Known {
    /// The stamp of the context.
    stamp: Cell<u64>,
    hashes: Places<u64>,
    words: Places<Option<u8>>,
    digests: Places<Digest>,
}

/// Contexts by their stamps, attributes, and what is known of them.
type Places<T> = [Cell<Option<(u64, u16, T)>>; PLACES];

const PLACES: usize = 8;

impl Known {
    /// Nothing known yet.
    pub const fn new() -> Known {
        Known {
            stamp: Cell::new(0),
            hashes: [const { Cell::new(None) }; PLACES],
            words: [const { Cell::new(None) }; PLACES],
            digests: [const { Cell::new(None) }; PLACES],
        }
    }

    /// The digest of an attribute's text.
    pub fn digest(&self, attribute: u16, text: &[u8], salted: &Salted) -> Digest {
        once(&self.digests, self.stamp.get(), attribute, || salted.digest(text))
    }
}

#[inline(always)]
fn once<T: Copy>(places: &Places<T>, stamp: u64, attribute: u16, work: impl FnOnce() -> T) -> T {
    let Some(place) = places.get(usize::from(attribute) % PLACES) else { return work() };
    match place.get() {
        Some((context, known, result)) if context == stamp && known == attribute => result,
        _ => {
            let result = work();
            place.set(Some((stamp, attribute, result)));
            result
        }
    }
}

impl<'a> Packed<'a> {
    /// A region, as it stands.
    pub fn new(region: &'a [u8]) -> Packed<'a> {
        Packed { region, replaced: None, known: None }
    }

    /// The same region, for many decisions over one context. Each context has a stamp of its own.
    pub fn with_known(self, known: &'a Known, stamp: u64) -> Packed<'a> {
        known.stamp.set(stamp);
        Packed { known: Some(known), ..self }
    }

    /// The text at a slot, if there is one.
    pub fn text(self, slot_index: usize) -> Option<&'a [u8]> {
        match slot(self.region, slot_index.saturating_mul(SLOT_BYTES)) {
            Value::Text(text) => Some(text),
            Value::Missing | Value::Number(_) | Value::Boolean(_) | Value::List(_) | Value::Unusable => None,
        }
    }

    /// The numbers of the list at a slot; nothing where there is none.
    pub fn numbers(self, slot_index: usize) -> impl Iterator<Item = f64> {
        let at = slot_index.saturating_mul(SLOT_BYTES);
        let list = if let Value::List(list) = slot(self.region, at) { Some(list) } else { None };
        list.into_iter()
            .flat_map(List::iter)
            .map_while(|value| if let Value::Number(number) = value { Some(number) } else { None })
    }

    /// Whether the slot holds `true`.
    pub fn flag(self, slot_index: usize) -> bool {
        matches!(slot(self.region, slot_index.saturating_mul(SLOT_BYTES)), Value::Boolean(true))
    }
}

impl<'a> Attributes<'a> for Packed<'a> {
    #[inline(always)]
    fn value(self, attribute: u16) -> Value<'a> {
        match self.replaced {
            Some((replaced, text)) if replaced == attribute => text.map_or(Value::Missing, Value::Text),
            _ => slot(self.region, place(attribute)),
        }
    }

    // As `value` has it, but with nothing of lists and numbers in the caller.
    #[inline(always)]
    fn is_missing(self, attribute: u16) -> bool {
        match self.replaced {
            Some((replaced, text)) if replaced == attribute => text.is_none(),
            _ => parts(self.region, place(attribute)).is_some_and(|(kind, ..)| kind == kind::MISSING),
        }
    }

    #[inline(always)]
    fn text_at(self, attribute: u16) -> Option<&'a [u8]> {
        match self.replaced {
            Some((replaced, text)) if replaced == attribute => text,
            _ => match parts(self.region, place(attribute))? {
                (kind::TEXT, length, payload) => text(self.region, payload, length),
                _ => None,
            },
        }
    }

    #[inline(always)]
    fn hash(self, attribute: u16, text: &[u8]) -> u64 {
        match self.known {
            Some(known) => once(&known.hashes, known.stamp.get(), attribute, || hash::unit(text)),
            None => hash::unit(text),
        }
    }

    #[inline(always)]
    fn word(self, attribute: u16, text: &[u8], words: &Words) -> Option<u8> {
        match self.known {
            Some(known) => once(&known.words, known.stamp.get(), attribute, || words.number(text)),
            None => words.number(text),
        }
    }

    #[inline(always)]
    fn source(self, attribute: u16) -> Source<'a> {
        Source(self.known.filter(|_| EDGE).map(|known| (known, attribute)))
    }

    fn with(self, attribute: u16, text: Option<&'a [u8]>) -> Packed<'a> {
        // What is known may be of the other text.
        Packed { region: self.region, replaced: Some((attribute, text)), known: None }
    }
}

#[inline(always)]
fn place(attribute: u16) -> usize {
    usize::from(attribute).saturating_mul(SLOT_BYTES)
}

#[inline(always)]
pub fn slot(region: &[u8], at: usize) -> Value<'_> {
    let Some((kind, length, payload)) = parts(region, at) else { return Value::Unusable };
    match kind {
        kind::TEXT => text(region, payload, length).map_or(Value::Unusable, Value::Text),
        kind::MISSING => Value::Missing,
        kind::NUMBER => number(payload),
        kind::BOOLEAN => Value::Boolean(length != 0),
        kind::LIST => list(region, payload, length),
        // 5, and whatever else stands there.
        _ => Value::Unusable,
    }
}

/// Kind, length and payload.
#[inline(always)]
fn parts(region: &[u8], at: usize) -> Option<(u32, usize, [u8; 8])> {
    let [k0, k1, k2, k3, l0, l1, l2, l3, payload @ ..] = *region.get(at..)?.first_chunk::<SLOT_BYTES>()?;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    Some((u32::from_le_bytes([k0, k1, k2, k3]), length, payload))
}

fn number(payload: [u8; 8]) -> Value<'static> {
    let number = f64::from_le_bytes(payload);
    if number.is_finite() { Value::Number(number) } else { Value::Unusable }
}

#[inline(always)]
fn text(region: &[u8], payload: [u8; 8], length: usize) -> Option<&[u8]> {
    let at = offset(payload);
    region.get(at..at.saturating_add(length))
}

fn list(region: &[u8], payload: [u8; 8], count: usize) -> Value<'_> {
    let offset = offset(payload);
    let end = offset.saturating_add(count.saturating_mul(SLOT_BYTES));
    if end > region.len() { Value::Unusable } else { Value::List(List::Packed { region, offset, count }) }
}

#[inline(always)]
fn offset(payload: [u8; 8]) -> usize {
    let [o0, o1, o2, o3, ..] = payload;
    u32::from_le_bytes([o0, o1, o2, o3]) as usize
}
