//! Backends: where they are, and how requests to them are rewritten.

use super::routes::{is_host, is_path};
use crate::{
    error::Code,
    limits,
    snapshot::{
        check,
        document::Node,
        issues::Issues,
        schema::{BACKEND, Type},
    },
    table::Backend,
    values::time,
};

/// RFC 9110, section 7.6.1, and what older clients and servers send: about one connection, never forwarded.
/// What an intermediary says of the client, and the length and the host, are the platform's and the router's own.
const NOT_SET: [&str; 17] = [
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "sec-websocket-key",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-real-ip",
    "pointsman",
];

/// Families of which none may be set.
const NOT_SET_PREFIXES: [&str; 2] = ["x-forwarded-", "pointsman-"];

/// All backends. A broken one is listed too, so that routes find its name.
pub fn compile(root: Node<'_>, issues: &mut Issues) -> Vec<Backend> {
    let mut backends = Vec::new();
    for (name, node) in root.members_of("backends") {
        check::check(node, &Type::Object(&BACKEND), issues);
        let origin = node.text_of("origin").unwrap_or_default();
        check_origin(node, issues);
        check_headers(node, issues);
        let prefix = checked(node, "pathPrefix", is_prefix, issues, PREFIX).unwrap_or_default();
        let timeout = checked(node, "timeout", is_timeout, issues, "a timeout: use `1ms` to `10m`");
        backends.push(Backend {
            name: name.text().unwrap_or_default().into(),
            origin: origin.into(),
            path_prefix: prefix.into(),
            timeout_ms: timeout.and_then(time::duration),
            span: node.span(),
        });
    }
    backends
}

const PREFIX: &str = "a path to put in front: it begins with `/`, is percent-encoded, does not end in `/`, and has no empty and no dot segments";

fn check_origin(node: Node<'_>, issues: &mut Issues) {
    if let Some(origin) = node.get("origin")
        && origin.text().is_some_and(|text| !is_origin(text))
    {
        let message = "{text} is not an origin such as `https://stable.example`: scheme, host and port only";
        issues.add(origin, Code::InvalidValue, message);
    }
}

/// A member's text, where it has the form.
fn checked<'d>(node: Node<'d>, name: &str, fits: fn(&str) -> bool, issues: &mut Issues, form: &str) -> Option<&'d str> {
    let member = node.get(name)?;
    let text = member.text()?;
    if !fits(text) {
        issues.add_with(member, Code::InvalidValue, "{text} is not {}", form);
    }
    Some(text)
}

fn check_headers(node: Node<'_>, issues: &mut Issues) {
    for (name, value) in node.members_of("headers") {
        let text = name.text().unwrap_or_default();
        // The check of names has told of control characters already.
        if !is_header_name(text) && !text.chars().any(char::is_control) {
            issues.add(name, Code::InvalidValue, "{text} is not a header's name in lower case");
        } else if is_ours(text) {
            issues.add(name, Code::InvalidValue, "{text} is set by the router or the platform alone");
        }
        if value.text().is_some_and(|value| !is_header_value(value)) {
            issues.add(
                value,
                Code::InvalidValue,
                "a header's value has printable ASCII characters only, and no space at either end",
            );
        }
    }
}

fn is_ours(name: &str) -> bool {
    NOT_SET.contains(&name) || NOT_SET_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// A token (RFC 9110, section 5.1), in lower case, so that no name stands there twice.
fn is_header_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// RFC 9110, section 5.5, without what is obsolete.
fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.trim_ascii() == text
}

/// Without segments that a URL would lose: empty ones, `.` and `..`, escaped or not. What is empty has been told already.
fn is_prefix(text: &str) -> bool {
    let is_kept = |segment: &str| !segment.is_empty() && !is_dots(segment);
    text.is_empty() || is_path(text) && !text.ends_with('*') && text.split('/').skip(1).all(is_kept)
}

/// A single-dot or double-dot segment (WHATWG URL, section 4.1).
fn is_dots(segment: &str) -> bool {
    let mut rest = segment;
    for _ in 0..2 {
        rest = ["%2e", "%2E", "."].iter().find_map(|dot| rest.strip_prefix(*dot)).unwrap_or(rest);
    }
    rest.is_empty()
}

/// What is no duration has been told already.
fn is_timeout(text: &str) -> bool {
    time::duration(text).is_none_or(|ms| (1..=limits::TIMEOUT_MS).contains(&ms))
}

/// Scheme, host, and a port that may follow; nothing behind.
fn is_origin(text: &str) -> bool {
    let Some(authority) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => is_host(host) && is_port(port),
        _ => is_host(authority),
    }
}

/// 1 to 65,535, without sign and leading zeros.
fn is_port(text: &str) -> bool {
    text.starts_with(|first: char| matches!(first, '1'..='9')) && text.parse::<u16>().is_ok()
}
