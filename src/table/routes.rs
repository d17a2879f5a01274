//! Backends and routes, compiled.

use super::Condition;
use crate::span::Span;

#[derive(Debug)]
pub struct Backend {
    pub name: String,
    pub origin: String,
    /// Put in front of the path; empty for none.
    pub path_prefix: String,
    /// Until a response begins; none for as long as the platform waits.
    pub timeout_ms: Option<u64>,
    pub span: Span,
}

#[derive(Debug)]
pub struct Route {
    pub name: String,
    pub span: Span,
    pub host: Option<String>,
    pub path: Path,
    /// Empty: any method.
    pub methods: Vec<String>,
    /// What must be true of the request besides.
    pub condition: Option<Condition>,
    pub destination: Destination,
    /// A place in `backends`.
    pub fallback: u16,
    pub visitor: Option<Visitor>,
    /// The first that hits is injected.
    pub faults: Vec<Fault>,
}

/// What is injected into the requests of some visitors, until a time.
#[derive(Debug)]
pub struct Fault {
    pub name: String,
    pub condition: Option<Condition>,
    pub seed: u64,
    /// Those visitors who stand below it.
    pub cut: u64,
    pub bucket_by: Vec<u16>,
    pub until: i64,
    pub delay: Option<Delay>,
    /// The status to answer with in place of the backend.
    pub abort: Option<u16>,
}

/// How long a request is held back.
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    pub fixed_ms: u64,
    /// At most so much more.
    pub jitter_ms: u64,
}

#[derive(Debug)]
pub enum Path {
    Any,
    Exactly(String),
    StartsWith(String),
}

#[derive(Debug)]
pub enum Destination {
    /// A place in `backends`.
    Backend(u16),
    Flag {
        /// A place in `flags`; none where there is no such flag.
        flag: Option<u32>,
        /// The backend of each of the flag's variants.
        backends: Vec<Option<u16>>,
    },
}

#[derive(Debug)]
pub struct Visitor {
    pub cookie: String,
    pub max_age_seconds: u64,
    pub consent: Option<Condition>,
    /// The id of the attribute `visitorId`.
    pub attribute: u16,
}

impl Visitor {
    /// What follows `name=id` in the `Set-Cookie` header. With these a name may begin with `__Host-`.
    pub fn cookie_attributes(&self) -> String {
        let seconds = crate::number::text(self.max_age_seconds);
        ["; Max-Age=", &seconds, "; Path=/; Secure; HttpOnly; SameSite=Lax"].concat()
    }
}
