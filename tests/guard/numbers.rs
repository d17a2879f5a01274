//! The formulas against their published values.

use crate::{cell, guard, newest};
use pointsman::guard::{
    Guard, Latency, Rate, Scope,
    buckets::{BUCKETS, LAST, bucket_of, first_from, lower_edge},
    evidence::{of_difference, of_rate},
    judge,
};

fn near(seen: f64, expected: f64) -> bool {
    (seen - expected).abs() < 1e-6
}

#[test]
fn evidence_against_a_rate() {
    for (k, n, p, expected) in [
        (5.0, 100.0, 0.01, 4.129109),
        (9.0, 100.0, 0.01, 12.107330),
        (10.0, 100.0, 0.01, 14.447935),
        (3.0, 3.0, 0.01, 13.815511),
        (45.0, 2000.0, 0.01, 11.650356),
        (46.0, 2000.0, 0.01, 12.485279),
        (0.0, 60.0, 0.05, 3.077598),
        (1.0, 200.0, 0.1, 16.973515),
    ] {
        let seen = of_rate(k, n, p);
        assert!(near(seen, expected), "{k} of {n} at {p}: {seen}");
    }
    assert_eq!(of_rate(0.0, 0.0, 0.01), 0.0);
}

#[test]
fn evidence_against_a_difference() {
    for (k1, n1, k0, n0, d, expected) in [
        (20.0, 200.0, 10.0, 2000.0, 0.01, 19.838779),
        (30.0, 2000.0, 10.0, 2000.0, 0.0, 5.282987),
        (30.0, 2000.0, 10.0, 2000.0, 0.01, 0.0),
        (50.0, 1000.0, 100.0, 19000.0, 0.01, 24.462502),
        (5.0, 20.0, 0.0, 20.0, 0.01, 3.596737),
        (12.0, 100.0, 0.0, 100.0, 0.01, 7.642617),
        // By hand: all of 4 against none of 4 are equally likely at one half, 8 ln 2.
        (4.0, 4.0, 0.0, 4.0, 0.0, 5.545177),
        (4.0, 4.0, 0.0, 0.0, 0.01, 0.0),
        (0.0, 0.0, 0.0, 4.0, 0.01, 0.0),
    ] {
        let seen = of_difference(k1, n1, k0, n0, d);
        assert!(near(seen, expected), "{k1} of {n1} beside {k0} of {n0}, {d} apart: {seen}");
    }
}

/// The bisection finds what trying a hundred thousand rates does.
#[test]
fn the_difference_is_judged_at_the_likeliest_rate() {
    for (k1, n1, k0, n0, d) in [
        (20.0, 200.0, 10.0, 2000.0, 0.01),
        (50.0, 50.0, 3.0, 90.0, 0.3),
        (9.0, 40.0, 0.0, 70.0, 0.1),
        (45.0, 50.0, 0.0, 2.0, 0.4),
    ] {
        let at = |step: u32| f64::from(step) / 100_000.0 * (1.0 - d);
        let both = |p: f64| of_rate(k1, n1, p + d) + of_rate(k0, n0, p);
        let least = (1..100_000).map(|step| both(at(step))).fold(f64::INFINITY, f64::min);
        let seen = of_difference(k1, n1, k0, n0, d);
        assert!(seen <= least && least - seen < 1e-3, "{seen}, tried {least}");
    }
}

#[test]
fn needed_evidence() {
    // ln(1 * 8640 / 0.05), ln 20 and ln 1000, computed elsewhere.
    assert!(near(guard(6).needed(false), 12.059890));
    assert!(near(guard(6).needed(true), 12.059890 + 6.907755));
    assert!(near(guard(6).cleared(), 2.995732));
    let latency = Some(Latency { quantile: 0.95, max_ms: Some(500), over_control: Some(1.5) });
    let four = Guard { error_rate: Rate { max: Some(0.01), over_control: Some(0.01) }, latency, ..guard(6) };
    assert!(near(four.needed(false), 12.059890 + 4.0_f64.ln()));
}

/// The smallest count that breaches, as the judge sees it: one less does not.
#[test]
fn smallest_breaching_counts() {
    let guard = Guard { hold: 0, min_requests: 0, ..guard(0) };
    let at_least = [(3, 3), (5, 4), (10, 5), (20, 6), (50, 7), (100, 9), (200, 13), (500, 20), (1_000, 29)];
    for (requests, smallest) in at_least.into_iter().chain([(2_000, 46), (5_000, 89), (20_000, 273)]) {
        let state = |failures| judge(&guard, &newest(&guard, &[cell(requests, failures)]), &[], Scope::default()).state;
        assert_eq!(state(smallest), pointsman::guard::State::Breach, "{smallest} of {requests}");
        assert_ne!(state(smallest - 1), pointsman::guard::State::Breach, "{} of {requests}", smallest - 1);
    }
}

#[test]
fn buckets_are_eight_an_octave_from_one_millisecond() {
    assert_eq!((BUCKETS, LAST, lower_edge(0), lower_edge(1), lower_edge(LAST)), (130, 129, 0.0, 1.0, 65_536.0));
    for octave in 0..16_u8 {
        for step in 0..8_u8 {
            let edge = (1.0 + f64::from(step) / 8.0) * 2.0_f64.powi(octave.into());
            assert_eq!(lower_edge(1 + octave * 8 + step), edge);
        }
    }
}

#[test]
fn each_latency_is_in_the_bucket_that_begins_at_or_below_it() {
    for (ms, bucket) in [(f64::NAN, 0), (-5.0, 0), (0.0, 0), (0.999, 0), (1.0, 1), (1.124, 1), (1.125, 2), (2.0, 9)] {
        assert_eq!(bucket_of(ms), bucket, "{ms}");
    }
    assert_eq!(
        [bucket_of(65_535.9), bucket_of(65_536.0), bucket_of(f64::INFINITY), bucket_of(f64::MAX)],
        [128, 129, 129, 129]
    );
    for bucket in 0..BUCKETS {
        assert_eq!((bucket_of(lower_edge(bucket)), first_from(lower_edge(bucket))), (bucket, bucket));
        assert_eq!(first_from(lower_edge(bucket) + 0.001), LAST.min(bucket + 1));
    }
}
