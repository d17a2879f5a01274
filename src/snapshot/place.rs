//! From a token or an offset to what people look for: a JSON pointer (RFC 6901), a line and a column.

use super::document::{Document, Kind, Node};
use crate::{
    error::{Issue, Place, Problem},
    number,
};

/// Gives each issue its pointer, line and column, in the order of the text.
pub fn locate(document: Option<&Document<'_>>, text: &str, issues: Vec<Issue>) -> Vec<Problem> {
    let mut placed: Vec<(u32, Issue)> = issues.into_iter().map(|issue| (start(document, issue.place), issue)).collect();
    placed.sort_by_key(|(offset, _)| *offset);
    let mut cursor = Cursor { text, offset: 0, line: 1, column: 1 };
    placed
        .into_iter()
        .map(|(offset, issue)| {
            cursor.move_to(offset as usize);
            Problem {
                code: issue.code,
                message: issue.message,
                pointer: pointer(document, issue.place),
                line: cursor.line,
                column: cursor.column,
            }
        })
        .collect()
}

fn start(document: Option<&Document<'_>>, place: Place) -> u32 {
    match (place, document) {
        (Place::Offset(offset), _) => offset,
        (Place::Token(token), Some(document)) => document.node(token).span().start,
        (Place::Token(_), None) => 0,
    }
}

/// Counts lines and characters forwards only, so that many problems cost one walk over the text.
struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
    column: u32,
}

impl Cursor<'_> {
    fn move_to(&mut self, offset: usize) {
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        for character in passed.chars() {
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.offset = offset;
    }
}

/// The JSON pointer to a value; a member's name has the pointer of its value.
fn pointer(document: Option<&Document<'_>>, place: Place) -> String {
    let (Some(document), Place::Token(token)) = (document, place) else { return String::new() };
    let mut path = String::new();
    let mut node = document.root();
    while node.token() != token {
        let Some((segment, child)) = step(node, token) else { break };
        path.push('/');
        path.push_str(&segment);
        node = child;
    }
    path
}

/// The child that holds the token, and its segment of the pointer.
fn step<'d>(node: Node<'d>, token: u32) -> Option<(String, Node<'d>)> {
    if node.kind() == Kind::List {
        let (index, child) = node.elements().enumerate().find(|(_, child)| child.holds(token))?;
        return Some((number::text(index as u64), child));
    }
    let (name, value) = node.members().find(|(name, value)| name.token() == token || value.holds(token))?;
    let segment = name.text().unwrap_or_default().replace('~', "~0").replace('/', "~1");
    Some((segment, if name.token() == token { name } else { value }))
}
