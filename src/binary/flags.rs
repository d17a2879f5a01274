//! Flags, with their rules and rollouts; segments and layers.

use super::form::{Form, Reader, Writer, choice, structure};
use crate::{
    limits,
    span::Span,
    table::{
        Arm, Asked, Definition, Flag, Layer, LayerRange, Line, Outcome, Plan, Rollout, Rule, Schedule, Segment, Target,
        Variant,
    },
};

structure!(Span { start, end });
structure!(Asked { attributes, timed });

/// Its place is where it is read. A snapshot without problems has neither broken nor carried flags.
impl Form for Flag {
    const MOST: usize = limits::FLAGS;

    fn write(&self, out: &mut Writer) {
        self.key_span.write(out);
        self.span.write(out);
        self.definition.iter().for_each(|definition| definition.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Flag {
        let place = from.references.user as u32;
        let (key_span, span, definition) = (Form::read(from), Form::read(from), Form::read(from));
        from.references.user = from.references.user.saturating_add(1);
        Flag { place, key_span, span, definition: Some(definition), carried: false }
    }
}

impl Form for Definition {
    fn write(&self, out: &mut Writer) {
        self.variants.write(out);
        self.enabled.write(out);
        self.on.write(out);
        self.off.write(out);
        self.bucket_by.write(out);
        self.list.write(out);
        self.needs_unit.write(out);
        self.layer.write(out);
        self.rules.write(out);
        self.rollout.write(out);
        self.guard.write(out);
        self.server_only.write(out);
        self.metadata.write(out);
        self.asked.write(out);
    }

    /// Variants first: all that follows has places among them.
    fn read(from: &mut Reader<'_>) -> Definition {
        let variants: Vec<Variant> = Form::read(from);
        from.variants = variants.len();
        Definition {
            variants,
            enabled: Form::read(from),
            on: Form::read(from),
            off: Form::read(from),
            bucket_by: Form::read(from),
            list: Form::read(from),
            needs_unit: Form::read(from),
            layer: Form::read(from),
            rules: Form::read(from),
            rollout: Form::read(from),
            guard: Form::read(from),
            server_only: Form::read(from),
            metadata: Form::read(from),
            asked: Form::read(from),
        }
    }
}

structure!(Variant { name, value } at most limits::VARIANTS);
structure!(Rule { name, condition, outcome } at most limits::RULES);
choice!(Outcome { 0: Serve(variant), 1: Rollout { rollout, or_continue } });
structure!(Rollout { seed, plan });
choice!(Plan {
    0: Nobody,
    1: Everybody(variant),
    2: Share { variant, cut },
    3: Split(arms),
    4: Scheduled { schedule, target },
});
structure!(Schedule { steps, linear, paused_at });
choice!(Target { 0: One(variant), 1: Split(arms) });
structure!(Arm { variant, before, weight, total, from, to });

/// A step of a schedule.
impl Form for (i64, f64) {
    const MOST: usize = limits::STEPS;

    fn write(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Reader<'_>) -> (i64, f64) {
        (Form::read(from), Form::read(from))
    }
}

impl Form for Segment {
    const MOST: usize = limits::SEGMENTS;

    fn write(&self, out: &mut Writer) {
        self.span.write(out);
        self.condition.write(out);
        self.asked.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Segment {
        let segment = Segment { span: Form::read(from), condition: Form::read(from), asked: Form::read(from) };
        from.references.user = from.references.user.saturating_add(1);
        segment
    }
}

structure!(Layer { span, line } at most limits::LAYERS);
structure!(Line { bucket_by, seed });

impl Form for LayerRange {
    fn write(&self, out: &mut Writer) {
        self.layer.write(out);
        self.from.write(out);
        self.to.write(out);
    }

    fn read(from: &mut Reader<'_>) -> LayerRange {
        LayerRange { layer: from.place(from.layers), from: Form::read(from), to: Form::read(from) }
    }
}
