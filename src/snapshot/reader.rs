//! JSON text to a flat list of tokens, without recursion.
//!
//! Not serde_json: in a prototype a document read through one serde Visitor weighed 12 kB (brotli) and a reader of tokens 3.
//! Here every value keeps its offset, and a broken flag is told apart without a second pass. A property test holds this
//! reader to serde_json: same language, same values.

use super::{
    document::{Kind, Token},
    scan,
};
use crate::{
    error::{Code, Issue, Place},
    limits, number,
};

/// Reads one JSON value and nothing behind it.
///
/// # Errors
/// The first syntax error (`NOT_JSON`), or nesting beyond [`limits::DEPTH`] (`LIMIT_EXCEEDED`).
pub fn read(text: &str) -> Result<Vec<Token>, Issue> {
    let tokens = Vec::with_capacity(text.len().min(SAMPLE_BYTES) / 8);
    let mut reader = Reader { text, at: 0, tokens, open: Vec::new() };
    reader.document()?;
    Ok(reader.tokens)
}

/// So much of a text, or all of a shorter one, tells how dense its tokens are.
const SAMPLE_BYTES: usize = 1 << 16;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    /// The objects and lists that are not closed yet.
    open: Vec<Open>,
}

struct Open {
    /// Its token.
    container: usize,
    object: bool,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Issue> {
        loop {
            if self.value()? && self.after_value()? {
                return self.end();
            }
        }
    }

    /// Reads a value up to its end, or up to its first member's value; true at its end.
    fn value(&mut self) -> Result<bool, Issue> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.opened(Kind::Object, b'}'),
            Some(b'[') => self.opened(Kind::List, b']'),
            Some(b'"') => self.string().map(|()| true),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| true),
            Some(b't') => self.word("true", Kind::True),
            Some(b'f') => self.word("false", Kind::False),
            Some(b'n') => self.word("null", Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Closes what ends here, or goes on to the next member; true when the outermost value is closed.
    fn after_value(&mut self) -> Result<bool, Issue> {
        while let Some(&Open { container, object }) = self.open.last() {
            let close = if object { b'}' } else { b']' };
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    self.advance(1);
                    if object {
                        self.key()?;
                    }
                    return Ok(false);
                }
                Some(byte) if byte == close => self.close(container),
                _ if object => return Err(self.unexpected("`,` or `}`")),
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
        Ok(true)
    }

    fn end(&mut self) -> Result<(), Issue> {
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the text")),
        }
    }

    fn opened(&mut self, kind: Kind, close: u8) -> Result<bool, Issue> {
        if self.open.len() >= limits::DEPTH {
            let limit = number::text(limits::DEPTH as u64);
            return Err(self.issue(Code::LimitExceeded, ["nested deeper than ", &limit, " levels"].concat()));
        }
        let container = self.push(kind, self.at);
        self.open.push(Open { container, object: kind == Kind::Object });
        self.advance(1);
        self.skip_space();
        if self.peek() == Some(close) {
            self.close(container);
            return Ok(true);
        }
        if kind == Kind::Object {
            self.key()?;
        }
        Ok(false)
    }

    fn close(&mut self, container: usize) {
        self.advance(1);
        self.open.pop();
        let next = offset(self.tokens.len());
        if let Some(token) = self.tokens.get_mut(container) {
            token.end = offset(self.at);
            token.next = next;
        }
    }

    fn key(&mut self) -> Result<(), Issue> {
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a quoted name"));
        }
        self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.advance(1);
        Ok(())
    }

    fn string(&mut self) -> Result<(), Issue> {
        let start = self.at;
        let mut kind = Kind::Text;
        self.advance(1);
        loop {
            self.advance(scan::plain(self.rest()));
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    kind = Kind::EscapedText;
                    self.escape()?;
                }
                Some(_) => return Err(self.syntax("a control character in a string must be written as an escape")),
                None => return Err(self.syntax("the text ends inside a string")),
            }
        }
        self.advance(1);
        self.push(kind, start);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Issue> {
        match self.rest().get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.advance(2),
            Some(b'u') => self.unicode_escape()?,
            _ => return Err(self.syntax("not an escape that JSON knows")),
        }
        Ok(())
    }

    fn unicode_escape(&mut self) -> Result<(), Issue> {
        match super::escape::unicode(self.text.get(self.at..).unwrap_or_default()) {
            Some((_, length)) => self.advance(length),
            None => return Err(self.syntax("not a sound `\\u` escape: four hex digits, surrogates in pairs")),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Issue> {
        let start = self.at;
        let length = number::length(self.rest());
        let Some(text) = self.text.get(start..start.saturating_add(length)).filter(|text| !text.is_empty()) else {
            return Err(self.syntax("not a number that JSON knows"));
        };
        if !number::is_finite(text) {
            return Err(self.syntax("a number beyond what a double can hold"));
        }
        self.advance(length);
        self.push(Kind::Number, start);
        Ok(())
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<bool, Issue> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        let start = self.at;
        self.advance(word.len());
        self.push(kind, start);
        Ok(true)
    }

    /// Adds a token from `start` to here, and gives its place in the list.
    fn push(&mut self, kind: Kind, start: usize) -> usize {
        let index = self.tokens.len();
        let next = offset(index.wrapping_add(1));
        if index == self.tokens.capacity() {
            self.make_room();
        }
        self.tokens.push(Token { kind, start: offset(start), end: offset(self.at), next });
        index
    }

    /// For as many tokens as the rest of the text will have, if it goes on as it did so far. Twice as many each time, as lists
    /// grow by themselves, left holes that later loads could not use.
    #[cold]
    fn make_room(&mut self) {
        let (read, tokens) = (self.at.max(1), self.tokens.len());
        let rest = self.text.len().saturating_sub(self.at);
        let expected = tokens as f64 / read as f64 * rest as f64 * 1.1;
        self.tokens.reserve_exact((expected as usize).saturating_add(SAMPLE_BYTES / 64));
    }

    /// Mostly there is none.
    #[inline(always)]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.advance(1);
        }
    }

    #[inline(always)]
    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Never beyond the text by more than a few bytes, so that it cannot wrap.
    #[inline(always)]
    fn advance(&mut self, bytes: usize) {
        self.at = self.at.wrapping_add(bytes);
    }

    fn unexpected(&self, wanted: &str) -> Issue {
        match self.peek() {
            None => self.syntax(&["the text ends where ", wanted, " was expected"].concat()),
            Some(_) => self.syntax(&["expected ", wanted].concat()),
        }
    }

    fn syntax(&self, message: &str) -> Issue {
        self.issue(Code::NotJson, String::from(message))
    }

    fn issue(&self, code: Code, message: String) -> Issue {
        Issue { code, message, place: Place::Offset(offset(self.at)) }
    }
}

/// Snapshots are bounded by 64 MiB, so every offset and token index fits.
#[inline(always)]
fn offset(at: usize) -> u32 {
    at as u32
}
