//! What the judge says, and which evidence it names. The counts are worked out by hand from the rule.

use crate::{all, beside_control, cell, guard, newest};
use pointsman::guard::{Cell, Condition, Guard, Lack, Latency, Rate, Scope, State, judge};

fn state(guard: &Guard, candidate: &[Cell], control: &[Cell]) -> State {
    judge(guard, candidate, control, Scope::default()).state
}

fn lacks(lack: Lack) -> State {
    State::Insufficient(lack)
}

/// 59 ln(1 / 0.95) = 3.026 is above ln 20 = 2.996; 58 of them, 2.975, are not.
#[test]
fn a_clean_record_must_be_long_enough() {
    let guard = guard(6);
    assert_eq!(state(&guard, &newest(&guard, &[cell(58, 0)]), &[]), lacks(Lack::Power));
    assert_eq!(state(&guard, &newest(&guard, &[cell(59, 0)]), &[]), State::Ok);
    assert_eq!(state(&guard, &newest(&guard, &[cell(30, 0), cell(29, 0)]), &[]), State::Ok);
}

/// 1 of 20 is five times the limit: no breach (E = 0.83), and no clean record.
#[test]
fn five_times_the_limit_is_never_ok() {
    let guard = guard(6);
    assert_eq!(state(&guard, &newest(&guard, &[cell(20, 1)]), &[]), lacks(Lack::Power));
}

/// 16 of 20 are no breach of 30 % (E = 10.7), and too far above one half to come of it by chance: that is no clean record.
#[test]
fn far_above_one_half_is_never_ok() {
    let guard = Guard { error_rate: Rate { max: Some(0.3), over_control: None }, ..guard(6) };
    assert_eq!(state(&guard, &newest(&guard, &[cell(20, 16)]), &[]), lacks(Lack::Power));
    assert_eq!(state(&guard, &newest(&guard, &[cell(20, 2)]), &[]), State::Ok);
}

/// Beside a control at 1 %, six in a hundred are excluded: 49 ln(1 / 0.94) = 3.03, 48 of them 2.97.
#[test]
fn a_clean_record_beside_a_control() {
    let guard = beside_control(6);
    let control = newest(&guard, &[cell(1_000, 10)]);
    assert_eq!(state(&guard, &newest(&guard, &[cell(48, 0)]), &control), lacks(Lack::Power));
    assert_eq!(state(&guard, &newest(&guard, &[cell(49, 0)]), &control), State::Ok);
}

/// Five times the limit above a control at 60 % is more than all: 110 %. Even that not all fail excludes it.
#[test]
fn a_clean_record_beside_a_control_that_fails() {
    let guard = Guard { error_rate: Rate { max: None, over_control: Some(0.1) }, ..guard(6) };
    let control = newest(&guard, &[cell(1_000, 600)]);
    assert_eq!(state(&guard, &newest(&guard, &[cell(100, 60)]), &control), State::Ok);
    assert_eq!(state(&guard, &newest(&guard, &[cell(100, 0)]), &control), State::Ok);
}

#[test]
fn few_requests_say_nothing() {
    let wide = Guard { error_rate: Rate { max: Some(0.1), over_control: None }, ..guard(6) };
    assert_eq!(state(&wide, &newest(&wide, &[cell(19, 0)]), &[]), lacks(Lack::Requests));
    assert_eq!(state(&wide, &newest(&wide, &[cell(20, 0)]), &[]), State::Ok);
    assert_eq!(state(&wide, &newest(&wide, &[cell(19, 19)]), &[]), lacks(Lack::Requests));
}

#[test]
fn a_comparison_needs_a_control() {
    let guard = beside_control(6);
    let broken = all(&guard, &cell(100, 50));
    assert_eq!(state(&guard, &broken, &[]), lacks(Lack::Control));
    assert_eq!(state(&guard, &broken, &all(&guard, &cell(1, 0))), State::Breach);
}

/// Control requests of an older window are none to compare with.
#[test]
fn the_control_of_the_window_counts() {
    let guard = beside_control(6);
    let mut control = vec![Cell::default(); guard.span()];
    control[5] = cell(500, 0);
    assert_eq!(state(&guard, &all(&guard, &cell(100, 0)), &control), lacks(Lack::Control));
    control[6] = cell(500, 0);
    assert_eq!(state(&guard, &all(&guard, &cell(100, 0)), &control), State::Ok);
}

#[test]
fn stale_reports_say_nothing() {
    let guard = guard(6);
    let stale = Scope { stale: true, ..Scope::default() };
    for failures in [0, 100] {
        let judgement = judge(&guard, &all(&guard, &cell(100, failures)), &[], stale);
        assert_eq!(judgement.state, lacks(Lack::Stale));
        assert_eq!(judgement.evidence.unwrap().failed > 0, failures > 0);
    }
}

/// The rollout gives the candidate a ninth of what the control gets.
fn at_ten_percent(guard: &Guard, candidate: &Cell, control: &Cell) -> State {
    let scope = Scope { expected_ratio: Some(1.0 / 9.0), ..Scope::default() };
    judge(guard, &newest(guard, std::slice::from_ref(candidate)), &newest(guard, std::slice::from_ref(control)), scope)
        .state
}

#[test]
fn less_than_half_of_the_volume_says_nothing() {
    let guard = guard(6);
    assert_eq!(at_ten_percent(&guard, &cell(499, 0), &cell(9_000, 0)), lacks(Lack::Volume));
    assert_eq!(at_ten_percent(&guard, &cell(500, 0), &cell(9_000, 0)), State::Ok);
    assert_eq!(at_ten_percent(&guard, &cell(0, 0), &cell(9_000, 0)), lacks(Lack::Volume));
    assert_eq!(state(&guard, &newest(&guard, &[cell(499, 0)]), &newest(&guard, &[cell(9_000, 0)])), State::Ok);
}

#[test]
fn volume_is_not_asked_for_while_little_is_expected() {
    let guard = guard(6);
    assert_eq!(at_ten_percent(&guard, &cell(9, 0), &cell(179, 0)), lacks(Lack::Requests));
    assert_eq!(at_ten_percent(&guard, &cell(9, 0), &cell(180, 0)), lacks(Lack::Volume));
}

/// What failed stands in the oldest window and in all later ones, and nothing came after it.
#[test]
fn a_verdict_needs_enough_requests_before_for() {
    let guard = guard(6);
    let one_more = |before: u32| {
        let mut cells = newest(&guard, &[cell(before, before)]);
        cells.rotate_left(8);
        *cells.last_mut().unwrap() = cell(1, 1);
        state(&guard, &cells, &[])
    };
    assert_eq!(one_more(18), lacks(Lack::Requests));
    assert_eq!(one_more(19), State::Suspect);
    assert_eq!(one_more(20), State::Breach);
}

/// Errors end where slow requests begin: each condition alone is suspect for a part of `for`.
#[test]
fn a_verdict_is_about_one_condition() {
    let latency = Some(Latency { quantile: 0.95, max_ms: Some(500), over_control: None });
    let last = |hold| {
        let guard = Guard { latency, ..guard(hold) };
        let slow = Cell { slow: 200, ..cell(200, 0) };
        let cells = newest(&guard, &[vec![cell(200, 40); 6], vec![slow; 7]].concat());
        judge(&guard, &cells, &[], Scope::default())
    };
    assert_eq!(last(6).state, State::Breach);
    assert_eq!(last(6).evidence.unwrap().condition, Condition::LatencyMax);
    assert_eq!(last(7).state, State::Suspect);
}

#[test]
fn either_limit_of_the_error_rate_trips() {
    let both = Guard { error_rate: Rate { max: Some(0.05), over_control: Some(0.01) }, ..guard(6) };
    let control = all(&both, &cell(1_000, 1));
    let above_control = judge(&both, &all(&both, &cell(200, 6)), &control, Scope::default());
    assert_eq!(above_control.state, State::Breach);
    assert_eq!(above_control.evidence.unwrap().condition, Condition::ErrorOverControl);
    let outage = judge(&both, &all(&both, &cell(200, 40)), &all(&both, &cell(1_000, 200)), Scope::default());
    assert_eq!(outage.state, State::Breach);
    assert_eq!(outage.evidence.unwrap().condition, Condition::ErrorMax);
}

/// Both are exceeded; 20 % are 838 nats above 5 % (6,000 requests), and 2,572 above a control without failures.
#[test]
fn of_several_conditions_the_strongest_evidence_is_named() {
    let both = Guard { error_rate: Rate { max: Some(0.05), over_control: Some(0.01) }, ..guard(6) };
    let judgement = judge(&both, &all(&both, &cell(200, 40)), &all(&both, &cell(1_000_000, 0)), Scope::default());
    let evidence = judgement.evidence.unwrap();
    assert_eq!((judgement.state, evidence.condition), (State::Breach, Condition::ErrorOverControl));
    assert!((evidence.value - 2_572.0).abs() < 1.0, "{}", evidence.value);
}

/// 20 % are 2,572 nats above 1 %, and at most 1,789 above a control at 1 %: so many were its rate known to be just that.
#[test]
fn weaker_evidence_of_a_later_condition_is_not_named() {
    let both = Guard { error_rate: Rate { max: Some(0.01), over_control: Some(0.01) }, ..guard(6) };
    let judgement = judge(&both, &all(&both, &cell(200, 40)), &all(&both, &cell(1_000, 10)), Scope::default());
    let evidence = judgement.evidence.unwrap();
    assert_eq!((judgement.state, evidence.condition), (State::Breach, Condition::ErrorMax));
    assert!((evidence.value - 2_572.0).abs() < 1.0, "{}", evidence.value);
}

#[test]
fn of_conditions_that_are_all_well_the_first_is_named() {
    let both = Guard { error_rate: Rate { max: Some(0.05), over_control: Some(0.01) }, ..guard(6) };
    let cells = all(&both, &cell(200, 0));
    let judgement = judge(&both, &cells, &cells, Scope::default());
    assert_eq!((judgement.state, judgement.evidence.unwrap().condition), (State::Ok, Condition::ErrorMax));
}

/// Four bad slots behind one of none: 40 of 100 in each.
#[test]
fn evidence_names_its_stretch() {
    let guard = beside_control(0);
    let bad = vec![cell(100, 40); 4];
    let candidate = newest(&guard, &[bad, vec![Cell::default()]].concat());
    let judgement = judge(&guard, &candidate, &all(&guard, &cell(900, 9)), Scope::default());
    let evidence = judgement.evidence.unwrap();
    assert_eq!((judgement.state, evidence.condition), (State::Breach, Condition::ErrorOverControl));
    assert_eq!((evidence.slots, evidence.failed, evidence.requests), (30, 160, 400));
    assert_eq!((evidence.control_failed, evidence.control_requests, evidence.limit), (270, 27_000, 0.01));
}

#[test]
fn of_equal_stretches_the_shorter_is_named() {
    let guard = guard(0);
    let cells = newest(&guard, &[cell(50, 0), Cell::default(), cell(10, 10), Cell::default()]);
    let evidence = judge(&guard, &cells, &[], Scope::default()).evidence.unwrap();
    // 10 ln 100, by hand.
    assert!((evidence.value - 46.051702).abs() < 1e-6, "{}", evidence.value);
    assert_eq!((evidence.slots, evidence.failed, evidence.requests), (2, 10, 10));
}

#[test]
fn where_all_is_well_the_whole_window_is_named() {
    let guard = guard(6);
    let evidence = judge(&guard, &all(&guard, &cell(100, 0)), &[], Scope::default()).evidence.unwrap();
    assert_eq!((evidence.slots, evidence.failed, evidence.requests, evidence.value), (30, 0, 3_000, 0.0));
    assert_eq!(judge(&guard, &[], &[], Scope::default()).evidence, None);
}

/// 5 of 10 are 16.1 nats: enough for 12.06, not for 18.97.
#[test]
fn an_isolate_alone_needs_more() {
    let guard = Guard { min_requests: 5, ..guard(0) };
    let cells = newest(&guard, &[cell(10, 5)]);
    assert_eq!(state(&guard, &cells, &[]), State::Breach);
    let judgement = judge(&guard, &cells, &[], Scope { alone: true, ..Scope::default() });
    assert_eq!(judgement.state, lacks(Lack::Power));
    assert!((judgement.evidence.unwrap().needed - 18.967645).abs() < 1e-6);
}

/// A hundred of 200 fail; then clean requests. The rate of the stretch is one half: five of them (3.5 nats) clear it, four (2.8) don't.
#[test]
fn a_few_clean_requests_clear_a_suspicion() {
    let guard = guard(0);
    assert_eq!(state(&guard, &newest(&guard, &[cell(200, 200), cell(4, 0)]), &[]), State::Breach);
    assert_eq!(state(&guard, &newest(&guard, &[cell(200, 200), cell(5, 0)]), &[]), lacks(Lack::Power));
}

/// 10 of 200 are far below one half, and above 1 % all the same.
#[test]
fn to_fail_less_is_not_to_recover() {
    let guard = guard(0);
    assert_eq!(state(&guard, &newest(&guard, &[cell(200, 200), cell(200, 10)]), &[]), State::Breach);
    assert_ne!(state(&guard, &newest(&guard, &[cell(200, 200), cell(200, 2)]), &[]), State::Breach);
}

/// The same beside a control: what is within 1 % of it has recovered, 5.5 % beside 5 % say.
#[test]
fn to_fail_as_the_control_does_clears_a_suspicion() {
    let guard = beside_control(0);
    let candidate = newest(&guard, &[cell(200, 100), cell(200, 11)]);
    let fresh = |failures| newest(&guard, &[cell(2_000, 20), cell(2_000, failures)]);
    assert_eq!(state(&guard, &candidate, &fresh(20)), State::Breach);
    assert_ne!(state(&guard, &candidate, &fresh(100)), State::Breach);
}

/// In the newest slot the control has nothing: whatever it would have, 0 of 200 is within 1 % of it.
#[test]
fn clean_requests_clear_a_suspicion_without_a_control() {
    let guard = beside_control(0);
    let (control, broken) = (newest(&guard, &[cell(2_000, 20), cell(0, 0)]), cell(200, 100));
    assert_ne!(state(&guard, &newest(&guard, &[broken.clone(), cell(200, 0)]), &control), State::Breach);
    assert_eq!(state(&guard, &newest(&guard, &[broken, cell(200, 3)]), &control), State::Breach);
}

#[test]
fn a_guard_without_limits_only_asks_for_requests() {
    let guard = Guard::default();
    assert_eq!(judge(&guard, &all(&guard, &cell(1, 1)), &[], Scope::default()).state, State::Ok);
    assert_eq!(judge(&guard, &[], &[], Scope::default()).state, lacks(Lack::Requests));
}

#[test]
fn settings_and_counts_at_their_ends_do_no_harm() {
    let most = Cell {
        requests: u32::MAX,
        failures: u32::MAX,
        timed: u32::MAX,
        slow: u32::MAX,
        buckets: vec![(255, u32::MAX)],
    };
    let latency = Some(Latency { quantile: 1.0, max_ms: Some(u64::MAX), over_control: Some(f64::MAX) });
    for limit in [0.0, 1.0, f64::NAN, f64::INFINITY] {
        let error_rate = Rate { max: Some(limit), over_control: Some(limit) };
        for (slot_ms, confidence) in [(0, 1.0), (u64::MAX, 0.0)] {
            let guard = Guard { error_rate, latency, slot_ms, confidence, window: 2, hold: 1, ..guard(1) };
            judge(
                &guard,
                &all(&guard, &most),
                &all(&guard, &most),
                Scope { expected_ratio: Some(limit), ..Scope::default() },
            );
            assert_eq!(guard.slot_of(f64::NAN), 0);
        }
    }
}
