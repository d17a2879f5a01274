//! The issues found so far, with their messages made from templates.

use super::{document::Node, suggest};
use crate::{
    error::{Code, Issue, Place},
    limits, number,
};

#[derive(Debug, Default)]
pub struct Issues {
    list: Vec<Issue>,
    /// How many were found, listed or not.
    pub count: usize,
    /// True once the snapshot as a whole is beyond use.
    pub fatal: bool,
    /// True while a single flag is looked at: what is wrong there breaks that flag alone.
    pub in_flag: bool,
}

impl Issues {
    /// For a definition looked at on its own.
    pub fn of_one_flag() -> Issues {
        Issues { in_flag: true, ..Issues::default() }
    }

    /// Adds an issue at a value or a member's name. In the message `{text}` is the value as it is written, `{kind}` its type.
    pub fn add(&mut self, node: Node<'_>, code: Code, message: &'static str) {
        self.add_with(node, code, message, "");
    }

    /// The same, with `{}` in the message standing for `with`.
    #[cold]
    #[inline(never)]
    pub fn add_with(&mut self, node: Node<'_>, code: Code, message: &'static str, with: &str) {
        self.fatal |= is_fatal(code, self.in_flag);
        self.count = self.count.saturating_add(1);
        if self.list.len() < limits::PROBLEMS {
            self.list.push(Issue { code, message: render(message, node, with), place: Place::Token(node.token()) });
        }
    }

    /// Adds an issue at a name that is not one of the known, with a hint at the nearest of them.
    #[cold]
    pub fn add_unknown(
        &mut self,
        node: Node<'_>,
        code: Code,
        message: &'static str,
        known: &mut dyn Iterator<Item = &str>,
    ) {
        let hint = match node.text() {
            Some(name) if self.count < limits::HINTS => suggest::hint(name, known),
            _ => String::new(),
        };
        self.add_with(node, code, message, &hint);
    }

    /// The issues, with one more that tells how many are not listed.
    pub fn into_list(mut self) -> Vec<Issue> {
        let unlisted = self.count.saturating_sub(self.list.len());
        if unlisted > 0 {
            let mut message = number::text(unlisted as u64);
            message.push_str(" more problems are not listed");
            self.list.push(Issue { code: Code::LimitExceeded, message, place: Place::Token(0) });
        }
        self.list
    }
}

/// A bound is never exceeded; a route whose flag or variant is missing serves its fallback, and consent that depends on what is
/// broken is unknown; a broken flag breaks alone.
fn is_fatal(code: Code, in_flag: bool) -> bool {
    let alone = in_flag || matches!(code, Code::UnknownFlag | Code::UnknownVariant | Code::BrokenReference);
    code == Code::LimitExceeded || !alone
}

fn render(message: &str, node: Node<'_>, with: &str) -> String {
    let mut out = String::new();
    let mut rest = message;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        out.push_str(before);
        match name {
            "text" => quote(node.text().unwrap_or(node.raw()), &mut out),
            "kind" => out.push_str(node.kind().words()),
            _ => out.push_str(with),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A name or value in backticks, shortened. Control characters must not reach a terminal or a log.
pub fn quote(text: &str, out: &mut String) {
    out.push('`');
    for (place, character) in text.chars().enumerate() {
        if place == limits::QUOTED_CHARACTERS {
            out.push('…');
            break;
        }
        out.push(if character.is_control() { char::REPLACEMENT_CHARACTER } else { character });
    }
    out.push('`');
}
