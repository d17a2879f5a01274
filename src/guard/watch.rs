//! What one engine knows of its guarded variants: counts, verdicts, and what is ordered. Times are told, never taken.

use super::{
    Counts, Ejection, Guard, Key, Observation, Outcome, Sources,
    delta::{self, Delta, Reported},
    in_force::{generation_of, guarded, place_of_variant, variant_of},
    orders, shares,
};
use crate::{
    directive::{Clock, Directive, FlagOrder, Orders, Stand},
    error::LoadError,
    hash, limits,
    table::{Definition, Flag, Table},
};

/// Isolates that were silent for so long have no counts any more that anybody looks at: the longest window and `for`, in the
/// longest slots.
const SOURCE_KEPT_MS: f64 = 2.0 * limits::GUARD_SLOTS as f64 * limits::GUARD_SLOT_MS.1 as f64;

/// How a request ended that a rollout had decided.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The flag and the variant, by their places in the table.
    pub key: Key,
    pub outcome: Outcome,
    /// To the first byte, or until it failed.
    pub latency_ms: f64,
}

/// A time as it is told, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The true time, which counts belong to and guards go by.
    pub now: f64,
    /// What schedules see: before that where they are held, as the snapshot has gone unconfirmed for longer than its `maxAge`.
    pub schedules: f64,
}

/// A guarded flag.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) flag: u32,
    pub(super) candidates: Vec<(u8, Ejection)>,
    /// When its generation came into use: what began before that says nothing of it. None until the time is known.
    pub(super) since: Option<f64>,
    /// Where its schedules stand that were held when their clock changed last.
    pub(super) stand: Option<Stand>,
}

/// Everything that guards know and have ordered.
#[derive(Debug, Default)]
pub struct Watch {
    isolate: String,
    /// Spreads isolates: those ejected together should not come back together.
    pub(super) seed: u64,
    /// Whether directives come from a coordinator: own verdicts are passing ejections then.
    pub(super) coordinated: bool,
    pub(super) counts: Counts,
    sources: Sources,
    /// When another isolate's counts came last; none in an isolate that knows only itself.
    pub(super) heard: Option<f64>,
    pub(super) watched: Vec<Watched>,
    pub(super) orders: Orders,
    pub(super) in_force: Vec<FlagOrder>,
    /// When something is to be looked at again, a slot's end or an ejection's.
    pub(super) due: f64,
    pub(super) last_look: f64,
    /// How often orders have changed.
    pub(super) changes: u64,
}

impl Watch {
    /// What the walk reads.
    #[inline(always)]
    pub fn in_force(&self) -> &[FlagOrder] {
        &self.in_force
    }

    /// Directives and clocks, by name.
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The isolate's name in deltas, and whether a coordinator gives the orders.
    pub fn identify(&mut self, isolate: &str, coordinated: bool) {
        self.isolate = isolate.into();
        self.seed = hash::unit(isolate.as_bytes());
        self.coordinated = coordinated;
    }

    /// Goes over to another table. What was counted and ordered stays where the guard's generation has not changed.
    pub fn adopt(&mut self, last: &Table, next: &Table) {
        let idle = self.watched.is_empty() && self.orders.directives.is_empty() && self.orders.clocks.is_empty();
        if !idle || next.flags.iter().any(|flag| guarded(flag).is_some()) {
            self.take_over(last, next);
        }
    }

    #[inline(never)]
    fn take_over(&mut self, last: &Table, next: &Table) {
        self.counts.remap(&|key| moved(key, last, next));
        let mut before = std::mem::take(&mut self.watched);
        for flag in &next.flags {
            let Some((definition, guard)) = guarded(flag) else { continue };
            let known = before.iter().position(|watched| is_same(watched, last, flag, next));
            self.watched.push(match known {
                Some(at) => Watched { flag: flag.place, ..before.swap_remove(at) },
                None => Watched::new(flag.place, definition, guard),
            });
        }
        self.orders.directives.retain(|order| order.generation >= generation_of(next, &order.flag));
        self.orders.clocks.retain(|clock| clock.generation == generation_of(next, &clock.flag));
        self.resolve(next);
    }

    /// Counts a request, and judges where a slot has ended. True where other orders are in force now.
    pub fn observe(&mut self, table: &Table, seen: Option<Seen>, moment: Moment) -> bool {
        let (before, now) = (self.changes, moment.now);
        // A clock that fails: nothing is known to have ended.
        if !is_time(now) {
            return false;
        }
        let ejected = seen.is_some_and(|seen| self.count(table, seen, now));
        // A clock that was set back has nothing to wait for.
        if ejected || now >= self.due || now < self.last_look {
            self.judge(table, moment);
        }
        self.changes != before
    }

    /// True where that just led to an ejection.
    fn count(&mut self, table: &Table, seen: Seen, now: f64) -> bool {
        let Some((_, guard)) = table.flags.get(seen.key.flag as usize).and_then(guarded) else { return false };
        let Ok(at) = self.watched.binary_search_by(|watched| watched.flag.cmp(&seen.key.flag)) else { return false };
        let Some(watched) = self.watched.get_mut(at) else { return false };
        let started = now - seen.latency_ms;
        if started < *watched.since.get_or_insert(now) {
            return false;
        }
        self.counts.observe(seen.key, guard, Observation { outcome: seen.outcome, latency_ms: seen.latency_ms }, now);
        let seed = seed_of(self.seed, seen.key);
        let ejection = watched.candidates.iter_mut().find(|(variant, _)| *variant == seen.key.variant);
        let failed = seen.outcome != Outcome::Success;
        ejection.is_some_and(|(_, ejection)| !guard.dry_run && ejection.observe(guard, failed, started, now, seed))
    }

    /// Adds a directive, unless one that says as much is there.
    pub(super) fn add(&mut self, directive: Directive) {
        let directives = &mut self.orders.directives;
        let same = |own: &Directive| {
            own.flag == directive.flag && own.variant == directive.variant && own.action == directive.action
        };
        if directives.iter().any(|own| same(own) && own.generation >= directive.generation) {
            return;
        }
        directives.retain(|own| !same(own));
        if directives.len() < limits::DIRECTIVES {
            directives.push(directive);
            self.changes = self.changes.wrapping_add(1);
        }
    }

    /// What was counted here since the last delta that is known to have arrived, as JSON text.
    pub fn drain(&mut self, table: &Table, now: f64) -> String {
        let mut cells = Vec::new();
        for due in self.counts.due(now).take(limits::DELTA_CELLS) {
            let flag = table.flags.get(due.key.flag as usize);
            let variant = flag.and_then(|flag| variant_of(flag, due.key.variant));
            let Some(variant) = variant else { continue };
            cells.push(Reported {
                flag: table.keys.name(due.key.flag).into(),
                variant: variant.into(),
                generation: due.generation,
                slot_ms: due.slot_ms,
                index: due.index,
                cell: due.cell.clone(),
            });
        }
        delta::write(&Delta { isolate: self.isolate.clone(), sequence: self.counts.drain(), cells })
    }

    /// Takes in another isolate's delta. False where some of it belongs to another generation, or to flags that this snapshot
    /// doesn't guard: such a delta is not to be acknowledged, so that it is sent again.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn merge(&mut self, table: &Table, text: &str, now: f64) -> Result<bool, LoadError> {
        let delta = delta::read(text)?;
        if delta.isolate == self.isolate {
            return Ok(true);
        }
        let Some(source) = self.sources.of(&delta.isolate, now, SOURCE_KEPT_MS) else { return Ok(false) };
        self.heard = Some(now);
        let mut all = true;
        for reported in &delta.cells {
            all &= self.merge_cell(table, source, reported, now).is_some();
        }
        Ok(all)
    }

    fn merge_cell(&mut self, table: &Table, source: u32, reported: &Reported, now: f64) -> Option<()> {
        let flag = table.flag(&reported.flag)?;
        let (_, guard) = guarded(flag).filter(|(_, guard)| reported.fits(guard))?;
        let key = Key { flag: flag.place, variant: place_of_variant(flag, &reported.variant)? };
        self.counts.merge(source, key, guard, reported.index, &reported.cell, now);
        Some(())
    }

    /// Takes orders from a coordinator, or back from whoever kept them. Directives add up; clocks are replaced. True where other
    /// orders are in force now.
    ///
    /// # Errors
    /// What is wrong with the text; nothing of it is taken then.
    pub fn apply(&mut self, table: &Table, text: &str, moment: Moment) -> Result<bool, LoadError> {
        let (orders, acknowledged) = orders::read(text)?;
        let before = self.changes;
        for directive in orders.directives {
            if directive.generation >= generation_of(table, &directive.flag) {
                self.add(directive);
            }
        }
        for clock in orders.clocks {
            self.replace(table, clock, moment);
        }
        if let Some((isolate, sequence)) = acknowledged
            && isolate == self.isolate
        {
            self.counts.acknowledge(sequence);
        }
        self.resolve(table);
        Ok(self.changes != before)
    }
}

impl Watch {
    fn replace(&mut self, table: &Table, clock: Clock, moment: Moment) {
        let known = self.orders.clocks.iter().position(|own| own.flag == clock.flag);
        let own = known.map(|at| self.orders.clocks.remove(at));
        if clock.generation != generation_of(table, &clock.flag) {
            return;
        }
        // Without a clock before this one the schedule went by none, and has nothing to keep.
        if let Some(place) = own.filter(|own| *own != clock).and_then(|_| table.keys.place(&clock.flag)) {
            let stand = self.stand(place, moment);
            if let Some(watched) = self.watched.iter_mut().find(|watched| watched.flag == place) {
                watched.stand = stand;
            }
        }
        self.orders.clocks.push(clock);
    }
}

impl Watched {
    fn new(flag: u32, definition: &Definition, guard: &Guard) -> Watched {
        let mut candidates = Vec::new();
        for variant in shares::candidates(definition, guard.control) {
            candidates.push((variant, Ejection::default()));
        }
        Watched { flag, candidates, since: None, stand: None }
    }
}

/// Where a variant's counts belong after a load; nowhere where they mean something else now.
fn moved(key: Key, last: &Table, next: &Table) -> Option<Key> {
    let before = last.flags.get(key.flag as usize)?;
    let flag = next.flag(last.keys.name(key.flag))?;
    let ((_, old), (_, new)) = (guarded(before)?, guarded(flag)?);
    // Counts of another generation, or in other slots, are dropped when they are looked at.
    let same = old.latency == new.latency;
    let variant = place_of_variant(flag, variant_of(before, key.variant)?)?;
    same.then_some(Key { flag: flag.place, variant })
}

/// Whether what was seen of a flag still holds after a load: the same guard over the same variants.
fn is_same(watched: &Watched, last: &Table, flag: &Flag, next: &Table) -> bool {
    let Some(before) = last.flags.get(watched.flag as usize) else { return false };
    if last.keys.name(watched.flag) != next.keys.name(flag.place) {
        return false;
    }
    let (Some((one, old)), Some((other, new))) = (guarded(before), guarded(flag)) else { return false };
    let same_variants = one.variants.iter().map(|variant| &variant.name).eq(other.variants.iter().map(|own| &own.name));
    let drawn = shares::candidates(one, old.control) == shares::candidates(other, new.control);
    old.generation == new.generation && old.control == new.control && same_variants && drawn
}

/// Whether a clock can say so: any other time could be ordered, but not be read again from the orders' text.
pub(super) fn is_time(now: f64) -> bool {
    (0.0..=limits::SAFE_INTEGER).contains(&now)
}

/// Differs from isolate to isolate and from variant to variant.
pub(super) fn seed_of(isolate: u64, key: Key) -> u64 {
    isolate ^ (u64::from(key.flag) << 8) ^ u64::from(key.variant)
}

#[cfg(test)]
mod tests {
    use super::{Key, seed_of};
    use std::collections::BTreeSet;

    #[test]
    fn isolates_and_variants_have_seeds_of_their_own() {
        let mut seeds = BTreeSet::new();
        for isolate in [0, u64::MAX, 0x5555_5555_5555_5555] {
            for flag in 0..10 {
                (0..10).for_each(|variant| _ = seeds.insert(seed_of(isolate, Key { flag, variant })));
            }
        }
        assert_eq!(seeds.len(), 300);
    }
}
