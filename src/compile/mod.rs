//! The wire document to compiled tables, in ordered passes. Every problem is collected; no visitor is known here.

mod conditions;
mod flags;
mod names;
mod revision;
mod rollouts;
mod routes;
mod variants;

use crate::{
    error::{Code, LoadError},
    snapshot::{
        check::{self, Issues},
        document::{Document, Node, Span},
        place,
        schema::{SNAPSHOT, Type},
    },
    table::{Asked, Flag, Table, Whitelist},
};
use names::Names;

/// Where broken flags find their last sound definition.
#[derive(Clone, Copy)]
pub enum Carried<'a> {
    /// In the table that was in use before, if any.
    From(Option<&'a Table>),
    /// In the text of a JSON object of flags: an instance is being restored.
    Text(&'a str),
}

/// What flags and routes share while they are compiled.
#[derive(Default)]
struct Shared {
    names: Names,
    whitelist: Whitelist,
    lists: u32,
}

/// Compiles one flag, or one route's conditions.
struct Compiler<'c> {
    shared: &'c mut Shared,
    issues: &'c mut Issues,
    /// The snapshot's salt.
    salt: &'c str,
    /// Where the document begins in the table's text.
    base: u32,
    asked: Asked,
}

impl Compiler<'_> {
    fn span(&self, node: Node<'_>) -> Span {
        let Span { start, end } = node.span();
        Span { start: start.saturating_add(self.base), end: end.saturating_add(self.base) }
    }

    /// The number of an attribute, noted as asked for.
    fn attribute(&mut self, name: &str, node: Node<'_>) -> Option<u16> {
        let Some(number) = self.shared.names.number(name) else {
            let limit = crate::number::text(crate::limits::ATTRIBUTES as u64);
            self.issues.add(node, Code::LimitExceeded, &["one attribute too many; the limit is ", &limit]);
            return None;
        };
        if !self.asked.attributes.contains(&number) {
            self.asked.attributes.push(number);
        }
        Some(number)
    }
}

/// Compiles a snapshot.
///
/// # Errors
/// Everything that is wrong with it, where that is more than single flags; with `strict`, where it is anything.
pub fn compile(text: String, previous: Option<&Table>, carried: Carried<'_>, strict: bool) -> Result<Table, LoadError> {
    let document =
        Document::read(&text).map_err(|issue| LoadError { problems: place::locate(None, &text, vec![issue]) })?;
    let mut issues = Issues::default();
    let built = build(document.root(), previous, carried, &text, &mut issues);
    let refused = issues.fatal || strict && issues.count > 0;
    let problems = place::locate(Some(&document), &text, issues.into_list());
    if refused {
        return Err(LoadError { problems });
    }
    let (mut table, behind) = built;
    table.problems = problems;
    table.snapshot_bytes = text.len();
    table.text = text;
    table.text.push_str(&behind);
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
    let mut shared = Shared::default();
    let salt = root.get("salt").and_then(Node::text).unwrap_or_default();
    table.flags = flags(root, &salt, &mut shared, issues);
    let behind = carry(&mut table, text, &salt, &mut shared, carried);
    table.by_key = sorted_by_key(&table.flags);
    routes::compile(root, &salt, &mut table, &mut shared, issues);
    table.attributes = shared.names.into_list();
    table.whitelist = shared.whitelist;
    (table, behind)
}

/// Everything but what is within single flags.
fn check_snapshot(root: Node<'_>, issues: &mut Issues) {
    check::own_duplicates(root, issues);
    for (name, value) in root.members() {
        if name.is_text("flags") {
            check::own_duplicates(value, issues);
        } else {
            check::duplicates(value, issues);
        }
    }
    check::check(root, &Type::Object(&SNAPSHOT), issues);
    let schema = root.get("schema").filter(|schema| schema.number().is_some_and(|number| number > 1.0));
    if let Some(schema) = schema {
        let message = ["schema ", schema.raw(), " is newer than this engine, which knows 1: update `pointsman`"];
        issues.add(schema, Code::UnsupportedSchema, &message);
    }
}

fn flags(root: Node<'_>, salt: &str, shared: &mut Shared, issues: &mut Issues) -> Vec<Flag> {
    let members = root.get("flags").into_iter().flat_map(Node::members);
    issues.in_flag = true;
    let flags = members.map(|(key, value)| flag(key, value, salt, shared, issues)).collect();
    issues.in_flag = false;
    flags
}

fn flag(key: Node<'_>, value: Node<'_>, salt: &str, shared: &mut Shared, issues: &mut Issues) -> Flag {
    let name = key.text().unwrap_or_default();
    let mut compiler = Compiler { shared, issues, salt, base: 0, asked: Asked::default() };
    let definition = compiler.flag(&name, value);
    Flag { key: name.into_owned(), key_span: key.span(), span: value.span(), definition, carried: false }
}

/// Gives broken flags their last sound definition, compiled against this snapshot; returns the text that these stand in.
fn carry(table: &mut Table, snapshot: &str, salt: &str, shared: &mut Shared, carried: Carried<'_>) -> String {
    let broken = || table.flags.iter().filter(|flag| flag.definition.is_none());
    let text = match carried {
        Carried::Text(text) => String::from(text),
        Carried::From(previous) => previous.map(|previous| last_sound(broken(), previous)).unwrap_or_default(),
    };
    let Ok(document) = Document::read(&text) else { return String::new() };
    let base = u32::try_from(snapshot.len()).unwrap_or(u32::MAX);
    for flag in table.flags.iter_mut().filter(|flag| flag.definition.is_none()) {
        let Some(value) = document.root().get(&flag.key) else { continue };
        let mut issues = Issues { in_flag: true, ..Issues::default() };
        let mut compiler = Compiler { shared, issues: &mut issues, salt, base, asked: Asked::default() };
        flag.definition = compiler.flag(&flag.key, value);
        flag.carried = flag.definition.is_some();
        flag.span = compiler.span(value);
    }
    text
}

/// A JSON object of the sound definitions that these flags had.
fn last_sound<'f>(broken: impl Iterator<Item = &'f Flag>, previous: &Table) -> String {
    let mut text = String::new();
    for flag in broken {
        let Some(last) = previous.flag(&flag.key).filter(|last| last.definition.is_some()) else { continue };
        let gap = if text.is_empty() { "{" } else { "," };
        let (key, definition) = (last.key_span.of(&previous.text), last.span.of(&previous.text));
        text.extend([gap, key, ":", definition]);
    }
    if !text.is_empty() {
        text.push('}');
    }
    text
}

fn sorted_by_key(flags: &[Flag]) -> Vec<u32> {
    let mut places: Vec<u32> = (0..).take(flags.len()).collect();
    places.sort_by_key(|place| flags.get(*place as usize).map(|flag| flag.key.as_str()));
    places
}
