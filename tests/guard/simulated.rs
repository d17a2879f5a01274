//! Thousands of hours of traffic at a steady rate, with seeded draws: what the rule says when it should say nothing.

use crate::{beside_control, cell, guard};
use pointsman::guard::{Cell, Guard, Scope, State, evidence, judge};
use rand::{SeedableRng, rngs::StdRng};
use rand_distr::{Binomial, Distribution};
use std::collections::VecDeque;

/// Candidate requests of a slot: 500 in the window of thirty.
const REQUESTS: u32 = 17;

const SLOTS_AN_HOUR: u32 = 360;

/// The newest slots, and from how many failures on each number of them is a breach: the judge is asked only then.
struct Watch {
    guard: Guard,
    slots: VecDeque<u32>,
    least: Vec<u32>,
}

impl Watch {
    fn new(guard: Guard) -> Watch {
        let slots = VecDeque::from(vec![0; guard.span()]);
        let least = (1..=guard.window as u32).map(|slots| least(&guard, slots * REQUESTS)).collect();
        Watch { guard, slots, least }
    }

    /// One more slot; true at a verdict, after which all begins anew.
    fn verdict(&mut self, failures: u32) -> bool {
        self.slots.push_front(failures);
        self.slots.pop_back();
        let sums = self.slots.iter().scan(0, |sum, failures| {
            *sum += failures;
            Some(*sum)
        });
        let breach = sums.zip(&self.least).any(|(failures, least)| failures >= *least);
        let verdict = breach && self.state() == State::Breach;
        if verdict {
            self.slots.iter_mut().for_each(|slot| *slot = 0);
        }
        verdict
    }

    fn state(&self) -> State {
        let cells: Vec<Cell> = self.slots.iter().rev().map(|&failures| cell(REQUESTS, failures)).collect();
        judge(&self.guard, &cells, &[], Scope::default()).state
    }
}

/// The smallest number of failures that breaches 1 %.
fn least(guard: &Guard, requests: u32) -> u32 {
    let breach = |failures: &u32| {
        let (k, n) = (f64::from(*failures), f64::from(requests));
        k > 0.01 * n && evidence::of_rate(k, n, 0.01) >= guard.needed(false)
    };
    (1..=requests).find(breach).unwrap_or(u32::MAX)
}

/// Verdicts in so many hours at a rate.
fn verdicts(hours: u32, rate: f64) -> usize {
    let failures = Binomial::new(REQUESTS.into(), rate).unwrap();
    let mut draw = StdRng::seed_from_u64(0x0070_6f69_6e74);
    let mut watch = Watch::new(guard(0));
    (0..hours * SLOTS_AN_HOUR).filter(|_| watch.verdict(failures.sample(&mut draw) as u32)).count()
}

/// Even with `for` 0, where the first breach is the verdict.
#[test]
fn at_half_the_limit_there_is_no_verdict_in_ten_thousand_hours() {
    assert_eq!(verdicts(10_000, 0.005), 0);
}

/// The promise would allow 20.8, 0.05 for each of 417 days.
#[test]
fn at_the_limit_there_are_few_verdicts_in_ten_thousand_hours() {
    let seen = verdicts(10_000, 0.01);
    assert!((1..=20).contains(&seen), "{seen}");
}

/// Twenty hours in which a tenth of everything fails, on both sides.
#[test]
fn a_shared_outage_is_not_the_candidates() {
    let mut draw = StdRng::seed_from_u64(3);
    let mut slot =
        |requests: u32| cell(requests, Binomial::new(requests.into(), 0.1).unwrap().sample(&mut draw) as u32);
    let guard = beside_control(0);
    let (mut candidate, mut control) = (vec![Cell::default(); 30], vec![Cell::default(); 30]);
    for _ in 0..20 * SLOTS_AN_HOUR {
        candidate.remove(0);
        candidate.push(slot(67));
        control.remove(0);
        control.push(slot(600));
        let judgement = judge(&guard, &candidate, &control, Scope::default());
        assert_ne!(judgement.state, State::Breach, "{:?}", judgement.evidence);
    }
}
