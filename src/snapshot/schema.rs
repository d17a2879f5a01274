//! Snapshot schema 1 as one constant table: which members an object has, and what each may hold.
//! What members mean to each other is checked in `compile/`.

use crate::limits;

/// What a value may be.
#[derive(Debug)]
pub enum Type {
    /// Any JSON value.
    Any,
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
    /// One of two words.
    OneOf(&'static str, &'static str),
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

const fn optional(name: &'static str, holds: Type) -> Field {
    Field { name, holds, required: false }
}

const fn required(name: &'static str, holds: Type) -> Field {
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
        // What these hold is checked one by one: only what is sound in itself is compiled.
        optional("segments", Type::Map(&Type::Any, limits::SEGMENTS)),
        optional("layers", Type::Map(&Type::Any, limits::LAYERS)),
        optional("flags", Type::Map(&Type::Any, limits::FLAGS)),
        optional("backends", Type::Map(&Type::Any, limits::BACKENDS)),
        optional("routes", Type::List(&Type::Any, limits::ROUTES)),
    ],
};

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
        optional("metadata", Type::Map(&Type::Scalar, limits::VARIANTS)),
    ],
};

/// A flag's part of a layer.
static PART: Shape =
    Shape { fields: &[required("name", Type::Name), required("from", PERCENTAGE), required("to", PERCENTAGE)] };

/// One of `layers`.
pub static LAYER: Shape = Shape { fields: &[optional("bucketBy", BUCKET_BY), optional("salt", Type::Text)] };

static RULE: Shape = Shape {
    fields: &[
        optional("name", Type::Name),
        required("if", Type::Object(&CONDITION)),
        optional("serve", Type::Name),
        optional("rollout", Type::Object(&ROLLOUT)),
        optional("onMiss", Type::OneOf("off", "continue")),
    ],
};

static ROLLOUT: Shape = Shape {
    fields: &[
        optional("percentage", PERCENTAGE),
        optional("schedule", Type::List(&Type::Object(&STEP), limits::STEPS)),
        optional("ramp", Type::OneOf("step", "linear")),
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
pub static BACKEND: Shape = Shape { fields: &[required("origin", Type::Text)] };

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
    ],
};

static MATCH: Shape = Shape {
    fields: &[
        optional("host", Type::Name),
        optional("path", Type::Name),
        optional("methods", Type::List(&Type::Name, limits::METHODS)),
    ],
};

static VISITOR: Shape = Shape {
    fields: &[
        required("cookie", Type::Name),
        required("maxAge", Type::Duration),
        optional("consent", Type::Object(&CONDITION)),
    ],
};
