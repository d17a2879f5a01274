//! How long a rule takes to speak on a candidate that fails more than it may.

use crate::{
    arguments::Arguments,
    report::{self, Row, Table},
    rules::{Least, Watch, guard},
    traffic::Traffic,
    work,
};
use rand::{RngExt, rngs::StdRng};

const REQUESTS: [u32; 4] = [100, 500, 2_000, 20_000];

/// True rates, and what is documented: median / 95th percentile.
const CASES: [(f64, [&str; 4]); 4] = [
    (0.02, ["-", "-", "855 / -", "115 / 162"]),
    (0.05, ["-", "246 / 474", "116 / 165", "73 / 77"]),
    (0.2, ["158 / 269", "85 / 111", "71 / 77", "67 / 71"]),
    (1.0, ["75 / 87", "68 / 73", "67 / 71", "65 / 70"]),
];

/// `for` 1m, in slots.
const HOLD: usize = 6;

/// The rate before the change: well within the limit.
const USUAL: f64 = 0.001;

/// Slots after which nobody waits any longer: half an hour.
const PATIENCE: u32 = 180;

const SLOT_SECONDS: f64 = 10.0;

const RUNS: u32 = 2_000;

/// Seconds from a change, at any time within a slot, to the verdict. None where it doesn't come within half an hour.
fn delay(requests: u32, rate: f64, least: &Least, draw: &mut StdRng) -> Option<f64> {
    let (usual, changed) = (Traffic::new(requests, USUAL), Traffic::new(requests, rate));
    let mut watch = Watch::new(guard(HOLD), least);
    watch.past(&usual, draw);
    let late: f64 = draw.random();
    let first = Traffic::new(requests, USUAL * late + rate * (1.0 - late)).slot(draw);
    let mut slots = std::iter::once(first).chain(std::iter::repeat_with(|| changed.slot(draw)));
    let ticks = (0..PATIENCE).find(|_| slots.next().is_some_and(|slot| watch.trips(slot)))?;
    Some((1.0 - late + f64::from(ticks)) * SLOT_SECONDS)
}

pub fn table(arguments: &Arguments) -> Table {
    let jobs: Vec<(f64, u32)> = CASES.iter().flat_map(|(rate, _)| REQUESTS.map(|requests| (*rate, requests))).collect();
    let (title, runs) = ("Seconds to the verdict, median / 95th percentile, for 1m", arguments.scaled(RUNS, 10));
    let cells = work::all(title, &jobs, |place, &(rate, requests)| {
        let draw = &mut work::draw(arguments.seed, 2, place);
        let least = Least::new(&guard(0), requests * 2 + 200);
        report::median_and_tail((0..runs).map(|_| delay(requests, rate, &least, draw)).collect())
    });
    let row = |((rate, documented), cells): (&(f64, [&str; 4]), &[String])| Row {
        name: report::percent(*rate),
        cells: cells.to_vec(),
        documented: documented.map(String::from).to_vec(),
        rests_on: format!("{} runs", report::grouped(runs)),
    };
    let rows = CASES.iter().zip(cells.chunks(REQUESTS.len())).map(row).collect();
    Table { title, columns: REQUESTS.map(report::requests).to_vec(), rows }
}
