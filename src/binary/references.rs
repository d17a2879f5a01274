//! What conditions refer to: measured anew, as a cycle would be walked for ever.

use crate::limits;

/// Flags, then segments, then all routes together: how many conditions each has of its own, and which refer to which.
#[derive(Default)]
pub struct References {
    /// Whoever's conditions are being read.
    pub user: usize,
    own: Vec<u32>,
    pairs: Vec<(usize, usize)>,
}

impl References {
    /// Makes room for so many users.
    pub fn expect(&mut self, users: usize) {
        self.own = vec![0; users];
    }

    /// Counts a condition of the user.
    pub fn count(&mut self) {
        if let Some(own) = self.own.get_mut(self.user) {
            *own = own.saturating_add(1);
        }
    }

    /// Notes that the user refers to another.
    pub fn add(&mut self, to: usize) {
        self.pairs.push((self.user, to));
    }

    /// Whether no decision walks deeper, or over more conditions, than those of a snapshot in JSON may. Each round takes in one
    /// level more; on a cycle, where every condition that refers counts itself, the sums would grow for ever.
    pub fn are_bounded(&self) -> bool {
        let mut sums = self.own.clone();
        for _ in 0..=limits::REFERENCE_DEPTH {
            let next = self.with_one_level(&sums);
            if next == sums {
                return sums.iter().all(|conditions| *conditions <= limits::WALKED_CONDITIONS);
            }
            sums = next;
        }
        false
    }

    fn with_one_level(&self, sums: &[u32]) -> Vec<u32> {
        let mut next = self.own.clone();
        for (from, to) in &self.pairs {
            if let (Some(sum), Some(more)) = (next.get_mut(*from), sums.get(*to)) {
                *sum = sum.saturating_add(*more);
            }
        }
        next
    }
}
