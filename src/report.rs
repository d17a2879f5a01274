//! What a load changed.

use crate::{error::Problem, table::Table};
use serde::{Serialize, Serializer};

/// What a load changed, by flag keys in the order of their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// True when these very bytes were in use already: nothing was done.
    pub unchanged: bool,
    /// The snapshot's revision.
    #[serde(serialize_with = "as_double")]
    pub revision: Option<u64>,
    /// Flags that were not there before.
    pub added: Vec<String>,
    /// Flags that are gone.
    pub removed: Vec<String>,
    /// Flags whose definition's text differs.
    pub changed: Vec<String>,
    /// Flags broken by this snapshot that keep their last sound definition.
    pub carried: Vec<String>,
    /// Flags broken by this snapshot that had no sound definition: they answer with `PARSE_ERROR`.
    pub broken: Vec<String>,
    /// Everything that is wrong with the snapshot.
    pub problems: Vec<Problem>,
}

/// Revisions end where doubles stop being exact; JavaScript would get a `BigInt` otherwise.
fn as_double<S: Serializer>(revision: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    revision.map(|revision| revision as f64).serialize(serializer)
}

/// Notes what became of each flag.
pub fn compare(last: &Table, next: &Table, report: &mut LoadReport) {
    for place in next.keys.sorted() {
        let Some(flag) = next.flags.get(*place as usize) else { continue };
        let key = next.keys.name(*place);
        match last.flag(key) {
            None => report.added.push(key.into()),
            Some(before) if before.span.of(&last.text) == flag.span.of(&next.text) => {}
            Some(_) => report.changed.push(key.into()),
        }
        if flag.carried {
            report.carried.push(key.into());
        } else if flag.definition.is_none() {
            report.broken.push(key.into());
        }
    }
    for place in last.keys.sorted() {
        let key = last.keys.name(*place);
        if next.keys.place(key).is_none() {
            report.removed.push(key.into());
        }
    }
}
