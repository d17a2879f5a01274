//! Routes: names resolved to places, and what they need to know of a request and its visitor.

use super::{
    Compiler, Shared, backends,
    entries::Entries,
    references::{self, Survey, User},
};
use crate::{
    error::Code,
    limits, number,
    snapshot::{
        check,
        document::Node,
        issues::Issues,
        schema::{ROUTE, Type},
    },
    table::{Asked, Condition, Destination, Path, Paths, Route, Table, Visitor},
    values::time,
};

/// Compiles all backends and routes into the table.
#[inline(never)]
pub fn compile(
    root: Node<'_>,
    salt: &str,
    table: &mut Table,
    shared: &mut Shared,
    entries: &Entries<'_>,
    survey: &Survey,
    issues: &mut Issues,
) {
    table.backends = backends::compile(root, issues);
    let mut compiler = Compiler::new(shared, issues, salt, entries.known, &table.layers);
    let mut routes = Vec::new();
    for node in root.elements_of("routes") {
        let before = compiler.issues.count;
        check::check(node, &Type::Object(&ROUTE), compiler.issues);
        if compiler.issues.count == before {
            routes.extend(compiler.route(node, table));
        }
    }
    let Compiler { asked: own, references, conditions, .. } = compiler;
    survey.measure(&User { node: root, references: &references, conditions }, entries, table, issues);
    let mut asked = asked(own, &routes, table);
    let referred = references::asked_by(&references, entries, table);
    asked.include(&referred.attributes);
    asked.timed |= referred.timed;
    table.routing = asked;
    table.paths = Paths::of(&routes);
    table.routes = routes;
}

/// A host name or an address as the WHATWG URL standard writes it: lower case, ASCII.
pub fn is_host(text: &str) -> bool {
    let named = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
    let address = |byte: u8| matches!(byte, b'a'..=b'f' | b'0'..=b'9' | b'.' | b':');
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.contains(':') && inner.bytes().all(address),
        None => !text.is_empty() && text.bytes().all(named),
    }
}

/// What the routes' own conditions ask for, and what their flags ask for.
fn asked(own: Asked, routes: &[Route], table: &Table) -> Asked {
    let mut asked = own;
    for route in routes {
        let Destination::Flag { flag: Some(place), .. } = route.destination else { continue };
        let flag = table.flags.get(place as usize);
        let Some(definition) = flag.and_then(|flag| flag.definition.as_ref()) else { continue };
        asked.timed |= definition.asked.timed;
        asked.include(&definition.asked.attributes);
    }
    asked
}

impl Compiler<'_> {
    fn route(&mut self, node: Node<'_>, table: &Table) -> Option<Route> {
        let matched = node.get("match")?;
        let host = self.checked(matched.get("host"), is_host, "a host in lower case, without a port");
        let path = self.path(matched.get("path"));
        let methods = self.methods(matched.get("methods"));
        let condition = match matched.get("if") {
            Some(condition) => Some(self.match_condition(condition)?),
            None => None,
        };
        let destination = self.destination(node, table);
        let fallback = self.backend_named(node.get("fallback")?, table);
        let visitor = node.get("visitor").map(|visitor| self.visitor(visitor));
        let faults = self.faults(node, node.text_of("name")?);
        Some(Route {
            name: node.text_of("name")?.into(),
            span: node.span(),
            host,
            path,
            methods,
            condition,
            destination: destination?,
            fallback: fallback?,
            visitor: visitor.flatten(),
            faults,
        })
    }

    /// Without it the next route would get this one's requests: there is no way on.
    fn match_condition(&mut self, node: Node<'_>) -> Option<Condition> {
        let before = self.issues.count;
        let condition = self.condition(node);
        self.issues.fatal |= self.issues.count > before;
        condition
    }

    /// A string of a form.
    fn checked(&mut self, node: Option<Node<'_>>, fits: fn(&str) -> bool, form: &str) -> Option<String> {
        let node = node?;
        let text = node.text()?;
        if !fits(text) {
            self.issues.add_with(node, Code::InvalidValue, "{text} is not {}", form);
        }
        Some(text.into())
    }

    fn path(&mut self, node: Option<Node<'_>>) -> Path {
        let form = "a path that begins with `/`, percent-encoded, with `*` only at its end";
        let Some(mut text) = self.checked(node, is_path, form) else { return Path::Any };
        if text.ends_with('*') {
            text.pop();
            return Path::StartsWith(text);
        }
        Path::Exactly(text)
    }

    fn methods(&mut self, node: Option<Node<'_>>) -> Vec<String> {
        let mut methods = Vec::new();
        let Some(list) = node else { return methods };
        check::not_empty(list, "`methods`", self.issues);
        for method in list.elements() {
            methods.extend(self.checked(Some(method), is_method, "a method in upper case"));
        }
        methods
    }

    fn destination(&mut self, node: Node<'_>, table: &Table) -> Option<Destination> {
        self.exclusive(node, "flag", "backend");
        self.exclusive(node, "backend", "backends");
        match (node.get("backend"), node.get("flag"), node.get("backends")) {
            (Some(backend), _, _) => self.backend_named(backend, table).map(Destination::Backend),
            (None, Some(flag), Some(backends)) => self.by_flag(flag, backends, table),
            (None, _, _) => {
                let message = "a route needs a `backend`, or a `flag` and the `backends` of its variants";
                self.issues.add(node, Code::Incomplete, message);
                None
            }
        }
    }

    fn by_flag(&mut self, name: Node<'_>, members: Node<'_>, table: &Table) -> Option<Destination> {
        let key = name.text()?;
        let known = self.known;
        let place = self.resolve(&known.flags, name, Code::UnknownFlag, "there is no flag {text}{}");
        let definition = place.and_then(|place| table.flags.get(place as usize)?.definition.as_ref());
        let variants = definition.map_or(&[][..], |definition| &definition.variants);
        let mut backends = vec![None; variants.len()];
        for (variant, backend) in members.members() {
            let backend = self.backend_named(backend, table);
            let place = variants.iter().position(|own| variant.is_text(&own.name));
            match place.and_then(|place| backends.get_mut(place)) {
                Some(own) => *own = backend,
                // What a broken flag's variants were is not known.
                None if definition.is_none() => {}
                None => self.issues.add_with(variant, Code::UnknownVariant, "the flag `{}` has no variant {text}", key),
            }
        }
        Some(Destination::Flag { flag: place, backends })
    }

    fn backend_named(&mut self, node: Node<'_>, table: &Table) -> Option<u16> {
        let name = node.text()?;
        let place = table.backends.iter().position(|backend| backend.name == name);
        if place.is_none() {
            let known = &mut table.backends.iter().map(|backend| backend.name.as_str());
            self.issues.add_unknown(node, Code::UnknownBackend, "there is no backend {text}{}", known);
        }
        u16::try_from(place?).ok()
    }

    fn visitor(&mut self, node: Node<'_>) -> Option<Visitor> {
        let cookie = self.checked(node.get("cookie"), is_cookie_name, "a cookie's name: letters, digits, `-` and `_`");
        let attribute = self.attribute("visitorId", node);
        let max_age_seconds = self.max_age(node.get("maxAge")?)?;
        let consent = match node.get("consent") {
            Some(condition) => Some(self.condition(condition)?),
            None => None,
        };
        Some(Visitor { cookie: cookie?, max_age_seconds, consent, attribute: attribute? })
    }

    fn max_age(&mut self, node: Node<'_>) -> Option<u64> {
        let seconds = time::duration(node.text()?)? / 1_000;
        if seconds == 0 || seconds > limits::COOKIE_DAYS.saturating_mul(86_400) {
            let days = number::text(limits::COOKIE_DAYS);
            self.issues.add_with(node, Code::OutOfRange, "{text} is not a cookie's age: use `1s` to `{}d`", &days);
        }
        Some(seconds)
    }
}

pub fn is_path(text: &str) -> bool {
    let inner = text.strip_suffix('*').unwrap_or(text);
    let sound = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'?' | b'#' | b'"' | b'<' | b'>' | b'\\');
    (inner.starts_with('/') || text == "*") && inner.bytes().all(sound)
}

fn is_method(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'-'))
}

/// A token (RFC 6265, section 4.1.1).
fn is_cookie_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
