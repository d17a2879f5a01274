//! The rules that are compared, each fed slot by slot.

use crate::traffic::{Slot, Traffic, WINDOW};
use pointsman::guard::{Cell, Guard, Rate, Scope, State, evidence, judge};
use rand::rngs::StdRng;
use std::collections::VecDeque;

/// The limit of all guards here.
pub const MAX: f64 = 0.01;

/// 95 % of a normal distribution lie above its mean less so many deviations.
const DEVIATIONS: f64 = 1.644_854;

/// At most 1 % may fail, over five minutes in slots of ten seconds, for `hold` slots.
pub fn guard(hold: usize) -> Guard {
    Guard { error_rate: Rate { max: Some(MAX), over_control: None }, hold, ..Guard::default() }
}

/// `rate[window] > max for D`, on the share seen or on a lower bound of it.
pub struct Threshold {
    lower_bound: bool,
    hold: u32,
    slots: VecDeque<Slot>,
    sum: Slot,
    above: u32,
}

impl Threshold {
    pub fn new(lower_bound: bool, hold: u32) -> Threshold {
        let slots = VecDeque::from(vec![Slot::default(); WINDOW as usize]);
        Threshold { lower_bound, hold, slots, sum: Slot::default(), above: 0 }
    }

    /// One more slot; true where the alarm begins.
    pub fn trips(&mut self, slot: Slot) -> bool {
        self.slide(slot);
        self.above = if self.is_above() { self.above + 1 } else { 0 };
        self.above == self.hold + 1
    }

    fn slide(&mut self, slot: Slot) {
        let old = self.slots.pop_front().unwrap_or_default();
        self.slots.push_back(slot);
        self.sum.requests = self.sum.requests + slot.requests - old.requests;
        self.sum.failures = self.sum.failures + slot.failures - old.failures;
    }

    fn is_above(&self) -> bool {
        let (k, n) = (f64::from(self.sum.failures), f64::from(self.sum.requests));
        k > MAX * n && (!self.lower_bound || wilson(k, n) > MAX)
    }
}

/// The lower end of Wilson's interval for a share.
fn wilson(k: f64, n: f64) -> f64 {
    let (p, z) = (k / n, DEVIATIONS);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    (p + z * z / (2.0 * n) - spread) / (1.0 + z * z / n)
}

/// From how many failures on is a breach, by the number of requests. Asking the judge at each tick of ten thousand days would take
/// hours; where no stretch has so many failures, the judge would see no breach either.
pub struct Least(Vec<u32>);

impl Least {
    /// For up to so many requests.
    pub fn new(guard: &Guard, most: u32) -> Least {
        let needed = guard.needed(false);
        let mut least = vec![1];
        let mut failures: u32 = 1;
        for requests in 1..=most {
            // It never falls with more requests.
            while failures <= requests && !is_breach(failures, requests, needed) {
                failures += 1;
            }
            least.push(failures);
            failures = failures.min(requests);
        }
        Least(least)
    }

    fn is_reached(&self, failures: u32, requests: u32) -> bool {
        // Beyond the table the judge is asked.
        self.0.get(requests as usize).is_none_or(|&least| failures >= least)
    }
}

fn is_breach(failures: u32, requests: u32, needed: f64) -> bool {
    let (k, n) = (f64::from(failures), f64::from(requests));
    k > MAX * n && evidence::of_rate(k, n, MAX) >= needed
}

/// The rule itself.
pub struct Watch<'l> {
    guard: Guard,
    least: &'l Least,
    /// The newest first.
    slots: VecDeque<Slot>,
    breach: bool,
}

impl<'l> Watch<'l> {
    pub fn new(guard: Guard, least: &'l Least) -> Watch<'l> {
        let slots = VecDeque::from(vec![Slot::default(); guard.span()]);
        Watch { guard, least, slots, breach: false }
    }

    /// All slots that a judgement looks at, before what is watched.
    pub fn past(&mut self, usual: &Traffic, draw: &mut StdRng) {
        for _ in 0..self.guard.span() {
            self.trips(usual.slot(draw));
        }
    }

    /// One more slot; true at a verdict, after which another candidate begins.
    pub fn trips(&mut self, slot: Slot) -> bool {
        self.slots.pop_back();
        self.slots.push_front(slot);
        // More requests without a failure make no breach where there was none.
        self.breach = (self.breach || slot.failures > 0) && self.may_breach();
        let verdict = self.breach && self.state() == State::Breach;
        if verdict {
            self.slots.iter_mut().for_each(|slot| *slot = Slot::default());
            self.breach = false;
        }
        verdict
    }

    fn may_breach(&self) -> bool {
        let mut sum = Slot::default();
        self.slots.iter().take(self.guard.window).any(|slot| {
            sum = Slot { requests: sum.requests + slot.requests, failures: sum.failures + slot.failures };
            slot.failures > 0 && self.least.is_reached(sum.failures, sum.requests)
        })
    }

    fn state(&self) -> State {
        let cell = |slot: &Slot| Cell { requests: slot.requests, failures: slot.failures, ..Cell::default() };
        let cells: Vec<Cell> = self.slots.iter().rev().map(cell).collect();
        judge(&self.guard, &cells, &[], Scope::default()).state
    }
}
