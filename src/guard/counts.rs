//! All counts that an engine holds: its own, and what it was told of other isolates.

use super::{
    Cell, Guard, Observation,
    series::{OWN, Series},
};

/// What is counted: a variant of a flag, by their places in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The flag's place.
    pub flag: u32,
    /// The variant's place.
    pub variant: u8,
}

/// One of this isolate's cells that others have not confirmed to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Due<'c> {
    /// What was counted.
    pub key: Key,
    /// The guard's generation when it was counted.
    pub generation: u64,
    /// The length of the slot in milliseconds.
    pub slot_ms: u64,
    /// The slot: its start, in milliseconds since 1970, divided by its length.
    pub index: u64,
    /// The counts, all since the slot began.
    pub cell: &'c Cell,
}

/// Counts by variant, slot and isolate. What is older than a guard looks at is forgotten.
///
/// ```
/// use pointsman::guard::{Counts, Guard, Key, Observation, Outcome};
///
/// let (guard, key) = (Guard::default(), Key { flag: 0, variant: 1 });
/// let mut counts = Counts::default();
/// let now = 1_780_000_003_000.0;
/// counts.observe(key, &guard, Observation { outcome: Outcome::Success, latency_ms: 12.0 }, now);
///
/// // Another isolate takes them over as its source 7, however often it is told.
/// let mut others = Counts::default();
/// let sequence = counts.drain();
/// for due in counts.due(now) {
///     assert!(others.merge(7, key, &guard, due.index, due.cell, now));
///     assert!(others.merge(7, key, &guard, due.index, due.cell, now));
/// }
/// assert_eq!(others.totals(key, &guard, guard.slot_of(now)).last().unwrap().requests, 1);
///
/// counts.acknowledge(sequence);
/// assert_eq!(counts.due(now).count(), 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By key, sorted.
    series: Vec<(Key, Series)>,
    /// The sequence number of the last delta.
    drained: u64,
    /// The sequence number of the newest delta that was confirmed.
    acknowledged: u64,
}

impl Counts {
    /// Counts a request that this isolate saw end at `now_ms`.
    pub fn observe(&mut self, key: Key, guard: &Guard, seen: Observation, now_ms: f64) {
        let changed = self.drained.saturating_add(1);
        let entry = self.fitting(key, guard).and_then(|series| series.entry(guard.slot_of(now_ms), OWN));
        if let Some(entry) = entry {
            entry.cell.observe(guard, seen);
            entry.changed = changed;
        }
    }

    /// Takes in what another isolate counted in one slot so far: each number that is larger than the one known. `source` stands for
    /// the isolate, from [`super::Sources`]. False where it was not taken: a slot that is past or far ahead, or too many isolates.
    pub fn merge(&mut self, source: u32, key: Key, guard: &Guard, index: u64, cell: &Cell, now_ms: f64) -> bool {
        let series = self.fitting(key, guard).filter(|series| series.reaches(index, guard.slot_of(now_ms)));
        let entry = if source == OWN { None } else { series.and_then(|series| series.entry(index, source)) };
        let taken = entry.is_some();
        if let Some(entry) = entry {
            entry.cell.raise_to(cell);
        }
        taken
    }

    /// The sums over all isolates in the slots that [`super::judge`] looks at, oldest first.
    pub fn totals(&self, key: Key, guard: &Guard, newest_closed: u64) -> Vec<Cell> {
        let series = self.find(key).ok().and_then(|at| self.series.get(at));
        let series = series.map(|(_, series)| series).filter(|series| series.is_of(guard));
        let mut totals = Vec::new();
        for age in (0..guard.span()).rev() {
            let index = newest_closed.checked_sub(age as u64);
            totals.push(series.zip(index).map(|(series, index)| series.total(index)).unwrap_or_default());
        }
        totals
    }

    /// Begins a delta: its sequence number, 1 for the first. What it is to hold, [`Counts::due`] tells.
    pub fn drain(&mut self) -> u64 {
        self.drained = self.drained.saturating_add(1);
        self.drained
    }

    /// This isolate's cells that changed since the newest confirmed delta, as far as guards still look at them.
    pub fn due(&self, now_ms: f64) -> impl Iterator<Item = Due<'_>> {
        self.series.iter().flat_map(move |(key, series)| {
            let newest = (now_ms / series.slot_ms.max(1) as f64) as u64;
            let news = series
                .own()
                .filter(move |(index, entry)| entry.changed > self.acknowledged && series.reaches(*index, newest));
            let (generation, slot_ms) = (series.generation, series.slot_ms);
            news.map(move |(index, entry)| Due { key: *key, generation, slot_ms, index, cell: &entry.cell })
        })
    }

    /// Notes that the delta of this number has arrived. What changed after it is still due.
    pub fn acknowledge(&mut self, sequence: u64) {
        self.acknowledged = sequence.min(self.drained).max(self.acknowledged);
    }

    /// Moves what was counted to other places of a new table; drops what has none there. No two may end in one place.
    pub fn remap(&mut self, place_of: &dyn Fn(Key) -> Option<Key>) {
        for (key, series) in std::mem::take(&mut self.series) {
            if let Some(key) = place_of(key) {
                self.insert(key, series);
            }
        }
    }

    fn find(&self, key: Key) -> Result<usize, usize> {
        self.series.binary_search_by(|(own, _)| own.cmp(&key))
    }

    fn insert(&mut self, key: Key, series: Series) -> usize {
        let at = self.find(key).unwrap_or_else(|at| at);
        self.series.insert(at, (key, series));
        at
    }

    fn fitting(&mut self, key: Key, guard: &Guard) -> Option<&mut Series> {
        let at = self.find(key).unwrap_or_else(|_| self.insert(key, Series::new(guard)));
        let series = self.series.get_mut(at).map(|(_, series)| series)?;
        series.fit(guard);
        Some(series)
    }
}
