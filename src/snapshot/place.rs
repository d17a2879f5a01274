//! From a token or an offset to what people look for: a JSON pointer (RFC 6901), a line and a column.

use super::document::{Document, Kind};
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
    let mut cursor = Cursor { text, offset: 0, line: 1, column: 1, way: Vec::new() };
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

/// Goes forwards only, over characters and over tokens, so that many problems cost one walk over each: a thousand behind 400,000
/// members took 6.5 s when each pointer began at the root.
struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
    column: u32,
    /// The containers around the last problem, the outermost first.
    way: Vec<Step>,
}

/// A container, and which of the values and names directly within it the way goes through.
struct Step {
    container: u32,
    child: u32,
    index: u32,
}

impl Cursor<'_> {
    fn problem(&mut self, document: Option<&Document<'_>>, issue: &Issue) -> Problem {
        self.move_to(start(document, issue.place) as usize);
        Problem {
            code: issue.code,
            message: issue.message.clone(),
            pointer: self.pointer(document, issue.place),
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

    /// The JSON pointer to a value; a member's name has the pointer of its value.
    fn pointer(&mut self, document: Option<&Document<'_>>, place: Place) -> String {
        let (Some(document), Place::Token(token)) = (document, place) else { return String::new() };
        self.find(document, token);
        let mut path = String::new();
        for step in &self.way {
            path.push('/');
            path.push_str(&step.segment(document));
        }
        path
    }

    /// Makes the way one to this token; the one so far led to none behind it.
    fn find(&mut self, document: &Document<'_>, token: u32) {
        while self.way.last().is_some_and(|step| !document.node(step.container).holds(token)) {
            self.way.pop();
        }
        if self.way.is_empty() && token > 0 && document.root().holds(token) {
            self.way.push(Step::into(0));
        }
        while let Some(step) = self.way.last_mut() {
            step.move_to(document, token);
            if step.child == token {
                return;
            }
            let within = Step::into(step.child);
            self.way.push(within);
        }
    }
}

impl Step {
    fn into(container: u32) -> Step {
        Step { container, child: container.saturating_add(1), index: 0 }
    }

    /// Goes on to the child that is the token or holds it.
    fn move_to(&mut self, document: &Document<'_>, token: u32) {
        while let behind = document.node(self.child).behind()
            && behind <= token
        {
            (self.child, self.index) = (behind, self.index.saturating_add(1));
        }
    }

    /// The child's segment of the pointer. An object's children are names and values in turn.
    fn segment(&self, document: &Document<'_>) -> String {
        if document.node(self.container).kind() == Kind::List {
            return number::text(self.index.into());
        }
        escaped(document.node(self.child.saturating_sub(self.index & 1)).text().unwrap_or_default())
    }
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
