//! Failures in a row, and how long a candidate then stays away.

use pointsman::{
    guard::{Ejection, Guard},
    hash,
};

const SEED: u64 = 0x0070_6f69_6e74;

/// Seconds of an ejection by its number, with the jitter worked out from the point.
fn length_ms(number: u32, before_jitter: f64) -> f64 {
    let point = hash::point(number.into(), SEED) as f64 / hash::LINE as f64;
    before_jitter * (0.8 + 0.4 * point)
}

/// Requests one after the other, each of 5 ms; true for each that led to an ejection.
fn in_turn(ejection: &mut Ejection, guard: &Guard, from_ms: f64, failed: &[bool]) -> Vec<bool> {
    let start = |place: usize| from_ms + 10.0 * place as f64;
    let ended = |(place, &failed)| ejection.observe(guard, failed, start(place), start(place) + 5.0, SEED);
    failed.iter().enumerate().map(ended).collect()
}

#[test]
fn five_failures_in_a_row_eject() {
    let (guard, mut ejection) = (Guard::default(), Ejection::default());
    assert_eq!(in_turn(&mut ejection, &guard, 1_000.0, &[true; 5]), [false, false, false, false, true]);
    assert!(ejection.is_in_force(1_045.0));
    assert_eq!(ejection.until(), 1_045.0 + length_ms(1, 30_000.0));
    assert!(ejection.is_in_force(ejection.until() - 1.0) && !ejection.is_in_force(ejection.until()));
}

#[test]
fn a_success_ends_the_run() {
    let (guard, mut ejection) = (Guard::default(), Ejection::default());
    let failed = [true, true, true, true, false, true, true, true, true, false];
    assert_eq!(in_turn(&mut ejection, &guard, 1_000.0, &failed), [false; 10]);
    assert_eq!((ejection.until(), ejection.is_in_force(0.0)), (0.0, false));
}

/// A hundred requests under way together fail together, and once more: two failures.
#[test]
fn requests_under_way_together_count_once() {
    let (guard, mut ejection) = (Guard { consecutive_failures: 3, ..Guard::default() }, Ejection::default());
    for end in 0..100 {
        assert!(!ejection.observe(&guard, true, 1_000.0, 1_500.0 + f64::from(end), SEED));
    }
    assert!(!ejection.observe(&guard, true, 1_500.0, 1_700.0, SEED), "started when the first was seen, not after");
    assert!(!ejection.observe(&guard, true, 1_501.0, 1_700.0, SEED));
    assert!(ejection.observe(&guard, true, 1_501.0, 1_700.0, SEED));
}

#[test]
fn zero_turns_it_off() {
    let (guard, mut ejection) = (Guard { consecutive_failures: 0, ..Guard::default() }, Ejection::default());
    assert_eq!(in_turn(&mut ejection, &guard, 0.0, &[true; 50]), [false; 50]);
}

/// What was under way when it was ejected neither counts nor makes the ejection longer.
#[test]
fn while_it_is_ejected_nothing_counts() {
    let (guard, mut ejection) = (Guard::default(), Ejection::default());
    in_turn(&mut ejection, &guard, 0.0, &[true; 5]);
    let until = ejection.until();
    assert_eq!(in_turn(&mut ejection, &guard, 100.0, &[true; 20]), [false; 20]);
    ejection.eject(until - 1.0, SEED);
    assert_eq!(ejection.until(), until);
    assert_eq!(in_turn(&mut ejection, &guard, until, &[true; 5]), [false, false, false, false, true]);
}

/// A request that an ejection began or ended under tells nothing of a variant that is back.
#[test]
fn what_was_under_way_as_an_ejection_begins_or_ends_does_not_count() {
    let (guard, mut ejection) = (Guard { consecutive_failures: 1, ..Guard::default() }, Ejection::default());
    ejection.eject(10_000.0, SEED);
    let until = ejection.until();
    assert!(!ejection.observe(&guard, true, 9_000.0, 10_500.0, SEED));
    assert!(!ejection.observe(&guard, true, until - 1.0, until + 10.0, SEED));
    assert!(ejection.observe(&guard, true, until, until + 10.0, SEED));
}

#[test]
fn each_ejection_is_twice_as_long_up_to_five_minutes() {
    let mut ejection = Ejection::default();
    let mut now = 1_000_000.0;
    for (number, seconds) in (1..).zip([30.0, 60.0, 120.0, 240.0, 300.0, 300.0, 300.0]) {
        ejection.eject(now, SEED);
        let expected = length_ms(number, seconds * 1_000.0);
        assert!((ejection.until() - now - expected).abs() < 1e-3, "{number}: {}", ejection.until() - now);
        assert!((0.8..1.2).contains(&(expected / seconds / 1_000.0)));
        now = ejection.until() + 299_999.0;
    }
}

#[test]
fn after_five_minutes_without_one_it_is_the_first_again() {
    let mut ejection = Ejection::default();
    ejection.eject(1_000_000.0, SEED);
    ejection.eject(ejection.until() + 1_000.0, SEED);
    let now = ejection.until() + 300_000.0;
    ejection.eject(now, SEED);
    assert!((ejection.until() - now - length_ms(1, 30_000.0)).abs() < 1e-3);
}

#[test]
fn isolates_come_back_at_different_times() {
    let until = |seed| {
        let mut ejection = Ejection::default();
        ejection.eject(0.0, hash::unit(&u64::to_le_bytes(seed)));
        ejection.until()
    };
    let mut early = (0..1_000).filter(|&seed| until(seed) < 30_000.0).count();
    assert!((400..600).contains(&early), "{early}");
    early = (0..1_000).filter(|&seed| until(seed) < 25_000.0).count();
    assert!((40..130).contains(&early), "{early}");
}

#[test]
fn a_clock_that_is_set_back_ends_the_ejection() {
    let (guard, mut ejection) = (Guard::default(), Ejection::default());
    ejection.eject(9e12, SEED);
    assert!(!ejection.is_in_force(1_000.0));
    assert_eq!(in_turn(&mut ejection, &guard, 1_000.0, &[true; 5]), [false, false, false, false, true]);
    assert!(ejection.is_in_force(1_050.0));
    assert_eq!(ejection.until(), 1_045.0 + length_ms(2, 60_000.0));
    ejection.eject(f64::NAN, SEED);
    assert!(!ejection.is_in_force(f64::NAN));
}
