//! Orders as JSON text, written and read: how they come from a coordinator, and how they outlive an instance.

use super::{Condition, wire};
use crate::{
    directive::{Clock, Directive, Grounds, Ordered, Orders},
    error::LoadError,
    json::Writer,
    limits,
    snapshot::{
        document::Node,
        schema::{Shape, Type, optional, required},
    },
};

const WHOLE: Type = Type::Integer(0.0, limits::SAFE_INTEGER, "a whole number, 0 or more");
const AMOUNT: Type = Type::Number(0.0, limits::SAFE_INTEGER, "a number, 0 or more");

static ORDERS: Shape = Shape {
    fields: &[
        optional("directives", Type::List(&Type::Object(&DIRECTIVE), limits::DIRECTIVES)),
        optional("clocks", Type::List(&Type::Object(&CLOCK), limits::FLAGS)),
        optional("acknowledged", Type::Object(&ACKNOWLEDGED)),
    ],
};

static DIRECTIVE: Shape = Shape {
    fields: &[
        required("flag", Type::Name),
        required("variant", Type::Name),
        required("generation", WHOLE),
        required("action", Type::OneOf(&["rollback", "freeze"])),
        required("at", WHOLE),
        optional("evidence", Type::Object(&EVIDENCE)),
    ],
};

static EVIDENCE: Shape = Shape {
    fields: &[
        required("condition", Type::OneOf(&CONDITIONS)),
        required("since", WHOLE),
        required("failed", WHOLE),
        required("requests", WHOLE),
        required("controlFailed", WHOLE),
        required("controlRequests", WHOLE),
        required("limit", AMOUNT),
        required("edgeMs", AMOUNT),
    ],
};

static CLOCK: Shape = Shape {
    fields: &[
        required("flag", Type::Name),
        required("generation", WHOLE),
        optional("heldAt", WHOLE),
        required("lagMs", WHOLE),
    ],
};

static ACKNOWLEDGED: Shape = Shape { fields: &[required("isolate", Type::Name), required("sequence", WHOLE)] };

/// What conditions are called, in the order of [`Condition`].
const CONDITIONS: [&str; 4] = ["errorRate.max", "errorRate.overControl", "latency.max", "latency.overControl"];

impl Condition {
    /// The member of a guard that sets this limit, `errorRate.max` say.
    pub fn as_str(self) -> &'static str {
        let [error_max, error_over_control, latency_max, latency_over_control] = CONDITIONS;
        match self {
            Condition::ErrorMax => error_max,
            Condition::ErrorOverControl => error_over_control,
            Condition::LatencyMax => latency_max,
            Condition::LatencyOverControl => latency_over_control,
        }
    }
}

impl Ordered {
    /// The action as it is written, `rollback` say.
    pub fn as_str(self) -> &'static str {
        match self {
            Ordered::Rollback => "rollback",
            Ordered::Freeze => "freeze",
        }
    }
}

/// Which report a coordinator has taken in: `isolate` and `sequence`.
pub type Acknowledged = Option<(String, u64)>;

/// Reads orders.
///
/// # Errors
/// Everything that is wrong with the text; nothing of it is taken then.
pub fn read(text: &str) -> Result<(Orders, Acknowledged), LoadError> {
    wire::document(text, &ORDERS, |_, _| {}).map(|document| taken(document.root()))
}

fn taken(root: Node<'_>) -> (Orders, Acknowledged) {
    let mut orders = Orders::default();
    for node in root.elements_of("directives") {
        orders.directives.push(directive(node));
    }
    for node in root.elements_of("clocks") {
        orders.clocks.push(clock(node));
    }
    (orders, root.get("acknowledged").map(|node| (text_of(node, "isolate"), whole(node, "sequence"))))
}

fn directive(node: Node<'_>) -> Directive {
    Directive {
        flag: text_of(node, "flag"),
        variant: text_of(node, "variant"),
        generation: whole(node, "generation"),
        action: if node.text_of("action") == Some("freeze") { Ordered::Freeze } else { Ordered::Rollback },
        at: whole(node, "at") as i64,
        evidence: node.get("evidence").map(grounds),
    }
}

fn grounds(node: Node<'_>) -> Grounds {
    let amount = |name| node.number_of(name).unwrap_or_default();
    Grounds {
        condition: match node.text_of("condition") {
            Some("errorRate.overControl") => Condition::ErrorOverControl,
            Some("latency.max") => Condition::LatencyMax,
            Some("latency.overControl") => Condition::LatencyOverControl,
            _ => Condition::ErrorMax,
        },
        since: whole(node, "since") as i64,
        failed: whole(node, "failed"),
        requests: whole(node, "requests"),
        control_failed: whole(node, "controlFailed"),
        control_requests: whole(node, "controlRequests"),
        limit: amount("limit"),
        edge_ms: amount("edgeMs"),
    }
}

fn clock(node: Node<'_>) -> Clock {
    Clock {
        flag: text_of(node, "flag"),
        generation: whole(node, "generation"),
        held_at: node.number_of("heldAt"),
        lag_ms: node.number_of("lagMs").unwrap_or_default(),
    }
}

fn text_of(node: Node<'_>, name: &str) -> String {
    node.text_of(name).unwrap_or_default().into()
}

fn whole(node: Node<'_>, name: &str) -> u64 {
    node.number_of(name).unwrap_or_default() as u64
}

/// Writes orders.
pub fn written(orders: &Orders) -> String {
    let mut json = Writer::default();
    json.list("{\"directives\":", orders.directives.len(), &|json, at| {
        if let Some(directive) = orders.directives.get(at) {
            write_directive(json, directive);
        }
    });
    json.list(",\"clocks\":", orders.clocks.len(), &|json, at| {
        if let Some(clock) = orders.clocks.get(at) {
            write_clock(json, clock);
        }
    });
    json.raw("}");
    json.text
}

fn write_directive(json: &mut Writer, directive: &Directive) {
    json.raw("{\"flag\":");
    json.string(Some(&directive.flag));
    json.raw(",\"variant\":");
    json.string(Some(&directive.variant));
    json.whole(",\"generation\":", directive.generation);
    json.raw(",\"action\":\"");
    json.raw(directive.action.as_str());
    json.whole("\",\"at\":", u64::try_from(directive.at).unwrap_or_default());
    if let Some(grounds) = &directive.evidence {
        json.raw(",\"evidence\":");
        write_grounds(json, grounds);
    }
    json.raw("}");
}

/// Writes what a verdict rests on.
pub fn write_grounds(json: &mut Writer, grounds: &Grounds) {
    json.raw("{\"condition\":\"");
    json.raw(grounds.condition.as_str());
    json.whole("\",\"since\":", u64::try_from(grounds.since).unwrap_or_default());
    json.whole(",\"failed\":", grounds.failed);
    json.whole(",\"requests\":", grounds.requests);
    json.whole(",\"controlFailed\":", grounds.control_failed);
    json.whole(",\"controlRequests\":", grounds.control_requests);
    json.decimal(",\"limit\":", grounds.limit);
    json.decimal(",\"edgeMs\":", grounds.edge_ms);
    json.raw("}");
}

fn write_clock(json: &mut Writer, clock: &Clock) {
    json.raw("{\"flag\":");
    json.string(Some(&clock.flag));
    json.whole(",\"generation\":", clock.generation);
    if let Some(held) = clock.held_at {
        json.whole(",\"heldAt\":", held as u64);
    }
    json.whole(",\"lagMs\":", clock.lag_ms as u64);
    json.raw("}");
}
