//! Compiled snapshots: a checked snapshot's text and its tables as bytes, loaded without parsing.
//!
//! ```text
//! 0..8    MAGIC       no JSON text begins with a zero byte
//! 8..16   checksum    XXH64 of all that is behind it
//! 16..20  FORMAT      grows with each change of a table's type
//! 20..24  needs       1 where only the full build will do, else 0
//! 24..40  version     of the crate, filled up with zeros: tables mean something to the version that wrote them alone
//! 40..44  length      of the text
//! 44..    text        the JSON that the tables were made of
//!         tables      in the order of `tables.rs`
//! ```
//!
//! Numbers are little-endian and of fixed width: to be read fast, not to be small. The checksum finds what was damaged on its
//! way, not what was made on purpose: so whatever is read is held to the bounds that a snapshot in JSON is held to.

mod conditions;
mod flags;
mod form;
mod guards;
mod references;
mod routes;
mod tables;

use crate::{
    error::{Code, LoadError},
    table::Table,
};
use form::{Form, Reader, Writer};
use xxhash_rust::xxh64::xxh64;

const MAGIC: [u8; 8] = *b"\0psmsnap";
/// To be raised with each change of what is written, or of what it means.
const FORMAT: u32 = 3;
const VERSION: [u8; 16] = padded(env!("CARGO_PKG_VERSION").as_bytes());
/// Up to here the checksum does not reach.
const CHECKED_FROM: usize = 16;

/// Where the length of the text stands, and where the text begins.
const HEADER: usize = 40;
const TEXT: usize = 44;

const FULL: bool = cfg!(feature = "full");

/// Whether bytes are meant to be a compiled snapshot.
pub fn is_meant(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Writes a table that has no problems.
pub fn written(table: &Table) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(FORMAT);
    out.number(table.needs_full.into());
    out.bytes.extend_from_slice(&VERSION);
    out.text(&table.text);
    tables::write(table, &mut out);
    let checksum = xxh64(&out.bytes, 0).to_le_bytes();
    [&MAGIC[..], &checksum, &out.bytes].concat()
}

/// The JSON within a compiled snapshot, unread and unchecked: what is in use already is known by it.
pub fn text(bytes: &[u8]) -> &[u8] {
    let mut from = Reader::of(bytes.get(HEADER..).unwrap_or_default());
    let length = from.count();
    from.slice(length)
}

/// The table, whole and within the bounds.
///
/// # Errors
/// Made for another version, damaged on its way, or for the full build where this is not it.
pub fn read(bytes: Vec<u8>) -> Result<Table, LoadError> {
    let mut from = Reader::of(bytes.get(MAGIC.len()..).unwrap_or_default());
    let (checksum, format, needs) = (u64::read(&mut from), u32::read(&mut from), u32::read(&mut from));
    let version: [u8; 16] = from.array();
    if from.failed {
        return Err(damaged());
    }
    if format != FORMAT || version != VERSION {
        return Err(of_another_version());
    }
    if checksum != xxh64(bytes.get(CHECKED_FROM..).unwrap_or_default(), 0) {
        return Err(damaged());
    }
    if needs > u32::from(FULL) {
        let message = "the compiled snapshot needs the full build: import `pointsman/full`";
        return Err(LoadError::whole(Code::NeedsFullBuild, message.into()));
    }
    let length = from.count();
    from.slice(length);
    let table = tables::read(&mut from).ok_or_else(damaged)?;
    with_text(table, bytes, length).ok_or_else(damaged)
}

/// The text stays in the memory that it came in: a copy, and the pages for it, took a fifth of the time (1.5 MB).
fn with_text(mut table: Table, mut bytes: Vec<u8>, length: usize) -> Option<Table> {
    bytes.drain(..TEXT.min(bytes.len()));
    bytes.truncate(length);
    bytes.shrink_to_fit();
    table.text = String::from_utf8(bytes).ok()?;
    table.lists.finish(&table.text);
    table.snapshot_bytes = length;
    Some(table)
}

fn damaged() -> LoadError {
    let message = "the compiled snapshot is damaged: compile it again";
    LoadError::whole(Code::CompiledDamaged, message.into())
}

fn of_another_version() -> LoadError {
    let message = concat!(
        "the snapshot was compiled for another version than ",
        env!("CARGO_PKG_VERSION"),
        ", which this is: compile it again with this one"
    );
    LoadError::whole(Code::CompiledVersion, message.into())
}

/// Stops the build where a version is too long.
const fn padded(text: &[u8]) -> [u8; 16] {
    let mut all = [0; 16];
    let (start, _) = all.split_at_mut(text.len());
    start.copy_from_slice(text);
    all
}
