//! What a walk tells of itself. Decisions are made without anybody listening, which costs nothing: every call is empty then,
//! and compiled away.

use super::Truth;
use crate::{
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
pub trait Recorder<'t> {
    /// Whether anybody does: what only listeners need is not worked out otherwise.
    const LISTENS: bool;

    /// A step begins; those that follow are part of it, until it ends.
    fn enter(&mut self, step: Step<'t>);

    /// The step that began last ends.
    fn leave(&mut self, result: Truth);
}

/// Nobody listens.
pub struct Silent;

impl<'t> Recorder<'t> for Silent {
    const LISTENS: bool = false;

    #[inline(always)]
    fn enter(&mut self, _step: Step<'t>) {}

    #[inline(always)]
    fn leave(&mut self, _result: Truth) {}
}
