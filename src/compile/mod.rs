//! The wire document to compiled tables, in ordered passes. Every problem is collected; no visitor is known here.
//!
//! A runtime translates each function of the module when it is first called. What many snapshots have no use for is therefore kept out
//! of line, and not called without need: a small snapshot is loaded a seventh sooner in a fresh process.

mod backends;
mod carry;
mod conditions;
mod entries;
mod faults;
mod flags;
mod guards;
mod layers;
mod names;
mod operators;
mod references;
mod revision;
mod rollouts;
mod routes;
mod variants;

use crate::{
    EDGE,
    digest::{self, Salted},
    error::{Code, LoadError},
    limits, number,
    snapshot::{
        check,
        document::{Document, Node},
        issues::Issues,
        place,
        schema::{SNAPSHOT, Type},
    },
    span::Span,
    table::{Asked, Flag, Keys, Layer, Lists, Segment, Table, Words},
    values::time,
};
pub use carry::Carried;
use carry::Carry;
use entries::{Entries, Known};
use names::Names;
use references::Reference;

/// What all definitions share while they are compiled.
#[derive(Default)]
struct Shared {
    names: Names,
    lists: Lists,
    words: Words,
    /// Whether the texts of lists are digests.
    hashed: bool,
    /// Whether anything was met that the core could not take.
    needs_full: bool,
    /// How many regular expressions there were.
    #[cfg(feature = "full")]
    patterns: usize,
}

/// Compiles one flag, segment or layer, or the routes' conditions.
struct Compiler<'c> {
    shared: &'c mut Shared,
    issues: &'c mut Issues,
    /// The snapshot's salt.
    salt: &'c str,
    known: &'c Known,
    /// The layers, compiled.
    lines: &'c [Layer],
    /// Where the document begins in the table's text.
    base: u32,
    asked: Asked,
    references: Vec<Reference>,
    /// How many conditions there were.
    conditions: u32,
}

impl<'c> Compiler<'c> {
    fn new(
        shared: &'c mut Shared,
        issues: &'c mut Issues,
        salt: &'c str,
        known: &'c Known,
        lines: &'c [Layer],
    ) -> Compiler<'c> {
        let (asked, references) = (Asked::default(), Vec::new());
        Compiler { shared, issues, salt, known, lines, base: 0, asked, references, conditions: 0 }
    }

    fn span(&self, node: Node<'_>) -> Span {
        let Span { start, end } = node.span();
        Span { start: start.saturating_add(self.base), end: end.saturating_add(self.base) }
    }

    /// Adds a string to a list; gives its length.
    fn add_to(&mut self, list: u32, variant: u8, node: Node<'_>) -> usize {
        let text = node.bytes().unwrap_or_default();
        let start = node.start_of_text().map(|start| start.wrapping_add(self.base));
        self.shared.lists.add(list, variant, text, start);
        text.len()
    }

    /// Finds a text of a list that had to be hashed. It is not quoted: it may be an id, and problems end up in logs.
    fn check_hashed(&mut self, node: Node<'_>) {
        if self.shared.hashed && node.bytes().is_some_and(|text| !digest::is_digest(text)) {
            self.issues.add(
                node,
                Code::InvalidValue,
                "this text is not hashed, as `hashedLists` says: use `pointsman redact`",
            );
        }
    }

    /// The number of an attribute, noted as asked for.
    fn attribute(&mut self, name: &str, node: Node<'_>) -> Option<u16> {
        let Some(number) = self.shared.names.number(name) else {
            let limit = number::text(limits::ATTRIBUTES as u64);
            self.issues.add_with(node, Code::LimitExceeded, "more than {} attribute names, the limit", &limit);
            return None;
        };
        self.asked.include(&[number]);
        Some(number)
    }

    /// The place of what a string names; an issue with a hint where there is nothing of that name.
    fn resolve(&mut self, keys: &Keys, name: Node<'_>, code: Code, message: &'static str) -> Option<u32> {
        let place = keys.place(name.text()?);
        if place.is_none() {
            self.issues.add_unknown(name, code, message, &mut keys.names().iter().map(String::as_str));
        }
        place
    }
}

/// Compiles a snapshot.
///
/// # Errors
/// Everything that is wrong with it, where that is more than single flags; with `strict`, where it is anything.
pub fn compile(text: String, previous: Option<&Table>, carried: Carried<'_>, strict: bool) -> Result<Table, LoadError> {
    let document =
        Document::read(&text).map_err(|issue| LoadError { problems: place::locate(None, &text, &[issue]) })?;
    let mut issues = Issues::default();
    let built = build(document.root(), previous, carried, &text, &mut issues);
    let refused = issues.fatal || strict && issues.count > 0;
    let problems =
        if issues.count == 0 { Vec::new() } else { place::locate(Some(&document), &text, &issues.into_list()) };
    if refused {
        return Err(LoadError { problems });
    }
    let (mut table, behind) = built;
    table.problems = problems;
    table.snapshot_bytes = text.len();
    table.text = text;
    table.text.push_str(&behind);
    table.lists.finish(&table.text);
    Ok(table)
}

/// The table without its text and problems, and the text that carried definitions stand in.
fn build(
    root: Node<'_>,
    previous: Option<&Table>,
    carried: Carried<'_>,
    text: &str,
    issues: &mut Issues,
) -> (Table, String) {
    check_snapshot(root, issues);
    revision::check(root, previous, issues);
    let mut table = Table { revision: revision::of(root), ..Table::default() };
    table.max_age = root.text_of("maxAge").and_then(time::duration);
    table.faults_enabled = root.get("faultsEnabled").and_then(Node::boolean).unwrap_or(true);
    let mut shared = Shared::default();
    shared.lists.reserve(root.listed());
    let salt = root.text_of("salt").unwrap_or_default();
    if let Some(hashed) = root.get("hashedLists") {
        shared.hashed = true;
        table.salted = hashed.text_of("salt").map(Salted::new).map(Box::new);
    }
    let known = Known::of(root);
    let mut carry = Carry::new(carried, table.salted.as_deref(), text.len());
    let mut entries = Entries::of(root, &known);
    issues.in_flag = true;
    if root.get("layers").is_some() {
        table.layers = layers::compile(root, &known, salt, &mut shared, &mut carry, issues);
    }
    for (name, value) in root.members_of("flags") {
        let place = table.flags.len() as u32;
        table.flags.push(Flag { place, key_span: name.span(), span: value.span(), definition: None, carried: false });
    }
    for (_, value) in root.members_of("segments") {
        table.segments.push(Segment { span: value.span(), condition: None, asked: Asked::default() });
    }
    let survey = entries::settle(&mut entries, &mut table, &mut shared, &mut carry, salt, issues);
    survey.ask(&entries, &mut table);
    issues.in_flag = false;
    if EDGE {
        check_guards(root, &table, issues);
    }
    if EDGE && root.get("routes").or(root.get("backends")).is_some() {
        routes::compile(root, salt, &mut table, &mut shared, &entries, &survey, issues);
    }
    table.needs_full = shared.needs_full;
    table.attributes = shared.names.into_list();
    table.lists = shared.lists;
    table.words = shared.words;
    Known { flags: table.keys, segments: table.segment_names, layers: table.layer_names } = known;
    (table, carry.into_text())
}

fn check_guards(root: Node<'_>, table: &Table, issues: &mut Issues) {
    let is_guarded = |flag: &&Flag| flag.definition.as_ref().is_some_and(|definition| definition.guard.is_some());
    if table.flags.iter().filter(is_guarded).count() > limits::GUARDS {
        let most = number::text(limits::GUARDS as u64);
        let flags = root.get("flags").unwrap_or(root);
        issues.add_with(flags, Code::LimitExceeded, "more than {} flags with a guard, the limit", &most);
    }
}

/// Everything but what is within single flags, segments and layers.
fn check_snapshot(root: Node<'_>, issues: &mut Issues) {
    check::check(root, &Type::Object(&SNAPSHOT), issues);
    if let Some(schema) = root.get("schema").filter(|schema| schema.number().is_some_and(is_later)) {
        let message = "schema {text} is newer than this engine, which knows 1: update `pointsman`";
        issues.add(schema, Code::UnsupportedSchema, message);
    }
}

fn is_later(schema: f64) -> bool {
    schema > 1.0 && schema.fract() == 0.0
}
