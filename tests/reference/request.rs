//! What a request says of itself, read from a case of `tests/cases/`.

use serde_json::{Map, Value};

/// The parts of a URL in its WHATWG form that routes look at.
struct Url<'u> {
    host: &'u str,
    path: &'u str,
    query: &'u str,
}

fn url(text: &str) -> Url<'_> {
    let text = text.trim_start_matches("https://").trim_start_matches("http://");
    let text = text.split('#').next().unwrap_or(text);
    let (rest, query) = text.split_once('?').unwrap_or((text, ""));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.trim_end_matches(|letter: char| letter.is_ascii_digit()).strip_suffix(':');
    Url { host: host.unwrap_or(authority), path: if path.is_empty() { "/" } else { path }, query }
}

/// The attributes `request.*`, under their whole names. What the request says itself comes before what the platform adds.
pub fn attributes(request: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    let mut add = |name: String, value: Value| {
        found.entry(format!("request.{name}")).or_insert(value);
    };
    let url = url(request["url"].as_str().unwrap_or(""));
    for (name, text) in [("host", url.host), ("path", url.path)] {
        add(name.into(), text.into());
    }
    add("method".into(), request["method"].clone());
    for (name, value) in pairs(url.query, '&') {
        add(format!("query.{name}"), value.into());
    }
    for (name, value) in pairs(header(request, "cookie").unwrap_or(""), ';') {
        add(format!("cookie.{name}"), value.into());
    }
    for (kind, prefix) in [("headers", "header."), ("attributes", "")] {
        for (name, value) in request[kind].as_object().into_iter().flatten() {
            add(format!("{prefix}{name}"), value.clone());
        }
    }
    found
}

/// A header's value.
pub fn header<'r>(request: &'r Value, name: &str) -> Option<&'r str> {
    request["headers"].get(name)?.as_str()
}

/// The value of the first cookie of a name, without its quotes.
pub fn cookie<'r>(request: &'r Value, name: &str) -> Option<&'r str> {
    let (_, value) = pairs(header(request, "cookie")?, ';').find(|(own, _)| *own == name)?;
    Some(value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value))
}

fn pairs(text: &str, mark: char) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split(mark).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}
