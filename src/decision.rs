//! What was decided and why, with the stable numeric codes that cross the boundary.

/// Why a decision came out as it did, in OpenFeature's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The flag is not enabled.
    Disabled,
    /// The visitor is named by a token, a list or a rule.
    TargetingMatch,
    /// A rollout decided, in or out.
    Split,
    /// Rules were there and none matched, or the variant was rolled back.
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

/// Why no decision could be made, in OpenFeature's names. Its `TYPE_MISMATCH`, `INVALID_CONTEXT` and `GENERAL` are the
/// JavaScript side's to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The snapshot has no such flag.
    FlagNotFound,
    /// The flag's definition is broken, and no sound one was there before it.
    ParseError,
    /// The flag buckets by an attribute that the context lacks.
    TargetingKeyMissing,
}

impl ErrorCode {
    /// The code as OpenFeature writes it, `FLAG_NOT_FOUND` say.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::FlagNotFound => "FLAG_NOT_FOUND",
            ErrorCode::ParseError => "PARSE_ERROR",
            ErrorCode::TargetingKeyMissing => "TARGETING_KEY_MISSING",
        }
    }
}

/// What exactly decided. The numbers are stable: they cross the boundary, and those from 128 on are errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// The flag is not enabled.
    Disabled = 0,
    /// A signed token that came with the request.
    Override = 1,
    /// The id is on the flag's whitelist.
    Whitelist = 2,
    /// A rule's `serve`.
    RuleServe = 3,
    /// A rule's rollout, in or out.
    RuleRollout = 4,
    /// The flag's rollout, in or out.
    Rollout = 5,
    /// The flag's part of a layer does not hold the visitor.
    Layer = 6,
    /// Rules were there, none matched, and there is no rollout.
    Fallthrough = 7,
    /// There are neither rules nor a rollout.
    Static = 8,
    /// The variant was rolled back, or is ejected for a while: the guard's control is served in its place.
    Rollback = 9,
    /// The snapshot has no such flag.
    FlagNotFound = 128,
    /// The flag's definition is broken.
    ParseError = 129,
    /// The flag buckets by an id, and the context has none.
    TargetingKeyMissing = 131,
}

impl Cause {
    /// Why, in OpenFeature's names.
    pub fn reason(self) -> Reason {
        match self {
            Cause::Disabled => Reason::Disabled,
            Cause::Override | Cause::Whitelist | Cause::RuleServe => Reason::TargetingMatch,
            Cause::RuleRollout | Cause::Rollout | Cause::Layer => Reason::Split,
            Cause::Fallthrough | Cause::Rollback => Reason::Default,
            Cause::Static => Reason::Static,
            Cause::FlagNotFound | Cause::ParseError | Cause::TargetingKeyMissing => Reason::Error,
        }
    }

    /// What decided, in one word; for an error, its code.
    pub fn detail(self) -> &'static str {
        match self {
            Cause::Disabled => "disabled",
            Cause::Override => "override",
            Cause::Whitelist => "whitelist",
            Cause::RuleServe | Cause::RuleRollout => "rule",
            Cause::Rollout => "rollout",
            Cause::Layer => "layer",
            Cause::Fallthrough => "fallthrough",
            Cause::Static => "static",
            Cause::Rollback => "rollback",
            Cause::FlagNotFound | Cause::ParseError | Cause::TargetingKeyMissing => {
                self.error_code().map_or("", ErrorCode::as_str)
            }
        }
    }

    /// Why no decision could be made.
    pub fn error_code(self) -> Option<ErrorCode> {
        match self {
            Cause::FlagNotFound => Some(ErrorCode::FlagNotFound),
            Cause::ParseError => Some(ErrorCode::ParseError),
            Cause::TargetingKeyMissing => Some(ErrorCode::TargetingKeyMissing),
            Cause::Disabled
            | Cause::Override
            | Cause::Whitelist
            | Cause::RuleServe
            | Cause::RuleRollout
            | Cause::Rollout
            | Cause::Layer
            | Cause::Fallthrough
            | Cause::Static
            | Cause::Rollback => None,
        }
    }

    /// Whether no decision could be made.
    pub fn is_error(self) -> bool {
        self as u8 >= 128
    }
}

/// Stands for no variant: a flag has at most 255, so that the last place is 254.
const NO_VARIANT: u8 = 255;
/// Stands for no rule.
const NO_RULE: u16 = u16::MAX;

/// One flag's decision for one visitor, laid out as it crosses the boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    variant: u8,
    /// What decided.
    pub cause: Cause,
    rule: u16,
}

impl Decision {
    /// A decision for a variant.
    #[inline(always)]
    pub fn new(variant: u8, cause: Cause) -> Decision {
        Decision { variant, cause, rule: NO_RULE }
    }

    /// A decision for no variant: it is not known which to serve.
    pub fn unknown(cause: Cause) -> Decision {
        Decision::new(NO_VARIANT, cause)
    }

    /// The same decision, made by a rule; an error is nobody's decision.
    pub fn by_rule(self, rule: u16) -> Decision {
        if self.cause.is_error() { self } else { Decision { rule, ..self } }
    }

    /// The variant's place among the flag's variants.
    pub fn variant(self) -> Option<u8> {
        Some(self.variant).filter(|place| *place != NO_VARIANT)
    }

    /// The place of the rule that decided.
    pub fn rule(self) -> Option<u16> {
        Some(self.rule).filter(|place| *place != NO_RULE)
    }

    /// The decision as one number: variant in bits 0 to 7 (255: none), cause in 8 to 15, rule in 16 to 31 (65,535: none).
    #[inline(always)]
    pub fn word(self) -> u32 {
        u32::from(self.variant) | (self.cause as u32) << 8 | u32::from(self.rule) << 16
    }
}
