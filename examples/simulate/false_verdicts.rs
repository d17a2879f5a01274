//! How often a rule speaks on a candidate that is within its limit.

use crate::{
    arguments::Arguments,
    report::{self, Row, Table},
    rules::{Least, Threshold, Watch, guard},
    traffic::Traffic,
    work,
};

const REQUESTS: [u32; 5] = [20, 100, 500, 2_000, 20_000];

const SLOTS_A_DAY: u32 = 8_640;

/// `for` 2m, in slots.
const HOLD: u32 = 12;

/// A true rate, the days that it is watched for, and what is documented of naive, Wilson, the rule, and the rule with `for` 0.
struct Case {
    rate: f64,
    days: u32,
    documented: [&'static str; 4],
}

const CASES: [Case; 3] = [
    Case { rate: 0.005, days: 10_000, documented: ["26 57 16 0.22 0", "17 3.9 0.14 0 0", "0 0 0 0 0", ""] },
    Case { rate: 0.009, days: 1_000, documented: ["43..92", "", "0 0 0 0 0", ""] },
    Case { rate: 0.01, days: 3_000, documented: ["", "", "<=0.001", "<=0.028"] },
];

const RULES: [&str; 4] = ["naive, for 2m", "Wilson 95 %, for 2m", "the rule, for 2m", "the rule, for 0"];

/// Verdicts of each rule on the same days.
fn verdicts(requests: u32, rate: f64, days: u32, draw: &mut rand::rngs::StdRng) -> [u32; 4] {
    let traffic = Traffic::new(requests, rate);
    let least = Least::new(&guard(0), requests * 2 + 200);
    let (mut naive, mut wilson) = (Threshold::new(false, HOLD), Threshold::new(true, HOLD));
    let (mut held, mut at_once) = (Watch::new(guard(HOLD as usize), &least), Watch::new(guard(0), &least));
    let mut verdicts = [0; 4];
    for _ in 0..days * SLOTS_A_DAY {
        let slot = traffic.slot(draw);
        let tripped = [naive.trips(slot), wilson.trips(slot), held.trips(slot), at_once.trips(slot)];
        verdicts.iter_mut().zip(tripped).for_each(|(count, tripped)| *count += u32::from(tripped));
    }
    verdicts
}

pub fn table(arguments: &Arguments) -> Table {
    let jobs: Vec<(&Case, u32)> = CASES.iter().flat_map(|case| REQUESTS.map(|requests| (case, requests))).collect();
    let title = "False verdicts a day";
    let seen = work::all(title, &jobs, |place, (case, requests)| {
        let days = arguments.scaled(case.days, 100);
        verdicts(*requests, case.rate, days, &mut work::draw(arguments.seed, 1, place))
    });
    let rows = CASES.iter().zip(seen.chunks(REQUESTS.len())).flat_map(|(case, seen)| rows(arguments, case, seen));
    Table { title, columns: REQUESTS.map(report::requests).to_vec(), rows: rows.collect() }
}

fn rows(arguments: &Arguments, case: &Case, seen: &[[u32; 4]]) -> Vec<Row> {
    let days = arguments.scaled(case.days, 100);
    let row = |((rule, name), documented): ((usize, &str), &str)| Row {
        name: format!("{}, {name}", report::percent(case.rate)),
        cells: seen.iter().flat_map(|counts| counts.get(rule)).map(|&count| a_day(count, days)).collect(),
        documented: report::documented(documented, REQUESTS.len()),
        rests_on: format!("{} days", report::grouped(days)),
    };
    RULES.into_iter().enumerate().zip(case.documented).map(row).collect()
}

/// With as many digits as the count bears.
fn a_day(count: u32, days: u32) -> String {
    let rate = f64::from(count) / f64::from(days);
    match rate {
        0.0 => "0".into(),
        10.0.. => format!("{rate:.0}"),
        1.0..10.0 => format!("{rate:.1}"),
        0.1..1.0 => format!("{rate:.2}"),
        _ => format!("{rate:.4}").trim_end_matches('0').into(),
    }
}
