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

#[derive(Clone, Copy, PartialEq)]
enum Form {
    All,
    Any,
    Not,
    Segment,
    Flag,
    Bucket,
    Attribute,
}

/// How many of the members below say which form a condition has.
const FORMS: usize = 7;

/// The members of conditions, and the form that each belongs to.
const MEMBERS: [(&str, Form); 11] = [
    ("all", Form::All),
    ("any", Form::Any),
    ("not", Form::Not),
    ("segment", Form::Segment),
    ("flag", Form::Flag),
    ("bucket", Form::Bucket),
    ("attribute", Form::Attribute),
    ("is", Form::Flag),
    ("op", Form::Attribute),
    ("values", Form::Attribute),
    ("caseInsensitive", Form::Attribute),
];

impl Compiler<'_> {
    /// One of `segments`, or nothing where anything is wrong with it.
    pub fn named_condition(&mut self, node: Node<'_>) -> Option<Condition> {
        let before = self.issues.count;
        check::check(node, &Type::Object(&CONDITION), self.issues);
        if self.issues.count > before {
            return None;
        }
        self.condition(node).filter(|_| self.issues.count == before)
    }

    /// A condition, or nothing where anything is wrong with it.
    pub fn condition(&mut self, node: Node<'_>) -> Option<Condition> {
        self.conditions = self.conditions.saturating_add(1);
        let (form, value) = self.form(node)?;
        match form {
            Form::All => self.parts(value).map(Condition::All),
            Form::Any => self.parts(value).map(Condition::Any),
            Form::Not => self.condition(value).map(|part| Condition::Not(Box::new(part))),
            Form::Segment => self.segment(value),
            Form::Flag => self.prerequisite(node, value),
            Form::Bucket => self.bucket(value),
            Form::Attribute => self.test(node, value),
        }
    }

    /// The one form that the condition has, with no member of another one; and the value of the member that says so.
    fn form<'d>(&mut self, node: Node<'d>) -> Option<(Form, Node<'d>)> {
        let mut found = None;
        let mut forms: u32 = 0;
        for (name, value) in node.members() {
            let place = MEMBERS.iter().position(|(member, _)| name.is_text(member));
            let Some((place, (_, form))) = place.and_then(|place| Some((place, MEMBERS.get(place)?))) else { continue };
            forms |= 1 << *form as u32;
            if place < FORMS {
                found = Some((*form, value));
            }
        }
        if !forms.is_power_of_two() || found.is_none() {
            self.without_form(node);
            return None;
        }
        found
    }

    #[cold]
    fn without_form(&mut self, node: Node<'_>) {
        let (forms, parts) = MEMBERS.split_at(FORMS);
        let mut given = forms.iter().filter(|(name, _)| node.get(name).is_some());
        let Some((name, form)) = given.next() else {
            let message = "a condition needs one of `all`, `any`, `not`, `segment`, `flag`, `bucket` and `attribute`";
            return self.issues.add(node, Code::Incomplete, message);
        };
        if let Some((other, _)) = given.next() {
            return self.exclusive(node, name, other);
        }
        for (part, _) in parts.iter().filter(|(_, of)| of != form) {
            self.exclusive(node, name, part);
        }
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
