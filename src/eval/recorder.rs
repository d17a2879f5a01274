//! What a walk tells of itself. Single decisions are made without anybody listening, which costs nothing: every call is empty
//! then, and compiled away.

use super::Truth;
use crate::{
    EDGE,
    decision::Decision,
    table::{Bucket, Definition, LayerRange, Test},
};

/// One step of a walk.
#[derive(Clone, Copy, Debug)]
pub enum Step<'t> {
    /// Whether the flag is enabled.
    Enabled,
    /// Whether the visitor is on the flag's whitelist.
    Whitelist(&'t Definition),
    /// Whether the flag's part of a layer holds the visitor.
    Layer(LayerRange),
    /// A rule, by its place.
    Rule(u16),
    /// Whether a rollout holds the visitor.
    Rollout,
    All,
    Any,
    Not,
    /// A segment, by its place.
    Segment(u32),
    /// A prerequisite, by its place, and the variants that it must have.
    Flag(u32, &'t [String]),
    Bucket(&'t Bucket),
    Test(&'t Test),
    /// What a prerequisite came out as.
    Decision(u32, Decision),
    /// Where the visitor stands on a line, by the id in this attribute.
    Point {
        attribute: u16,
        point: u64,
    },
    /// A variant is withdrawn: the control is served in its place.
    Rollback(u8),
    /// A part of a line, and the variant that it stands for.
    Part {
        variant: Option<u8>,
        from: u64,
        to: u64,
    },
}

/// Who listens to a walk.
pub trait Listener<'t> {
    /// A step begins; those that follow are part of it, until it ends.
    fn enter(&mut self, step: Step<'t>);

    /// The step that began last ends.
    fn leave(&mut self, result: Truth);
}

/// Somebody who listens, or nobody. Asked at each step, so that there is one walk for either; not at all in a build without explanations.
pub struct Recorder<'r, 't>(Option<&'r mut dyn Listener<'t>>);

impl<'r, 't> Recorder<'r, 't> {
    /// Nobody listens.
    #[inline(always)]
    pub fn silent() -> Self {
        Recorder(None)
    }

    pub fn to(listener: &'r mut dyn Listener<'t>) -> Self {
        Recorder(Some(listener))
    }

    /// Whether anybody does: what only listeners need is not worked out otherwise.
    #[inline(always)]
    pub fn listens(&self) -> bool {
        EDGE && self.0.is_some()
    }

    #[inline(always)]
    pub fn enter(&mut self, step: Step<'t>) {
        if EDGE && let Some(listener) = &mut self.0 {
            listener.enter(step);
        }
    }

    #[inline(always)]
    pub fn leave(&mut self, result: Truth) {
        if EDGE && let Some(listener) = &mut self.0 {
            listener.leave(result);
        }
    }
}
