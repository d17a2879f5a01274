//! Conditions and operators.

use super::form::{Form, Reader, Writer, choice, structure};
#[cfg(feature = "full")]
use crate::values::pattern;
use crate::{
    limits,
    table::{Bucket, Condition, Key, Operator, Order, Part, Scalars, Test},
    values::{address::Range, version::Written},
};

/// One level of them at a time: what is nested deeper than JSON may be is refused.
impl Form for Condition {
    const MOST: usize = limits::CONDITIONS;

    fn write(&self, out: &mut Writer) {
        match self {
            Condition::All(parts) => tagged(0, parts, out),
            Condition::Any(parts) => tagged(1, parts, out),
            Condition::Not(part) => tagged(2, &**part, out),
            Condition::Segment(segment) => tagged(3, segment, out),
            Condition::Flag { flag, is } => {
                tagged(4, flag, out);
                is.write(out);
            }
            Condition::Bucket(bucket) => tagged(5, bucket, out),
            Condition::Test(test) => tagged(6, test, out),
        }
    }

    fn read(from: &mut Reader<'_>) -> Condition {
        from.references.count();
        from.depth = from.depth.saturating_add(1);
        from.expect(from.depth <= limits::DEPTH);
        let condition = match from.byte() {
            0 => Condition::All(Form::read(from)),
            1 => Condition::Any(Form::read(from)),
            2 => Condition::Not(Box::new(Form::read(from))),
            3 => segment(from),
            4 => prerequisite(from),
            5 => Condition::Bucket(Form::read(from)),
            6 => Condition::Test(Form::read(from)),
            _ => from.fallen(),
        };
        from.depth = from.depth.saturating_sub(1);
        condition
    }
}

fn tagged(tag: u8, inner: &impl Form, out: &mut Writer) {
    out.bytes.push(tag);
    inner.write(out);
}

fn segment(from: &mut Reader<'_>) -> Condition {
    let segment = from.place(from.segments);
    from.references.add(from.flags.saturating_add(segment as usize));
    Condition::Segment(segment)
}

fn prerequisite(from: &mut Reader<'_>) -> Condition {
    let flag = from.place(from.flags);
    from.references.add(flag as usize);
    Condition::Flag { flag, is: Form::read(from) }
}

structure!(Key { low, high });
structure!(Bucket { bucket_by, seed, cut, span });
structure!(Test { attribute, operator, span });
structure!(Scalars { list, words, folded, numbers, booleans });

choice!(Operator {
    0: Exists,
    1: In(scalars),
    2: Text { part, values, folded },
    3: Number(order, values),
    4: Time(order, values),
    5: Version(order, values),
    6: Address(ranges),
    #[cfg(feature = "full")]
    7: Matches(patterns),
});

choice!(Part { 0: Start, 1: End, 2: Any });
choice!(Order { 0: Less, 1: LessOrEqual, 2: Equal, 3: GreaterOrEqual, 4: Greater });

impl Form for Written {
    fn write(&self, out: &mut Writer) {
        out.text(self.text());
    }

    fn read(from: &mut Reader<'_>) -> Written {
        let version = Written::parse(from.text());
        from.expect(version.is_some());
        version.unwrap_or_default()
    }
}

impl Form for Range {
    fn write(&self, out: &mut Writer) {
        let (start, bits) = self.parts();
        out.bytes.extend_from_slice(&start);
        out.bytes.push(bits);
    }

    fn read(from: &mut Reader<'_>) -> Range {
        let range = Range::of_parts(from.array(), from.byte());
        from.expect(range.is_some());
        range.unwrap_or_default()
    }
}

/// As they are written: compiled regular expressions have no form of their own.
#[cfg(feature = "full")]
impl Form for crate::table::Patterns {
    fn write(&self, out: &mut Writer) {
        self.folded.write(out);
        out.count(self.list.len());
        self.list.iter().for_each(|pattern| out.text(pattern.as_str()));
    }

    fn read(from: &mut Reader<'_>) -> crate::table::Patterns {
        let mut patterns = crate::table::Patterns { folded: Form::read(from), list: Vec::new() };
        for _ in 0..from.count() {
            from.patterns = from.patterns.saturating_add(1);
            let pattern = pattern::compiled(from.text(), patterns.folded);
            from.expect(pattern.is_some() && from.patterns <= limits::PATTERNS);
            if from.failed {
                break;
            }
            patterns.list.extend(pattern);
        }
        patterns
    }
}
