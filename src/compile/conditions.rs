//! Conditions: one of several forms, with the names that they refer to resolved to places.

use super::{Compiler, references::Reference};
use crate::{
    error::Code,
    hash,
    snapshot::{
        check,
        document::Node,
        schema::{CONDITION, Type},
    },
    table::{Bucket, Condition},
};

/// The members that say which form a condition has, and those that belong to it.
const FORMS: [(&str, &[&str]); 7] = [
    ("all", &[]),
    ("any", &[]),
    ("not", &[]),
    ("segment", &[]),
    ("flag", &["is"]),
    ("bucket", &[]),
    ("attribute", &["op", "values", "caseInsensitive"]),
];

impl Compiler<'_> {
    /// One of `segments`, or nothing where anything is wrong with it.
    pub fn named_condition(&mut self, node: Node<'_>) -> Option<Condition> {
        let before = self.issues.count;
        check::duplicates(node, self.issues);
        check::check(node, &Type::Object(&CONDITION), self.issues);
        if self.issues.count > before {
            return None;
        }
        self.condition(node).filter(|_| self.issues.count == before)
    }

    /// A condition, or nothing where anything is wrong with it.
    pub fn condition(&mut self, node: Node<'_>) -> Option<Condition> {
        self.conditions = self.conditions.saturating_add(1);
        let form = self.form(node)?;
        let value = node.get(form)?;
        match form {
            "all" => self.parts(value).map(Condition::All),
            "any" => self.parts(value).map(Condition::Any),
            "not" => self.condition(value).map(|part| Condition::Not(Box::new(part))),
            "segment" => self.segment(value),
            "flag" => self.prerequisite(node, value),
            "bucket" => self.bucket(value),
            _ => self.test(node, value),
        }
    }

    /// The one form that the condition has, with no member of another one.
    fn form(&mut self, node: Node<'_>) -> Option<&'static str> {
        let mut given = FORMS.iter().filter(|(form, _)| node.get(form).is_some());
        let Some((form, own)) = given.next() else {
            let message = "a condition needs one of `all`, `any`, `not`, `segment`, `flag`, `bucket` and `attribute`";
            self.issues.add(node, Code::Incomplete, message);
            return None;
        };
        if let Some((other, _)) = given.next() {
            self.exclusive(node, form, other);
            return None;
        }
        let before = self.issues.count;
        for (_, members) in FORMS {
            for member in members.iter().filter(|member| !own.contains(member)) {
                self.exclusive(node, form, member);
            }
        }
        (self.issues.count == before).then_some(form)
    }

    fn parts(&mut self, list: Node<'_>) -> Option<Vec<Condition>> {
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

    fn segment(&mut self, name: Node<'_>) -> Option<Condition> {
        let known = self.known;
        let place = self.resolve(&known.segments, name, Code::UnknownSegment, "there is no segment {text}{}")?;
        self.references.push(Reference { to: place, token: name.token(), is: Vec::new() });
        Some(Condition::Segment(place))
    }

    fn prerequisite(&mut self, node: Node<'_>, key: Node<'_>) -> Option<Condition> {
        let known = self.known;
        let flag = self.resolve(&known.flags, key, Code::UnknownFlag, "there is no flag {text}{}");
        let Some(list) = node.get("is") else {
            self.issues.add(node, Code::MissingField, "the member `is` is missing");
            return None;
        };
        let flag = flag?;
        let (mut is, mut names) = (Vec::new(), Vec::new());
        for name in list.elements().chain([list]) {
            if let Some(text) = name.text() {
                is.push(String::from(text));
                names.push((String::from(text), name.token()));
            }
        }
        self.references.push(Reference { to: known.entry_of_flag(flag), token: key.token(), is: names });
        Some(Condition::Flag { flag, is })
    }

    fn bucket(&mut self, node: Node<'_>) -> Option<Condition> {
        let bucket_by = self.bucket_by(node);
        let seed = hash::seed(self.salt, hash::Kind::Bucket, node.text_of("salt")?);
        let cut = hash::cut(node.number_of("percentage")? / 100.0);
        Some(Condition::Bucket(Bucket { bucket_by, seed, cut, span: self.span(node) }))
    }
}
