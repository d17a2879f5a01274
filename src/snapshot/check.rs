//! A value against the schema table: types, ranges, unknown and missing members, and members named twice.

use super::{
    document::{Kind, Node},
    issues::Issues,
    schema::{Shape, Type},
};
use crate::{error::Code, limits, number, sort, values::time};

/// Checks a value and all within it.
pub fn check(node: Node<'_>, wanted: &Type, issues: &mut Issues) {
    match wanted {
        Type::Any => duplicates(node, issues),
        Type::Later => {}
        Type::Boolean => expect(node, node.boolean().is_some(), "a boolean", issues),
        Type::Text => expect(node, node.is_string(), "a string", issues),
        Type::Name => name(node, issues),
        Type::Number(from, to, called) => number_in(node, (*from, *to), called, issues),
        Type::Integer(from, to, called) => integer_in(node, (*from, *to), called, issues),
        Type::Time => {
            form(node, |text| time::instant(text).is_some(), "an RFC 3339 time such as `2026-01-31T09:00:00Z`", issues)
        }
        Type::Duration => {
            let called = "a duration such as `250ms`, `30s`, `2m`, `24h` or `7d`";
            form(node, |text| time::duration(text).is_some(), called, issues);
        }
        Type::Scalar => expect(node, is_scalar(node.kind()), "a string, a number or a boolean", issues),
        Type::Names(most) => names(node, *most, issues),
        Type::OneOf(known) => one_of(node, known, issues),
        Type::Object(shape) => object(node, shape, issues),
        Type::Map(values, most) => map(node, values, *most, issues),
        Type::List(values, most) => list(node, values, *most, issues),
    }
}

fn is_scalar(kind: Kind) -> bool {
    !matches!(kind, Kind::Null | Kind::List | Kind::Object)
}

fn expect(node: Node<'_>, met: bool, wanted: &str, issues: &mut Issues) {
    if !met {
        issues.add_with(node, Code::WrongType, "expected {}, found {kind}", wanted);
    }
}

/// Names end up in headers, logs and terminals.
fn name(node: Node<'_>, issues: &mut Issues) {
    let Some(text) = node.text() else { return expect(node, false, "a string", issues) };
    if text.is_empty() {
        issues.add(node, Code::Empty, "a name must not be empty");
    } else if text.len() > limits::NAME_BYTES {
        over(node, limits::NAME_BYTES, "a name of more than {} bytes, the limit", issues);
    } else if has_control(text) {
        issues.add(node, Code::InvalidValue, "a name must not hold control characters");
    }
}

/// `char::is_control`, with a look at the bytes first: a name mostly has none that could be part of one.
fn has_control(text: &str) -> bool {
    let may_be = |byte: u8| !(b' '..0x7f).contains(&byte);
    text.bytes().any(may_be) && text.chars().any(char::is_control)
}

fn number_in(node: Node<'_>, range: (f64, f64), called: &str, issues: &mut Issues) {
    match node.number() {
        None => expect(node, false, "a number", issues),
        Some(value) if value < range.0 || value > range.1 => {
            issues.add_with(node, Code::OutOfRange, "{text} is not {}", called);
        }
        Some(_) => {}
    }
}

fn integer_in(node: Node<'_>, range: (f64, f64), called: &str, issues: &mut Issues) {
    if node.number().is_some_and(|value| value.fract() != 0.0) {
        issues.add_with(node, Code::OutOfRange, "{text} is not {}", called);
    } else {
        number_in(node, range, called, issues);
    }
}

fn form(node: Node<'_>, fits: fn(&str) -> bool, called: &str, issues: &mut Issues) {
    match node.text() {
        None => expect(node, false, "a string", issues),
        Some(text) if !fits(text) => issues.add_with(node, Code::InvalidValue, "{text} is not {}", called),
        Some(_) => {}
    }
}

fn names(node: Node<'_>, most: usize, issues: &mut Issues) {
    match node.kind() {
        Kind::List => {
            not_empty(node, "a list of names", issues);
            list(node, &Type::Name, most, issues);
        }
        Kind::Text | Kind::EscapedText => name(node, issues),
        Kind::Null | Kind::True | Kind::False | Kind::Number | Kind::Object => {
            expect(node, false, "a name or a list of names", issues);
        }
    }
}

/// Adds an issue where a list or an object has nothing in it.
pub fn not_empty(node: Node<'_>, called: &str, issues: &mut Issues) {
    if node.elements().next().is_none() && node.members().next().is_none() {
        issues.add_with(node, Code::Empty, "{} must not be empty", called);
    }
}

fn one_of(node: Node<'_>, known: &[&str], issues: &mut Issues) {
    match node.text() {
        None => expect(node, false, "a string", issues),
        Some(text) if !known.contains(&text) => {
            issues.add_with(node, Code::InvalidValue, "{text} is not known here: use {}", &choice(known));
        }
        Some(_) => {}
    }
}

/// "`a`, `b` or `c`".
fn choice(words: &[&str]) -> String {
    let mut text = String::new();
    for (word, behind) in words.iter().zip((0..words.len()).rev()) {
        text.push('`');
        text.push_str(word);
        text.push_str(match behind {
            0 => "`",
            1 => "` or ",
            _ => "`, ",
        });
    }
    text
}

fn object(node: Node<'_>, shape: &Shape, issues: &mut Issues) {
    if node.kind() != Kind::Object {
        return expect(node, false, "an object", issues);
    }
    // By place in the shape, which has fewer than 32 fields.
    let mut seen: u32 = 0;
    let mut doubtful = false;
    for (name, value) in node.members() {
        if let Some((field, place)) = shape.fields.iter().zip(0..).find(|(field, _)| name.is_text(field.name)) {
            doubtful |= seen & (1 << place) != 0;
            seen |= 1 << place;
            check(value, &field.holds, issues);
        } else {
            doubtful = true;
            unknown(name, shape, issues);
            duplicates(value, issues);
        }
    }
    if doubtful {
        own_duplicates(node, issues);
    }
    for (field, place) in shape.fields.iter().zip(0..) {
        if field.required && seen & (1 << place) == 0 {
            issues.add_with(node, Code::MissingField, "the member `{}` is missing", field.name);
        }
    }
}

fn unknown(name: Node<'_>, shape: &Shape, issues: &mut Issues) {
    let text = name.text().unwrap_or_default();
    if !text.starts_with("x-") {
        let known = &mut shape.fields.iter().map(|field| field.name);
        issues.add_unknown(name, Code::UnknownField, "unknown field {text}{}", known);
    }
}

fn map(node: Node<'_>, values: &Type, most: usize, issues: &mut Issues) {
    if node.kind() != Kind::Object {
        return expect(node, false, "an object", issues);
    }
    if node.members().count() > most {
        over(node, most, "more than {} members, the limit", issues);
    }
    own_duplicates(node, issues);
    for (key, value) in node.members() {
        name(key, issues);
        check(value, values, issues);
    }
}

fn list(node: Node<'_>, values: &Type, most: usize, issues: &mut Issues) {
    if node.kind() != Kind::List {
        return expect(node, false, "a list", issues);
    }
    let mut count: usize = 0;
    for element in node.elements() {
        // Ids are most of a large snapshot.
        if !(matches!(values, Type::Text) && element.is_string()) {
            check(element, values, issues);
        }
        count = count.wrapping_add(1);
    }
    if count > most {
        over(node, most, "more than {} entries, the limit", issues);
    }
}

fn over(node: Node<'_>, limit: usize, message: &'static str, issues: &mut Issues) {
    issues.add_with(node, Code::LimitExceeded, message, &number::text(limit as u64));
}

/// Finds members that an object names twice, anywhere in a value.
fn duplicates(node: Node<'_>, issues: &mut Issues) {
    for object in node.objects() {
        own_duplicates(object, issues);
    }
}

/// Finds members that this one object names twice.
fn own_duplicates(node: Node<'_>, issues: &mut Issues) {
    if node.members().nth(limits::NAMES_COMPARED).is_some() {
        return sorted_duplicates(node, issues);
    }
    // Few: each is compared with those before it, which needs no memory.
    for (place, (name, _)) in node.members().enumerate() {
        let bytes = name.bytes();
        if node.members().take(place).any(|(earlier, _)| earlier.bytes() == bytes) {
            issues.add(name, Code::DuplicateKey, TWICE);
        }
    }
}

const TWICE: &str = "{text} stands here a second time";

fn sorted_duplicates(node: Node<'_>, issues: &mut Issues) {
    let mut names = Vec::new();
    for (name, _) in node.members() {
        names.push((name.bytes().unwrap_or_default(), name.token()));
    }
    let mut last = None;
    // Of equal names the one that stands first in the text comes first.
    for (name, token) in sort::by_text(names) {
        if last == Some(name) {
            issues.add(node.at(token), Code::DuplicateKey, TWICE);
        }
        last = Some(name);
    }
}
