//! The compiled snapshot: immutable, checked, ready to be walked. Times are milliseconds since 1970.

mod keys;
mod lists;
mod paths;
mod routes;
mod words;

use crate::{
    context::Source,
    digest::Salted,
    error::Problem,
    guard::Guard,
    hash,
    span::Span,
    values::{address, version},
};
pub use keys::Keys;
pub use lists::{Lists, RECORD};
pub use paths::Paths;
pub use routes::{Backend, Delay, Destination, Fault, Path, Route, Visitor};
use std::cmp::Ordering;
pub use words::{Key, Words};

/// Everything that decisions are made from. Spans refer to `text`.
#[derive(Debug, Default)]
pub struct Table {
    /// The snapshot, and behind it the definitions carried from the snapshot before.
    pub text: String,
    /// How much of `text` is the snapshot itself.
    pub snapshot_bytes: usize,
    pub revision: Option<u64>,
    /// The names of the attributes asked for; an attribute's id is its place here.
    pub attributes: Vec<String>,
    /// In the order of the snapshot, as are their keys.
    pub flags: Vec<Flag>,
    pub keys: Keys,
    pub segments: Vec<Segment>,
    pub segment_names: Keys,
    pub layers: Vec<Layer>,
    pub layer_names: Keys,
    /// How long after it was confirmed the snapshot is believed, in milliseconds.
    pub max_age: Option<u64>,
    /// False turns all faults off.
    pub faults_enabled: bool,
    /// Whether the core could not take the snapshot.
    pub needs_full: bool,
    pub lists: Lists,
    /// Where lists hold the digests of texts in place of them.
    pub salted: Option<Box<Salted>>,
    pub words: Words,
    pub backends: Vec<Backend>,
    pub routes: Vec<Route>,
    pub paths: Paths,
    /// What routes ask of a visitor.
    pub routing: Asked,
    pub problems: Vec<Problem>,
}

impl Table {
    /// The flag with this key.
    pub fn flag(&self, key: &str) -> Option<&Flag> {
        self.flags.get(self.keys.place(key)? as usize)
    }

    /// The variant that a list gives to a text whose hash is `unit`.
    pub fn listed(&self, list: u32, unit: u64, text: &[u8], source: Source<'_>) -> Option<u8> {
        match &self.salted {
            None => self.lists.find(list, unit, text, &self.text),
            Some(salted) => self.hashed(list, &source.digest(text, salted)),
        }
    }

    #[inline(never)]
    fn hashed(&self, list: u32, digest: &[u8]) -> Option<u8> {
        self.lists.find(list, hash::unit(digest), digest, &self.text)
    }
}

/// What a flag, or all routes together, need to know.
#[derive(Debug, Default, Clone)]
pub struct Asked {
    /// Attribute ids, each once.
    pub attributes: Vec<u16>,
    /// Whether the time matters.
    pub timed: bool,
}

impl Asked {
    /// Adds attributes, each once.
    pub fn include(&mut self, attributes: &[u16]) {
        for attribute in attributes {
            if !self.attributes.contains(attribute) {
                self.attributes.push(*attribute);
            }
        }
    }
}

#[derive(Debug)]
pub struct Flag {
    /// Its place among the flags.
    pub place: u32,
    /// The key and the definition as they are written.
    pub key_span: Span,
    pub span: Span,
    /// None for a broken flag that had no sound definition before.
    pub definition: Option<Definition>,
    /// True for a broken flag that keeps its last sound definition.
    pub carried: bool,
}

#[derive(Debug)]
pub struct Definition {
    pub enabled: bool,
    pub variants: Vec<Variant>,
    /// The variant for those who get nothing else; none where nothing needs it.
    pub on: Option<u8>,
    pub off: u8,
    /// The attributes that may hold the visitor's id, the first present one counts.
    pub bucket_by: Vec<u16>,
    /// The number of the flag's whitelist in the index of lists; none where nobody is listed.
    pub list: Option<u32>,
    /// Whether any rollout can need the visitor's id.
    pub needs_unit: bool,
    /// The part of a layer that the flag is for.
    pub layer: Option<LayerRange>,
    pub rules: Vec<Rule>,
    pub rollout: Option<Rollout>,
    /// Apart: decisions never look at it, and flags lie closer together without it.
    pub guard: Option<Box<Guard>>,
    /// Whether browsers are not to get it.
    pub server_only: bool,
    pub metadata: Option<Span>,
    pub asked: Asked,
}

#[derive(Debug)]
pub struct Variant {
    pub name: String,
    /// None for the default `on` (true) and `off` (false), which are written nowhere.
    pub value: Option<Span>,
}

#[derive(Debug)]
pub struct Rule {
    pub name: Option<String>,
    pub condition: Condition,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub enum Outcome {
    Serve(u8),
    Rollout {
        rollout: Rollout,
        /// Whether the walk goes on for those who are out.
        or_continue: bool,
    },
}

#[derive(Debug)]
pub struct Rollout {
    pub seed: u64,
    pub plan: Plan,
}

/// Who is in, and what those get.
#[derive(Debug)]
pub enum Plan {
    Nobody,
    Everybody(u8),
    /// The points below the cut.
    Share {
        variant: u8,
        cut: u64,
    },
    /// Each arm's points.
    Split(Vec<Arm>),
    /// A share or a split that changes with time.
    Scheduled {
        schedule: Schedule,
        target: Target,
    },
}

#[derive(Debug)]
pub struct Schedule {
    /// Times and percentages, in order of time; never empty.
    pub steps: Vec<(i64, f64)>,
    pub linear: bool,
    pub paused_at: Option<i64>,
}

/// What those get who are in.
#[derive(Debug)]
pub enum Target {
    One(u8),
    Split(Vec<Arm>),
}

/// One arm of a split.
#[derive(Debug)]
pub struct Arm {
    pub variant: u8,
    /// The sum of the weights before this arm, its own weight, and the sum of all.
    pub before: f64,
    pub weight: f64,
    pub total: f64,
    /// The arm's points; with a schedule the end is another one each time.
    pub from: u64,
    pub to: u64,
}

/// A condition that others refer to by name.
#[derive(Debug)]
pub struct Segment {
    /// The definition as it is written.
    pub span: Span,
    /// None for a broken segment that had no sound definition before.
    pub condition: Option<Condition>,
    pub asked: Asked,
}

/// A line of its own that flags share: each is for those visitors who stand on its part of it.
#[derive(Debug)]
pub struct Layer {
    pub span: Span,
    /// None for a broken layer that had no sound definition before.
    pub line: Option<Line>,
}

#[derive(Debug)]
pub struct Line {
    pub bucket_by: Vec<u16>,
    pub seed: u64,
}

/// A flag's part of a layer.
#[derive(Clone, Copy, Debug)]
pub struct LayerRange {
    /// A place in `layers`.
    pub layer: u32,
    /// The points from the first on, up to but without the second.
    pub from: u64,
    pub to: u64,
}

#[derive(Debug)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// A place in `segments`.
    Segment(u32),
    /// A prerequisite.
    Flag {
        /// A place in `flags`.
        flag: u32,
        /// The names of the variants of which the flag must have one.
        is: Vec<String>,
    },
    Bucket(Bucket),
    Test(Test),
}

/// A share of visitors.
#[derive(Debug)]
pub struct Bucket {
    pub bucket_by: Vec<u16>,
    pub seed: u64,
    pub cut: u64,
    /// The condition as it is written.
    pub span: Span,
}

/// A condition on one attribute.
#[derive(Debug)]
pub struct Test {
    pub attribute: u16,
    pub operator: Operator,
    /// The condition as it is written.
    pub span: Span,
}

/// An operator and its values, read once.
#[derive(Debug)]
pub enum Operator {
    Exists,
    In(Scalars),
    Text {
        part: Part,
        values: Vec<String>,
        /// Whether the values are folded, and texts are to be.
        folded: bool,
    },
    Number(Order, Vec<f64>),
    /// Milliseconds since 1970.
    Time(Order, Vec<f64>),
    Version(Order, Vec<version::Written>),
    Address(Vec<address::Range>),
    #[cfg(feature = "full")]
    Matches(Patterns),
}

/// Regular expressions, and whether they take letters whatever their case.
#[cfg(feature = "full")]
#[derive(Debug)]
pub struct Patterns {
    pub folded: bool,
    pub list: Vec<regex_lite::Regex>,
}

/// Where in a text another one is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Start,
    End,
    Any,
}

/// How an attribute's value compares with an operator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Order {
    /// Whether that is how two values compared.
    pub fn is(self, found: Ordering) -> bool {
        match self {
            Order::Less => found.is_lt(),
            Order::LessOrEqual => found.is_le(),
            Order::Equal => found.is_eq(),
            Order::GreaterOrEqual => found.is_ge(),
            Order::Greater => found.is_gt(),
        }
    }
}

/// Values of `in`.
#[derive(Debug, Default)]
pub struct Scalars {
    /// The number of the list of texts; none where there are none, and where they are words.
    pub list: Option<u32>,
    /// The texts as words of the snapshot: bit `n` for word `n`. Empty where there are none, and where there are many.
    pub words: Vec<u64>,
    /// The texts where they are compared whatever the case of their letters.
    pub folded: Vec<String>,
    pub numbers: Vec<f64>,
    pub booleans: Vec<bool>,
}

impl Arm {
    /// Where the arm's points end when it is filled to a percentage.
    pub fn end(&self, percentage: f64) -> u64 {
        hash::cut((self.before + percentage / 100.0 * self.weight) / self.total)
    }
}

impl Schedule {
    /// The percentage at a time: 0 before the first step, the last step's after it.
    #[inline(never)]
    pub fn percentage_at(&self, now: f64) -> f64 {
        let now = self.paused_at.map_or(now, |paused| now.min(paused as f64));
        let passed = self.steps.partition_point(|(at, _)| *at as f64 <= now);
        let Some(&(from_time, from)) = passed.checked_sub(1).and_then(|last| self.steps.get(last)) else { return 0.0 };
        match self.steps.get(passed) {
            Some(&(to_time, to)) if self.linear => {
                let part = (now - from_time as f64) / (to_time as f64 - from_time as f64);
                from + (to - from) * part
            }
            _ => from,
        }
    }
}

impl Variant {
    /// The value as JSON text; `text` is the table's.
    pub fn json<'t>(&self, text: &'t str) -> &'t str {
        match self.value {
            Some(span) => span.of(text),
            None if self.name == "on" => "true",
            None => "false",
        }
    }
}
