//! What an isolate tells others of its counts, as JSON text.
//!
//! ```json
//! {"isolate":"f3a1","sequence":7,"cells":[{"flag":"checkout","variant":"on","generation":0,"slot":10000,"index":178000,
//!   "requests":40,"failures":1,"timed":39,"slow":0,"buckets":[17,3,18,36]}]}
//! ```
//!
//! `slot` is a slot's length in milliseconds and `index` its number; the counts are all since it began. `buckets` holds pairs of a
//! bucket and its count, and is left out where there are none.

use super::{Cell, Guard, buckets, wire};
use crate::{
    error::{Code, LoadError},
    json::Writer,
    limits, number,
    snapshot::{
        document::Node,
        issues::Issues,
        schema::{Shape, Type, optional, required},
    },
};

/// What one isolate counted since the last delta that it knows to have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The isolate's name, unlike that of any other.
    pub isolate: String,
    /// Larger than that of its last delta; what the answer confirms.
    pub sequence: u64,
    /// The counts.
    pub cells: Vec<Reported>,
}

/// What was counted in one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The flag's key.
    pub flag: String,
    /// The variant's name.
    pub variant: String,
    /// The guard's generation.
    pub generation: u64,
    /// The slot's length in milliseconds, 1 or more.
    pub slot_ms: u64,
    /// The slot: its start, in milliseconds since 1970, divided by its length.
    pub index: u64,
    /// The counts, all since the slot began.
    pub cell: Cell,
}

impl Reported {
    /// Whether it counts for a guard: of its generation, and in slots of its length.
    pub fn fits(&self, guard: &Guard) -> bool {
        self.generation == guard.generation && self.slot_ms == guard.slot_ms
    }
}

/// Whether a text can name an isolate: 1 to [`limits::ISOLATE_BYTES`] bytes without control characters.
pub fn is_isolate(text: &str) -> bool {
    !text.is_empty() && text.len() <= limits::ISOLATE_BYTES && !text.chars().any(char::is_control)
}

/// Writes a delta. Its names must be free of control characters, as all names of a snapshot are.
///
/// ```
/// use pointsman::guard::{Cell, delta::{self, Delta, Reported}};
///
/// let cell = Cell { requests: 40, failures: 1, timed: 39, ..Cell::default() };
/// let (flag, variant) = ("checkout".into(), "on".into());
/// let cells = vec![Reported { flag, variant, generation: 0, slot_ms: 10_000, index: 178_000, cell }];
/// let sent = Delta { isolate: "f3a1".into(), sequence: 7, cells };
/// assert_eq!(delta::read(&delta::write(&sent)), Ok(sent));
/// ```
pub fn write(delta: &Delta) -> String {
    let mut json = Writer::default();
    json.raw("{\"isolate\":");
    json.string(Some(&delta.isolate));
    json.whole(",\"sequence\":", delta.sequence);
    json.list(",\"cells\":", delta.cells.len(), &|json, at| {
        delta.cells.get(at).into_iter().for_each(|reported| write_cell(json, reported));
    });
    json.raw("}");
    json.text
}

fn write_cell(json: &mut Writer, reported: &Reported) {
    let cell = &reported.cell;
    json.raw("{\"flag\":");
    json.string(Some(&reported.flag));
    json.raw(",\"variant\":");
    json.string(Some(&reported.variant));
    json.whole(",\"generation\":", reported.generation);
    json.whole(",\"slot\":", reported.slot_ms);
    json.whole(",\"index\":", reported.index);
    json.whole(",\"requests\":", cell.requests.into());
    json.whole(",\"failures\":", cell.failures.into());
    json.whole(",\"timed\":", cell.timed.into());
    json.whole(",\"slow\":", cell.slow.into());
    if !cell.buckets.is_empty() {
        json.list(",\"buckets\":", cell.buckets.len(), &|json, at| {
            let (bucket, count) = cell.buckets.get(at).copied().unwrap_or_default();
            json.raw(&number::text(bucket.into()));
            json.whole(",", count.into());
        });
    }
    json.raw("}");
}

const INTEGER: Type = Type::Integer(0.0, limits::SAFE_INTEGER, "a whole number from 0 to 2^53 - 1");
const COUNT: Type = Type::Integer(0.0, u32::MAX as f64, "a count: use a whole number, 0 to 2^32 - 1");

static DELTA: Shape = Shape {
    fields: &[
        required("isolate", Type::Name),
        required("sequence", INTEGER),
        required("cells", Type::List(&Type::Object(&CELL), limits::DELTA_CELLS)),
    ],
};

static CELL: Shape = Shape {
    fields: &[
        required("flag", Type::Name),
        required("variant", Type::Name),
        required("generation", INTEGER),
        required("slot", Type::Integer(1.0, limits::SAFE_INTEGER, "a slot's length in milliseconds, 1 or more")),
        required("index", INTEGER),
        required("requests", COUNT),
        required("failures", COUNT),
        required("timed", COUNT),
        required("slow", COUNT),
        optional("buckets", Type::List(&COUNT, 2 * buckets::BUCKETS as usize)),
    ],
};

/// Reads a delta. Members named `x-` are ignored, as in snapshots.
///
/// # Errors
/// Everything that is wrong with it: no JSON, over a bound, members that are missing, unknown or twice there, numbers that are no counts,
/// and counts that exceed those that they are part of.
///
/// ```
/// let error = pointsman::guard::delta::read(r#"{"isolate":"f3a1","sequence":7}"#).unwrap_err();
/// assert_eq!(error.problems()[0].to_string(), "1:1: the member `cells` is missing (MISSING_FIELD)");
/// ```
pub fn read(text: &str) -> Result<Delta, LoadError> {
    if text.len() > limits::DELTA_BYTES {
        let message =
            ["a delta of more than ", &number::text(limits::DELTA_BYTES as u64), " bytes, the limit"].concat();
        return Err(LoadError::whole(Code::LimitExceeded, message));
    }
    wire::document(text, &DELTA, parts).map(|document| delta(document.root()))
}

fn parts(root: Node<'_>, issues: &mut Issues) {
    isolate(root, issues);
    root.elements_of("cells").for_each(|cell| counts(cell, issues));
}

fn isolate(root: Node<'_>, issues: &mut Issues) {
    let Some(isolate) = root.get("isolate") else { return };
    if !isolate.text().is_some_and(is_isolate) {
        let limit = number::text(limits::ISOLATE_BYTES as u64);
        issues.add_with(isolate, Code::LimitExceeded, "a name of more than {} bytes, the limit", &limit);
    }
}

/// A part is not larger than its whole.
fn counts(node: Node<'_>, issues: &mut Issues) {
    let cell = cell(node);
    for (is_more, message) in [
        (cell.failures > cell.requests, "more failures than requests"),
        (cell.timed > cell.requests, "more timed requests than requests"),
        (cell.slow > cell.timed, "more slow requests than timed ones"),
        (in_buckets(&cell) > cell.timed.into(), "more requests in buckets than timed ones"),
        (!are_buckets(node, &cell), "buckets that are not pairs of a bucket, in order, and a count above 0"),
    ] {
        if is_more {
            issues.add(node, Code::InvalidValue, message);
        }
    }
}

fn in_buckets(cell: &Cell) -> u64 {
    cell.buckets.iter().fold(0, |sum: u64, (_, count)| sum.saturating_add((*count).into()))
}

fn are_buckets(node: Node<'_>, cell: &Cell) -> bool {
    let pairs = node.elements_of("buckets").count() == cell.buckets.len().saturating_mul(2);
    let sound = cell.buckets.iter().all(|(bucket, count)| *bucket < buckets::BUCKETS && *count > 0);
    pairs && sound && cell.buckets.is_sorted_by(|(one, _), (next, _)| one < next)
}

fn delta(root: Node<'_>) -> Delta {
    let mut cells = Vec::new();
    for node in root.elements_of("cells") {
        cells.push(Reported {
            flag: text(node, "flag"),
            variant: text(node, "variant"),
            generation: integer(node, "generation"),
            slot_ms: integer(node, "slot"),
            index: integer(node, "index"),
            cell: cell(node),
        });
    }
    Delta { isolate: text(root, "isolate"), sequence: integer(root, "sequence"), cells }
}

fn text(node: Node<'_>, name: &str) -> String {
    node.text_of(name).unwrap_or_default().into()
}

fn integer(node: Node<'_>, name: &str) -> u64 {
    node.number_of(name).unwrap_or_default() as u64
}

fn cell(node: Node<'_>) -> Cell {
    let count = |name: &str| node.number_of(name).unwrap_or_default() as u32;
    let mut buckets = Vec::new();
    let mut numbers = node.elements_of("buckets").flat_map(Node::number);
    while let (Some(bucket), Some(count)) = (numbers.next(), numbers.next()) {
        buckets.push((bucket as u8, count as u32));
    }
    Cell {
        requests: count("requests"),
        failures: count("failures"),
        timed: count("timed"),
        slow: count("slow"),
        buckets,
    }
}
