//! Requests that come at random, and fail at random.

use rand::rngs::StdRng;
use rand_distr::{Distribution, Poisson};

/// Slots of the window.
pub const WINDOW: u32 = 30;

/// What one slot saw.
#[derive(Clone, Copy, Default)]
pub struct Slot {
    pub requests: u32,
    pub failures: u32,
}

/// How many requests fail, and how many don't: independent of each other, as arrivals are.
pub struct Traffic {
    failing: Option<Poisson<f64>>,
    fine: Option<Poisson<f64>>,
}

impl Traffic {
    /// Requests of a slot, where the window has `requests`, at a failure rate.
    pub fn new(requests: u32, rate: f64) -> Traffic {
        let mean = f64::from(requests) / f64::from(WINDOW);
        // None where the mean is 0.
        Traffic { failing: Poisson::new(mean * rate).ok(), fine: Poisson::new(mean * (1.0 - rate)).ok() }
    }

    pub fn slot(&self, draw: &mut StdRng) -> Slot {
        let failures = count(self.failing.as_ref(), draw);
        Slot { requests: failures + count(self.fine.as_ref(), draw), failures }
    }
}

/// A count from a Poisson distribution; 0 without one.
pub fn count(distribution: Option<&Poisson<f64>>, draw: &mut StdRng) -> u32 {
    distribution.map_or(0, |distribution| distribution.sample(draw) as u32)
}
