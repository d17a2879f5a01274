//! What is known of a visitor, looked up by attribute id. Nothing is cloned.

mod native;
pub(crate) mod packed;

use crate::{
    digest::{Digest, Salted},
    hash,
    table::Words,
};
pub use native::{Attribute, Context, Named};

/// One attribute's value, borrowed.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Absent or null.
    Missing,
    Text(&'a [u8]),
    /// Finite.
    Number(f64),
    Boolean(bool),
    List(List<'a>),
    /// Present, but of a type that no operator reads.
    Unusable,
}

/// A source of attributes.
pub trait Attributes<'a>: Copy {
    /// The value of the attribute with this id.
    fn value(self, attribute: u16) -> Value<'a>;

    /// Whether there is none, or null.
    #[inline(always)]
    fn is_missing(self, attribute: u16) -> bool {
        matches!(self.value(attribute), Value::Missing)
    }

    /// The value where it is a text.
    #[inline(always)]
    fn text_at(self, attribute: u16) -> Option<&'a [u8]> {
        if let Value::Text(text) = self.value(attribute) { Some(text) } else { None }
    }

    /// The unit of this attribute's text.
    #[inline(always)]
    fn hash(self, _attribute: u16, text: &[u8]) -> u64 {
        hash::unit(text)
    }

    /// The number of this attribute's text among the words of the snapshot.
    #[inline(always)]
    fn word(self, _attribute: u16, text: &[u8], words: &Words) -> Option<u8> {
        words.number(text)
    }

    /// Where this attribute's text is from.
    #[inline(always)]
    fn source(self, _attribute: u16) -> Source<'a> {
        Source::UNKNOWN
    }

    /// The same attributes with another value for one attribute.
    fn with(self, attribute: u16, text: Option<&'a [u8]>) -> Self;
}

/// Where a text is from: an attribute, with what is known of its context, or somewhere else.
#[derive(Clone, Copy)]
pub struct Source<'a>(Option<(&'a packed::Known, u16)>);

impl Source<'_> {
    /// Nothing is known of the text.
    pub const UNKNOWN: Source<'static> = Source(None);

    /// The digest of the text that is from here: worked out once, where that can be kept.
    pub fn digest(self, text: &[u8], salted: &Salted) -> Digest {
        match self.0 {
            Some((known, attribute)) => known.digest(attribute, text, salted),
            None => salted.digest(text),
        }
    }
}

/// The elements of a list.
#[derive(Clone, Copy, Debug)]
pub enum List<'a> {
    /// Slots in a packed region.
    Packed { region: &'a [u8], offset: usize, count: usize },
    /// Values of a native context.
    Native(&'a [Attribute]),
}

impl<'a> List<'a> {
    /// The elements in order.
    pub fn iter(self) -> impl Iterator<Item = Value<'a>> {
        let count = match self {
            List::Packed { count, .. } => count,
            List::Native(values) => values.len(),
        };
        (0..count).map(move |at| match self {
            List::Packed { region, offset, .. } => {
                packed::slot(region, offset.saturating_add(at.saturating_mul(packed::SLOT_BYTES)))
            }
            List::Native(values) => values.get(at).map_or(Value::Missing, Attribute::value),
        })
    }
}

/// An attribute whose value is not the caller's: a visitor's id from a route's cookie.
pub(crate) type Replaced<'a> = Option<(u16, Option<&'a [u8]>)>;
