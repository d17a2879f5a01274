//! What one engine knows of its guarded variants: counts, verdicts, and what is ordered. Times are told, never taken.

use super::{
    Action, Counts, Ejection, Guard, Judgement, Key, Observation, Outcome, Scope, Sources, Standing, State,
    delta::{self, Delta, Reported},
    judge, orders, shares,
};
use crate::{
    directive::{Clock, Directive, FlagOrder, Grounds, Ordered, Orders},
    error::LoadError,
    hash, limits,
    table::{Definition, Flag, Table},
};

/// Reports older than this many slots say nothing of now.
const STALE_SLOTS: f64 = 3.0;

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

/// A guarded flag.
#[derive(Debug)]
struct Watched {
    flag: u32,
    candidates: Vec<(u8, Ejection)>,
    /// When its generation came into use: what began before that says nothing of it. None until the time is known.
    since: Option<f64>,
}

/// Everything that guards know and have ordered.
#[derive(Debug, Default)]
pub struct Watch {
    isolate: String,
    /// Spreads isolates: those ejected together should not come back together.
    seed: u64,
    /// Whether directives come from a coordinator: own verdicts are passing ejections then.
    coordinated: bool,
    counts: Counts,
    sources: Sources,
    /// When another isolate's counts came last; none in an isolate that knows only itself.
    heard: Option<f64>,
    watched: Vec<Watched>,
    orders: Orders,
    in_force: Vec<FlagOrder>,
    /// When something is to be looked at again, a slot's end or an ejection's.
    due: f64,
    last_look: f64,
    /// How often orders have changed.
    changes: u64,
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
    pub fn observe(&mut self, table: &Table, seen: Option<Seen>, now: f64) -> bool {
        let before = self.changes;
        let ejected = seen.is_some_and(|seen| self.count(table, seen, now));
        // A clock that was set back has nothing to wait for.
        if ejected || now >= self.due || now < self.last_look {
            self.judge(table, now);
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

    /// Judges all guarded variants at the end of their newest slots, and sees to what follows.
    pub fn judge(&mut self, table: &Table, now: f64) -> Vec<Standing> {
        let mut standings = Vec::new();
        let mut watched = std::mem::take(&mut self.watched);
        self.due = f64::INFINITY;
        self.last_look = now;
        for watched in &mut watched {
            if let Some(flag) = table.flags.get(watched.flag as usize) {
                self.judge_flag(table, flag, watched, now, &mut standings);
            }
        }
        self.watched = watched;
        self.resolve(table);
        for standing in &mut standings {
            standing.withdrawn = self.is_withdrawn(table, &standing.flag, &standing.variant);
        }
        standings
    }

    fn judge_flag(
        &mut self,
        table: &Table,
        flag: &Flag,
        watched: &mut Watched,
        now: f64,
        standings: &mut Vec<Standing>,
    ) {
        let Some((definition, guard)) = guarded(flag) else { return };
        watched.since.get_or_insert(now);
        let open = guard.slot_of(now);
        let end = open.saturating_mul(guard.slot_ms);
        self.due = self.due.min(end.saturating_add(guard.slot_ms) as f64);
        let mut all_ok = true;
        for (variant, ejection) in &mut watched.candidates {
            let key = Key { flag: flag.place, variant: *variant };
            let judgement = self.judgement(table, definition, guard, key, now);
            all_ok &= judgement.state == State::Ok;
            let standing = standing(table, definition, guard, key, &judgement, end);
            if judgement.state == State::Breach && !guard.dry_run {
                self.breached(guard, &standing, end, ejection, seed_of(self.seed, key), now);
            }
            if ejection.is_in_force(now) {
                self.due = self.due.min(ejection.until());
            }
            standings.push(standing);
        }
        self.run_clock(table, flag, all_ok, now);
    }

    fn judgement(&self, table: &Table, definition: &Definition, guard: &Guard, key: Key, now: f64) -> Judgement {
        let Some(newest) = guard.slot_of(now).checked_sub(1) else {
            return judge(guard, &[], &[], Scope::default());
        };
        let control = Key { variant: guard.control, ..key };
        let window = guard.slot_ms.saturating_mul(guard.window as u64) as f64;
        let slots = STALE_SLOTS * guard.slot_ms as f64;
        let scope = Scope {
            alone: self.heard.is_none(),
            stale: self.heard.is_some_and(|heard| now - heard > slots),
            // As it was when the window began: a share that has just grown has not had its requests yet.
            expected_ratio: shares::ratio(
                definition,
                key.variant,
                guard.control,
                self.time(table, key.flag, now - window),
            ),
        };
        let totals = |key| self.counts.totals(key, guard, newest);
        judge(guard, &totals(key), &totals(control), scope)
    }

    /// What a flag's schedules see at a time.
    fn time(&self, table: &Table, flag: u32, now: f64) -> f64 {
        let name = table.keys.name(flag);
        let clock = self.orders.clocks.iter().find(|clock| clock.flag == name);
        clock.map_or(now, |clock| clock.held_at.map_or(now, |held| held.min(now)) - clock.lag_ms)
    }

    fn breached(&mut self, guard: &Guard, standing: &Standing, end: u64, ejection: &mut Ejection, seed: u64, now: f64) {
        match (guard.action, self.coordinated) {
            (Action::Rollback, true) => ejection.eject(now, seed),
            (Action::Rollback, false) => self.latch(standing, Ordered::Rollback, end),
            (Action::Freeze, false) => self.latch(standing, Ordered::Freeze, end),
            // Its schedule stands still anyway, as long as its state is not ok.
            (Action::Freeze, true) | (Action::Warn, _) => {}
        }
    }

    fn latch(&mut self, standing: &Standing, action: Ordered, end: u64) {
        self.add(Directive {
            flag: standing.flag.clone(),
            variant: standing.variant.clone(),
            generation: standing.generation,
            action,
            at: i64::try_from(end).unwrap_or(i64::MAX),
            evidence: standing.evidence,
        });
    }

    /// Adds a directive, unless one that says as much is there.
    fn add(&mut self, directive: Directive) {
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

    /// A guarded schedule goes on while its guard is ok, and until it has let anybody in; otherwise it is held where it is.
    fn run_clock(&mut self, table: &Table, flag: &Flag, ok: bool, now: f64) {
        let Some((definition, guard)) = guarded(flag) else { return };
        let name = table.keys.name(flag.place);
        if self.coordinated || !shares::is_scheduled(definition) || self.is_frozen(name) {
            return;
        }
        let goes_on = ok || shares::is_before_start(definition, self.time(table, flag.place, now));
        let Some(clock) = self.orders.clocks.iter_mut().find(|clock| clock.flag == name) else {
            let held_at = (!goes_on).then_some(now);
            let clock = Clock { flag: name.into(), generation: guard.generation, held_at, lag_ms: 0.0 };
            return self.orders.clocks.push(clock);
        };
        match clock.held_at {
            None if !goes_on => clock.held_at = Some(now),
            Some(held) if goes_on => {
                clock.lag_ms += (now - held).max(0.0);
                clock.held_at = None;
            }
            None | Some(_) => {}
        }
    }

    fn is_frozen(&self, flag: &str) -> bool {
        self.orders.directives.iter().any(|order| order.flag == flag && order.action == Ordered::Freeze)
    }

    fn is_withdrawn(&self, table: &Table, flag: &str, variant: &str) -> bool {
        let Some(flag) = table.flag(flag) else { return false };
        let place = place_of_variant(flag, variant);
        let order = self.in_force.iter().find(|order| order.flag == flag.place);
        order.zip(place).is_some_and(|(order, place)| order.withdrawn.contains(&place))
    }

    /// Orders by name to orders by place. In the order of places, which the walk relies on.
    fn resolve(&mut self, table: &Table) {
        let before = std::mem::take(&mut self.in_force);
        for flag in &table.flags {
            let Some(definition) = &flag.definition else { continue };
            if definition.guard.is_none() && self.orders.directives.is_empty() {
                continue;
            }
            let order = self.order_of(table, flag, definition);
            if order.is_any() {
                self.in_force.push(order);
            }
        }
        self.changes = self.changes.wrapping_add((self.in_force != before).into());
    }

    fn order_of(&self, table: &Table, flag: &Flag, definition: &Definition) -> FlagOrder {
        let name = table.keys.name(flag.place);
        let control = definition.guard.as_ref().map_or(definition.off, |guard| guard.control);
        let mut order = FlagOrder { flag: flag.place, control, ..FlagOrder::default() };
        if let Some(clock) = self.orders.clocks.iter().find(|clock| clock.flag == name) {
            (order.held_at, order.lag_ms) = (clock.held_at, clock.lag_ms);
        }
        for directive in self.orders.directives.iter().filter(|directive| directive.flag == name) {
            match directive.action {
                Ordered::Freeze => {
                    let at = directive.at as f64;
                    order.held_at = Some(order.held_at.map_or(at, |held| held.min(at)));
                }
                Ordered::Rollback => {
                    order
                        .withdrawn
                        .extend(place_of_variant(flag, &directive.variant).filter(|place| *place != control));
                }
            }
        }
        let watched = self.watched.binary_search_by(|watched| watched.flag.cmp(&flag.place)).ok();
        let watched = watched.and_then(|at| self.watched.get(at));
        for (variant, ejection) in watched.map_or(&[][..], |watched| &watched.candidates) {
            if ejection.is_in_force(self.last_look) {
                order.withdrawn.push(*variant);
            }
        }
        order
    }

    /// What was counted here since the last delta that is known to have arrived, as JSON text.
    pub fn drain(&mut self, table: &Table, now: f64) -> String {
        let mut cells = Vec::new();
        for due in self.counts.due(now).take(delta::CELLS) {
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
        let delta = delta::read(text).map_err(|problem| LoadError { problems: vec![problem] })?;
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
    pub fn apply(&mut self, table: &Table, text: &str) -> Result<bool, LoadError> {
        let (orders, acknowledged) = orders::read(text)?;
        let before = self.changes;
        for directive in orders.directives {
            if directive.generation >= generation_of(table, &directive.flag) {
                self.add(directive);
            }
        }
        for clock in orders.clocks {
            self.orders.clocks.retain(|own| own.flag != clock.flag);
            if clock.generation == generation_of(table, &clock.flag) {
                self.orders.clocks.push(clock);
            }
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

impl Watched {
    fn new(flag: u32, definition: &Definition, guard: &Guard) -> Watched {
        let mut candidates = Vec::new();
        for variant in shares::candidates(definition, guard.control) {
            candidates.push((variant, Ejection::default()));
        }
        Watched { flag, candidates, since: None }
    }
}

fn guarded(flag: &Flag) -> Option<(&Definition, &Guard)> {
    let definition = flag.definition.as_ref()?;
    Some((definition, definition.guard.as_ref()?))
}

/// The generation of a flag's guard; 0 where there is none, or no such flag.
fn generation_of(table: &Table, flag: &str) -> u64 {
    table.flag(flag).and_then(guarded).map_or(0, |(_, guard)| guard.generation)
}

fn variant_of(flag: &Flag, place: u8) -> Option<&str> {
    flag.definition.as_ref()?.variants.get(usize::from(place)).map(|variant| variant.name.as_str())
}

fn place_of_variant(flag: &Flag, name: &str) -> Option<u8> {
    let variants = &flag.definition.as_ref()?.variants;
    variants.iter().position(|variant| variant.name == name).and_then(|place| u8::try_from(place).ok())
}

/// Where a variant's counts belong after a load; nowhere where they mean something else now.
fn moved(key: Key, last: &Table, next: &Table) -> Option<Key> {
    let before = last.flags.get(key.flag as usize)?;
    let flag = next.flag(last.keys.name(key.flag))?;
    let ((_, old), (_, new)) = (guarded(before)?, guarded(flag)?);
    let same = old.generation == new.generation && old.latency == new.latency;
    let variant = place_of_variant(flag, variant_of(before, key.variant)?)?;
    same.then_some(Key { flag: flag.place, variant })
}

/// Whether what was seen of a flag still holds after a load: the same guard over the same variants.
fn is_same(watched: &Watched, last: &Table, flag: &Flag, next: &Table) -> bool {
    let Some(before) = last.flags.get(watched.flag as usize) else { return false };
    if last.keys.name(watched.flag) != next.keys.name(flag.place) {
        return false;
    }
    let guards = guarded(before).zip(guarded(flag));
    guards.is_some_and(|((one, old), (other, new))| {
        let names = |definition: &Definition| shares::candidates(definition, old.control);
        let named = |of: &Flag, places: Vec<u8>| -> Vec<String> {
            places.into_iter().flat_map(|place| variant_of(of, place).map(String::from)).collect()
        };
        old.generation == new.generation
            && names(one) == names(other)
            && named(before, names(one)) == named(flag, names(other))
    })
}

fn seed_of(isolate: u64, key: Key) -> u64 {
    isolate ^ (u64::from(key.flag) << 8) ^ u64::from(key.variant)
}

fn standing(
    table: &Table,
    definition: &Definition,
    guard: &Guard,
    key: Key,
    judgement: &Judgement,
    end: u64,
) -> Standing {
    let name = |place: u8| definition.variants.get(usize::from(place)).map_or_else(String::new, |own| own.name.clone());
    Standing {
        flag: table.keys.name(key.flag).into(),
        variant: name(key.variant),
        control: name(guard.control),
        generation: guard.generation,
        state: judgement.state,
        evidence: judgement.evidence.as_ref().map(|evidence| Grounds::of(evidence, end, guard.slot_ms)),
        withdrawn: false,
    }
}
