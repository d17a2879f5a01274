//! What was decided and why, with the stable numeric codes that cross the boundary.

/// Why a decision came out as it did, in OpenFeature's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The flag is not enabled.
    Disabled,
    /// The visitor is named by a list or a rule.
    TargetingMatch,
    /// A rollout decided, in or out.
    Split,
    /// Rules were there and none matched.
    Default,
    /// The flag has neither rules nor a rollout.
    Static,
    /// No decision could be made.
    Error,
}

impl Reason {
    /// The reason as OpenFeature writes it, `TARGETING_MATCH` say.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Disabled => "DISABLED",
            Reason::TargetingMatch => "TARGETING_MATCH",
            Reason::Split => "SPLIT",
            Reason::Default => "DEFAULT",
            Reason::Static => "STATIC",
            Reason::Error => "ERROR",
        }
    }
}

/// Why no decision could be made, in OpenFeature's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// The snapshot has no such flag.
    FlagNotFound,
    /// The flag's definition is broken, and no sound one was there before it.
    ParseError,
    /// The variant's value has another type than the caller asked for.
    TypeMismatch,
    /// The flag buckets by an attribute that the context lacks.
    TargetingKeyMissing,
    /// The context could not be read.
    InvalidContext,
    /// Anything else.
    General,
}

impl ErrorCode {
    /// The code as OpenFeature writes it, `FLAG_NOT_FOUND` say.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::FlagNotFound => "FLAG_NOT_FOUND",
            ErrorCode::ParseError => "PARSE_ERROR",
            ErrorCode::TypeMismatch => "TYPE_MISMATCH",
            ErrorCode::TargetingKeyMissing => "TARGETING_KEY_MISSING",
            ErrorCode::InvalidContext => "INVALID_CONTEXT",
            ErrorCode::General => "GENERAL",
        }
    }
}

/// What exactly decided. A rule's place is 0-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The flag is not enabled.
    Disabled,
    /// The id is on the flag's whitelist.
    Whitelist,
    /// A rule's `serve`.
    RuleServe(u16),
    /// A rule's rollout, in or out.
    RuleRollout(u16),
    /// The flag's rollout, in or out.
    Rollout,
    /// Rules were there, none matched, and there is no rollout.
    Fallthrough,
    /// There are neither rules nor a rollout.
    Static,
    /// No decision could be made.
    Error(ErrorCode),
}

impl Cause {
    /// Why, in OpenFeature's names.
    pub fn reason(self) -> Reason {
        match self {
            Cause::Disabled => Reason::Disabled,
            Cause::Whitelist | Cause::RuleServe(_) => Reason::TargetingMatch,
            Cause::RuleRollout(_) | Cause::Rollout => Reason::Split,
            Cause::Fallthrough => Reason::Default,
            Cause::Static => Reason::Static,
            Cause::Error(_) => Reason::Error,
        }
    }

    /// What decided, in one word; for an error, its code.
    pub fn detail(self) -> &'static str {
        match self {
            Cause::Disabled => "disabled",
            Cause::Whitelist => "whitelist",
            Cause::RuleServe(_) | Cause::RuleRollout(_) => "rule",
            Cause::Rollout => "rollout",
            Cause::Fallthrough => "fallthrough",
            Cause::Static => "static",
            Cause::Error(code) => code.as_str(),
        }
    }

    /// Why no decision could be made.
    pub fn error_code(self) -> Option<ErrorCode> {
        if let Cause::Error(code) = self { Some(code) } else { None }
    }

    /// The place of the rule that decided.
    pub fn rule(self) -> Option<u16> {
        if let Cause::RuleServe(rule) | Cause::RuleRollout(rule) = self { Some(rule) } else { None }
    }

    /// The number that stands for this cause at the boundary; 128 and above are errors.
    pub(crate) fn number(self) -> u8 {
        match self {
            Cause::Disabled => 0,
            Cause::Whitelist => 2,
            Cause::RuleServe(_) => 3,
            Cause::RuleRollout(_) => 4,
            Cause::Rollout => 5,
            Cause::Fallthrough => 7,
            Cause::Static => 8,
            Cause::Error(ErrorCode::FlagNotFound) => 128,
            Cause::Error(ErrorCode::ParseError) => 129,
            Cause::Error(ErrorCode::TypeMismatch) => 130,
            Cause::Error(ErrorCode::TargetingKeyMissing) => 131,
            Cause::Error(ErrorCode::InvalidContext) => 132,
            Cause::Error(ErrorCode::General) => 133,
        }
    }
}

/// One flag's decision for one visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The variant's place among the flag's variants; none where it is unknown.
    pub variant: Option<u8>,
    /// What decided.
    pub cause: Cause,
}

/// In a decision word: no variant.
const NO_VARIANT: u32 = 255;
/// In a decision word: no rule.
const NO_RULE: u32 = 65_535;

impl Decision {
    /// A decision that could not be made, with the variant to serve.
    pub(crate) fn error(variant: Option<u8>, code: ErrorCode) -> Decision {
        Decision { variant, cause: Cause::Error(code) }
    }

    /// The decision as one number: variant in bits 0 to 7 (255: none), cause in 8 to 15, rule in 16 to 31 (65,535: none).
    pub(crate) fn word(self) -> u32 {
        let rule = self.cause.rule().map_or(NO_RULE, u32::from);
        self.variant.map_or(NO_VARIANT, u32::from) | u32::from(self.cause.number()) << 8 | rule << 16
    }
}
