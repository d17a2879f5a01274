//! Snapshot schema 1 as one constant table: which members an object has, and what each may hold.
//! What members mean to each other is checked in `compile/`.

use crate::{EDGE, limits};

/// What a value may be.
#[derive(Debug)]
pub enum Type {
    /// Any JSON value in which no member is named twice.
    Any,
    /// What is checked on its own, when it is compiled.
    Later,
    Boolean,
    /// Any string.
    Text,
    /// A string of 1 to [`limits::NAME_BYTES`] bytes without control characters.
    Name,
    /// A number from the first to the second, both included; the third is what a message calls it.
    Number(f64, f64, &'static str),
    /// A whole number, otherwise like `Number`.
    Integer(f64, f64, &'static str),
    /// An RFC 3339 date and time.
    Time,
    /// A number with its unit, `"30s"` say.
    Duration,
    /// A string, a number or a boolean.
    Scalar,
    /// A name, or a list of names: at least one, at most so many.
    Names(usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// An object with these members.
    Object(&'static Shape),
    /// An object from names to values of one type, at most so many.
    Map(&'static Type, usize),
    /// A list of values of one type, at most so many.
    List(&'static Type, usize),
}

/// An object's members.
#[derive(Debug)]
pub struct Shape {
    pub fields: &'static [Field],
}

/// One member.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub holds: Type,
    pub required: bool,
}

/// A member that may be missing.
pub const fn optional(name: &'static str, holds: Type) -> Field {
    Field { name, holds, required: false }
}

/// A member that must be there.
pub const fn required(name: &'static str, holds: Type) -> Field {
    Field { name, holds, required: true }
}

const PERCENTAGE: Type = Type::Number(0.0, 100.0, "a percentage: use 0 to 100");
const WEIGHT: Type = Type::Number(0.0, f64::MAX, "a weight: use 0 or more");
const BUCKET_BY: Type = Type::Names(limits::BUCKET_BY);
const IDS: Type = Type::List(&Type::Text, limits::LIST);

/// The snapshot.
pub static SNAPSHOT: Shape = Shape {
    fields: &[
        optional("$schema", Type::Text),
        optional("schema", Type::Integer(1.0, limits::SAFE_INTEGER, "a schema number: use 1")),
        optional("revision", Type::Integer(0.0, limits::SAFE_INTEGER, "a revision: use a whole number, 0 or more")),
        optional("salt", Type::Text),
        optional("maxAge", Type::Duration),
        optional("faultsEnabled", Type::Boolean),
        optional("hashedLists", Type::Object(&HASHED_LISTS)),
        // What these hold is checked one by one: only what is sound in itself is compiled.
        optional("segments", Type::Map(&Type::Later, limits::SEGMENTS)),
        optional("layers", Type::Map(&Type::Later, limits::LAYERS)),
        optional("flags", Type::Map(&Type::Later, limits::FLAGS)),
        optional("backends", Type::Map(&Type::Later, limits::BACKENDS)),
        optional("routes", Type::List(&Type::Later, limits::ROUTES)),
    ],
};

/// How the texts of lists are hashed.
static HASHED_LISTS: Shape = Shape { fields: &[required("salt", Type::Name)] };

/// One of `flags`.
pub static FLAG: Shape = Shape {
    fields: &[
        required("enabled", Type::Boolean),
        optional("rolloutPercentage", PERCENTAGE),
        optional("whitelistUsers", IDS),
        optional("variants", Type::Map(&Type::Any, limits::VARIANTS)),
        optional("onVariant", Type::Name),
        optional("offVariant", Type::Name),
        optional("whitelist", Type::Map(&IDS, limits::VARIANTS)),
        optional("rules", Type::List(&Type::Object(&RULE), limits::RULES)),
        optional("rollout", Type::Object(&ROLLOUT)),
        optional("bucketBy", BUCKET_BY),
        optional("salt", Type::Text),
        optional("layer", Type::Object(&PART)),
        // A build without guards does not look at them.
        optional("guard", if EDGE { Type::Object(&GUARD) } else { Type::Later }),
        optional("serverOnly", Type::Boolean),
        optional("metadata", Type::Map(&Type::Scalar, limits::VARIANTS)),
    ],
};

/// A flag's part of a layer.
static PART: Shape =
    Shape { fields: &[required("name", Type::Name), required("from", PERCENTAGE), required("to", PERCENTAGE)] };

const SHARE: Type = Type::Number(0.0, 1.0, "a share: use 0 to 1");

/// What a flag's new variants must hold to.
static GUARD: Shape = Shape {
    fields: &[
        optional("control", Type::Name),
        optional("errorRate", Type::Object(&ERROR_RATE)),
        optional("latency", Type::Object(&LATENCY)),
        optional("window", Type::Duration),
        optional("for", Type::Duration),
        optional("slot", Type::Duration),
        optional("minRequests", Type::Integer(1.0, 1e9, "a number of requests: use 1 or more")),
        optional("confidence", Type::Number(0.5, 0.999_999, "a confidence: use 0.5 to 0.999999")),
        optional("consecutiveFailures", Type::Integer(0.0, 1_000.0, "a number of failures: use 0 (off) to 1000")),
        optional("onBreach", Type::OneOf(&["rollback", "freeze", "warn"])),
        optional("dryRun", Type::Boolean),
        optional("generation", Type::Integer(0.0, limits::SAFE_INTEGER, "a generation: use a whole number, 0 or more")),
    ],
};

static ERROR_RATE: Shape = Shape {
    fields: &[
        optional("max", Type::Number(0.000_1, 1.0, "an error rate: use a share from 0.0001 to 1")),
        optional("overControl", SHARE),
    ],
};

static LATENCY: Shape = Shape {
    fields: &[
        optional("quantile", Type::Number(0.5, 0.999, "a quantile: use 0.5 to 0.999")),
        optional("max", Type::Duration),
        optional("overControl", Type::Number(1.0, 100.0, "a ratio: use 1 to 100")),
    ],
};

/// One of `layers`.
pub static LAYER: Shape = Shape { fields: &[optional("bucketBy", BUCKET_BY), optional("salt", Type::Text)] };

static RULE: Shape = Shape {
    fields: &[
        optional("name", Type::Name),
        required("if", Type::Object(&CONDITION)),
        optional("serve", Type::Name),
        optional("rollout", Type::Object(&ROLLOUT)),
        optional("onMiss", Type::OneOf(&["off", "continue"])),
    ],
};

static ROLLOUT: Shape = Shape {
    fields: &[
        optional("percentage", PERCENTAGE),
        optional("schedule", Type::List(&Type::Object(&STEP), limits::STEPS)),
        optional("ramp", Type::OneOf(&["step", "linear"])),
        optional("pausedAt", Type::Time),
        optional("variant", Type::Name),
        optional("split", Type::List(&Type::Object(&ARM), limits::VARIANTS)),
        optional("salt", Type::Text),
    ],
};

static STEP: Shape = Shape { fields: &[required("at", Type::Time), required("percentage", PERCENTAGE)] };

static ARM: Shape = Shape { fields: &[required("variant", Type::Name), required("weight", WEIGHT)] };

/// A condition: its forms exclude each other, which `compile/` checks.
pub static CONDITION: Shape = Shape {
    fields: &[
        optional("all", Type::List(&Type::Object(&CONDITION), limits::CONDITIONS)),
        optional("any", Type::List(&Type::Object(&CONDITION), limits::CONDITIONS)),
        optional("not", Type::Object(&CONDITION)),
        optional("segment", Type::Name),
        optional("flag", Type::Name),
        optional("is", Type::Names(limits::VARIANTS)),
        optional("bucket", Type::Object(&BUCKET)),
        optional("attribute", Type::Name),
        optional("op", Type::Name),
        optional("values", Type::List(&Type::Scalar, limits::LIST)),
        optional("caseInsensitive", Type::Boolean),
    ],
};

static BUCKET: Shape = Shape {
    fields: &[required("percentage", PERCENTAGE), required("salt", Type::Text), optional("bucketBy", BUCKET_BY)],
};

/// One of `backends`.
pub static BACKEND: Shape = Shape {
    fields: &[
        required("origin", Type::Text),
        optional("headers", Type::Map(&Type::Text, limits::HEADERS)),
        optional("pathPrefix", Type::Name),
        optional("timeout", Type::Duration),
    ],
};

/// One of `routes`.
pub static ROUTE: Shape = Shape {
    fields: &[
        required("name", Type::Name),
        required("match", Type::Object(&MATCH)),
        optional("backend", Type::Name),
        optional("flag", Type::Name),
        optional("backends", Type::Map(&Type::Name, limits::VARIANTS)),
        required("fallback", Type::Name),
        optional("visitor", Type::Object(&VISITOR)),
        optional("faults", Type::List(&Type::Object(&FAULT), limits::FAULTS)),
        optional("cache", Type::OneOf(&["split", "private", "none"])),
    ],
};

static MATCH: Shape = Shape {
    fields: &[
        optional("host", Type::Name),
        optional("path", Type::Name),
        optional("methods", Type::List(&Type::Name, limits::METHODS)),
        optional("if", Type::Object(&CONDITION)),
    ],
};

static VISITOR: Shape = Shape {
    fields: &[
        required("cookie", Type::Name),
        required("maxAge", Type::Duration),
        optional("consent", Type::Object(&CONDITION)),
    ],
};

static FAULT: Shape = Shape {
    fields: &[
        required("name", Type::Name),
        optional("if", Type::Object(&CONDITION)),
        required("percentage", PERCENTAGE),
        required("until", Type::Time),
        optional("delay", Type::Object(&DELAY)),
        optional("abort", Type::Object(&ABORT)),
        optional("maxActive", Type::Integer(1.0, 1e9, "a number of requests: use 1 or more")),
    ],
};

static DELAY: Shape = Shape { fields: &[required("fixed", Type::Duration), optional("jitter", Type::Duration)] };

static ABORT: Shape = Shape { fields: &[required("status", Type::Integer(200.0, 599.0, "a status: use 200 to 599"))] };
