//! Guards, within the bounds of those in JSON: their windows are walked, and memory is taken for them.

use super::form::{Form, Reader, Writer, choice, structure};
use crate::{
    guard::{Action, Guard, Latency, Rate},
    limits,
};

structure!(Rate { max, over_control });
structure!(Latency { quantile, max_ms, over_control });
choice!(Action { 0: Rollback, 1: Freeze, 2: Warn });

impl Form for Guard {
    fn write(&self, out: &mut Writer) {
        self.control.write(out);
        self.error_rate.write(out);
        self.latency.write(out);
        self.slot_ms.write(out);
        out.count(self.window);
        out.count(self.hold);
        self.min_requests.write(out);
        self.confidence.write(out);
        out.number(self.consecutive_failures);
        self.action.write(out);
        self.dry_run.write(out);
        self.generation.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Guard {
        let guard = Guard {
            control: Form::read(from),
            error_rate: Form::read(from),
            latency: Form::read(from),
            slot_ms: Form::read(from),
            window: from.count(),
            hold: from.count(),
            min_requests: Form::read(from),
            confidence: Form::read(from),
            consecutive_failures: Form::read(from),
            action: Form::read(from),
            dry_run: Form::read(from),
            generation: Form::read(from),
        };
        from.expect(is_bounded(&guard));
        guard
    }
}

fn is_bounded(guard: &Guard) -> bool {
    let most = limits::GUARD_SLOTS as usize;
    let (least_ms, most_ms) = limits::GUARD_SLOT_MS;
    guard.window <= most && guard.hold <= most && (least_ms..=most_ms).contains(&guard.slot_ms)
}
