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
    limits, number,
    snapshot::{
        check,
        document::{Document, Node},
        issues::Issues,
        place,
        schema::{SNAPSHOT, Type},
    },
    sort,
    span::Span,
    table::{Asked, Flag, Lists, Table},
};
use names::Names;

/// Where broken flags find their last sound definition.
#[derive(Clone, Copy)]
pub enum Carried<'a> {
    /// In the table that was in use before.
    From(&'a Table),
    /// In the text of a JSON object of flags: an instance is being restored.
    Text(&'a str),
}

/// What flags and routes share while they are compiled.
#[derive(Default)]
struct Shared {
    names: Names,
    lists: Lists,
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
            let limit = number::text(limits::ATTRIBUTES as u64);
            self.issues.add_with(node, Code::LimitExceeded, "more than {} attribute names, the limit", &limit);
            return None;
        };
        self.asked.include(&[number]);
        Some(number)
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
    let problems = place::locate(Some(&document), &text, &issues.into_list());
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
    if let Some(previous) = previous {
        shared.lists = Lists::as_large_as(&previous.lists);
    }
    let salt = root.text_of("salt").unwrap_or_default();
    table.flags = flags(root, salt, &mut shared, issues);
    let behind = carry(&mut table, text, salt, &mut shared, carried);
    table.by_key = sorted_by_key(&table.flags);
    routes::compile(root, salt, &mut table, &mut shared, issues);
    table.attributes = shared.names.into_list();
    table.lists = shared.lists;
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
    if let Some(schema) = root.get("schema").filter(|schema| schema.number().is_some_and(is_later)) {
        let message = "schema {text} is newer than this engine, which knows 1: update `pointsman`";
        issues.add(schema, Code::UnsupportedSchema, message);
    }
}

fn is_later(schema: f64) -> bool {
    schema > 1.0 && schema.fract() == 0.0
}

fn flags(root: Node<'_>, salt: &str, shared: &mut Shared, issues: &mut Issues) -> Vec<Flag> {
    let mut flags = Vec::new();
    issues.in_flag = true;
    for (name, value) in root.members_of("flags") {
        let key = String::from(name.text().unwrap_or_default());
        let mut compiler = Compiler { shared, issues, salt, base: 0, asked: Asked::default() };
        let definition = compiler.flag(&key, value);
        flags.push(Flag { key, key_span: name.span(), span: value.span(), definition, carried: false });
    }
    issues.in_flag = false;
    flags
}

/// Gives broken flags their last sound definition, compiled against this snapshot; returns the text that these stand in.
fn carry(table: &mut Table, snapshot: &str, salt: &str, shared: &mut Shared, carried: Carried<'_>) -> String {
    let text = match carried {
        Carried::Text(text) => String::from(text),
        Carried::From(previous) => last_sound(&table.flags, previous),
    };
    let Ok(document) = Document::read(&text) else { return String::new() };
    let base = u32::try_from(snapshot.len()).unwrap_or(u32::MAX);
    // Both in the order of the snapshot.
    let mut members = document.root().members().peekable();
    for flag in table.flags.iter_mut().filter(|flag| flag.definition.is_none()) {
        let Some((_, value)) = members.next_if(|(name, _)| name.is_text(&flag.key)) else { continue };
        let mut issues = Issues::default();
        issues.in_flag = true;
        let mut compiler = Compiler { shared, issues: &mut issues, salt, base, asked: Asked::default() };
        flag.definition = compiler.flag(&flag.key, value);
        flag.carried = flag.definition.is_some();
        flag.span = compiler.span(value);
    }
    text
}

/// A JSON object of the sound definitions that broken flags had.
fn last_sound(flags: &[Flag], previous: &Table) -> String {
    let mut text = String::new();
    for flag in flags.iter().filter(|flag| flag.definition.is_none()) {
        let Some(last) = previous.flag(&flag.key).filter(|last| last.definition.is_some()) else { continue };
        text.push(if text.is_empty() { '{' } else { ',' });
        text.push_str(last.key_span.of(&previous.text));
        text.push(':');
        text.push_str(last.span.of(&previous.text));
    }
    if !text.is_empty() {
        text.push('}');
    }
    text
}

fn sorted_by_key(flags: &[Flag]) -> Vec<u32> {
    let mut pairs = Vec::new();
    for (flag, place) in flags.iter().zip(0..) {
        pairs.push((flag.key.as_bytes(), place));
    }
    sort::by_text(pairs).iter().map(|(_, place)| *place).collect()
}
