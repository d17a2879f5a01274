//! The steps in words, for whoever is on call. `pointsman/explain` says the same in JavaScript; `tests/explain/` holds both to it.

use super::{Entry, Trace, wire::ids};
use crate::{
    context::{Attributes, List, Named, Value},
    engine::Evaluation,
    error::Problem,
    eval::{Step, Truth},
    hash, limits,
    snapshot::document::{Document, Node},
    table::{Definition, Table},
};
use std::fmt;

/// How a flag was decided for one visitor. Shown as text, one step a line.
pub struct Explanation<'e> {
    /// The decision.
    pub evaluation: Evaluation<'e>,
    pub(crate) key: &'e str,
    /// None where there is no such flag.
    pub(crate) trace: Option<Trace<'e>>,
    /// What is wrong with the flag.
    pub(crate) problems: Vec<&'e Problem>,
    pub(crate) table: &'e Table,
    pub(crate) attributes: Named<'e>,
}

impl fmt::Debug for Explanation<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Explanation").field("evaluation", &self.evaluation).field("trace", &self.trace).finish()
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evaluation { variant, reason, detail, .. } = self.evaluation;
        write!(out, "{}: {} ({}, {detail})", shown(self.key), shown(variant.unwrap_or("no variant")), reason.as_str())?;
        for problem in &self.problems {
            write!(out, "\n  {problem}")?;
        }
        let Some(trace) = &self.trace else { return Ok(()) };
        for entry in &trace.entries {
            write!(out, "\n{}{}", "  ".repeat(entry.depth.saturating_add(1) as usize), self.line(entry))?;
        }
        if trace.cut {
            write!(out, "\n  … more than {} steps", limits::EXPLAINED_STEPS)?;
        }
        Ok(())
    }
}

impl Explanation<'_> {
    fn line(&self, entry: &Entry<'_>) -> String {
        let result = entry.result;
        let word = word(result);
        match entry.step {
            Step::Enabled => format!("enabled: {word}"),
            Step::Whitelist(_) => format!("whitelist: {word}, {}", self.ids(entry)),
            Step::Layer(range) => {
                format!("layer {}: {}", quoted(self.table.layer_names.name(range.layer)), self.held(entry))
            }
            Step::Rule(place) => format!("rule {}: {word}", self.rule(entry, place)),
            Step::Rollout => format!("rollout: {}", self.held(entry)),
            Step::All => format!("all: {word}"),
            Step::Any => format!("any: {word}"),
            Step::Not => format!("not: {word}"),
            Step::Segment(place) => format!("segment {}: {word}", quoted(self.table.segment_names.name(place))),
            Step::Flag(flag, is) => {
                let names: Vec<_> = is.iter().map(|name| shown(name)).collect();
                format!("flag {} is {}: {word}", quoted(self.table.keys.name(flag)), names.join(" or "))
            }
            Step::Bucket(_) => format!("bucket: {}", self.held(entry)),
            Step::Test(test) => {
                let actual = self.actual(test.attribute, result == Truth::Unknown);
                format!("{}: {word}, {actual}", condition(test.span.of(&self.table.text)))
            }
            Step::Decision(flag, decision) => {
                let variant = decision.variant().and_then(|place| self.variant(flag, place));
                let (reason, detail) = (decision.cause.reason().as_str(), decision.cause.detail());
                format!("it is {} ({reason}, {detail})", shown(variant.unwrap_or("no variant")))
            }
            Step::Point { attribute, point } => format!("{}, at {}", self.actual(attribute, false), place(point)),
            Step::Rollback(variant) => {
                let name = self.variant(entry.flag, variant).unwrap_or("no variant");
                format!("{} is withdrawn: {word}", shown(name))
            }
            Step::Part { variant, from, to } => {
                let name = variant.and_then(|variant| self.variant(entry.flag, variant)).unwrap_or("its part");
                format!("{} from {} up to {}: {word}", shown(name), place(from), place(to))
            }
        }
    }

    fn definition(&self, flag: u32) -> Option<&Definition> {
        self.table.flags.get(flag as usize)?.definition.as_ref()
    }

    fn variant(&self, flag: u32, place: u8) -> Option<&str> {
        Some(self.definition(flag)?.variants.get(usize::from(place))?.name.as_str())
    }

    /// Its number, from 1 on, and its name.
    fn rule(&self, entry: &Entry<'_>, place: u16) -> String {
        let rule = self.definition(entry.flag).and_then(|definition| definition.rules.get(usize::from(place)));
        let number = u32::from(place).saturating_add(1);
        match rule.and_then(|rule| rule.name.as_deref()) {
            Some(name) => format!("{number} {}", quoted(name)),
            None => number.to_string(),
        }
    }

    /// Whether a line's part holds the visitor; where nobody can tell, why.
    fn held(&self, entry: &Entry<'_>) -> String {
        match entry.result {
            Truth::True => "in".into(),
            Truth::False => "out".into(),
            Truth::Unknown => format!("no id, {}", self.ids(entry)),
        }
    }

    /// What stands in the attributes that an id is looked for in.
    fn ids(&self, entry: &Entry<'_>) -> String {
        let actual: Vec<_> = ids(self.table, entry).iter().map(|id| self.actual(*id, false)).collect();
        actual.join(", ")
    }

    /// What an attribute is; where an operator could not tell, that it could not.
    fn actual(&self, attribute: u16, of_no_use: bool) -> String {
        let name = self.table.attributes.get(usize::from(attribute)).map_or("", String::as_str);
        let value = self.attributes.value(attribute);
        if let Value::Missing = value {
            return format!("{} is missing", shown(name));
        }
        let why_not = if of_no_use { ", which it can't compare" } else { "" };
        format!("{} is {}{why_not}", shown(name), cut(&written(value)))
    }
}

fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    }
}

/// A point, and where on the line that is: as a percentage, to the fourth decimal.
fn place(point: u64) -> String {
    let percent = (point as f64 / hash::LINE as f64 * 1e6).round() / 1e4;
    format!("{point} ({percent} %)")
}

/// A condition as `attribute operator [values]`.
fn condition(text: &str) -> String {
    let Ok(document) = Document::read(text) else { return String::new() };
    let node = document.root();
    let name = |member| shown(node.text_of(member).unwrap_or_default());
    let mut line = format!("{} {}", name("attribute"), name("op"));
    let values: Vec<_> = node.elements_of("values").map(scalar).collect();
    if node.get("values").is_some() {
        line += &format!(" {}", cut(&format!("[{}]", values.join(","))));
    }
    if node.get("caseInsensitive").and_then(Node::boolean) == Some(true) {
        line += " in any case";
    }
    line
}

fn scalar(node: Node<'_>) -> String {
    match (node.text(), node.number()) {
        (Some(text), _) => quoted(text),
        (None, Some(number)) => decimal(number),
        (None, None) => node.raw().into(),
    }
}

fn written(value: Value<'_>) -> String {
    match value {
        Value::Missing => "null".into(),
        Value::Text(text) => quoted(&String::from_utf8_lossy(text)),
        Value::Number(number) => decimal(number),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::List(list) => elements(list),
        Value::Unusable => "an object".into(),
    }
}

/// A number as JavaScript writes it (ECMA-262, `Number::toString`): large and small ones with an exponent, zero without a sign.
fn decimal(number: f64) -> String {
    match number.abs() {
        0.0 => "0".into(),
        1e-6..1e21 => number.to_string(),
        small if small < 1.0 => format!("{number:e}"),
        _ => format!("{number:e}").replace('e', "e+"),
    }
}

fn elements(list: List<'_>) -> String {
    let elements: Vec<_> = list
        .iter()
        .map(|element| if let Value::Unusable = element { "null".into() } else { written(element) })
        .collect();
    format!("[{}]", elements.join(","))
}

/// A string as JSON has it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A name, without what must not reach a terminal.
fn shown(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// Shortened, so that a list of thousands stays one line.
fn cut(text: &str) -> String {
    match text.char_indices().nth(limits::QUOTED_CHARACTERS) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.into(),
    }
}
