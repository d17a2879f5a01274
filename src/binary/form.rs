//! How values are written and read: each type says both in one place, so that they cannot part.

use super::references::References;

/// What has a binary form. Each takes at least one byte, so that no count keeps a reader busy for longer than there are bytes.
pub trait Form: Sized {
    /// The most of it that one list has.
    const MOST: usize = usize::MAX;

    fn write(&self, out: &mut Writer);

    /// Some value, and a failed reader, where the bytes end too early or don't stand for a value of this type.
    fn read(from: &mut Reader<'_>) -> Self;
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

/// Reads from the front, and knows what places are within what was read before. Once it has failed it reads zeros, and whoever
/// began asks at the end: a way out at each member, with all that had been read to be dropped there, took 3.2 kB more (brotli).
pub struct Reader<'b> {
    pub rest: &'b [u8],
    pub failed: bool,
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
    /// How many regular expressions there were.
    #[cfg(feature = "full")]
    pub patterns: usize,
}

impl<'b> Reader<'b> {
    pub fn of(rest: &'b [u8]) -> Reader<'b> {
        let (attributes, backends, flags, segments, layers, variants) = (0, 0, 0, 0, 0, 0);
        let references = References::default();
        Reader {
            rest,
            failed: false,
            attributes,
            backends,
            flags,
            segments,
            layers,
            variants,
            depth: 0,
            references,
            #[cfg(feature = "full")]
            patterns: 0,
        }
    }

    /// From now on there is nothing to read.
    fn fail(&mut self) {
        self.failed = true;
        self.rest = &[];
    }

    /// Fails unless that holds.
    pub fn expect(&mut self, holds: bool) {
        if !holds {
            self.fail();
        }
    }

    /// Fails; of zeros any value can be made.
    pub fn fallen<T: Form>(&mut self) -> T {
        self.fail();
        T::read(self)
    }

    #[inline(never)]
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let Some((head, rest)) = self.rest.split_first_chunk() else {
            self.fail();
            return [0; N];
        };
        self.rest = rest;
        *head
    }

    pub fn slice(&mut self, bytes: usize) -> &'b [u8] {
        let Some((head, rest)) = self.rest.split_at_checked(bytes) else {
            self.fail();
            return &[];
        };
        self.rest = rest;
        head
    }

    pub fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    pub fn count(&mut self) -> usize {
        u32::from_le_bytes(self.array()) as usize
    }

    pub fn text(&mut self) -> &'b str {
        let bytes = self.count();
        let text = std::str::from_utf8(self.slice(bytes));
        self.expect(text.is_ok());
        text.unwrap_or_default()
    }

    /// A place among so many.
    pub fn place(&mut self, among: usize) -> u32 {
        let place = u32::read(self);
        self.expect((place as usize) < among);
        place
    }
}

macro_rules! numbers {
    ($($number:ident),*) => { $(
        impl Form for $number {
            fn write(&self, out: &mut Writer) {
                out.bytes.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn read(from: &mut Reader<'_>) -> $number {
                $number::from_le_bytes(from.array())
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

    fn read(from: &mut Reader<'_>) -> f64 {
        let number = f64::from_le_bytes(from.array());
        from.expect(number.is_finite());
        number
    }
}

impl Form for bool {
    fn write(&self, out: &mut Writer) {
        out.bytes.push(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> bool {
        let byte = from.byte();
        from.expect(byte < 2);
        byte == 1
    }
}

/// In tables a number of eight bits is the place of a variant of the flag.
impl Form for u8 {
    fn write(&self, out: &mut Writer) {
        out.bytes.push(*self);
    }

    fn read(from: &mut Reader<'_>) -> u8 {
        let place = from.byte();
        from.expect(usize::from(place) < from.variants);
        place
    }
}

/// In tables a number of sixteen bits is an attribute's; where it is a backend's, that is said.
impl Form for u16 {
    fn write(&self, out: &mut Writer) {
        out.bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut Reader<'_>) -> u16 {
        let place = u16::from_le_bytes(from.array());
        from.expect(usize::from(place) < from.attributes);
        place
    }
}

impl Form for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }

    fn read(from: &mut Reader<'_>) -> String {
        from.text().into()
    }
}

impl<T: Form> Form for Option<T> {
    fn write(&self, out: &mut Writer) {
        self.is_some().write(out);
        self.iter().for_each(|own| own.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Option<T> {
        bool::read(from).then(|| T::read(from))
    }
}

impl<T: Form> Form for Box<T> {
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Box<T> {
        Box::new(T::read(from))
    }
}

impl<T: Form> Form for Vec<T> {
    fn write(&self, out: &mut Writer) {
        out.list(self);
    }

    /// A count can promise more than there is: memory grows with what is read.
    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Vec<T> {
        let count = from.count();
        from.expect(count <= T::MOST);
        let mut list = Vec::new();
        while list.len() < count && !from.failed {
            list.push(T::read(from));
        }
        list
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

            fn read(from: &mut Reader<'_>) -> $name {
                $name { $($member: Form::read(from)),* }
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

            fn read(from: &mut Reader<'_>) -> $name {
                match from.byte() {
                    $($(#[$when])? $number => {
                        $($(let $item = Form::read(from);)*)?
                        $($(let $member = Form::read(from);)*)?
                        $name::$variant $(( $($item),* ))? $({ $($member),* })?
                    })*
                    _ => from.fallen(),
                }
            }
        }
    };
}

pub(super) use {choice, structure};
