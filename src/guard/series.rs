//! The counts of one variant: a ring of slots, each with a cell for every isolate that was heard of.

use super::{Cell, Guard};
use crate::limits;

/// Slots of a ring at most: more than a day in slots of ten seconds.
const SLOTS: usize = 10_000;

/// Slots of a ring beyond those that are judged: the one that is open, and the next one, as other isolates' clocks are ahead.
const OPEN_SLOTS: usize = 2;

/// Isolates with counts in one slot: 0.2 MB a slot at most, 8 MB a variant with the default window, without latency buckets. Further
/// ones are not counted.
const SLOT_CELLS: usize = limits::ISOLATES;

/// The source of what this isolate saw itself.
pub(super) const OWN: u32 = 0;

/// What one isolate counted in one slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub cell: Cell,
    /// The sequence number of the first delta that tells of the last change. Only this isolate's own cells have one.
    pub changed: u64,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    index: u64,
    /// By source, sorted: this isolate's own comes first.
    cells: Vec<(u32, Entry)>,
}

impl Slot {
    fn entry(&mut self, source: u32) -> Option<&mut Entry> {
        let at = match self.cells.binary_search_by(|(own, _)| own.cmp(&source)) {
            Ok(at) => at,
            Err(_) if self.cells.len() >= SLOT_CELLS && source != OWN => return None,
            Err(at) => {
                self.cells.insert(at, (source, Entry::default()));
                at
            }
        };
        self.cells.get_mut(at).map(|(_, entry)| entry)
    }

    fn own(&self) -> Option<&Entry> {
        self.cells.first().filter(|(source, _)| *source == OWN).map(|(_, entry)| entry)
    }

    fn total(&self) -> Cell {
        let mut total = Cell::default();
        self.cells.iter().for_each(|(_, entry)| total.add(&entry.cell));
        total
    }
}

#[derive(Clone, Debug)]
pub(super) struct Series {
    pub slot_ms: u64,
    pub generation: u64,
    slots: Vec<Slot>,
}

impl Series {
    pub fn new(guard: &Guard) -> Series {
        let slots = vec![Slot::default(); length(guard)];
        Series { slot_ms: guard.slot_ms, generation: guard.generation, slots }
    }

    /// Whether these are counts of the guard's generation and slots.
    pub fn is_of(&self, guard: &Guard) -> bool {
        self.slot_ms == guard.slot_ms && self.generation == guard.generation
    }

    /// Makes room for what the guard looks at; counts of another generation, or in slots of another length, are dropped.
    pub fn fit(&mut self, guard: &Guard) {
        if !self.is_of(guard) {
            *self = Series::new(guard);
        } else if self.slots.len() != length(guard) {
            self.resize(length(guard));
        }
    }

    fn resize(&mut self, length: usize) {
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); length]);
        for slot in old {
            // Of those that now fall on one place, the newest stays.
            if let Some(own) = self.place(slot.index).filter(|own| own.index <= slot.index) {
                *own = slot;
            }
        }
    }

    fn place(&mut self, index: u64) -> Option<&mut Slot> {
        let place = self.position(index);
        self.slots.get_mut(place)
    }

    fn position(&self, index: u64) -> usize {
        index.checked_rem(self.slots.len() as u64).and_then(|place| usize::try_from(place).ok()).unwrap_or_default()
    }

    /// The entry of a source in a slot. What lay in its place belongs to the past, or to a clock that has been set back since.
    pub fn entry(&mut self, index: u64, source: u32) -> Option<&mut Entry> {
        let slot = self.place(index)?;
        if slot.index != index {
            *slot = Slot { index, cells: Vec::new() };
        }
        slot.entry(source)
    }

    /// Whether the ring has a place for the slot while `newest` is the open one.
    pub fn reaches(&self, index: u64, newest: u64) -> bool {
        let end = newest.saturating_add(1);
        index <= end && index.saturating_add(self.slots.len() as u64) > end
    }

    /// The sum of all sources; nothing where the slot is not there.
    pub fn total(&self, index: u64) -> Cell {
        let slot = self.slots.get(self.position(index)).filter(|slot| slot.index == index);
        slot.map(Slot::total).unwrap_or_default()
    }

    /// This isolate's own entries with their slots.
    pub fn own(&self) -> impl Iterator<Item = (u64, &Entry)> {
        self.slots.iter().flat_map(|slot| slot.own().map(|entry| (slot.index, entry)))
    }
}

fn length(guard: &Guard) -> usize {
    guard.span().min(SLOTS).saturating_add(OPEN_SLOTS)
}
