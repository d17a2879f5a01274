//! A route's faults: what is injected, for whom, until when.

use super::Compiler;
use crate::{
    error::Code,
    hash, limits,
    snapshot::document::Node,
    table::{Delay, Fault},
    values::time,
};

impl Compiler<'_> {
    /// The faults of a route.
    pub fn faults(&mut self, node: Node<'_>, route: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        for fault in node.elements_of("faults") {
            let name = fault.text_of("name").unwrap_or_default();
            if faults.iter().any(|other| other.name == name) {
                let message = "two faults of one route are called {text}: they would hit the same visitors";
                self.issues.add(fault.get("name").unwrap_or(fault), Code::Conflict, message);
            }
            faults.extend(self.fault(fault, name, route));
        }
        faults
    }

    fn fault(&mut self, node: Node<'_>, name: &str, route: &str) -> Option<Fault> {
        let abort = node.get("abort").and_then(|abort| abort.number_of("status"));
        let delay = node.get("delay").map(|delay| self.delay(delay));
        if abort.is_none() && delay.is_none() {
            self.issues.add(node, Code::Incomplete, "a fault needs a `delay`, an `abort`, or both");
        }
        let condition = match node.get("if") {
            Some(condition) => Some(self.condition(condition)?),
            None => None,
        };
        Some(Fault {
            name: name.into(),
            condition,
            seed: hash::seed(self.salt, hash::Kind::Fault, &[route, "/", name].concat()),
            cut: hash::cut(node.number_of("percentage")? / 100.0),
            bucket_by: self.bucket_by(node),
            until: time::instant(node.text_of("until")?)?,
            delay,
            abort: abort.map(|status| status as u16),
        })
    }

    fn delay(&mut self, node: Node<'_>) -> Delay {
        let part = |name| node.text_of(name).and_then(time::duration).unwrap_or(0);
        let (fixed_ms, jitter_ms) = (part("fixed"), part("jitter"));
        if fixed_ms.saturating_add(jitter_ms) > limits::FAULT_DELAY_MS {
            self.issues.add(node, Code::OutOfRange, "a fault delays for at most `5m`, jitter included");
        }
        Delay { fixed_ms, jitter_ms }
    }
}
