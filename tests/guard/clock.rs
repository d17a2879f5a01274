//! When a verdict comes, to the second: a healthy past, a change on a slot's edge, and a judgement at the end of each slot.

use crate::{cell, guard};
use pointsman::guard::{Cell, Guard, Scope, State, judge};

/// Seconds after the change at which the state first was each of these.
#[derive(Debug, Default, PartialEq)]
struct Times {
    suspect: Option<u32>,
    clear: Option<u32>,
    verdict: Option<u32>,
}

fn times(suspect: u32, clear: Option<u32>, verdict: Option<u32>) -> Times {
    Times { suspect: Some(suspect), clear, verdict }
}

/// Thirty slots that alternate no failure and one of 200, before `for` and the change.
fn past(guard: &Guard, requests: u32) -> Vec<Cell> {
    (0..guard.span()).map(|slot| cell(requests, if slot % 2 == 0 { 0 } else { requests / 200 })).collect()
}

/// Ten minutes in which the candidate fails like this, slot by slot; `for` is two minutes.
fn watch(requests: u32, failures: impl Fn(u32) -> u32) -> Times {
    let guard = guard(12);
    let mut cells = past(&guard, requests);
    let mut times = Times::default();
    for slot in 0..60 {
        cells.push(cell(requests, failures(slot)));
        cells.remove(0);
        let end = Some((slot + 1) * 10);
        match judge(&guard, &cells, &[], Scope::default()).state {
            State::Breach => times.verdict = times.verdict.or(end),
            State::Suspect => times.suspect = times.suspect.or(end),
            State::Ok | State::Insufficient(_) if times.suspect.is_some() => times.clear = times.clear.or(end),
            State::Ok | State::Insufficient(_) => {}
        }
    }
    times
}

/// So many slots of failures, then the healthy past again.
fn spike(slots: u32, failures: u32) -> Times {
    watch(200, |slot| if slot < slots { failures } else { slot % 2 })
}

#[test]
fn a_lasting_breach() {
    assert_eq!(watch(200, |_| 10), times(20, None, Some(140)), "5 %");
    assert_eq!(watch(200, |_| 40), times(10, None, Some(130)), "20 %");
    assert_eq!(watch(1_000, |_| 15), times(120, None, Some(240)), "1.5 %");
}

#[test]
fn below_the_limit_nothing_comes() {
    assert_eq!(watch(1_000, |_| 9), Times::default());
}

#[test]
fn a_spike_that_is_over_is_forgiven() {
    assert_eq!(spike(10, 20), times(10, Some(110), None), "10 % for 100 s");
    assert_eq!(spike(10, 200), times(10, Some(110), None), "all for 100 s");
}

#[test]
fn a_spike_of_more_than_for_is_not() {
    assert_eq!(spike(13, 20).verdict, Some(130));
}
