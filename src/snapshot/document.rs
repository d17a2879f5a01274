//! The wire document: a snapshot's text and its tokens. Every value keeps its place in the text.

use super::{escape, reader};
use crate::{error::Issue, number};
use std::borrow::Cow;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    True,
    False,
    Number,
    /// A string without escapes.
    Text,
    /// A string with escapes.
    EscapedText,
    List,
    Object,
}

impl Kind {
    /// The kind in the words of a message.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::True | Kind::False => "a boolean",
            Kind::Number => "a number",
            Kind::Text | Kind::EscapedText => "a string",
            Kind::List => "a list",
            Kind::Object => "an object",
        }
    }
}

/// One value or member name of the text. An object's members are its names and values in turn.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    /// Byte offsets in the text, quotes and braces included.
    pub start: u32,
    pub end: u32,
    /// The token behind this value and all within it.
    pub next: u32,
}

/// A place in the text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The bytes of `text` that the span covers.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A JSON text that has been read.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Document<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn read(text: &'a str) -> Result<Document<'a>, Issue> {
        Ok(Document { text, tokens: reader::read(text)? })
    }

    /// The whole value.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The value or name at a token.
    pub fn node(&self, token: u32) -> Node<'_> {
        Node { document: self, token }
    }
}

/// One value, or one member's name, of a document.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    token: u32,
}

impl<'d> Node<'d> {
    /// The token's place in the document, for problems.
    pub fn token(self) -> u32 {
        self.token
    }

    pub fn kind(self) -> Kind {
        self.entry().map_or(Kind::Null, |token| token.kind)
    }

    pub fn span(self) -> Span {
        self.entry().map_or(Span::default(), |token| Span { start: token.start, end: token.end })
    }

    /// The value as it is written.
    pub fn raw(self) -> &'d str {
        self.span().of(self.document.text)
    }

    /// An object's members: name and value. Empty for anything else.
    pub fn members(self) -> impl Iterator<Item = (Node<'d>, Node<'d>)> + use<'d> {
        let mut children = self.children(Kind::Object);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// A list's values. Empty for anything else.
    pub fn elements(self) -> Children<'d> {
        self.children(Kind::List)
    }

    /// The value of an object's member.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.members().find(|(key, _)| key.is_text(name)).map(|(_, value)| value)
    }

    /// The string, without its quotes and escapes.
    pub fn text(self) -> Option<Cow<'d, str>> {
        match self.kind() {
            Kind::Text => self.inner().map(Cow::Borrowed),
            Kind::EscapedText => self.inner().map(escape::unescape),
            Kind::Null | Kind::True | Kind::False | Kind::Number | Kind::List | Kind::Object => None,
        }
    }

    pub fn is_text(self, text: &str) -> bool {
        if self.kind() == Kind::Text {
            return self.inner() == Some(text);
        }
        self.text().is_some_and(|own| own == text)
    }

    pub fn number(self) -> Option<f64> {
        (self.kind() == Kind::Number).then(|| number::parse(self.raw()))
    }

    pub fn boolean(self) -> Option<bool> {
        let kind = self.kind();
        matches!(kind, Kind::True | Kind::False).then_some(kind == Kind::True)
    }

    fn inner(self) -> Option<&'d str> {
        self.raw().strip_prefix('"')?.strip_suffix('"')
    }

    fn entry(self) -> Option<Token> {
        self.document.tokens.get(self.token as usize).copied()
    }

    fn children(self, kind: Kind) -> Children<'d> {
        let first = self.token.saturating_add(1);
        let end = self.entry().filter(|token| token.kind == kind).map_or(first, |token| token.next);
        Children { document: self.document, next: first, end }
    }

    /// True where `token` is this value or within it.
    pub fn holds(self, token: u32) -> bool {
        self.entry().is_some_and(|own| (self.token..own.next).contains(&token))
    }
}

/// The values directly within a container.
#[derive(Clone, Debug)]
pub struct Children<'d> {
    document: &'d Document<'d>,
    next: u32,
    end: u32,
}

impl<'d> Iterator for Children<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.next >= self.end {
            return None;
        }
        let node = self.document.node(self.next);
        self.next = node.entry()?.next;
        Some(node)
    }
}
