//! Spikes that are over before anybody must act.

use crate::{
    arguments::Arguments,
    report::{self, Row, Table},
    rules::{Least, Watch, guard},
    traffic::Traffic,
    work,
};
use rand::{RngExt, rngs::StdRng};

const REQUESTS: [u32; 4] = [100, 500, 2_000, 20_000];

/// Seconds of a spike, and what is documented of it.
const CASES: [(f64, &str); 3] = [(30.0, "<=0.1"), (60.0, "<=0.1"), (100.0, "<=2")];

/// `for` 2m, in slots.
const HOLD: usize = 12;

/// The rates before and after, and within.
const USUAL: f64 = 0.001;
const SPIKE: f64 = 0.1;

const SLOT_SECONDS: f64 = 10.0;

/// Slots that are watched: until the spike has left the window.
const WATCHED: u32 = 60;

const RUNS: u32 = 5_000;

/// Whether a spike, that begins at any time within a slot, leads to a verdict.
fn trips(requests: u32, seconds: f64, least: &Least, draw: &mut StdRng) -> bool {
    let usual = Traffic::new(requests, USUAL);
    let mut watch = Watch::new(guard(HOLD), least);
    watch.past(&usual, draw);
    let begin = draw.random::<f64>() * SLOT_SECONDS;
    (0..WATCHED).any(|slot| {
        let start = f64::from(slot) * SLOT_SECONDS;
        let inside = (begin + seconds).min(start + SLOT_SECONDS) - begin.max(start);
        let part = (inside / SLOT_SECONDS).max(0.0);
        watch.trips(Traffic::new(requests, USUAL + (SPIKE - USUAL) * part).slot(draw))
    })
}

pub fn table(arguments: &Arguments) -> Table {
    let jobs: Vec<(f64, u32)> = CASES.iter().flat_map(|(seconds, _)| REQUESTS.map(|count| (*seconds, count))).collect();
    let (title, runs) = ("Spikes to 10 % that trip, in per cent, for 2m", arguments.scaled(RUNS, 10));
    let cells = work::all(title, &jobs, |place, &(seconds, requests)| {
        let draw = &mut work::draw(arguments.seed, 3, place);
        let least = Least::new(&guard(0), requests * 2 + 200);
        let tripped = (0..runs).filter(|_| trips(requests, seconds, &least, draw)).count();
        format!("{}", tripped as f64 * 100.0 / f64::from(runs))
    });
    let row = |((seconds, documented), cells): (&(f64, &str), &[String])| Row {
        name: format!("{seconds} s"),
        cells: cells.to_vec(),
        documented: report::documented(documented, REQUESTS.len()),
        rests_on: format!("{} runs", report::grouped(runs)),
    };
    let rows = CASES.iter().zip(cells.chunks(REQUESTS.len())).map(row).collect();
    Table { title, columns: REQUESTS.map(report::requests).to_vec(), rows }
}
