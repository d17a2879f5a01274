//! Names in the order of the snapshot, and the way back from a name to its place.

use crate::sort;

#[derive(Debug, Default)]
pub struct Keys {
    names: Vec<String>,
    /// Places, sorted by name.
    sorted: Vec<u32>,
}

impl Keys {
    /// Of equal names any one is found.
    pub fn new(names: Vec<String>) -> Keys {
        let mut pairs = Vec::new();
        for (name, place) in names.iter().zip(0..) {
            pairs.push((name.as_bytes(), place));
        }
        let mut sorted = Vec::new();
        for (_, place) in sort::by_text(pairs) {
            sorted.push(place);
        }
        Keys { names, sorted }
    }

    /// Names, and their places in the order of the names' bytes.
    pub fn of_parts(names: Vec<String>, sorted: Vec<u32>) -> Keys {
        Keys { names, sorted }
    }

    /// The place of a name.
    pub fn place(&self, name: &str) -> Option<u32> {
        let at = self.sorted.binary_search_by(|place| self.name(*place).cmp(name)).ok()?;
        self.sorted.get(at).copied()
    }

    /// The name at a place.
    pub fn name(&self, place: u32) -> &str {
        self.names.get(place as usize).map_or("", String::as_str)
    }

    /// The names, in the order of the snapshot.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The places, in the order of the names' bytes.
    pub fn sorted(&self) -> &[u32] {
        &self.sorted
    }
}
