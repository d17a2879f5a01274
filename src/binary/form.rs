//! How values are written and read: each type says both in one place, so that they cannot part.

use super::references::References;
use std::mem::size_of;

/// What has a binary form. Each takes at least one byte, so that no count keeps a reader busy for longer than there are bytes.
pub trait Form: Sized {
    /// The most of it that one list has.
    const MOST: usize = usize::MAX;

    fn write(&self, out: &mut Writer);

    /// Nothing where the bytes end too early, or don't stand for a value of this type.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

#[derive(Default)]
pub struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn number(&mut self, number: u32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// A text or a list has less than 2^32 parts: a snapshot has at most 64 MiB.
    pub fn count(&mut self, count: usize) {
        self.number(count as u32);
    }

    pub fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub fn list<T: Form>(&mut self, list: &[T]) {
        self.count(list.len());
        list.iter().for_each(|one| one.write(self));
    }
}

/// Reads from the front, and knows what places are within what was read before.
pub struct Reader<'b> {
    pub rest: &'b [u8],
    /// How many there are of what places are in: attributes, backends, flags, segments, layers; and variants of the flag that
    /// is being read.
    pub attributes: usize,
    pub backends: usize,
    pub flags: usize,
    pub segments: usize,
    pub layers: usize,
    pub variants: usize,
    /// How deep in conditions the reader is.
    pub depth: usize,
    pub references: References,
}

impl<'b> Reader<'b> {
    pub fn of(rest: &'b [u8]) -> Reader<'b> {
        let (attributes, backends, flags, segments, layers, variants) = (0, 0, 0, 0, 0, 0);
        let references = References::default();
        Reader { rest, attributes, backends, flags, segments, layers, variants, depth: 0, references }
    }

    #[inline]
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*head)
    }

    pub fn slice(&mut self, bytes: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(head)
    }

    /// Checksum, format, needs.
    pub fn header(&mut self) -> Option<(u64, u32, u32)> {
        Some((Form::read(self)?, Form::read(self)?, Form::read(self)?))
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub fn count(&mut self) -> Option<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    pub fn text(&mut self) -> Option<&'b str> {
        let bytes = self.count()?;
        std::str::from_utf8(self.slice(bytes)?).ok()
    }

    /// A place among so many.
    pub fn place(&mut self, among: usize) -> Option<u32> {
        u32::read(self).filter(|place| (*place as usize) < among)
    }
}

macro_rules! numbers {
    ($($number:ident),*) => { $(
        impl Form for $number {
            fn write(&self, out: &mut Writer) {
                out.bytes.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn read(from: &mut Reader<'_>) -> Option<$number> {
                from.array().map($number::from_le_bytes)
            }
        }
    )* };
}

numbers!(u32, u64, i64);

/// JSON has no other numbers than finite ones.
impl Form for f64 {
    fn write(&self, out: &mut Writer) {
        out.bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Option<f64> {
        from.array().map(f64::from_le_bytes).filter(|number| number.is_finite())
    }
}

impl Form for bool {
    fn write(&self, out: &mut Writer) {
        out.bytes.push(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<bool> {
        from.byte().filter(|byte| *byte < 2).map(|byte| byte == 1)
    }
}

/// In tables a number of eight bits is the place of a variant of the flag.
impl Form for u8 {
    fn write(&self, out: &mut Writer) {
        out.bytes.push(*self);
    }

    fn read(from: &mut Reader<'_>) -> Option<u8> {
        from.byte().filter(|place| usize::from(*place) < from.variants)
    }
}

/// In tables a number of sixteen bits is an attribute's; where it is a backend's, that is said.
impl Form for u16 {
    fn write(&self, out: &mut Writer) {
        out.bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Option<u16> {
        from.array().map(u16::from_le_bytes).filter(|place| usize::from(*place) < from.attributes)
    }
}

impl Form for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }

    fn read(from: &mut Reader<'_>) -> Option<String> {
        from.text().map(String::from)
    }
}

impl<T: Form> Form for Option<T> {
    fn write(&self, out: &mut Writer) {
        self.is_some().write(out);
        self.iter().for_each(|own| own.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Option<Option<T>> {
        if bool::read(from)? { T::read(from).map(Some) } else { Some(None) }
    }
}

impl<T: Form> Form for Vec<T> {
    fn write(&self, out: &mut Writer) {
        out.list(self);
    }

    /// A count can promise more than there is: memory is taken for as much as there are bytes, and grows with what is read.
    fn read(from: &mut Reader<'_>) -> Option<Vec<T>> {
        let count = from.count().filter(|count| *count <= T::MOST)?;
        let likely = from.rest.len().checked_div(size_of::<T>()).unwrap_or(0);
        let mut list = Vec::with_capacity(count.min(likely));
        for _ in 0..count {
            list.push(T::read(from)?);
        }
        Some(list)
    }
}

/// A structure: its members in this order.
macro_rules! structure {
    ($name:ident { $($member:ident),* $(,)? } $(at most $most:expr)?) => {
        impl Form for $name {
            $(const MOST: usize = $most;)?

            fn write(&self, out: &mut Writer) {
                $(self.$member.write(out);)*
            }

            fn read(from: &mut Reader<'_>) -> Option<$name> {
                Some($name { $($member: Form::read(from)?),* })
            }
        }
    };
}

/// An enumeration: a number for each of its variants, then what that holds, in this order.
macro_rules! choice {
    ($name:ident { $($(#[$when:meta])? $number:literal: $variant:ident $(( $($item:ident),* ))? $({ $($member:ident),* })?),* $(,)? }) => {
        impl Form for $name {
            fn write(&self, out: &mut Writer) {
                match self {
                    $($(#[$when])? $name::$variant $(( $($item),* ))? $({ $($member),* })? => {
                        out.bytes.push($number);
                        $($($item.write(out);)*)?
                        $($($member.write(out);)*)?
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Option<$name> {
                Some(match from.byte()? {
                    $($(#[$when])? $number => {
                        $($(let $item = Form::read(from)?;)*)?
                        $($(let $member = Form::read(from)?;)*)?
                        $name::$variant $(( $($item),* ))? $({ $($member),* })?
                    })*
                    _ => return None,
                })
            }
        }
    };
}

pub(super) use {choice, structure};
