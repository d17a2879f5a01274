//! A context for native callers: names and values, owned.

use super::{Attributes, List, Replaced, Value};
use crate::route::RequestFacts;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One attribute's value.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Attribute {
    /// Null: as if the attribute were missing.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number; one that is not finite is of no use to any operator.
    Number(f64),
    /// A string.
    Text(String),
    /// A list: it matches if any element does.
    List(Vec<Attribute>),
    /// An object, reached by a dotted name.
    Object(BTreeMap<String, Attribute>),
}

impl Attribute {
    fn member(&self, name: &str) -> Option<&Attribute> {
        if let Attribute::Object(members) = self { members.get(name) } else { None }
    }

    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Attribute::Null => Value::Missing,
            Attribute::Boolean(boolean) => Value::Boolean(*boolean),
            Attribute::Number(number) if number.is_finite() => Value::Number(*number),
            Attribute::Text(text) => Value::Text(text.as_bytes()),
            Attribute::List(list) => Value::List(List::Native(list)),
            Attribute::Number(_) | Attribute::Object(_) => Value::Unusable,
        }
    }
}

impl From<&str> for Attribute {
    fn from(text: &str) -> Attribute {
        Attribute::Text(text.into())
    }
}

impl From<String> for Attribute {
    fn from(text: String) -> Attribute {
        Attribute::Text(text)
    }
}

impl From<f64> for Attribute {
    fn from(number: f64) -> Attribute {
        Attribute::Number(number)
    }
}

impl From<bool> for Attribute {
    fn from(boolean: bool) -> Attribute {
        Attribute::Boolean(boolean)
    }
}

impl<T: Into<Attribute>> From<Vec<T>> for Attribute {
    fn from(list: Vec<T>) -> Attribute {
        Attribute::List(list.into_iter().map(Into::into).collect())
    }
}

/// What is known of a visitor: attribute names and values. Names that begin with `request.` are ignored: only the platform
/// fills those.
///
/// ```
/// use pointsman::Context;
/// let visitor = Context::new().with("userId", "alice").with("age", 42.0).with("beta", true);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Context {
    attributes: BTreeMap<String, Attribute>,
}

impl Context {
    /// A context that knows nothing.
    pub fn new() -> Context {
        Context::default()
    }

    /// The same context with one more attribute, or another value for it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Attribute>) -> Context {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// An exact name wins over a path through nested objects.
    fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name).or_else(|| {
            let (first, rest) = name.split_once('.')?;
            rest.split('.').try_fold(self.attributes.get(first)?, Attribute::member)
        })
    }
}

/// A native context, and what is known of a request, looked up by the ids of a table.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    context: &'a Context,
    names: &'a [String],
    request: RequestFacts<'a>,
    replaced: Replaced<'a>,
}

impl<'a> Named<'a> {
    /// `names` are the table's, by id. There is no request.
    pub fn new(context: &'a Context, names: &'a [String]) -> Named<'a> {
        Named { context, names, request: RequestFacts::default(), replaced: None }
    }

    /// The same with a request, which alone knows the attributes `request.*`.
    pub fn of_request(self, request: RequestFacts<'a>) -> Named<'a> {
        Named { request, ..self }
    }

    fn named(self, name: &str) -> Value<'a> {
        match name.strip_prefix("request.") {
            Some(name) => self.request.attribute(name).map_or(Value::Missing, Value::Text),
            None => self.context.get(name).map_or(Value::Missing, Attribute::value),
        }
    }
}

impl<'a> Attributes<'a> for Named<'a> {
    fn value(self, attribute: u16) -> Value<'a> {
        if let Some((_, text)) = self.replaced.filter(|(replaced, _)| *replaced == attribute) {
            return text.map_or(Value::Missing, Value::Text);
        }
        self.named(self.names.get(usize::from(attribute)).map_or("", String::as_str))
    }

    fn with(self, attribute: u16, text: Option<&'a [u8]>) -> Named<'a> {
        Named { replaced: Some((attribute, text)), ..self }
    }
}
