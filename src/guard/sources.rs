//! Which isolates were heard of. Each gets a number, so that counts need not carry names.

use crate::limits;

#[derive(Clone, Debug)]
struct Known {
    isolate: String,
    source: u32,
    seen_ms: f64,
}

/// The numbers of isolates: 1 and up, none given twice. 0 is the isolate itself.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// By isolate, sorted.
    known: Vec<Known>,
    last: u32,
}

impl Sources {
    /// The number of an isolate that is heard of at `now_ms`. Where too many are known, those that were silent for `keep_ms` give way:
    /// counts must be forgotten by then, else they count again for an isolate that comes back. None where that is not enough.
    ///
    /// ```
    /// let mut sources = pointsman::guard::Sources::default();
    /// assert_eq!(sources.of("a", 0.0, 600_000.0), Some(1));
    /// assert_eq!(sources.of("b", 0.0, 600_000.0), Some(2));
    /// assert_eq!(sources.of("a", 0.0, 600_000.0), Some(1));
    /// ```
    pub fn of(&mut self, isolate: &str, now_ms: f64, keep_ms: f64) -> Option<u32> {
        match self.find(isolate) {
            Ok(at) => {
                let known = self.known.get_mut(at)?;
                known.seen_ms = now_ms;
                Some(known.source)
            }
            Err(_) => self.add(isolate, now_ms, keep_ms),
        }
    }

    fn add(&mut self, isolate: &str, seen_ms: f64, keep_ms: f64) -> Option<u32> {
        if self.known.len() >= limits::ISOLATES {
            self.known.retain(|known| seen_ms - known.seen_ms < keep_ms);
        }
        if self.known.len() >= limits::ISOLATES {
            return None;
        }
        let source = self.last.checked_add(1)?;
        self.last = source;
        let at = self.find(isolate).unwrap_or_else(|at| at);
        self.known.insert(at, Known { isolate: isolate.into(), source, seen_ms });
        Some(source)
    }

    fn find(&self, isolate: &str) -> Result<usize, usize> {
        self.known.binary_search_by(|known| known.isolate.as_str().cmp(isolate))
    }
}
