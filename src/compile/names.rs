//! Attribute names to small numbers, each name once.

use crate::limits;

#[derive(Debug, Default)]
pub struct Names {
    /// In the order of their numbers.
    list: Vec<String>,
    /// Numbers, sorted by name.
    sorted: Vec<u16>,
}

impl Names {
    /// The number of a name; none where there are more names than [`limits::ATTRIBUTES`].
    pub fn number(&mut self, name: &str) -> Option<u16> {
        match self.sorted.binary_search_by(|number| self.name(*number).cmp(name)) {
            Ok(place) => self.sorted.get(place).copied(),
            Err(place) => self.add(name, place),
        }
    }

    fn add(&mut self, name: &str, place: usize) -> Option<u16> {
        let number = u16::try_from(self.list.len()).ok().filter(|_| self.list.len() < limits::ATTRIBUTES)?;
        self.list.push(String::from(name));
        self.sorted.insert(place, number);
        Some(number)
    }

    fn name(&self, number: u16) -> &str {
        self.list.get(usize::from(number)).map_or("", String::as_str)
    }

    /// The names, in the order of their numbers.
    pub fn into_list(self) -> Vec<String> {
        self.list
    }
}
