//! A value against the schema table: types, ranges, unknown and missing members.

use super::{
    document::{Kind, Node},
    schema::{Field, Shape, Type},
    suggest, time,
};
use crate::{
    error::{Code, Issue, Place},
    limits, number,
};
use std::borrow::Cow;

/// The issues found so far.
#[derive(Debug, Default)]
pub struct Issues {
    pub list: Vec<Issue>,
    /// How many were found, listed or not.
    pub count: usize,
    /// True once the snapshot as a whole is beyond use.
    pub fatal: bool,
    /// True while a single flag is looked at: what is wrong there breaks that flag alone.
    pub in_flag: bool,
}

impl Issues {
    /// Adds an issue at a value or a member's name.
    pub fn add(&mut self, node: Node<'_>, code: Code, message: &[&str]) {
        self.fatal |= is_fatal(code, self.in_flag);
        self.count = self.count.saturating_add(1);
        if self.list.len() < limits::PROBLEMS {
            self.list.push(Issue { code, message: message.concat(), place: Place::Token(node.token()) });
        }
    }

    /// The issues, the last one telling how many are not listed.
    pub fn into_list(mut self) -> Vec<Issue> {
        let unlisted = self.count.saturating_sub(self.list.len());
        if unlisted > 0 {
            let message = [&*number::text(unlisted as u64), " more problems are not listed"].concat();
            self.list.push(Issue { code: Code::LimitExceeded, message, place: Place::Token(0) });
        }
        self.list
    }
}

/// A bound is never exceeded; a route whose flag or variant is missing serves its fallback; a broken flag breaks alone.
fn is_fatal(code: Code, in_flag: bool) -> bool {
    let alone = in_flag || matches!(code, Code::UnknownFlag | Code::UnknownVariant);
    code == Code::LimitExceeded || !alone
}

/// A name or value in backticks, shortened.
pub fn quote(text: &str) -> String {
    let shown: String = text.chars().take(limits::QUOTED_CHARACTERS).flat_map(visible).collect();
    let more = if text.chars().nth(limits::QUOTED_CHARACTERS).is_some() { "…" } else { "" };
    ["`", &shown, more, "`"].concat()
}

/// Control characters must not reach a terminal or a log.
fn visible(character: char) -> impl Iterator<Item = char> {
    let shown = if character.is_control() { char::REPLACEMENT_CHARACTER } else { character };
    std::iter::once(shown)
}

/// Checks a value and all within it.
pub fn check(node: Node<'_>, wanted: &Type, issues: &mut Issues) {
    match wanted {
        Type::Any => {}
        Type::Boolean => expect(node, node.boolean().is_some(), "a boolean", issues),
        Type::Text => expect(node, node.text().is_some(), "a string", issues),
        Type::Name => name(node, issues),
        Type::Number(from, to, called) => number_in(node, (*from, *to), called, issues),
        Type::Integer(from, to, called) => integer_in(node, (*from, *to), called, issues),
        Type::Time => form(node, time::instant, "an RFC 3339 time such as `2026-01-31T09:00:00Z`", issues),
        Type::Duration => form(node, time::duration, "a duration such as `250ms`, `30s`, `2m`, `24h` or `7d`", issues),
        Type::Scalar => expect(node, is_scalar(node.kind()), "a string, a number or a boolean", issues),
        Type::Names => names(node, issues),
        Type::OneOf(words) => one_of(node, words, issues),
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
        issues.add(node, Code::WrongType, &["expected ", wanted, ", found ", node.kind().words()]);
    }
}

fn name(node: Node<'_>, issues: &mut Issues) {
    match node.text() {
        Some(text) => name_text(node, &text, issues),
        None => expect(node, false, "a string", issues),
    }
}

fn name_text(node: Node<'_>, text: &str, issues: &mut Issues) {
    if text.is_empty() {
        issues.add(node, Code::Empty, &["a name must not be empty"]);
    } else if text.len() > limits::NAME_BYTES {
        let (has, limit) = (number::text(text.len() as u64), number::text(limits::NAME_BYTES as u64));
        issues.add(node, Code::LimitExceeded, &["a name of ", &has, " bytes; the limit is ", &limit]);
    } else if text.chars().any(char::is_control) {
        issues.add(node, Code::InvalidValue, &["a name must not hold control characters"]);
    }
}

fn number_in(node: Node<'_>, range: (f64, f64), called: &str, issues: &mut Issues) {
    let Some(value) = node.number() else { return expect(node, false, "a number", issues) };
    if value < range.0 || value > range.1 {
        let allowed: Cow<'_, str> = match range {
            (_, f64::MAX) => Cow::Borrowed("0 or more"),
            (from, to) => [&*number::text(from as u64), " to ", &number::text(to as u64)].concat().into(),
        };
        issues.add(node, Code::OutOfRange, &[&quote(node.raw()), " is not ", called, ": use ", &allowed]);
    }
}

fn integer_in(node: Node<'_>, range: (f64, f64), called: &str, issues: &mut Issues) {
    match node.number() {
        Some(value) if value.fract() != 0.0 => {
            issues.add(node, Code::OutOfRange, &[&quote(node.raw()), " is not ", called, ": use a whole number"]);
        }
        _ => number_in(node, range, called, issues),
    }
}

fn form<T>(node: Node<'_>, parse: fn(&str) -> Option<T>, wanted: &str, issues: &mut Issues) {
    match node.text() {
        None => expect(node, false, "a string", issues),
        Some(text) if parse(&text).is_none() => {
            issues.add(node, Code::InvalidValue, &[&quote(&text), " is not ", wanted]);
        }
        Some(_) => {}
    }
}

fn names(node: Node<'_>, issues: &mut Issues) {
    match node.kind() {
        Kind::List => {
            not_empty(node, "a list of names", issues);
            list(node, &Type::Name, limits::BUCKET_BY, issues);
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
        issues.add(node, Code::Empty, &[called, " must not be empty"]);
    }
}

fn one_of(node: Node<'_>, words: &[&str], issues: &mut Issues) {
    match node.text() {
        None => expect(node, false, "a string", issues),
        Some(text) if !words.contains(&&*text) => {
            let known = words.join("` or `");
            issues.add(node, Code::InvalidValue, &[&quote(&text), " is not known here: use `", &known, "`"]);
        }
        Some(_) => {}
    }
}

fn object(node: Node<'_>, shape: &Shape, issues: &mut Issues) {
    if node.kind() != Kind::Object {
        return expect(node, false, "an object", issues);
    }
    for (name, value) in node.members() {
        match shape.fields.iter().find(|field| name.is_text(field.name)) {
            Some(field) => check(value, &field.holds, issues),
            None => unknown(name, shape, issues),
        }
    }
    for field in shape.fields.iter().filter(|field| field.required && node.get(field.name).is_none()) {
        issues.add(node, Code::MissingField, &["the member ", &quote(field.name), " is missing"]);
    }
}

fn unknown(name: Node<'_>, shape: &Shape, issues: &mut Issues) {
    let text = name.text().unwrap_or_default();
    if text.starts_with("x-") {
        return;
    }
    let hint = suggest::hint(&text, shape.fields.iter().map(|Field { name, .. }| *name));
    issues.add(name, Code::UnknownField, &["unknown field ", &quote(&text), &hint]);
}

fn map(node: Node<'_>, values: &Type, most: usize, issues: &mut Issues) {
    if node.kind() != Kind::Object {
        return expect(node, false, "an object", issues);
    }
    within(node, node.members().count(), most, "members", issues);
    for (name, value) in node.members() {
        name_text(name, &name.text().unwrap_or_default(), issues);
        check(value, values, issues);
    }
}

fn list(node: Node<'_>, values: &Type, most: usize, issues: &mut Issues) {
    if node.kind() != Kind::List {
        return expect(node, false, "a list", issues);
    }
    within(node, node.elements().count(), most, "entries", issues);
    for element in node.elements() {
        check(element, values, issues);
    }
}

fn within(node: Node<'_>, count: usize, most: usize, called: &str, issues: &mut Issues) {
    if count > most {
        let (has, limit) = (number::text(count as u64), number::text(most as u64));
        issues.add(node, Code::LimitExceeded, &[&has, " ", called, "; the limit is ", &limit]);
    }
}

/// Finds members that an object names twice, anywhere in a value.
pub fn duplicates(node: Node<'_>, issues: &mut Issues) {
    own_duplicates(node, issues);
    for (_, value) in node.members() {
        duplicates(value, issues);
    }
    for element in node.elements() {
        duplicates(element, issues);
    }
}

/// Finds members that this one object names twice.
pub fn own_duplicates(node: Node<'_>, issues: &mut Issues) {
    let mut names: Vec<(Cow<'_, str>, Node<'_>)> =
        node.members().map(|(name, _)| (name.text().unwrap_or_default(), name)).collect();
    // Stable: of equal names the first one in the text stays first.
    names.sort_by(|left, right| left.0.cmp(&right.0));
    for ((text, _), (other, second)) in names.iter().zip(names.iter().skip(1)) {
        if text == other {
            issues.add(*second, Code::DuplicateKey, &[&quote(other), " stands here a second time"]);
        }
    }
}
