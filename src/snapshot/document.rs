//! The wire document: a snapshot's text and its tokens. Every value keeps its place in the text.

use super::{escape, reader};
use crate::{error::Issue, number, span::Span};
use std::ops::Range;

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

/// A JSON text that has been read.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// What strings with escapes mean, by their tokens, in order. They are few.
    unescaped: Vec<(u32, String)>,
}

impl<'a> Document<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn read(text: &'a str) -> Result<Document<'a>, Issue> {
        let mut document = Document { text, tokens: reader::read(text)?, unescaped: Vec::new() };
        for (token, place) in document.tokens.iter().zip(0..) {
            if token.kind == Kind::EscapedText {
                document.unescaped.push((place, escape::unescape(text.get(token.inner()).unwrap_or_default())));
            }
        }
        Ok(document)
    }

    /// The whole value.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The value or name at a token.
    pub fn node(&self, token: u32) -> Node<'_> {
        Node { document: self, token }
    }

    fn unescaped(&self, token: u32) -> Option<&str> {
        let at = self.unescaped.binary_search_by(|(own, _)| own.cmp(&token)).ok()?;
        self.unescaped.get(at).map(|(_, text)| text.as_str())
    }
}

impl Token {
    fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }

    /// What stands between a string's quotes.
    #[inline(always)]
    fn inner(self) -> Range<usize> {
        self.start.wrapping_add(1) as usize..self.end.wrapping_sub(1) as usize
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

    /// Another value or name of the same document.
    pub fn at(self, token: u32) -> Node<'d> {
        self.document.node(token)
    }

    #[inline(always)]
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    pub fn span(self) -> Span {
        self.entry().span()
    }

    /// The value as it is written.
    pub fn raw(self) -> &'d str {
        self.span().of(self.document.text)
    }

    /// An object's members: name and value. Empty for anything else.
    pub fn members(self) -> Members<'d> {
        Members { children: self.children(Kind::Object) }
    }

    /// A list's values. Empty for anything else.
    pub fn elements(self) -> Children<'d> {
        self.children(Kind::List)
    }

    /// The value of an object's member.
    #[inline(never)]
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.members().find(|(key, _)| key.is_text(name)).map(|(_, value)| value)
    }

    /// The members of an object's member; empty where it is missing.
    pub fn members_of(self, name: &str) -> Members<'d> {
        self.get(name).unwrap_or(self.at(u32::MAX)).members()
    }

    /// The values of the list that is an object's member; empty where it is missing.
    pub fn elements_of(self, name: &str) -> Children<'d> {
        self.get(name).unwrap_or(self.at(u32::MAX)).elements()
    }

    /// The string that is an object's member.
    pub fn text_of(self, name: &str) -> Option<&'d str> {
        self.get(name)?.text()
    }

    /// The number that is an object's member.
    pub fn number_of(self, name: &str) -> Option<f64> {
        self.get(name)?.number()
    }

    /// The string, without its quotes and escapes.
    #[inline(never)]
    pub fn text(self) -> Option<&'d str> {
        let entry = self.entry();
        match entry.kind {
            Kind::Text => self.document.text.get(entry.inner()),
            Kind::EscapedText => self.document.unescaped(self.token),
            Kind::Null | Kind::True | Kind::False | Kind::Number | Kind::List | Kind::Object => None,
        }
    }

    /// The string's bytes; none for anything else. Costs less than the text, whose ends are looked at for whole characters.
    #[inline(never)]
    pub fn bytes(self) -> Option<&'d [u8]> {
        let entry = self.entry();
        match entry.kind {
            Kind::Text => self.document.text.as_bytes().get(entry.inner()),
            Kind::EscapedText => self.document.unescaped(self.token).map(str::as_bytes),
            Kind::Null | Kind::True | Kind::False | Kind::Number | Kind::List | Kind::Object => None,
        }
    }

    #[inline(always)]
    pub fn is_string(self) -> bool {
        matches!(self.kind(), Kind::Text | Kind::EscapedText)
    }

    /// Where in the text a string begins that means what stands there; none for one with escapes.
    pub fn start_of_text(self) -> Option<u32> {
        let entry = self.entry();
        (entry.kind == Kind::Text).then_some(entry.start.wrapping_add(1))
    }

    /// Names are compared all the time, and nearly all differ in their lengths, which the token tells.
    #[inline(always)]
    pub fn is_text(self, text: &str) -> bool {
        let entry = self.entry();
        let may_be = match entry.kind {
            Kind::Text => entry.inner().len() == text.len(),
            Kind::EscapedText => true,
            Kind::Null | Kind::True | Kind::False | Kind::Number | Kind::List | Kind::Object => false,
        };
        may_be && self.bytes() == Some(text.as_bytes())
    }

    #[inline(never)]
    pub fn number(self) -> Option<f64> {
        (self.kind() == Kind::Number).then(|| number::parse(self.raw()))
    }

    pub fn boolean(self) -> Option<bool> {
        let kind = self.kind();
        matches!(kind, Kind::True | Kind::False).then_some(kind == Kind::True)
    }

    /// All objects within this value, itself included, in the order of the text.
    pub fn objects(self) -> impl Iterator<Item = Node<'d>> {
        let within = self.token..self.entry().next;
        within.map(move |token| self.at(token)).filter(|node| node.kind() == Kind::Object)
    }

    /// How many values there are within this one in lists that hold no lists and no objects.
    pub fn listed(self) -> usize {
        let mut count: u32 = 0;
        let (mut at, end) = (self.token, self.entry().next);
        while at < end {
            let entry = self.at(at).entry();
            let first = self.at(at.wrapping_add(1)).kind();
            at = at.wrapping_add(1);
            if entry.kind == Kind::List && !matches!(first, Kind::List | Kind::Object) {
                count = count.wrapping_add(entry.next.wrapping_sub(at));
                at = entry.next;
            }
        }
        count as usize
    }

    /// The token behind this value and all within it.
    pub fn behind(self) -> u32 {
        self.entry().next
    }

    /// True where `token` is this value or within it.
    pub fn holds(self, token: u32) -> bool {
        (self.token..self.entry().next).contains(&token)
    }

    /// A token beyond the document is an empty null.
    #[inline(always)]
    fn entry(self) -> Token {
        const NOTHING: Token = Token { kind: Kind::Null, start: 0, end: 0, next: 0 };
        self.document.tokens.get(self.token as usize).copied().unwrap_or(NOTHING)
    }

    fn children(self, kind: Kind) -> Children<'d> {
        let (first, entry) = (self.token.wrapping_add(1), self.entry());
        let end = if entry.kind == kind { entry.next } else { first };
        Children { document: self.document, next: first, end }
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

    #[inline(always)]
    fn next(&mut self) -> Option<Node<'d>> {
        if self.next >= self.end {
            return None;
        }
        let node = self.document.node(self.next);
        self.next = node.entry().next;
        Some(node)
    }
}

/// The members of an object: name and value.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    children: Children<'d>,
}

impl<'d> Iterator for Members<'d> {
    type Item = (Node<'d>, Node<'d>);

    #[inline(always)]
    fn next(&mut self) -> Option<(Node<'d>, Node<'d>)> {
        Some((self.children.next()?, self.children.next()?))
    }
}
