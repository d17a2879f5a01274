//! Which routes a path leads to, without trying all: with 1,000 routes of one prefix that took longer than the rest of a decision.

use super::{Path, Route};
use crate::sort;

/// The texts of all paths, exact or prefixes, each once, in the order of their bytes.
#[derive(Debug, Default)]
pub struct Paths {
    texts: Vec<Text>,
}

#[derive(Debug)]
struct Text {
    /// The first route with this text.
    first: u32,
    /// The longest other text that this one begins with.
    parent: Option<usize>,
    /// The routes whose path this is, and those whose path begins with it, in order.
    exactly: Vec<u32>,
    begins: Vec<u32>,
}

impl Path {
    /// The path, or what it begins with.
    fn text(&self) -> &[u8] {
        match self {
            Path::Any => b"",
            Path::Exactly(text) | Path::StartsWith(text) => text.as_bytes(),
        }
    }
}

impl Paths {
    /// The paths of these routes.
    pub fn of(routes: &[Route]) -> Paths {
        let mut named = Vec::new();
        for (route, place) in routes.iter().zip(0..) {
            named.push((route.path.text(), place));
        }
        let mut paths = Paths::default();
        for (text, place) in sort::by_text(named) {
            paths.add(text, place, routes);
        }
        paths
    }

    /// Texts come in order, so that what one begins with is the last of those before it, or among its parents.
    fn add(&mut self, text: &[u8], place: u32, routes: &[Route]) {
        let last = self.texts.len().checked_sub(1);
        let parent = self.up_from(last, text, routes);
        let same = parent.filter(|at| self.text(*at, routes) == text);
        let at = same.unwrap_or(self.texts.len());
        if same.is_none() {
            self.texts.push(Text { first: place, parent, exactly: Vec::new(), begins: Vec::new() });
        }
        let Some(entry) = self.texts.get_mut(at) else { return };
        match routes.get(place as usize).map(|route| &route.path) {
            Some(Path::Exactly(_)) => entry.exactly.push(place),
            Some(Path::Any | Path::StartsWith(_)) | None => entry.begins.push(place),
        }
    }

    fn text<'r>(&self, at: usize, routes: &'r [Route]) -> &'r [u8] {
        let first = self.texts.get(at).and_then(|entry| routes.get(entry.first as usize));
        first.map_or(&[], |route| route.path.text())
    }

    /// From a text on, the first of it and its parents that the path begins with.
    fn up_from(&self, mut at: Option<usize>, path: &[u8], routes: &[Route]) -> Option<usize> {
        while let Some(here) = at {
            if path.starts_with(self.text(here, routes)) {
                return at;
            }
            at = self.texts.get(here)?.parent;
        }
        None
    }

    /// The first of the routes with this path that matches otherwise, too.
    pub fn first(&self, path: &[u8], routes: &[Route], matches: &dyn Fn(&Route) -> bool) -> Option<u32> {
        let mut best = None;
        let mut look = |places: &[u32]| {
            let earlier = places.iter().take_while(|place| best.is_none_or(|best| **place < best));
            let found = earlier.copied().find(|place| routes.get(*place as usize).is_some_and(matches));
            best = found.or(best);
        };
        // Whatever the path begins with is at most as large as it.
        let behind = self
            .texts
            .partition_point(|entry| routes.get(entry.first as usize).is_some_and(|route| route.path.text() <= path));
        let mut at = self.up_from(behind.checked_sub(1), path, routes);
        while let Some(entry) = at.and_then(|at| self.texts.get(at)) {
            if at.is_some_and(|at| self.text(at, routes) == path) {
                look(&entry.exactly);
            }
            look(&entry.begins);
            at = self.up_from(entry.parent, path, routes);
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Paths, Route};
    use crate::{span::Span, table::Destination};

    fn route(path: &str) -> Route {
        Route {
            name: String::new(),
            span: Span { start: 0, end: 0 },
            host: None,
            path: match path.strip_suffix('*') {
                Some("") => Path::Any,
                Some(prefix) => Path::StartsWith(prefix.into()),
                None => Path::Exactly(path.into()),
            },
            methods: Vec::new(),
            condition: None,
            destination: Destination::Backend(0),
            fallback: 0,
            visitor: None,
            faults: Vec::new(),
        }
    }

    /// All orders of a few paths against trying one after the other.
    #[test]
    fn finds_what_trying_one_after_the_other_finds() {
        let all = ["*", "/*", "/a", "/a*", "/a/*", "/a/b", "/ab*", "/a/b/c*", "/b/*", "/a", "/a/*"];
        let asked = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/a/b/cd", "/ab", "/abc", "/b", "/b/", "", "/a/b0", "/A"];
        for turn in 0..all.len() {
            for taken in 0..=all.len() {
                let routes: Vec<Route> = all.iter().cycle().skip(turn).take(taken).map(|path| route(path)).collect();
                let paths = Paths::of(&routes);
                for path in asked {
                    let plain = routes.iter().position(|route| match &route.path {
                        Path::Any => true,
                        Path::Exactly(text) => text == path,
                        Path::StartsWith(text) => path.starts_with(text.as_str()),
                    });
                    let found = paths.first(path.as_bytes(), &routes, &|_| true);
                    assert_eq!(found.map(|place| place as usize), plain, "{path} among {taken} from {turn}");
                }
            }
        }
    }

    #[test]
    fn goes_on_where_a_route_does_not_match_otherwise() {
        let mut routes = [route("/a/*"), route("/a/b"), route("*"), route("/a*")];
        for route in &mut routes[..2] {
            route.host = Some("elsewhere".into());
        }
        let paths = Paths::of(&routes);
        assert_eq!(paths.first(b"/a/b", &routes, &|route| route.host.is_none()), Some(2));
        assert_eq!(paths.first(b"/a/b", &routes, &|_| false), None);
    }
}
