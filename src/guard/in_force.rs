//! From orders by name to orders by place, which the walk reads; and what names stand for.

use super::{
    Guard,
    watch::{Moment, Watch},
};
use crate::{
    directive::{FlagOrder, Ordered, Stand},
    table::{Definition, Flag, Table},
};

impl Watch {
    /// What a flag's schedules see at a time.
    pub(super) fn time(&self, flag: u32, now: f64) -> f64 {
        self.order(flag).map_or(now, |order| order.time(now))
    }

    /// Where a flag's schedules stand from now on, whose clock is about to change; none where they follow the true time.
    pub(super) fn stand(&self, flag: u32, moment: Moment) -> Option<Stand> {
        let held = moment.schedules < moment.now;
        held.then(|| Stand { time: self.time(flag, moment.schedules), until: moment.now })
    }

    fn order(&self, flag: u32) -> Option<&FlagOrder> {
        let at = self.in_force.binary_search_by(|order| order.flag.cmp(&flag)).ok()?;
        self.in_force.get(at)
    }

    pub(super) fn is_withdrawn(&self, table: &Table, flag: &str, variant: &str) -> bool {
        let Some(flag) = table.flag(flag) else { return false };
        let place = place_of_variant(flag, variant);
        self.order(flag.place).zip(place).is_some_and(|(order, place)| order.withdrawn.contains(&place))
    }

    /// Orders by name to orders by place. In the order of places, which the walk relies on.
    pub(super) fn resolve(&mut self, table: &Table) {
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
        order.stand = watched.and_then(|watched| watched.stand);
        if let Some(stand) = order.stand {
            // A guard that is not ok lets nobody in either who would come by a confirmation.
            order.held_at = order.held_at.map(|held| held.min(stand.time + order.lag_ms));
        }
        for (variant, ejection) in watched.map_or(&[][..], |watched| &watched.candidates) {
            if ejection.is_in_force(self.last_look) {
                order.withdrawn.push(*variant);
            }
        }
        order
    }
}

pub(super) fn guarded(flag: &Flag) -> Option<(&Definition, &Guard)> {
    let definition = flag.definition.as_ref()?;
    Some((definition, definition.guard.as_ref()?))
}

/// The generation of a flag's guard; 0 where there is none, or no such flag.
pub(super) fn generation_of(table: &Table, flag: &str) -> u64 {
    table.flag(flag).and_then(guarded).map_or(0, |(_, guard)| guard.generation)
}

pub(super) fn variant_of(flag: &Flag, place: u8) -> Option<&str> {
    flag.definition.as_ref()?.variants.get(usize::from(place)).map(|variant| variant.name.as_str())
}

pub(super) fn place_of_variant(flag: &Flag, name: &str) -> Option<u8> {
    let variants = &flag.definition.as_ref()?.variants;
    variants.iter().position(|variant| variant.name == name).and_then(|place| u8::try_from(place).ok())
}
