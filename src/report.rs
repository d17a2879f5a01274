//! What a load changed.

use crate::{error::Problem, json::Writer, number, table::Table};

/// What a load changed, by flag keys in the order of their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// True when these very bytes were in use already: nothing was done.
    pub unchanged: bool,
    /// The snapshot's revision.
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

/// What the JavaScript side gets from a load, as JSON text: the report, and the flags to carry when an instance is restored.
/// Half the size in the module of serde's way to an object (2.4 kB, and 0.8 of glue).
pub fn written(accepted: bool, report: &LoadReport, carried: &str) -> String {
    let mut json = Writer::default();
    json.raw(if accepted { "{\"accepted\":true" } else { "{\"accepted\":false" });
    json.raw(if report.unchanged { ",\"report\":{\"unchanged\":true" } else { ",\"report\":{\"unchanged\":false" });
    json.raw(",\"revision\":");
    json.raw(&report.revision.map_or("null".into(), number::text));
    for (before, keys) in [
        (",\"added\":", &report.added),
        (",\"removed\":", &report.removed),
        (",\"changed\":", &report.changed),
        (",\"carried\":", &report.carried),
        (",\"broken\":", &report.broken),
    ] {
        json.list(before, keys.len(), &|json, at| json.string(keys.get(at)));
    }
    json.list(",\"problems\":", report.problems.len(), &|json, at| problem(json, report.problems.get(at)));
    json.raw("},\"carriedText\":");
    json.string(Some(carried));
    json.raw("}");
    json.text
}

fn problem(json: &mut Writer, problem: Option<&Problem>) {
    let Some(problem) = problem else { return };
    json.raw("{\"code\":\"");
    json.raw(problem.code.as_str());
    json.raw("\",\"message\":");
    json.string(Some(&problem.message));
    json.raw(",\"pointer\":");
    json.string(Some(&problem.pointer));
    json.whole(",\"line\":", problem.line.into());
    json.whole(",\"column\":", problem.column.into());
    json.raw("}");
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
