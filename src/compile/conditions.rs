//! Conditions: one of several forms, and operators with their values sorted by type.

use super::Compiler;
use crate::{
    error::Code,
    snapshot::{check, document::Node},
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
            self.issues.add(node, Code::Incomplete, "a condition needs one of `all`, `any`, `not` and `attribute`");
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

    fn conditions(&mut self, list: Node<'_>) -> Option<Vec<Condition>> {
        check::not_empty(list, "a list of conditions", self.issues);
        let mut parts = Vec::new();
        let mut sound = true;
        for part in list.elements() {
            let condition = self.condition(part);
            sound &= condition.is_some();
            parts.extend(condition);
        }
        sound.then_some(parts)
    }

    fn test(&mut self, node: Node<'_>, name: Node<'_>) -> Option<Condition> {
        let attribute = self.attribute(name.text()?, name);
        let operator = self.operator(node);
        Some(Condition::Test { attribute: attribute?, operator: operator? })
    }

    fn operator(&mut self, node: Node<'_>) -> Option<Operator> {
        let Some(op) = node.get("op") else {
            self.issues.add(node, Code::MissingField, "the member `op` is missing");
            return None;
        };
        let name = op.text()?;
        if name == "exists" {
            return self.exists(node);
        }
        if !OPERATORS.contains(&name) {
            self.issues.add_unknown(op, Code::UnknownOperator, "unknown operator {text}{}", &mut OPERATORS.into_iter());
            return None;
        }
        let Some(values) = node.get("values") else {
            self.issues.add(node, Code::MissingField, "the member `values` is missing");
            return None;
        };
        Some(self.comparison(name, values))
    }

    fn exists(&mut self, node: Node<'_>) -> Option<Operator> {
        if let Some(value) = node.elements_of("values").next() {
            self.issues.add(value, Code::Conflict, "`exists` takes no values");
        }
        Some(Operator::Exists)
    }

    fn comparison(&mut self, name: &str, values: Node<'_>) -> Operator {
        match name {
            "in" => Operator::In(self.scalars(values)),
            "startsWith" => Operator::StartsWith(self.texts(values)),
            "endsWith" => Operator::EndsWith(self.texts(values)),
            "contains" => Operator::Contains(self.texts(values)),
            "lessThan" => Operator::LessThan(self.numbers(values)),
            "lessThanOrEqual" => Operator::LessThanOrEqual(self.numbers(values)),
            "greaterThan" => Operator::GreaterThan(self.numbers(values)),
            _ => Operator::GreaterThanOrEqual(self.numbers(values)),
        }
    }

    fn scalars(&mut self, values: Node<'_>) -> Scalars {
        let mut scalars = Scalars::default();
        for value in values.elements() {
            if let Some(text) = value.text() {
                let list = *scalars.list.get_or_insert_with(|| self.shared.lists.open());
                self.shared.lists.add(list, 0, text.as_bytes());
            }
            scalars.numbers.extend(value.number());
            scalars.booleans.extend(value.boolean());
        }
        scalars
    }

    fn texts(&mut self, values: Node<'_>) -> Texts {
        let mut texts = Texts::new();
        for value in values.elements() {
            match value.text() {
                Some(text) => texts.push(text.as_bytes().to_vec()),
                None => self.unusable(value, "strings"),
            }
        }
        texts
    }

    fn numbers(&mut self, values: Node<'_>) -> Numbers {
        let mut numbers = Numbers::new();
        for value in values.elements() {
            match value.number() {
                Some(number) => numbers.push(number),
                None => self.unusable(value, "numbers"),
            }
        }
        numbers
    }

    /// A value that the operator could never use.
    fn unusable(&mut self, value: Node<'_>, wanted: &str) {
        self.issues.add_with(value, Code::WrongType, "this operator compares {} only, found {kind}", wanted);
    }
}
