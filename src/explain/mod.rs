//! A walk written down step by step: which rule was tried, what a condition compared, where the visitor stands and why not
//! elsewhere. It is the same walk that decides, with somebody listening.

mod text;
mod wire;

#[cfg(feature = "edge")]
pub use text::Explanation;
#[cfg(all(target_family = "wasm", target_os = "unknown", feature = "edge"))]
pub use wire::explained;

use crate::{
    context::Attributes,
    decision::Decision,
    eval::{self, Listener, Recorder, Scene, Step, Truth},
    limits,
};

/// One step that was taken.
#[derive(Clone, Copy, Debug)]
struct Entry<'t> {
    /// How many steps it is part of.
    depth: u32,
    /// The place of the flag whose walk it belongs to.
    flag: u32,
    step: Step<'t>,
    result: Truth,
}

/// The steps of one walk, in order.
#[derive(Debug)]
pub struct Trace<'t> {
    entries: Vec<Entry<'t>>,
    /// The places in `entries` of the steps that have not ended.
    open: Vec<usize>,
    /// The flags that are being walked: the one asked for, and prerequisites.
    flags: Vec<u32>,
    /// Whether there were more steps than are kept.
    cut: bool,
}

impl<'t> Trace<'t> {
    /// Decides a flag, by its place, and writes down how.
    pub fn of<'a, A: Attributes<'a>>(place: u32, scene: Scene<'t>, attributes: A) -> Option<(Decision, Trace<'t>)> {
        let flag = scene.table.flags.get(place as usize)?;
        let mut trace = Trace { entries: Vec::new(), open: Vec::new(), flags: vec![place], cut: false };
        let decision = eval::evaluate(flag, &scene, &attributes, &mut Recorder::to(&mut trace));
        Some((decision, trace))
    }
}

impl<'t> Listener<'t> for Trace<'t> {
    fn enter(&mut self, step: Step<'t>) {
        self.open.push(self.entries.len());
        self.cut |= self.entries.len() >= limits::EXPLAINED_STEPS;
        if !self.cut {
            let depth = u32::try_from(self.open.len().saturating_sub(1)).unwrap_or(u32::MAX);
            let flag = self.flags.last().copied().unwrap_or_default();
            self.entries.push(Entry { depth, flag, step, result: Truth::Unknown });
        }
        if let Step::Flag(flag, _) = step {
            self.flags.push(flag);
        }
    }

    fn leave(&mut self, result: Truth) {
        // Where steps were cut off, there is none at that place.
        let Some(entry) = self.open.pop().and_then(|place| self.entries.get_mut(place)) else { return };
        entry.result = result;
        if matches!(entry.step, Step::Flag(..)) {
            self.flags.pop();
        }
    }
}
