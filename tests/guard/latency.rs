//! Latencies: what counts as slow, and candidates that are slower than their control.

use crate::{all, guard, newest};
use pointsman::guard::{Cell, Condition, Guard, Lack, Latency, Observation, Outcome, Rate, Scope, State, judge};
use rand::{SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, LogNormal};

fn limits(max_ms: Option<u64>, over_control: Option<f64>) -> Guard {
    let latency = Some(Latency { quantile: 0.95, max_ms, over_control });
    Guard { error_rate: Rate::default(), latency, ..guard(6) }
}

fn seen(guard: &Guard, observations: &[(Outcome, f64)]) -> Cell {
    let mut cell = Cell::default();
    observations.iter().for_each(|&(outcome, latency_ms)| cell.observe(guard, Observation { outcome, latency_ms }));
    cell
}

#[test]
fn successes_and_timeouts_have_a_latency() {
    let guard = limits(Some(100), Some(1.5));
    let ends =
        [(Outcome::Success, 100.0), (Outcome::Success, 100.5), (Outcome::Failure, 9_000.0), (Outcome::Timeout, 3.0)];
    let expected = Cell { requests: 4, failures: 2, timed: 3, slow: 2, buckets: vec![(53, 2), (129, 1)] };
    assert_eq!(seen(&guard, &ends), expected);
}

#[test]
fn buckets_and_slow_requests_are_kept_where_they_are_needed() {
    let ends = [(Outcome::Success, 700.0)];
    let plain = Cell { requests: 1, timed: 1, ..Cell::default() };
    assert_eq!(seen(&guard(6), &ends), plain);
    assert_eq!(seen(&limits(Some(100), None), &ends), Cell { slow: 1, ..plain.clone() });
    assert_eq!(seen(&limits(None, Some(1.5)), &ends), Cell { buckets: vec![(75, 1)], ..plain });
}

/// Nine of ten fail at once: of those that have a latency, 30 % are slow.
#[test]
fn failures_do_not_hide_slow_requests() {
    let guard = limits(Some(100), None);
    let cells = newest(&guard, &[Cell { requests: 1_000, failures: 900, timed: 100, slow: 30, ..Cell::default() }]);
    let evidence = judge(&guard, &cells, &cells, Scope::default()).evidence.unwrap();
    assert_eq!((evidence.failed, evidence.requests, evidence.edge_ms), (30, 100, 100.0));
    assert_eq!((evidence.control_failed, evidence.control_requests), (30, 100));
    assert!((evidence.limit - 0.05).abs() < 1e-9);
}

/// A slot of web latencies: a median of 80 ms, the 95th percentile at 215 ms. `times` as slow.
fn served(guard: &Guard, requests: u32, times: f64, draw: &mut StdRng) -> Cell {
    let latencies = LogNormal::new((80.0 * times).ln(), 0.6).unwrap();
    let one = |_| (Outcome::Success, latencies.sample(draw));
    seen(guard, &(0..requests).map(one).collect::<Vec<_>>())
}

/// How many of twenty candidates with 2,000 requests a window, beside 8,000 of the control, are caught within ten minutes.
fn caught(guard: &Guard, times: f64) -> usize {
    let draw = &mut StdRng::seed_from_u64(7);
    let slots =
        |requests, times, draw: &mut StdRng| (0..60).map(|_| served(guard, requests, times, draw)).collect::<Vec<_>>();
    let runs = (0..20).map(|_| {
        let (candidate, control) = (slots(2_000 / 30, times, draw), slots(8_000 / 30, 1.0, draw));
        let mut ticks = candidate.windows(guard.span()).zip(control.windows(guard.span()));
        ticks.any(|(candidate, control)| judge(guard, candidate, control, Scope::default()).state == State::Breach)
    });
    runs.filter(|&breach| breach).count()
}

#[test]
fn a_candidate_twice_as_slow_is_caught() {
    assert_eq!(caught(&limits(None, Some(1.5)), 2.0), 20);
    assert_eq!(caught(&limits(Some(300), None), 2.0), 20);
}

#[test]
fn a_candidate_within_its_limits_is_not() {
    assert_eq!(caught(&limits(None, Some(1.5)), 1.2), 0);
    assert_eq!(caught(&limits(Some(300), None), 1.2), 0);
}

/// By hand: the control has 5 % at 250 ms and 10 % at 200 ms, in the bucket from 192 to 208 ms. So 208 ms is the first edge with at most
/// 5 % beyond it; 1.5 times that is 312 ms, and the next edge is 320 ms.
#[test]
fn slow_is_so_many_times_the_quantile_of_the_control() {
    let guard = limits(None, Some(1.5));
    let twenty = |often, twice, once| {
        let ends =
            [vec![(Outcome::Success, often); 17], vec![(Outcome::Success, twice); 2], vec![(Outcome::Success, once)]];
        all(&guard, &seen(&guard, &ends.concat()))
    };
    let control = twenty(20.0, 200.0, 250.0);
    let slower = judge(&guard, &twenty(321.0, 319.0, 20.0), &control, Scope::default());
    let evidence = slower.evidence.unwrap();
    assert_eq!((slower.state, evidence.condition), (State::Breach, Condition::LatencyOverControl));
    assert_eq!((evidence.edge_ms, evidence.limit), (320.0, 1.5));
    assert_eq!(
        (evidence.failed * 20, evidence.control_failed * 20),
        (evidence.requests * 17, evidence.control_requests)
    );
    let as_slow = judge(&guard, &twenty(20.0, 200.0, 319.0), &control, Scope::default());
    assert_eq!((as_slow.state, as_slow.evidence.unwrap().failed), (State::Ok, 0));
}

/// A slot of 400 ms, then one in which as few are slow as in the control, or a tenth are.
#[test]
fn to_be_as_fast_as_the_control_clears_a_suspicion() {
    let guard = Guard { hold: 0, ..limits(None, Some(1.5)) };
    let slot = |slow| {
        seen(&guard, &[vec![(Outcome::Success, 80.0); 200 - slow], vec![(Outcome::Success, 400.0); slow]].concat())
    };
    let after =
        |slow| judge(&guard, &newest(&guard, &[slot(200), slot(slow)]), &all(&guard, &slot(5)), Scope::default()).state;
    assert_ne!(after(5), State::Breach);
    assert_eq!(after(20), State::Breach);
}

/// A quarter of the control is slow, and a quarter may be: 22 ms is the first edge with no more beyond it; 1.5 times that is 33 ms, and the
/// next edge is 36 ms.
#[test]
fn as_much_as_the_quantile_leaves_may_lie_beyond_the_edge() {
    let latency = Some(Latency { quantile: 0.75, max_ms: None, over_control: Some(1.5) });
    let guard = Guard { latency, ..limits(None, Some(1.5)) };
    let ends = [vec![(Outcome::Success, 20.0); 3], vec![(Outcome::Success, 200.0)]].concat();
    let cells = all(&guard, &seen(&guard, &ends));
    let evidence = judge(&guard, &cells, &cells, Scope::default()).evidence.unwrap();
    assert_eq!((evidence.edge_ms, evidence.failed, evidence.control_failed), (36.0, 30, 30));
}

/// No edge leaves 5 % of such a control beyond it: then timeouts are compared with timeouts.
#[test]
fn beside_a_control_that_times_out_only_more_timeouts_count() {
    let guard = limits(None, Some(1.5));
    let timeouts = |count| {
        seen(&guard, &[vec![(Outcome::Success, 50.0); 100 - count], vec![(Outcome::Timeout, 1.0); count]].concat())
    };
    let state =
        |count| judge(&guard, &all(&guard, &timeouts(count)), &all(&guard, &timeouts(20)), Scope::default()).state;
    assert_eq!(state(20), State::Ok);
    assert_eq!(state(40), State::Breach);
}

/// All of the control's requests are in one bucket, none beyond its edge: a clean candidate is ok all the same.
#[test]
fn a_control_of_one_latency_still_lets_a_candidate_pass() {
    let guard = limits(None, Some(1.5));
    let constant = all(&guard, &seen(&guard, &[(Outcome::Success, 100.0)]));
    assert_eq!(judge(&guard, &constant, &constant, Scope::default()).state, State::Ok);
}

/// Five times the 3 % of the control, 15 %, are excluded by 19 requests, 19 ln(1 / 0.85) = 3.09 above ln 20 = 3.00, but not by 18. Beside a
/// control of one latency it is five times what the quantile leaves, 25 %, and 11 instead of 10.
#[test]
fn a_clean_record_beside_a_control_must_be_long_enough() {
    let guard = Guard { min_requests: 1, ..limits(None, Some(1.5)) };
    let fast = |count| vec![(Outcome::Success, 20.0); count];
    let state = |candidate, control: &[(Outcome, f64)]| {
        let (candidate, control) = ([seen(&guard, &fast(candidate))], [seen(&guard, control)]);
        judge(&guard, &newest(&guard, &candidate), &newest(&guard, &control), Scope::default()).state
    };
    let usual = [fast(97), vec![(Outcome::Success, 200.0); 3]].concat();
    for (control, enough) in [(&usual, 19), (&fast(100), 11)] {
        assert_eq!(state(enough - 1, control), State::Insufficient(Lack::Power));
        assert_eq!(state(enough, control), State::Ok);
    }
}
