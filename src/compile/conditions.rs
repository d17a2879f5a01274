//! Conditions: one of several forms, and operators with their values sorted by type.

use super::Compiler;
use crate::{
    error::Code,
    snapshot::{
        check::{self, quote},
        document::{Kind, Node},
        suggest,
    },
    table::{Condition, Numbers, Operator, Scalars, Texts},
};

/// The members that say which form a condition has.
const FORMS: [&str; 4] = ["all", "any", "not", "attribute"];

const OPERATORS: [&str; 9] = [
    "in",
    "startsWith",
    "endsWith",
    "contains",
    "lessThan",
    "lessThanOrEqual",
    "greaterThan",
    "greaterThanOrEqual",
    "exists",
];

impl Compiler<'_> {
    /// A condition, or nothing where anything is wrong with it.
    pub fn condition(&mut self, node: Node<'_>) -> Option<Condition> {
        let mut given = FORMS.iter().filter(|form| node.get(form).is_some());
        let Some(form) = given.next() else {
            self.issues.add(node, Code::Incomplete, &["a condition needs one of `", &FORMS.join("`, `"), "`"]);
            return None;
        };
        if let Some(other) = given.next() {
            self.exclusive(node, form, other);
            return None;
        }
        let value = node.get(form)?;
        match *form {
            "all" => self.conditions(value).map(Condition::All),
            "any" => self.conditions(value).map(Condition::Any),
            "not" => self.condition(value).map(|part| Condition::Not(Box::new(part))),
            _ => self.test(node, value),
        }
    }

    fn conditions(&mut self, list: Node<'_>) -> Option<Box<[Condition]>> {
        check::not_empty(list, "a list of conditions", self.issues);
        let parts: Vec<Option<Condition>> = list.elements().map(|part| self.condition(part)).collect();
        parts.into_iter().collect()
    }

    fn test(&mut self, node: Node<'_>, name: Node<'_>) -> Option<Condition> {
        let attribute = self.attribute(&name.text()?, name);
        let operator = self.operator(node);
        Some(Condition::Test { attribute: attribute?, operator: operator? })
    }

    fn operator(&mut self, node: Node<'_>) -> Option<Operator> {
        let Some(op) = node.get("op") else {
            self.issues.add(node, Code::MissingField, &["the member `op` is missing"]);
            return None;
        };
        let name = op.text()?;
        if !OPERATORS.contains(&&*name) {
            let hint = suggest::hint(&name, OPERATORS.into_iter());
            self.issues.add(op, Code::UnknownOperator, &["unknown operator ", &quote(&name), &hint]);
            return None;
        }
        let Some(values) = self.values(node, &name) else { return (name == "exists").then_some(Operator::Exists) };
        Some(match &*name {
            "in" => Operator::In(scalars(values)),
            "startsWith" => Operator::StartsWith(self.texts(values)),
            "endsWith" => Operator::EndsWith(self.texts(values)),
            "contains" => Operator::Contains(self.texts(values)),
            "lessThan" => Operator::LessThan(self.numbers(values)),
            "lessThanOrEqual" => Operator::LessThanOrEqual(self.numbers(values)),
            "greaterThan" => Operator::GreaterThan(self.numbers(values)),
            _ => Operator::GreaterThanOrEqual(self.numbers(values)),
        })
    }

    /// The values, which all operators but `exists` must have.
    fn values<'d>(&mut self, node: Node<'d>, operator: &str) -> Option<Node<'d>> {
        let values = node.get("values");
        match values {
            None if operator != "exists" => {
                self.issues.add(node, Code::MissingField, &["the member `values` is missing"]);
            }
            Some(values) if operator == "exists" && values.elements().next().is_some() => {
                self.issues.add(values, Code::Conflict, &["`exists` takes no values"]);
            }
            _ => {}
        }
        values.filter(|_| operator != "exists")
    }

    fn texts(&mut self, values: Node<'_>) -> Texts {
        self.only(values, |kind| matches!(kind, Kind::Text | Kind::EscapedText), "strings");
        texts(values)
    }

    fn numbers(&mut self, values: Node<'_>) -> Numbers {
        self.only(values, |kind| kind == Kind::Number, "numbers");
        values.elements().filter_map(Node::number).collect()
    }

    /// Adds an issue for each value that the operator could never use.
    fn only(&mut self, values: Node<'_>, fits: fn(Kind) -> bool, called: &str) {
        for value in values.elements().filter(|value| !fits(value.kind())) {
            let message = ["this operator compares ", called, " only, found ", value.kind().words()];
            self.issues.add(value, Code::WrongType, &message);
        }
    }
}

fn texts(values: Node<'_>) -> Texts {
    values.elements().filter_map(Node::text).map(|text| text.as_bytes().into()).collect()
}

fn scalars(values: Node<'_>) -> Scalars {
    let mut sorted = texts(values);
    sorted.sort_unstable();
    Scalars {
        texts: sorted,
        numbers: values.elements().filter_map(Node::number).collect(),
        booleans: values.elements().filter_map(Node::boolean).collect(),
    }
}
