//! A flag's guard: durations as slots, defaults filled in.

use super::{Compiler, variants::Variants};
use crate::{
    error::Code,
    guard::{Action, Guard, Latency, Rate},
    limits, number,
    snapshot::document::Node,
    values::time,
};

const WINDOW_MS: u64 = 300_000;
const FOR_MS: u64 = 60_000;
const MIN_REQUESTS: f64 = 20.0;
const CONFIDENCE: f64 = 0.95;
const CONSECUTIVE_FAILURES: f64 = 5.0;
const QUANTILE: f64 = 0.95;
/// What counts as worse than the control where a guard sets no limit itself.
const ERRORS_OVER_CONTROL: f64 = 0.01;
const LATENCY_OVER_CONTROL: f64 = 1.5;
/// Unless set, a slot is a thirtieth of the window, within these milliseconds.
const SLOTS: u64 = 30;
const SLOT_MS: (u64, u64) = (1_000, 10_000);

impl Compiler<'_> {
    /// The guard of a flag.
    #[inline(never)]
    pub fn guard(&mut self, node: Node<'_>, variants: &Variants) -> Option<Guard> {
        let control = match node.get("control") {
            Some(name) => variants.named(name, self.issues)?,
            None => variants.off,
        };
        let latency = node.get("latency").map(latency);
        let window_ms = duration_of(node, "window").unwrap_or(WINDOW_MS).max(1);
        let slot_ms = self.slot(node, window_ms)?;
        let number = |name, default| node.number_of(name).unwrap_or(default);
        let boolean = |name| node.get(name).and_then(Node::boolean).unwrap_or(false);
        Some(Guard {
            control,
            error_rate: error_rate(node.get("errorRate"), latency.is_some()),
            latency,
            slot_ms,
            window: self.slots(node, "window", window_ms, slot_ms)?,
            hold: self.slots(node, "for", duration_of(node, "for").unwrap_or(FOR_MS), slot_ms)?,
            min_requests: number("minRequests", MIN_REQUESTS) as u64,
            confidence: number("confidence", CONFIDENCE),
            consecutive_failures: number("consecutiveFailures", CONSECUTIVE_FAILURES) as u32,
            action: action(node.text_of("onBreach")),
            dry_run: boolean("dryRun"),
            generation: number("generation", 0.0) as u64,
        })
    }

    fn slot(&mut self, node: Node<'_>, window_ms: u64) -> Option<u64> {
        let Some(given) = node.get("slot") else {
            return Some((window_ms / SLOTS).clamp(SLOT_MS.0, SLOT_MS.1));
        };
        let slot_ms = time::duration(given.text()?)?;
        let (least, most) = limits::GUARD_SLOT_MS;
        if slot_ms < least || slot_ms > most {
            self.issues.add(given, Code::OutOfRange, "{text} is not a slot: use `100ms` to `1h`");
        }
        Some(slot_ms.max(least))
    }

    /// A duration in whole slots, rounded up.
    fn slots(&mut self, node: Node<'_>, name: &str, duration_ms: u64, slot_ms: u64) -> Option<usize> {
        let slots = duration_ms.div_ceil(slot_ms);
        if slots > limits::GUARD_SLOTS {
            let most = number::text(limits::GUARD_SLOTS);
            let message = "a guard's `window` and `for` have at most {} slots each: use a longer `slot`";
            self.issues.add_with(node.get(name).unwrap_or(node), Code::OutOfRange, message, &most);
        }
        usize::try_from(slots).ok()
    }
}

/// A guard without any limit of its own holds errors against the control.
fn error_rate(node: Option<Node<'_>>, has_latency: bool) -> Rate {
    let limit = |name| node.and_then(|rate| rate.number_of(name));
    let (max, over_control) = (limit("max"), limit("overControl"));
    let implied = max.is_none() && (node.is_some() || !has_latency);
    Rate { max, over_control: over_control.or(implied.then_some(ERRORS_OVER_CONTROL)) }
}

fn latency(node: Node<'_>) -> Latency {
    let (max_ms, over_control) = (duration_of(node, "max"), node.number_of("overControl"));
    Latency {
        quantile: node.number_of("quantile").unwrap_or(QUANTILE),
        max_ms,
        over_control: over_control.or(max_ms.is_none().then_some(LATENCY_OVER_CONTROL)),
    }
}

fn action(text: Option<&str>) -> Action {
    match text {
        Some("freeze") => Action::Freeze,
        Some("warn") => Action::Warn,
        _ => Action::Rollback,
    }
}

fn duration_of(node: Node<'_>, name: &str) -> Option<u64> {
    time::duration(node.text_of(name)?)
}
