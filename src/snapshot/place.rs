//! From a token or an offset to what people look for: a JSON pointer (RFC 6901), a line and a column.

use super::document::{Document, Kind, Node};
use crate::{
    error::{Issue, Place, Problem},
    number, sort,
};

/// Gives each issue its pointer, line and column, in the order of the text.
#[inline(never)]
pub fn locate(document: Option<&Document<'_>>, text: &str, issues: &[Issue]) -> Vec<Problem> {
    // Big-endian bytes sort as the numbers do.
    let starts: Vec<[u8; 4]> = issues.iter().map(|issue| start(document, issue.place).to_be_bytes()).collect();
    let in_order = sort::by_text(starts.iter().zip(0..).map(|(start, place)| (&start[..], place)).collect());
    let mut cursor = Cursor { text, offset: 0, line: 1, column: 1 };
    let ordered = in_order.iter().filter_map(|(_, place)| issues.get(*place as usize));
    ordered.map(|issue| cursor.problem(document, issue)).collect()
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
    fn problem(&mut self, document: Option<&Document<'_>>, issue: &Issue) -> Problem {
        self.move_to(start(document, issue.place) as usize);
        Problem {
            code: issue.code,
            message: issue.message.clone(),
            pointer: pointer(document, issue.place),
            line: self.line,
            column: self.column,
        }
    }

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
    let segment = escaped(name.text().unwrap_or_default());
    Some((segment, if name.token() == token { name } else { value }))
}

fn escaped(name: &str) -> String {
    let mut segment = String::new();
    for character in name.chars() {
        match character {
            '~' => segment.push_str("~0"),
            '/' => segment.push_str("~1"),
            other => segment.push(other),
        }
    }
    segment
}
