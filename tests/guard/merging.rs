//! Counts of several isolates: told twice, in any order, of isolates that restart, and with losses, they come to the same.

use crate::{cell, guard};
use pointsman::guard::{
    Cell, Counts, Due, Guard, Key, Latency, Observation, Outcome, Sources,
    delta::{self, Delta, Reported},
};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed};

const KEY: Key = Key { flag: 3, variant: 1 };

/// A whole number of slots, so that times are easy to read.
const START: f64 = 1_780_000_000_000.0;

fn watched() -> Guard {
    let latency = Some(Latency { quantile: 0.95, max_ms: Some(100), over_control: Some(1.5) });
    Guard { latency, window: 6, ..guard(2) }
}

fn success() -> Observation {
    Observation { outcome: Outcome::Success, latency_ms: 20.0 }
}

/// What an isolate tells, as text.
fn told(isolate: u32, counts: &mut Counts, now: f64) -> String {
    let sequence = counts.drain();
    let reported = |due: Due<'_>| Reported {
        flag: "f".into(),
        variant: "on".into(),
        generation: due.generation,
        slot_ms: due.slot_ms,
        index: due.index,
        cell: due.cell.clone(),
    };
    let cells = counts.due(now).map(reported).collect();
    delta::write(&Delta { isolate: isolate.to_string(), sequence, cells })
}

/// Takes a delta in, and answers with the number that it confirms.
fn hear(counts: &mut Counts, sources: &mut Sources, text: &str, now: f64) -> u64 {
    let delta = delta::read(text).unwrap();
    let source = sources.of(&delta.isolate, now, 600_000.0).unwrap();
    for reported in &delta.cells {
        counts.merge(source, KEY, &watched(), reported.index, &reported.cell, now);
    }
    delta.sequence
}

fn totals(counts: &Counts, now: f64) -> Vec<Cell> {
    counts.totals(KEY, &watched(), watched().slot_of(now))
}

#[derive(Clone, Debug)]
enum Event {
    /// So many seconds pass.
    Wait(u8),
    Request(usize, Observation),
    /// An isolate tells; whether that arrives, and whether the answer does.
    Tell(usize, bool, bool),
    /// Another isolate takes its place, having told all it knew.
    Restart(usize),
}

fn request() -> impl Strategy<Value = Observation> {
    let outcome = prop_oneof![Just(Outcome::Success), Just(Outcome::Failure), Just(Outcome::Timeout)];
    (outcome, 0.0..500.0).prop_map(|(outcome, latency_ms)| Observation { outcome, latency_ms })
}

/// At most five slots of time, so that nothing is forgotten meanwhile.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        2 => (0_u8..2).prop_map(Event::Wait),
        8 => (0_usize..3, request()).prop_map(|(isolate, request)| Event::Request(isolate, request)),
        2 => (0_usize..3, any::<bool>(), any::<bool>()).prop_map(|(isolate, there, back)| Event::Tell(isolate, there, back)),
        1 => (0_usize..3).prop_map(Event::Restart),
    ];
    vec(event, 0..40)
}

/// Isolates, what they told, and one who saw all that they did.
#[derive(Default)]
struct World {
    isolates: Vec<(u32, Counts)>,
    names: u32,
    all: Counts,
    told: Vec<String>,
    coordinator: Counts,
    sources: Sources,
    now: f64,
}

impl World {
    fn new() -> World {
        let mut world = World { now: START, ..World::default() };
        (0..3).for_each(|_| world.start());
        world
    }

    fn start(&mut self) {
        self.names += 1;
        self.isolates.push((self.names, Counts::default()));
    }

    fn tell(&mut self, isolate: usize) -> String {
        let (name, counts) = &mut self.isolates[isolate];
        told(*name, counts, self.now)
    }

    fn after(mut self, events: &[Event]) -> World {
        events.iter().for_each(|event| self.happen(event));
        self
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Wait(seconds) => self.now += f64::from(seconds) * 1_000.0,
            Event::Request(isolate, seen) => {
                self.isolates[isolate].1.observe(KEY, &watched(), seen, self.now);
                self.all.observe(KEY, &watched(), seen, self.now);
            }
            Event::Tell(isolate, there, back) => self.report(isolate, there, back),
            Event::Restart(isolate) => {
                self.report(isolate, true, false);
                self.start();
                self.isolates.swap_remove(isolate);
            }
        }
    }

    fn report(&mut self, isolate: usize, there: bool, back: bool) {
        let text = self.tell(isolate);
        if there {
            let confirmed = hear(&mut self.coordinator, &mut self.sources, &text, self.now);
            if back {
                self.isolates[isolate].1.acknowledge(confirmed);
            }
        }
        self.told.push(text);
    }
}

fn requests(cells: &[Cell]) -> u32 {
    cells.iter().map(|cell| cell.requests).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default() })]

    /// All deltas in any order, some of them several times, give what one isolate would have that had seen everything.
    #[test]
    fn order_and_repetition_do_not_matter(events in events(), order in vec(any::<Index>(), 60)) {
        let mut world = World::new().after(&events);
        (0..3).for_each(|isolate| world.report(isolate, false, false));
        let (mut counts, mut sources) = (Counts::default(), Sources::default());
        for text in order.iter().map(|at| at.get(&world.told)).chain(&world.told) {
            hear(&mut counts, &mut sources, text, world.now);
        }
        prop_assert_eq!(totals(&counts, world.now), totals(&world.all, world.now));
    }

    /// What was lost, or was not known to have arrived, comes with the next delta: until then there is less, never more.
    #[test]
    fn a_loss_only_delays(events in events()) {
        let mut world = World::new().after(&events);
        prop_assert!(requests(&totals(&world.coordinator, world.now)) <= requests(&totals(&world.all, world.now)));
        (0..3).for_each(|isolate| world.report(isolate, true, true));
        prop_assert_eq!(totals(&world.coordinator, world.now), totals(&world.all, world.now));
        // All is confirmed: nobody has anything more to tell.
        prop_assert!(world.isolates.iter().all(|(_, counts)| counts.due(world.now).count() == 0));
    }
}

#[test]
fn what_changes_after_a_delta_is_due_again() {
    let mut counts = Counts::default();
    counts.observe(KEY, &watched(), success(), START);
    let first = counts.drain();
    counts.observe(KEY, &watched(), success(), START);
    counts.acknowledge(first);
    assert_eq!(counts.due(START).map(|due| (due.key, due.cell.requests)).collect::<Vec<_>>(), [(KEY, 2)]);
    let second = counts.drain();
    counts.acknowledge(second);
    counts.acknowledge(first);
    assert_eq!(counts.due(START).count(), 0);
    counts.acknowledge(999);
    counts.observe(KEY, &watched(), success(), START);
    assert_eq!(counts.due(START).count(), 1, "what was never sent is not confirmed");
}

/// The window of six slots and `for` of two, the open slot, and one that is ahead.
#[test]
fn slots_beyond_the_ring_are_not_taken() {
    let (guard, now) = (watched(), START + 5_000.0);
    let open = guard.slot_of(now);
    for (index, taken) in
        [(open - 8, true), (open, true), (open + 1, true), (open - 9, false), (open + 2, false), (u64::MAX, false)]
    {
        let mut counts = Counts::default();
        assert_eq!(counts.merge(1, KEY, &guard, index, &cell(5, 0), now), taken, "{index}");
        assert!(!counts.merge(0, KEY, &guard, index, &cell(5, 0), now), "nobody else speaks for this isolate");
        let judged = counts.totals(KEY, &guard, open - 1);
        assert_eq!(judged.len(), 8);
        assert_eq!(requests(&judged), if index == open - 8 { 5 } else { 0 });
    }
}

#[test]
fn what_is_past_is_forgotten() {
    let mut counts = Counts::default();
    for slot in 0..100 {
        counts.observe(KEY, &watched(), success(), START + f64::from(slot) * 10_000.0);
    }
    let end = START + 990_000.0;
    assert_eq!(requests(&totals(&counts, end)), 8);
    // Eight that are judged, and the open one.
    assert_eq!(counts.due(end).count(), 9);
    assert_eq!(counts.due(end + 50_000.0).count(), 4);
    assert_eq!(counts.due(end + 900_000.0).count(), 0);
    assert_eq!(requests(&totals(&counts, end + 900_000.0)), 0);
}

#[test]
fn a_clock_that_is_set_back_counts_on() {
    let mut counts = Counts::default();
    counts.observe(KEY, &watched(), success(), START + 1e9);
    counts.observe(KEY, &watched(), success(), START);
    assert_eq!(
        totals(&counts, START),
        [vec![Cell::default(); 7], vec![counts.due(START).next().unwrap().cell.clone()]].concat()
    );
}

#[test]
fn another_generation_or_slot_begins_anew() {
    // Not the first place of the ring, whatever the slot's length.
    let (old, now) = (watched(), START + 10_000.0);
    for new in [Guard { generation: 1, ..watched() }, Guard { slot_ms: 5_000, ..watched() }] {
        let mut counts = Counts::default();
        counts.observe(KEY, &old, success(), now);
        assert_eq!(requests(&counts.totals(KEY, &new, new.slot_of(now))), 0);
        counts.observe(KEY, &new, success(), now);
        assert_eq!(requests(&counts.totals(KEY, &new, new.slot_of(now))), 1);
        assert_eq!(requests(&counts.totals(KEY, &old, old.slot_of(now))), 0);
    }
}

#[test]
fn another_window_keeps_what_it_can() {
    let mut counts = Counts::default();
    // From the middle of the ring on, so that it is not in the order of time.
    let at = |slot: u32| START + f64::from(slot + 5) * 10_000.0;
    (0..8).for_each(|slot| counts.observe(KEY, &watched(), success(), at(slot)));
    for (window, kept) in [(20, 9), (2, 4)] {
        let mut counts = counts.clone();
        let guard = Guard { window, ..watched() };
        counts.observe(KEY, &guard, success(), at(7));
        assert_eq!(requests(&counts.totals(KEY, &guard, guard.slot_of(at(7)))), kept + u32::from(window == 2));
    }
}

/// A slot a time, before and after the guard's window changes from six slots to so many.
#[test]
fn a_ring_is_as_long_as_the_newest_window() {
    let at = |slot: u32| START + f64::from(slot) * 10_000.0;
    // Of 20 slots that a longer window and `for` look at, all are there that were when it came; a shorter one looks at four and the open one.
    for (window, judged, due) in [(18, 18, 18), (2, 4, 5)] {
        let (guard, mut counts) = (Guard { window, ..watched() }, Counts::default());
        (0..8).for_each(|slot| counts.observe(KEY, &watched(), success(), at(slot)));
        (8..18).for_each(|slot| counts.observe(KEY, &guard, success(), at(slot)));
        assert_eq!(requests(&counts.totals(KEY, &guard, guard.slot_of(at(17)))), judged);
        assert_eq!(counts.due(at(17)).count(), due);
    }
}

#[test]
fn a_new_table_moves_counts_or_drops_them() {
    let key = |flag, variant| Key { flag, variant };
    let mut counts = Counts::default();
    for flag in 0..4 {
        (0..=flag).for_each(|_| counts.observe(key(flag, 1), &watched(), success(), START));
    }
    counts.remap(&|old| (old.flag != 2).then(|| key(9 - old.flag, 1)));
    let seen = |flag| requests(&counts.totals(key(flag, 1), &watched(), watched().slot_of(START)));
    assert_eq!([9, 8, 7, 6, 2, 0].map(seen), [1, 2, 0, 4, 0, 0]);
}

#[test]
fn isolates_beyond_the_bound_wait_for_silent_ones() {
    let mut sources = Sources::default();
    for isolate in 0..4_096 {
        assert_eq!(sources.of(&isolate.to_string(), f64::from(isolate), 600_000.0), Some(isolate as u32 + 1));
    }
    assert_eq!(sources.of("new", 5_000.0, 600_000.0), None);
    assert_eq!(sources.of("7", 5_000.0, 600_000.0), Some(8), "known ones go on");
    assert_eq!(sources.of("new", 600_001.0, 600_000.0), Some(4_097));
    assert_eq!(sources.of("0", 600_001.0, 600_000.0), Some(4_098), "another number: it was forgotten");
    assert_eq!(sources.of("1", 602_000.0, 600_000.0), Some(4_099));
    assert_eq!(sources.of("7", 602_000.0, 600_000.0), Some(8), "it was heard of at 5,000");
    assert_eq!(sources.of("8", 602_000.0, 600_000.0), Some(4_100), "it was not");
}

#[test]
fn a_slot_takes_a_bounded_number_of_isolates() {
    let (guard, mut counts) = (watched(), Counts::default());
    let index = guard.slot_of(START);
    assert!((1..=4_096).all(|source| counts.merge(source, KEY, &guard, index, &cell(1, 0), START)));
    assert!(!counts.merge(5_000, KEY, &guard, index, &cell(1, 0), START));
    assert!(counts.merge(4_096, KEY, &guard, index, &cell(2, 0), START));
    counts.observe(KEY, &guard, success(), START);
    assert_eq!(requests(&totals(&counts, START)), 4_098);
}
