//! Conditions in Kleene's three-valued logic: what cannot be known is unknown, and stays so under `not`.

use super::operators;
use crate::{
    context::Attributes,
    table::{Condition, Lists},
};

/// The truth of a condition. Ordered, so that `all` is the least and `any` the greatest of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    /// True or false.
    pub fn of(condition: bool) -> Truth {
        if condition { Truth::True } else { Truth::False }
    }

    fn negated(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

/// The truth of a condition for a visitor. Its depth is bounded by the snapshot's.
pub fn truth<'a, A: Attributes<'a>>(condition: &Condition, lists: &Lists, attributes: A) -> Truth {
    match condition {
        Condition::All(parts) => all(parts, lists, attributes),
        Condition::Any(parts) => any(parts, lists, attributes),
        Condition::Not(part) => truth(part, lists, attributes).negated(),
        Condition::Test { attribute, operator } => operators::test(operator, lists, attributes.value(*attribute)),
    }
}

fn all<'a, A: Attributes<'a>>(parts: &[Condition], lists: &Lists, attributes: A) -> Truth {
    let mut least = Truth::True;
    for part in parts {
        least = least.min(truth(part, lists, attributes));
        if least == Truth::False {
            break;
        }
    }
    least
}

fn any<'a, A: Attributes<'a>>(parts: &[Condition], lists: &Lists, attributes: A) -> Truth {
    let mut greatest = Truth::False;
    for part in parts {
        greatest = greatest.max(truth(part, lists, attributes));
        if greatest == Truth::True {
            break;
        }
    }
    greatest
}
