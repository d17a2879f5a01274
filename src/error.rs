//! What can be wrong with a snapshot: a code, one sentence, and where.

use serde::Serialize;
use std::fmt;

/// What kind of problem; stable, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The text is not JSON (RFC 8259).
    NotJson,
    /// Over one of the bounds in [`crate::limits`].
    LimitExceeded,
    /// An object names the same member twice.
    DuplicateKey,
    /// Another type was expected.
    WrongType,
    /// A member that this schema does not know.
    UnknownField,
    /// A required member is missing.
    MissingField,
    /// A number outside of its range.
    OutOfRange,
    /// A string that is not of its form.
    InvalidValue,
    /// A list or object that must not be empty.
    Empty,
    /// Members that exclude each other.
    Conflict,
    /// Members that need another one beside them.
    Incomplete,
    /// A variant that the flag does not have.
    UnknownVariant,
    /// A flag that the snapshot does not have.
    UnknownFlag,
    /// A segment that the snapshot does not have.
    UnknownSegment,
    /// A layer that the snapshot does not have.
    UnknownLayer,
    /// A backend that the snapshot does not have.
    UnknownBackend,
    /// Flags and segments that depend on themselves.
    Cycle,
    /// A flag, segment or layer that is there, but broken.
    BrokenReference,
    /// Flags that claim the same part of a layer.
    Overlap,
    /// What this build leaves out, and the full build has.
    NeedsFullBuild,
    /// An operator that this build does not have.
    UnknownOperator,
    /// An id listed for two variants.
    DuplicateId,
    /// Steps of a schedule that are not in order.
    UnorderedSteps,
    /// A snapshot made for a later schema.
    UnsupportedSchema,
    /// A revision lower than the one in use.
    StaleRevision,
    /// The revision in use, with other bytes.
    RevisionConflict,
    /// No revision, after a snapshot that had one.
    RevisionMissing,
    /// A snapshot compiled for another version of the engine.
    CompiledVersion,
    /// A compiled snapshot that is not as it was written.
    CompiledDamaged,
}

impl Code {
    /// The code as it is reported, `OUT_OF_RANGE` say.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::NotJson => "NOT_JSON",
            Code::LimitExceeded => "LIMIT_EXCEEDED",
            Code::DuplicateKey => "DUPLICATE_KEY",
            Code::WrongType => "WRONG_TYPE",
            Code::UnknownField => "UNKNOWN_FIELD",
            Code::MissingField => "MISSING_FIELD",
            Code::OutOfRange => "OUT_OF_RANGE",
            Code::InvalidValue => "INVALID_VALUE",
            Code::Empty => "EMPTY",
            Code::Conflict => "CONFLICT",
            Code::Incomplete => "INCOMPLETE",
            Code::UnknownVariant => "UNKNOWN_VARIANT",
            Code::UnknownFlag => "UNKNOWN_FLAG",
            Code::UnknownSegment => "UNKNOWN_SEGMENT",
            Code::UnknownLayer => "UNKNOWN_LAYER",
            Code::UnknownBackend => "UNKNOWN_BACKEND",
            Code::Cycle => "CYCLE",
            Code::BrokenReference => "BROKEN_REFERENCE",
            Code::Overlap => "OVERLAP",
            Code::NeedsFullBuild => "NEEDS_FULL_BUILD",
            Code::UnknownOperator => "UNKNOWN_OPERATOR",
            Code::DuplicateId => "DUPLICATE_ID",
            Code::UnorderedSteps => "UNORDERED_STEPS",
            Code::UnsupportedSchema => "UNSUPPORTED_SCHEMA",
            Code::StaleRevision => "STALE_REVISION",
            Code::RevisionConflict => "REVISION_CONFLICT",
            Code::RevisionMissing => "REVISION_MISSING",
            Code::CompiledVersion => "COMPILED_VERSION",
            Code::CompiledDamaged => "COMPILED_DAMAGED",
        }
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One thing wrong with a snapshot, and where.
///
/// ```
/// let error = pointsman::Engine::from_slice(b"{\"flags\": 7}").unwrap_err();
/// assert_eq!(error.problems()[0].to_string(), "1:11 /flags: expected an object, found a number (WRONG_TYPE)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind of problem.
    pub code: Code,
    /// One lower-case sentence without a final period.
    pub message: String,
    /// JSON pointer (RFC 6901) to the place; empty for the whole snapshot.
    pub pointer: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
}

impl Problem {
    /// Whether it is in the definition of this flag.
    pub(crate) fn is_of_flag(&self, key: &str) -> bool {
        let rest = self.pointer.strip_prefix("/flags/").unwrap_or_default();
        let end = rest.find('/').unwrap_or(rest.len());
        let (name, _) = rest.split_at_checked(end).unwrap_or((rest, ""));
        !self.pointer.is_empty() && name.replace("~1", "/").replace("~0", "~") == key
    }
}

impl fmt::Display for Problem {
    /// `line:column pointer: message (CODE)`; the pointer is left out where it is empty. Terminals get no control characters.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.pointer.is_empty() { "" } else { " " };
        let pointer = self.pointer.replace(char::is_control, "\u{fffd}");
        let (line, column) = (self.line, self.column);
        write!(out, "{line}:{column}{gap}{pointer}: {} ({})", self.message, self.code.as_str())
    }
}

/// A snapshot that was refused, with everything that is wrong with it. The last good one stays in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    pub(crate) problems: Vec<Problem>,
}

impl LoadError {
    /// A problem with a text as a whole, before any of it was read.
    pub(crate) fn whole(code: Code, message: String) -> LoadError {
        LoadError { problems: vec![Problem { code, message, pointer: String::new(), line: 1, column: 1 }] }
    }

    /// All problems, in the order of the text; never empty.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the snapshot was refused")?;
        self.problems.iter().try_for_each(|problem| write!(out, "\n  {problem}"))
    }
}

impl std::error::Error for LoadError {}

/// Where an issue is, before anybody asked for its line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A byte offset in a text that could not be read.
    Offset(u32),
    /// A token of the document.
    Token(u32),
}

/// A problem without its pointer, line and column.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub code: Code,
    pub message: String,
    pub place: Place,
}
