//! Flags and segments while they are compiled: which definition each has, and what that refers to.

use super::{
    Compiler, Shared,
    carry::{Carry, Section},
    references::{self, Reference},
};
use crate::{
    snapshot::{
        document::{Document, Node},
        issues::Issues,
    },
    table::{Keys, Segment, Table},
};

/// The names that conditions and flags may refer to.
#[derive(Default)]
pub struct Known {
    pub flags: Keys,
    pub segments: Keys,
    pub layers: Keys,
}

impl Known {
    pub fn of(root: Node<'_>) -> Known {
        let keys = |section: &str| {
            let mut names = Vec::new();
            for (name, _) in root.members_of(section) {
                names.push(String::from(name.text().unwrap_or_default()));
            }
            Keys::new(names)
        };
        Known { flags: keys("flags"), segments: keys("segments"), layers: keys("layers") }
    }

    /// Where a flag stands among the entries: behind all segments.
    pub fn entry_of_flag(&self, flag: u32) -> u32 {
        flag.saturating_add(self.segments.names().len() as u32)
    }
}

/// Which definition is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The snapshot's.
    New,
    /// The last sound one.
    Last,
    /// None: it is broken.
    Broken,
}

/// One flag or segment.
pub struct Entry<'d> {
    pub section: Section,
    /// Its place among those of its section.
    pub place: u32,
    pub name: Node<'d>,
    pub value: Node<'d>,
    pub stage: Stage,
    /// What the definition in use refers to, and how many conditions it has.
    pub references: Vec<Reference>,
    pub conditions: u32,
}

/// All segments, then all flags, in the order of the snapshot.
pub struct Entries<'d> {
    list: Vec<Entry<'d>>,
    pub known: &'d Known,
}

impl<'d> Entries<'d> {
    pub fn of(root: Node<'d>, known: &'d Known) -> Entries<'d> {
        let mut list = Vec::new();
        for (section, members) in [(Section::Segment, "segments"), (Section::Flag, "flags")] {
            for ((name, value), place) in root.members_of(members).zip(0..) {
                let (references, conditions) = (Vec::new(), 0);
                list.push(Entry { section, place, name, value, stage: Stage::New, references, conditions });
            }
        }
        Entries { list, known }
    }

    pub fn get(&self, at: u32) -> Option<&Entry<'d>> {
        self.list.get(at as usize)
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Where all stand, in the order of their names, so that the order of members in the snapshot means nothing.
    pub fn sorted(&self) -> Vec<u32> {
        let mut sorted = self.known.segments.sorted().to_vec();
        for flag in self.known.flags.sorted() {
            sorted.push(self.known.entry_of_flag(*flag));
        }
        sorted
    }
}

/// Compiles all entries into the table, and replaces what is broken by its last sound definition, until nothing in use refers to
/// what is broken, or to itself.
pub fn settle(
    entries: &mut Entries<'_>,
    table: &mut Table,
    shared: &mut Shared,
    carry: &mut Carry<'_>,
    salt: &str,
    issues: &mut Issues,
) -> references::Survey {
    let mut settling = Settling { table, shared, carry, salt, known: entries.known };
    for entry in &mut entries.list {
        if !settling.compile(entry, entry.value, 0, issues) {
            settling.demote(entry);
        }
    }
    // Ends, as nothing is demoted more than twice.
    loop {
        let survey = references::survey(entries, settling.table, issues);
        if issues.fatal || !survey.faulty.contains(&true) {
            return survey;
        }
        for (entry, faulty) in entries.list.iter_mut().zip(survey.faulty) {
            if faulty {
                settling.demote(entry);
            }
        }
    }
}

struct Settling<'s, 'a> {
    table: &'s mut Table,
    shared: &'s mut Shared,
    carry: &'s mut Carry<'a>,
    salt: &'s str,
    known: &'s Known,
}

impl Settling<'_, '_> {
    /// Gives an entry its last sound definition, or none where it has that already, or there is none.
    #[inline(never)]
    fn demote(&mut self, entry: &mut Entry<'_>) {
        let name = entry.name.text().unwrap_or_default();
        let last = self.carry.last(entry.section, name).filter(|_| entry.stage == Stage::New);
        entry.stage = Stage::Last;
        if last.is_some_and(|last| self.compile_last(entry, &last)) {
            return;
        }
        entry.stage = Stage::Broken;
        (entry.references, entry.conditions) = (Vec::new(), 0);
        let place = entry.place as usize;
        if let Some(segment) = self.table.segments.get_mut(place).filter(|_| entry.section == Section::Segment) {
            segment.condition = None;
        }
        if let Some(flag) = self.table.flags.get_mut(place).filter(|_| entry.section == Section::Flag) {
            (flag.definition, flag.carried, flag.span) = (None, false, entry.value.span());
        }
    }

    /// What is wrong with it now has been told when it was replaced.
    fn compile_last(&mut self, entry: &mut Entry<'_>, text: &str) -> bool {
        let Ok(document) = Document::read(text) else { return false };
        let base = self.carry.add(entry.section, entry.name.raw(), text);
        self.compile(entry, document.root(), base, &mut Issues::of_one_flag())
    }

    /// Compiles a definition of an entry into the table; false where anything is wrong with it.
    fn compile(&mut self, entry: &mut Entry<'_>, definition: Node<'_>, base: usize, issues: &mut Issues) -> bool {
        let name = entry.name.text().unwrap_or_default();
        let place = entry.place as usize;
        let Table { flags, segments, layers, .. } = &mut *self.table;
        let mut compiler = Compiler::new(self.shared, issues, self.salt, self.known, layers);
        compiler.base = u32::try_from(base).unwrap_or(u32::MAX);
        let span = compiler.span(definition);
        let sound = match entry.section {
            Section::Flag => {
                let definition = compiler.flag(name, definition);
                let sound = definition.is_some();
                let carried = sound && entry.stage == Stage::Last;
                if let Some(flag) = flags.get_mut(place) {
                    (flag.span, flag.definition, flag.carried) = (span, definition, carried);
                }
                sound
            }
            Section::Segment | Section::Layer => {
                let condition = compiler.named_condition(definition);
                let sound = condition.is_some();
                let asked = std::mem::take(&mut compiler.asked);
                if let Some(segment) = segments.get_mut(place) {
                    *segment = Segment { span, condition, asked };
                }
                sound
            }
        };
        (entry.references, entry.conditions) = (compiler.references, compiler.conditions);
        sound
    }
}
