//! What flags and segments refer to: cycles, what is broken, what is nested too deep or takes too long to walk.

use super::{
    carry::Section,
    entries::{Entries, Entry, Stage},
    layers,
};
use crate::{
    error::Code,
    limits, number,
    snapshot::{
        document::Node,
        issues::{Issues, quote},
    },
    table::{Asked, Table},
};

/// One reference to a flag or a segment.
pub struct Reference {
    /// What is referred to, by its place among the entries.
    pub to: u32,
    /// Where the name stands.
    pub token: u32,
    /// The variants that the flag is to have, and where their names stand.
    pub is: Vec<(String, u32)>,
}

/// What was found.
pub struct Survey {
    /// By entry: whether its definition cannot stay in use.
    pub faulty: Vec<bool>,
    /// Each entry behind all that it refers to.
    order: Vec<u32>,
    /// By entry.
    measures: Vec<Measure>,
}

/// How deep references reach, and how many conditions a decision may have to walk.
#[derive(Clone, Copy, Default)]
pub struct Measure {
    depth: u32,
    conditions: u32,
}

/// How far the search is with an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    Begun,
    Done,
}

/// Looks at every entry that has a definition, depth first, without recursion: a chain may be as long as the snapshot.
pub fn survey(entries: &Entries<'_>, table: &Table, issues: &mut Issues) -> Survey {
    let count = entries.len();
    let survey = Survey { faulty: vec![false; count], order: Vec::new(), measures: vec![Measure::default(); count] };
    let mut search = Search { entries, table, issues, visits: vec![Visit::Not; count], path: Vec::new(), survey };
    for start in entries.sorted() {
        search.from(start);
    }
    let Search { issues, mut survey, .. } = search;
    // Last: what is broken otherwise claims no part of a layer.
    if !table.layers.is_empty() && !survey.faulty.contains(&true) {
        layers::find_overlaps(entries, table, &mut survey.faulty, issues);
    }
    survey
}

struct Search<'s, 'd> {
    entries: &'s Entries<'d>,
    table: &'s Table,
    issues: &'s mut Issues,
    visits: Vec<Visit>,
    /// The entries from the start to the one looked at, and which reference of each is next.
    path: Vec<(u32, usize)>,
    survey: Survey,
}

impl<'s, 'd> Search<'s, 'd> {
    fn from(&mut self, start: u32) {
        self.enter(start);
        while let Some((at, next)) = self.path.last_mut() {
            let (at, number) = (*at, *next);
            *next = next.saturating_add(1);
            let Some(entry) = self.entries.get(at) else { break };
            match entry.references.get(number) {
                None => self.leave(at, entry),
                Some(reference) if self.visit(reference.to) == Visit::Begun => self.cycle(entry, reference),
                Some(reference) => self.enter(reference.to),
            }
        }
    }

    fn visit(&self, at: u32) -> Visit {
        self.visits.get(at as usize).copied().unwrap_or(Visit::Done)
    }

    fn enter(&mut self, at: u32) {
        if let Some(visit) = self.visits.get_mut(at as usize).filter(|visit| **visit == Visit::Not) {
            *visit = Visit::Begun;
            self.path.push((at, 0));
        }
    }

    fn leave(&mut self, at: u32, entry: &Entry<'d>) {
        self.path.pop();
        if let Some(visit) = self.visits.get_mut(at as usize) {
            *visit = Visit::Done;
        }
        self.survey.order.push(at);
        // What is wrong with a carried definition was right in the snapshot before: nobody is to be told.
        let mut untold = Issues::of_one_flag();
        let issues = if entry.stage == Stage::New { &mut *self.issues } else { &mut untold };
        let before = issues.count;
        let user = User { node: entry.value, references: &entry.references, conditions: entry.conditions };
        let measure = self.survey.measure(&user, self.entries, self.table, issues);
        let sound = issues.count == before;
        if let Some(own) = self.survey.measures.get_mut(at as usize) {
            *own = measure;
        }
        if !sound {
            self.fault(at);
        }
    }

    fn fault(&mut self, at: u32) {
        if let Some(faulty) = self.survey.faulty.get_mut(at as usize) {
            *faulty = true;
        }
    }

    /// What is on the way from an entry back to itself; where some of it is carried, only that is at fault.
    #[inline(never)]
    fn cycle(&mut self, entry: &Entry<'d>, reference: &Reference) {
        let mut members = Vec::new();
        let mut any_carried = false;
        for (at, _) in self.path.iter().skip_while(|(at, _)| *at != reference.to) {
            members.push(*at);
            any_carried |= self.entries.get(*at).is_some_and(|member| member.stage == Stage::Last);
        }
        if !any_carried {
            let path = path(self.entries, &members, reference.to);
            self.issues.add_with(entry.value.at(reference.token), Code::Cycle, "depends on itself: {}", &path);
        }
        for at in members {
            if !any_carried || self.entries.get(at).is_some_and(|member| member.stage == Stage::Last) {
                self.fault(at);
            }
        }
    }
}

/// What refers to others: a flag, a segment or a route.
pub struct User<'u, 'd> {
    pub node: Node<'d>,
    pub references: &'u [Reference],
    pub conditions: u32,
}

impl Survey {
    /// Measures a user, and tells what is wrong with its references.
    pub fn measure(&self, user: &User<'_, '_>, entries: &Entries<'_>, table: &Table, issues: &mut Issues) -> Measure {
        let mut sum = Measure { depth: 0, conditions: user.conditions };
        let mut longest = user.conditions;
        for reference in user.references {
            check(reference, user.node, entries, table, issues);
            let Some(measure) = self.measures.get(reference.to as usize) else { continue };
            sum.depth = sum.depth.max(measure.depth.saturating_add(1));
            sum.conditions = sum.conditions.saturating_add(measure.conditions);
            longest = longest.max(measure.conditions);
        }
        // Told once, and not for all that refer to it.
        let (depth, most) = (limits::REFERENCE_DEPTH, limits::WALKED_CONDITIONS);
        if sum.depth == depth.saturating_add(1) {
            let message = "segments and prerequisites nested deeper than {} levels, the limit";
            issues.add_with(user.node, Code::LimitExceeded, message, &number::text(depth.into()));
        }
        if sum.conditions > most && (longest <= most || user.references.is_empty()) {
            let message = "more than {} conditions to walk for one decision, the limit";
            issues.add_with(user.node, Code::LimitExceeded, message, &number::text(most.into()));
        }
        sum
    }

    /// What users ask of a visitor is what they refer to asks, too. The search has put those first.
    pub fn ask(&self, entries: &Entries<'_>, table: &mut Table) {
        for at in &self.order {
            let Some(entry) = entries.get(*at).filter(|entry| !entry.references.is_empty()) else { continue };
            let asked = asked_by(&entry.references, entries, table);
            if let Some(own) = asked_of(entry, table) {
                own.include(&asked.attributes);
                own.timed |= asked.timed;
            }
        }
    }
}

/// What all that is referred to asks.
pub fn asked_by(references: &[Reference], entries: &Entries<'_>, table: &mut Table) -> Asked {
    let mut sum = Asked::default();
    for reference in references {
        if let Some(asked) = entries.get(reference.to).and_then(|entry| asked_of(entry, table)) {
            sum.include(&asked.attributes);
            sum.timed |= asked.timed;
        }
    }
    sum
}

fn asked_of<'t>(entry: &Entry<'_>, table: &'t mut Table) -> Option<&'t mut Asked> {
    let place = entry.place as usize;
    match entry.section {
        Section::Flag => Some(&mut table.flags.get_mut(place)?.definition.as_mut()?.asked),
        Section::Segment | Section::Layer => Some(&mut table.segments.get_mut(place)?.asked),
    }
}

/// Whether what is referred to is sound, and has the variants named.
fn check(reference: &Reference, node: Node<'_>, entries: &Entries<'_>, table: &Table, issues: &mut Issues) {
    let Some(entry) = entries.get(reference.to) else { return };
    let name = node.at(reference.token);
    let place = entry.place as usize;
    if entry.section != Section::Flag {
        if table.segments.get(place).is_none_or(|segment| segment.condition.is_none()) {
            issues.add(name, Code::BrokenReference, "the segment {text} is broken");
        }
        return;
    }
    let Some(definition) = table.flags.get(place).and_then(|flag| flag.definition.as_ref()) else {
        return issues.add(name, Code::BrokenReference, "the flag {text} is broken");
    };
    for (variant, token) in &reference.is {
        if !definition.variants.iter().any(|own| own.name == *variant) {
            let key = entry.name.text().unwrap_or_default();
            issues.add_with(node.at(*token), Code::UnknownVariant, "the flag `{}` has no variant {text}", key);
            // Under a `not` it would be true for everybody; a route has nothing else to go by.
            issues.fatal |= !issues.in_flag;
        }
    }
}

/// The names of those on a cycle, and the first again.
fn path(entries: &Entries<'_>, members: &[u32], first: u32) -> String {
    let mut path = String::new();
    for at in members.iter().take(limits::CYCLE_NAMES) {
        push_name(entries.get(*at), &mut path);
        path.push_str(" → ");
    }
    if members.len() > limits::CYCLE_NAMES {
        path.push_str("… → ");
    }
    push_name(entries.get(first), &mut path);
    path
}

fn push_name(entry: Option<&Entry<'_>>, path: &mut String) {
    let Some(entry) = entry else { return };
    path.push_str(entry.section.called());
    path.push(' ');
    quote(entry.name.text().unwrap_or_default(), path);
}
