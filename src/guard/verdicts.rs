//! The verdicts of one engine, and what follows from them: directives, ejections, and schedules that stand still.

use super::{
    Action, Ejection, Guard, Judgement, Key, Scope, Standing, State,
    in_force::guarded,
    judge, shares,
    watch::{Moment, Watch, Watched, is_time, seed_of},
};
use crate::{
    directive::{Clock, Directive, Grounds, Ordered},
    table::{Definition, Flag, Table},
};

/// Reports older than this many slots say nothing of now.
const STALE_SLOTS: f64 = 3.0;

impl Watch {
    /// Judges all guarded variants at the end of their newest slots, and sees to what follows.
    pub fn judge(&mut self, table: &Table, moment: Moment) -> Vec<Standing> {
        let now = moment.now;
        let mut standings = Vec::new();
        if !is_time(now) {
            return standings;
        }
        let mut watched = std::mem::take(&mut self.watched);
        self.due = f64::INFINITY;
        self.last_look = now;
        for watched in &mut watched {
            if let Some(flag) = table.flags.get(watched.flag as usize) {
                self.judge_flag(table, flag, watched, moment, &mut standings);
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
        moment: Moment,
        standings: &mut Vec<Standing>,
    ) {
        let Some((definition, guard)) = guarded(flag) else { return };
        let now = moment.now;
        watched.since.get_or_insert(now);
        let open = guard.slot_of(now);
        let end = open.saturating_mul(guard.slot_ms);
        self.due = self.due.min(end.saturating_add(guard.slot_ms) as f64);
        let mut all_ok = true;
        for (variant, ejection) in &mut watched.candidates {
            let key = Key { flag: flag.place, variant: *variant };
            let judgement = self.judgement(definition, guard, key, moment);
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
        self.run_clock(table, flag, watched, all_ok, moment);
    }

    fn judgement(&self, definition: &Definition, guard: &Guard, key: Key, moment: Moment) -> Judgement {
        let now = moment.now;
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
                self.time(key.flag, moment.schedules.min(now - window)),
            ),
        };
        let totals = |key| self.counts.totals(key, guard, newest);
        judge(guard, &totals(key), &totals(control), scope)
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

    /// A guarded schedule goes on while its guard is ok, and until it has let anybody in; otherwise it is held where it is.
    fn run_clock(&mut self, table: &Table, flag: &Flag, watched: &mut Watched, ok: bool, moment: Moment) {
        let Some((definition, guard)) = guarded(flag) else { return };
        let name = table.keys.name(flag.place);
        if self.coordinated || !shares::is_scheduled(definition) {
            return;
        }
        let before_start = || shares::is_before_start(definition, self.time(flag.place, moment.schedules));
        let goes_on = !self.is_frozen(name) && (ok || before_start());
        let (now, stand) = (moment.now, self.stand(flag.place, moment));
        let Some(clock) = self.orders.clocks.iter_mut().find(|clock| clock.flag == name) else {
            let held_at = (!goes_on).then_some(now);
            watched.stand = stand.filter(|_| !goes_on);
            let clock = Clock { flag: name.into(), generation: guard.generation, held_at, lag_ms: 0.0 };
            return self.orders.clocks.push(clock);
        };
        match clock.held_at {
            None if !goes_on => clock.held_at = Some(now),
            Some(held) if goes_on => {
                clock.lag_ms += (now - held).max(0.0);
                clock.held_at = None;
            }
            None | Some(_) => return,
        }
        watched.stand = stand;
    }

    fn is_frozen(&self, flag: &str) -> bool {
        self.orders.directives.iter().any(|order| order.flag == flag && order.action == Ordered::Freeze)
    }
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
