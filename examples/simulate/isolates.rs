//! Many isolates that report to one coordinator, with losses and delays, beside all requests in one place and an isolate alone.

use crate::{
    arguments::Arguments,
    report::{self, Row, Table},
    rules::guard,
    traffic, work,
};
use pointsman::guard::{Cell, Counts, Guard, Key, Observation, Outcome, Scope, State, judge};
use rand::{RngExt, rngs::StdRng};
use rand_distr::Poisson;

/// True rates with candidate requests of a window.
const CASES: [(f64, u32); 6] =
    [(0.05, 2_000), (0.05, 20_000), (0.2, 2_000), (0.2, 20_000), (1.0, 2_000), (1.0, 20_000)];

const ROWS: [&str; 4] = ["in one place", "merged, none lost", "merged, with losses", "an isolate alone"];

/// `for` 1m, in slots.
const HOLD: usize = 6;

const USUAL: f64 = 0.001;

const KEY: Key = Key { flag: 0, variant: 1 };

/// A slot's edge, some day.
const START_MS: f64 = 1_780_000_000_000.0;

/// Seconds of the healthy past, and of the patience after it.
const PAST: u32 = 360;
const PATIENCE: u32 = 1_800;

const SLOT_SECONDS: u32 = 10;

const WINDOW_SECONDS: f64 = 300.0;

const RUNS: u32 = 200;

/// How reports travel.
#[derive(Clone, Copy)]
struct Line {
    isolates: u32,
    loss: f64,
    late_ms: u32,
}

/// A report on its way.
struct Report {
    arrival_ms: f64,
    isolate: u32,
    sequence: u64,
    cells: Vec<(u64, Cell)>,
}

/// Counts that somebody judges, until the verdict.
struct Judge {
    counts: Counts,
    scope: Scope,
    verdict: Option<u32>,
}

impl Judge {
    fn new(alone: bool) -> Judge {
        Judge { counts: Counts::default(), scope: Scope { alone, ..Scope::default() }, verdict: None }
    }

    /// Judges at the end of a slot.
    fn tick(&mut self, guard: &Guard, second: u32, now_ms: f64) {
        if self.verdict.is_none() {
            let closed = guard.slot_of(now_ms) - 1;
            let state = judge(guard, &self.counts.totals(KEY, guard, closed), &[], self.scope).state;
            self.verdict = (state == State::Breach).then_some(second);
        }
    }
}

/// Isolates and their coordinator.
struct World {
    guard: Guard,
    line: Line,
    isolates: Vec<Counts>,
    travelling: Vec<Report>,
    merged: Judge,
    whole: Judge,
    alone: Judge,
}

impl World {
    fn new(line: Line) -> World {
        let isolates = vec![Counts::default(); line.isolates as usize];
        let (merged, whole, alone) = (Judge::new(false), Judge::new(false), Judge::new(true));
        World { guard: guard(HOLD), line, isolates, travelling: Vec::new(), merged, whole, alone }
    }

    /// One second of requests, reports and, where a slot ends, judgements.
    fn step(&mut self, second: u32, rate: f64, arrivals: &Poisson<f64>, draw: &mut StdRng) {
        let now_ms = START_MS + f64::from(second) * 1_000.0;
        for isolate in 0..self.line.isolates {
            self.serve(isolate, now_ms, rate, traffic::count(Some(arrivals), draw), draw);
            // Each at its own time within the slot.
            if second % SLOT_SECONDS == isolate % SLOT_SECONDS {
                self.report(isolate, now_ms, draw);
            }
        }
        self.arrive(now_ms);
        if second.is_multiple_of(SLOT_SECONDS) && second > 0 {
            let judges = [&mut self.whole, &mut self.merged, &mut self.alone];
            judges.into_iter().for_each(|judge| judge.tick(&self.guard, second, now_ms));
        }
    }

    fn serve(&mut self, isolate: u32, now_ms: f64, rate: f64, requests: u32, draw: &mut StdRng) {
        let World { guard, isolates, whole, alone, .. } = self;
        for _ in 0..requests {
            let outcome = if draw.random_bool(rate) { Outcome::Failure } else { Outcome::Success };
            let seen = Observation { outcome, latency_ms: 1.0 };
            whole.counts.observe(KEY, guard, seen, now_ms);
            isolates.iter_mut().skip(isolate as usize).take(1).for_each(|own| own.observe(KEY, guard, seen, now_ms));
            if isolate == 0 {
                alone.counts.observe(KEY, guard, seen, now_ms);
            }
        }
    }

    fn report(&mut self, isolate: u32, now_ms: f64, draw: &mut StdRng) {
        let Some(counts) = self.isolates.get_mut(isolate as usize) else { return };
        let sequence = counts.drain();
        let cells: Vec<(u64, Cell)> = counts.due(now_ms).map(|due| (due.index, due.cell.clone())).collect();
        let arrival_ms = now_ms + draw.random::<f64>() * f64::from(self.line.late_ms);
        if !draw.random_bool(self.line.loss) {
            self.travelling.push(Report { arrival_ms, isolate, sequence, cells });
        }
    }

    fn arrive(&mut self, now_ms: f64) {
        let World { guard, isolates, travelling, merged, .. } = self;
        for report in travelling.extract_if(.., |report| report.arrival_ms <= now_ms) {
            for (index, cell) in &report.cells {
                merged.counts.merge(report.isolate + 1, KEY, guard, *index, cell, now_ms);
            }
            isolates.iter_mut().skip(report.isolate as usize).take(1).for_each(|own| own.acknowledge(report.sequence));
        }
    }

    fn is_decided(&self) -> bool {
        [&self.whole, &self.merged, &self.alone].iter().all(|judge| judge.verdict.is_some())
    }
}

/// Seconds to the verdict in one place, merged, and alone.
fn delays(line: Line, rate: f64, requests: u32, draw: &mut StdRng) -> [Option<f64>; 3] {
    let mean = f64::from(requests) / WINDOW_SECONDS / f64::from(line.isolates);
    let Ok(arrivals) = Poisson::new(mean) else { return [None; 3] };
    let mut world = World::new(line);
    let change = PAST + draw.random_range(0..SLOT_SECONDS);
    for second in 0..change + PATIENCE {
        world.step(second, if second < change { USUAL } else { rate }, &arrivals, draw);
        if world.is_decided() {
            break;
        }
    }
    let since = |judge: &Judge| judge.verdict.map(|second| f64::from(second) - f64::from(change));
    [since(&world.whole), since(&world.merged), since(&world.alone)]
}

pub fn table(arguments: &Arguments) -> Table {
    let runs = arguments.scaled(RUNS, 10);
    let good = Line { isolates: arguments.isolates, loss: 0.0, late_ms: 0 };
    let bad = Line { loss: arguments.loss, late_ms: arguments.late_ms, ..good };
    let title = "Seconds to the verdict of isolates that report every 10 s, median / 95th percentile, for 1m";
    let columns = work::all(title, &CASES, |place, &(rate, requests)| {
        let waits = |line, table| -> Vec<[Option<f64>; 3]> {
            let draw = &mut work::draw(arguments.seed, table, place);
            (0..runs).map(|_| delays(line, rate, requests, draw)).collect()
        };
        let (kept, lost) = (waits(good, 4), waits(bad, 5));
        let of = |all: &[[Option<f64>; 3]], pick: fn(&[Option<f64>; 3]) -> Option<f64>| {
            report::median_and_tail(all.iter().map(pick).collect())
        };
        [of(&kept, |wait| wait[0]), of(&kept, |wait| wait[1]), of(&lost, |wait| wait[1]), of(&kept, |wait| wait[2])]
    });
    let names = ROWS.iter().zip(0..).map(|(name, row)| Row {
        name: named(name, row, bad),
        cells: columns.iter().flat_map(|column| column.get(row)).cloned().collect(),
        documented: Vec::new(),
        rests_on: format!("{runs} runs"),
    });
    let rows = names.collect();
    Table {
        title,
        columns: CASES.map(|(rate, count)| format!("{}, {}", report::percent(rate), report::requests(count))).to_vec(),
        rows,
    }
}

fn named(name: &str, row: usize, line: Line) -> String {
    match row {
        1 => format!("{} {name}", line.isolates),
        2 => format!("{} {name}: {}, {} ms late", line.isolates, report::percent(line.loss), line.late_ms),
        3 => format!("{name}, 1/{} of the requests", line.isolates),
        _ => name.into(),
    }
}
