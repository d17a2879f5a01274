//! Operators, with their values sorted by type and read once.

use super::Compiler;
use crate::{
    EDGE,
    error::Code,
    limits,
    snapshot::document::{Kind, Node},
    table::{Condition, Operator, Order, Part, Scalars, Test},
    values::{address, case, time, version::Written},
};
#[cfg(feature = "full")]
use crate::{table::Patterns, values::pattern};

/// What an operator compares.
#[derive(Clone, Copy, PartialEq)]
enum Compares {
    Anything,
    Presence,
    Texts(Part),
    Numbers(Order),
    Times(Order),
    Versions(Order),
    Addresses,
    Patterns,
}

const OPERATORS: [(&str, Compares); 18] = [
    ("in", Compares::Anything),
    ("startsWith", Compares::Texts(Part::Start)),
    ("endsWith", Compares::Texts(Part::End)),
    ("contains", Compares::Texts(Part::Any)),
    ("matches", Compares::Patterns),
    ("lessThan", Compares::Numbers(Order::Less)),
    ("lessThanOrEqual", Compares::Numbers(Order::LessOrEqual)),
    ("greaterThan", Compares::Numbers(Order::Greater)),
    ("greaterThanOrEqual", Compares::Numbers(Order::GreaterOrEqual)),
    ("before", Compares::Times(Order::Less)),
    ("after", Compares::Times(Order::Greater)),
    ("semVerEqual", Compares::Versions(Order::Equal)),
    ("semVerLessThan", Compares::Versions(Order::Less)),
    ("semVerLessThanOrEqual", Compares::Versions(Order::LessOrEqual)),
    ("semVerGreaterThan", Compares::Versions(Order::Greater)),
    ("semVerGreaterThanOrEqual", Compares::Versions(Order::GreaterOrEqual)),
    ("ipInRange", Compares::Addresses),
    ("exists", Compares::Presence),
];

impl Compiler<'_> {
    /// A condition on an attribute.
    pub fn test(&mut self, node: Node<'_>, name: Node<'_>) -> Option<Condition> {
        let attribute = self.attribute(name.text()?, name);
        let operator = self.operator(node);
        Some(Condition::Test(Test { attribute: attribute?, operator: operator?, span: self.span(node) }))
    }

    fn operator(&mut self, node: Node<'_>) -> Option<Operator> {
        let Some(op) = node.get("op") else {
            self.issues.add(node, Code::MissingField, "the member `op` is missing");
            return None;
        };
        let Some((_, compares)) = OPERATORS.iter().find(|(name, _)| op.is_text(name)) else {
            let known = &mut OPERATORS.iter().map(|(name, _)| *name);
            self.issues.add_unknown(op, Code::UnknownOperator, "unknown operator {text}{}", known);
            return None;
        };
        let folded = self.folded(node, *compares);
        let values = node.get("values");
        if values.is_none() && *compares != Compares::Presence {
            self.issues.add(node, Code::MissingField, "the member `values` is missing");
        }
        // Where it is missing, that has been said, and nothing stands within nothing.
        let values = values.unwrap_or(node.at(u32::MAX));
        Some(match compares {
            Compares::Anything => Operator::In(self.scalars(values, folded)),
            Compares::Presence => self.exists(values),
            Compares::Texts(part) => Operator::Text { part: *part, values: self.texts(values, folded), folded },
            Compares::Numbers(order) => Operator::Number(*order, self.numbers(values)),
            Compares::Times(order) => Operator::Time(*order, self.times(values)),
            Compares::Versions(order) => Operator::Version(*order, self.versions(values)),
            Compares::Addresses => Operator::Address(self.ranges(values)),
            Compares::Patterns => self.patterns(op, values, folded)?,
        })
    }

    /// Whether texts are compared whatever the case of their letters.
    fn folded(&mut self, node: Node<'_>, compares: Compares) -> bool {
        let Some(member) = node.get("caseInsensitive").filter(|member| member.boolean() == Some(true)) else {
            return false;
        };
        if !matches!(compares, Compares::Anything | Compares::Texts(_) | Compares::Patterns) {
            self.issues.add(member, Code::Conflict, "`caseInsensitive` means nothing to this operator");
        }
        true
    }

    fn exists(&mut self, values: Node<'_>) -> Operator {
        if let Some(value) = values.elements().next() {
            self.issues.add(value, Code::Conflict, "`exists` takes no values");
        }
        Operator::Exists
    }

    fn scalars(&mut self, values: Node<'_>, folded: bool) -> Scalars {
        let mut scalars = Scalars::default();
        // Pages look at each flag once or twice: there words are not worth their code.
        if EDGE && !folded {
            scalars.words = self.words(values).unwrap_or_default();
        }
        for value in values.elements() {
            self.check_hashed(value);
            match value.kind() {
                Kind::Text | Kind::EscapedText if folded => {
                    // Folded before they were hashed.
                    scalars.folded.extend(self.text(value, !self.shared.hashed));
                }
                Kind::Text | Kind::EscapedText if !scalars.words.is_empty() => {}
                Kind::Text | Kind::EscapedText => {
                    let list = *scalars.list.get_or_insert_with(|| self.shared.lists.open());
                    self.add_to(list, 0, value);
                }
                Kind::Number => scalars.numbers.extend(value.number()),
                Kind::True | Kind::False => scalars.booleans.extend(value.boolean()),
                Kind::Null | Kind::List | Kind::Object => {}
            }
        }
        scalars
    }

    /// The texts of a short list as words; none where it is long, or any of them is, or the snapshot has too many of them.
    fn words(&mut self, values: Node<'_>) -> Option<Vec<u64>> {
        let mut words = Vec::new();
        for (value, place) in values.elements().zip(0..) {
            let (Some(text), true) = (value.bytes(), place < limits::WORD_LIST) else { return None };
            set(&mut words, self.shared.words.intern(text)?);
        }
        Some(words)
    }

    fn texts(&mut self, values: Node<'_>, folded: bool) -> Vec<String> {
        let mut texts = Vec::new();
        for value in values.elements() {
            texts.extend(self.text(value, folded));
        }
        texts
    }

    fn text(&mut self, value: Node<'_>, folded: bool) -> Option<String> {
        let text = self.string(value, "strings")?;
        if !folded {
            return Some(text.into());
        }
        self.shared.needs_full |= cfg!(feature = "full") && !text.is_ascii();
        if !case::is_foldable(text) {
            self.beyond_core(value, "letters beyond ASCII, whatever their case, need");
        }
        Some(case::folded(text))
    }

    fn numbers(&mut self, values: Node<'_>) -> Vec<f64> {
        let mut numbers = Vec::new();
        for value in values.elements() {
            match value.number() {
                Some(number) => numbers.push(number),
                None => self.unusable(value, "numbers"),
            }
        }
        numbers
    }

    fn times(&mut self, values: Node<'_>) -> Vec<f64> {
        let mut times = Vec::new();
        for value in values.elements() {
            if let Some(number) = value.number() {
                times.push(number);
            } else if let Some(text) = self.string(value, "times, as strings or milliseconds since 1970,") {
                let instant = time::instant(text).map(|instant| instant as f64);
                times.extend(self.formed(value, instant, "an RFC 3339 time such as `2026-01-31T09:00:00Z`"));
            }
        }
        times
    }

    fn versions(&mut self, values: Node<'_>) -> Vec<Written> {
        let mut versions = Vec::new();
        for value in values.elements() {
            let Some(text) = self.string(value, "versions, as strings,") else { continue };
            versions.extend(self.formed(value, Written::parse(text), "a version such as `1.2.3` or `2.0.0-rc.1`"));
        }
        versions
    }

    fn ranges(&mut self, values: Node<'_>) -> Vec<address::Range> {
        let mut ranges = Vec::new();
        for value in values.elements() {
            let Some(text) = self.string(value, "address ranges, as strings,") else { continue };
            let range = address::Range::parse(text);
            ranges.extend(self.formed(value, range, "an address range such as `10.0.0.0/8` or `2001:db8::/32`"));
        }
        ranges
    }

    #[cfg(not(feature = "full"))]
    fn patterns(&mut self, op: Node<'_>, _values: Node<'_>, _folded: bool) -> Option<Operator> {
        self.beyond_core(op, "the operator `matches` needs");
        None
    }

    #[cfg(feature = "full")]
    fn patterns(&mut self, _op: Node<'_>, values: Node<'_>, folded: bool) -> Option<Operator> {
        self.shared.needs_full = true;
        let mut patterns = Patterns { folded, list: Vec::new() };
        for value in values.elements() {
            let Some(text) = self.string(value, "patterns, as strings,") else { continue };
            self.shared.patterns = self.shared.patterns.saturating_add(1);
            if self.shared.patterns > limits::PATTERNS {
                self.issues.add(value, Code::LimitExceeded, "more patterns than the limit");
                return None;
            }
            let pattern = pattern::compiled(text, folded);
            patterns.list.extend(self.formed(value, pattern, "a regular expression of at most 64 KiB"));
        }
        Some(Operator::Matches(patterns))
    }

    fn beyond_core(&mut self, node: Node<'_>, what: &str) {
        let message = "{} the full build: import `pointsman/full`";
        self.issues.add_with(node, Code::NeedsFullBuild, message, what);
    }

    fn string<'d>(&mut self, value: Node<'d>, wanted: &str) -> Option<&'d str> {
        if value.text().is_none() {
            self.unusable(value, wanted);
        }
        value.text()
    }

    /// What a text was read as; an issue where it is not of the form.
    fn formed<T>(&mut self, value: Node<'_>, read: Option<T>, form: &str) -> Option<T> {
        if read.is_none() {
            self.issues.add_with(value, Code::InvalidValue, "{text} is not {}", form);
        }
        read
    }

    /// A value that the operator could never use.
    fn unusable(&mut self, value: Node<'_>, wanted: &str) {
        self.issues.add_with(value, Code::WrongType, "this operator compares {} only, found {kind}", wanted);
    }
}

/// Adds a number to a set of bits that is as long as it has to be.
fn set(bits: &mut Vec<u64>, number: u8) {
    let place = usize::from(number >> 6);
    if bits.len() <= place {
        bits.resize(place.saturating_add(1), 0);
    }
    if let Some(bits) = bits.get_mut(place) {
        *bits |= 1 << (number & 63);
    }
}
