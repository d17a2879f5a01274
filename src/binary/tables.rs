//! The table without its text: names first, for their number is what places are held to.

use super::form::{Form, Reader, Writer};
use crate::{
    digest::Salted,
    limits,
    table::{Flag, Keys, Lists, Paths, RECORD, Table, Words},
};

pub fn write(table: &Table, out: &mut Writer) {
    table.revision.write(out);
    table.max_age.write(out);
    table.faults_enabled.write(out);
    table.salted.write(out);
    table.attributes.write(out);
    for keys in [&table.keys, &table.segment_names, &table.layer_names] {
        out.list(keys.names());
        out.list(keys.sorted());
    }
    write_lists(&table.lists, out);
    table.words.keys().write(out);
    table.layers.write(out);
    table.flags.write(out);
    table.segments.write(out);
    table.backends.write(out);
    table.routes.write(out);
    table.routing.write(out);
}

/// Nothing where the bytes are not those of tables, all of them, or not within the bounds.
pub fn read(from: &mut Reader<'_>) -> Option<Table> {
    let mut table = names(from);
    table.layers = Form::read(from);
    from.references.expect(from.flags.saturating_add(from.segments).saturating_add(1));
    table.flags = Form::read(from);
    from.references.user = from.flags;
    table.segments = Form::read(from);
    from.references.user = from.flags.saturating_add(from.segments);
    table.backends = Form::read(from);
    from.backends = table.backends.len();
    table.routes = Form::read(from);
    table.routing = Form::read(from);
    if from.failed || !from.rest.is_empty() || !is_whole(&table, from) || !from.references.are_bounded() {
        return None;
    }
    table.paths = Paths::of(&table.routes);
    Some(table)
}

fn names(from: &mut Reader<'_>) -> Table {
    let mut table = Table { revision: Form::read(from), max_age: Form::read(from), ..Table::default() };
    table.faults_enabled = Form::read(from);
    table.salted = Form::read(from);
    table.attributes = Form::read(from);
    from.attributes = table.attributes.len();
    table.keys = keys(from, limits::FLAGS);
    table.segment_names = keys(from, limits::SEGMENTS);
    table.layer_names = keys(from, limits::LAYERS);
    from.flags = table.keys.names().len();
    from.segments = table.segment_names.names().len();
    from.layers = table.layer_names.names().len();
    table.lists = lists(from);
    table.words = Words::of(Form::read(from));
    table
}

/// Its salt: the rest is worked out again.
impl Form for Salted {
    fn write(&self, out: &mut Writer) {
        out.text(&self.salt);
    }

    fn read(from: &mut Reader<'_>) -> Salted {
        let salt = from.text();
        from.expect((1..=limits::NAME_BYTES).contains(&salt.len()));
        Salted::new(salt)
    }
}

/// The order of names is kept, as sorting them takes longer than reading them.
fn keys(from: &mut Reader<'_>, most: usize) -> Keys {
    let (names, sorted): (Vec<String>, Vec<u32>) = (Form::read(from), Form::read(from));
    let count = names.len();
    from.expect(count <= most && sorted.len() == count);
    Keys::of_parts(names, sorted)
}

/// Whether names have what they name, and nothing is more than it may be.
fn is_whole(table: &Table, from: &Reader<'_>) -> bool {
    let guarded = |flag: &&Flag| flag.definition.as_ref().is_some_and(|own| own.guard.is_some());
    table.flags.len() == from.flags
        && table.segments.len() == from.segments
        && table.layers.len() == from.layers
        && from.attributes <= limits::ATTRIBUTES
        && table.flags.iter().filter(guarded).count() <= limits::GUARDS
}

/// Records, and the texts that some of them have their places in. In bulk: a snapshot has more ids than anything else.
fn write_lists(lists: &Lists, out: &mut Writer) {
    for bytes in [&lists.records()[..], lists.texts()] {
        out.count(bytes.len());
        out.bytes.extend_from_slice(bytes);
    }
}

fn lists(from: &mut Reader<'_>) -> Lists {
    let bytes = from.count();
    let records = from.slice(bytes);
    from.expect(records.len().is_multiple_of(RECORD));
    let bytes = from.count();
    Lists::of_records(records, from.slice(bytes))
}
