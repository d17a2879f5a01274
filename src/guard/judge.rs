//! The judge: from the counts of closed slots to a state, with the evidence for it. `condition.rs` has what is counted, and
//! `evidence.rs` the formulas.

use super::{
    Cell, Guard,
    condition::{Condition, Stretch, Tally},
};

/// What the judge must know beside the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scope {
    /// An isolate judges only itself, one of a thousand perhaps: it needs more evidence.
    pub alone: bool,
    /// The newest report is older than three slots.
    pub stale: bool,
    /// Requests that the rollout gives the candidate for each of the control's. None where that is not known: then nobody asks
    /// whether the candidate got its part.
    pub expected_ratio: Option<f64>,
}

/// How a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing can be said: a schedule holds.
    Insufficient(Lack),
    /// Nothing is wrong, and it would show: a schedule may go on.
    Ok,
    /// A limit is exceeded, not yet for long enough: a schedule holds.
    Suspect,
    /// The verdict.
    Breach,
}

/// What is missing for a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Fewer requests in the window than the guard asks for.
    Requests,
    /// So few that a breach of five times the limit might not show.
    Power,
    /// Reports are too old.
    Stale,
    /// The control has no requests to compare with.
    Control,
    /// Less than half of the requests that the control's volume lets expect.
    Volume,
}

/// What speaks most strongly against a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The condition that it is about.
    pub condition: Condition,
    /// The stretch: so many of the newest slots. All of the window where no stretch exceeds the limit.
    pub slots: usize,
    /// Requests of the stretch that failed, or were slow.
    pub failed: u64,
    /// All requests of the stretch; for a latency those that have one.
    pub requests: u64,
    /// The same of the control.
    pub control_failed: u64,
    /// The same of the control.
    pub control_requests: u64,
    /// The limit: a share (`errorRate.max`; `latency.max`: 1 - quantile), a difference of shares, or a ratio of latencies.
    pub limit: f64,
    /// What is slow took longer than this, in milliseconds: `latency.max`, or the bucket's edge at so many times the control's quantile,
    /// which then is slow as well. 0 where errors are judged.
    pub edge_ms: f64,
    /// How strong it is, in nats.
    pub value: f64,
    /// How strong it must be for a breach, in nats.
    pub needed: f64,
}

/// What the judge says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// How the candidate stands.
    pub state: State,
    /// The strongest evidence of the conditions that stand worst, also where all is well; none without requests.
    pub evidence: Option<Evidence>,
}

/// Judges a candidate at the end of the newest slot.
///
/// `candidate` and `control` hold the cells of the same closed slots, oldest first, [`Guard::span`] of them; where there are fewer, the
/// older ones count as empty. What is worse, or says more, comes first: reports that are stale, a breach, too little volume, too few
/// requests, a suspicion, no control, too little power, ok.
pub fn judge(guard: &Guard, candidate: &[Cell], control: &[Cell], scope: Scope) -> Judgement {
    let view = View { guard, candidate, control, needed: guard.needed(scope.alone), cleared: guard.cleared() };
    let window = view.window(0);
    let worst = view.worst();
    let standing = worst.as_ref().map_or(Standing::Clear, |finding| finding.standing);
    let evidence = worst.map(|finding| view.evidence(&finding)).filter(|evidence| evidence.requests > 0);
    Judgement { state: view.state(&window, standing, scope), evidence }
}

/// How a condition stands; the worse, the larger.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Standing {
    Clear,
    Suspect,
    Breach,
}

/// The stretch of a condition with the strongest evidence.
#[derive(Clone, Copy)]
struct Peak {
    condition: Condition,
    limit: f64,
    slots: usize,
    tally: Tally,
    value: f64,
}

struct Finding {
    standing: Standing,
    peak: Peak,
}

impl Finding {
    fn is_worse_than(&self, other: &Finding) -> bool {
        let same = self.standing == other.standing;
        self.standing > other.standing || same && self.peak.value > other.peak.value
    }
}

struct View<'a> {
    guard: &'a Guard,
    candidate: &'a [Cell],
    control: &'a [Cell],
    needed: f64,
    cleared: f64,
}

impl View<'_> {
    /// The sums of the window that ended so many slots ago.
    fn window(&self, back: usize) -> Stretch {
        let mut sums = Stretch::default();
        (0..self.guard.window).for_each(|younger| self.extend(&mut sums, back.saturating_add(younger)));
        sums
    }

    /// Adds the slot of this age, 0 being the newest.
    fn extend(&self, stretch: &mut Stretch, age: usize) {
        if let Some(cell) = of_age(self.candidate, age) {
            stretch.candidate.add(cell);
        }
        if let Some(cell) = of_age(self.control, age) {
            stretch.control.add(cell);
        }
    }

    /// What a condition counts in the newest slot of the window that ended so many slots ago, in the two newest, and so on.
    fn stretches(&self, condition: Condition, back: usize) -> impl Iterator<Item = (usize, Tally)> {
        let mut stretch = Stretch::default();
        (0..self.guard.window).map(move |younger| {
            self.extend(&mut stretch, back.saturating_add(younger));
            (younger.saturating_add(1), stretch.tally(self.guard, condition))
        })
    }

    /// The strongest evidence of a window, of equals the shortest stretch; the whole window where nothing exceeds the limit.
    fn peak(&self, condition: Condition, limit: f64, back: usize) -> Peak {
        let mut peak = Peak { condition, limit, slots: 0, tally: Tally::default(), value: 0.0 };
        for (slots, tally) in self.stretches(condition, back) {
            let value = tally.against(condition, limit);
            if value > peak.value || peak.value <= 0.0 {
                peak = Peak { slots, tally, value, ..peak };
            }
        }
        peak
    }

    fn is_suspect(&self, peak: &Peak, back: usize) -> bool {
        peak.value >= self.needed && !self.has_recovered(peak, back)
    }

    /// Whether a newer part of the stretch keeps within the limit, and too well for the rate of the stretch.
    fn has_recovered(&self, peak: &Peak, back: usize) -> bool {
        // Were all requests of the stretch failures, a single good one would else do.
        let rate = peak.tally.share().min(0.5);
        let mut newer = self.stretches(peak.condition, back).take(peak.slots.saturating_sub(1));
        newer.any(|(_, tally)| tally.recovers_from(rate, peak.condition, peak.limit, self.cleared))
    }

    /// Looks back from the newest tick for as long as the condition is suspect.
    fn finding(&self, condition: Condition, limit: f64) -> Finding {
        let peak = self.peak(condition, limit, 0);
        if !self.is_suspect(&peak, 0) {
            return Finding { standing: Standing::Clear, peak };
        }
        let all = (1..=self.guard.hold).all(|back| self.is_suspect(&self.peak(condition, limit, back), back));
        let verdict = all && self.has_enough(&self.window(self.guard.hold));
        Finding { standing: if verdict { Standing::Breach } else { Standing::Suspect }, peak }
    }

    fn worst(&self) -> Option<Finding> {
        let mut worst: Option<Finding> = None;
        for (condition, limit) in self.guard.conditions() {
            let next = self.finding(condition, limit);
            if worst.as_ref().is_none_or(|worst| next.is_worse_than(worst)) {
                worst = Some(next);
            }
        }
        worst
    }

    fn has_enough(&self, window: &Stretch) -> bool {
        window.candidate.requests >= self.guard.min_requests
    }

    fn state(&self, window: &Stretch, standing: Standing, scope: Scope) -> State {
        if scope.stale {
            return State::Insufficient(Lack::Stale);
        }
        if standing == Standing::Breach {
            return State::Breach;
        }
        let lack = self.lack_of_requests(window, scope);
        if lack.is_none() && standing == Standing::Suspect {
            return State::Suspect;
        }
        lack.or_else(|| self.lack_of_evidence(window)).map_or(State::Ok, State::Insufficient)
    }

    fn lack_of_requests(&self, window: &Stretch, scope: Scope) -> Option<Lack> {
        let expected = scope.expected_ratio.unwrap_or(0.0) * window.control.requests as f64;
        let counts = scope.expected_ratio.is_some() && expected >= self.guard.min_requests as f64;
        if counts && (window.candidate.requests as f64) < expected / 2.0 {
            return Some(Lack::Volume);
        }
        (!self.has_enough(window)).then_some(Lack::Requests)
    }

    fn lack_of_evidence(&self, window: &Stretch) -> Option<Lack> {
        let mut lack = None;
        for (condition, limit) in self.guard.conditions() {
            let tally = window.tally(self.guard, condition);
            if condition.compares() && tally.control_requests == 0 {
                return Some(Lack::Control);
            }
            if !tally.is_clean(condition, limit, self.cleared) {
                lack = Some(Lack::Power);
            }
        }
        lack
    }

    fn evidence(&self, finding: &Finding) -> Evidence {
        let Peak { condition, limit, slots, tally, value } = finding.peak;
        let ratio = self.guard.latency.and_then(|latency| latency.over_control);
        Evidence {
            condition,
            slots,
            failed: tally.failed,
            requests: tally.requests,
            control_failed: tally.control_failed,
            control_requests: tally.control_requests,
            limit: if condition == Condition::LatencyOverControl { ratio.unwrap_or(limit) } else { limit },
            edge_ms: tally.edge_ms,
            value,
            needed: self.needed,
        }
    }
}

/// The cell of the slot so many slots before the newest.
fn of_age(cells: &[Cell], age: usize) -> Option<&Cell> {
    cells.len().checked_sub(age.saturating_add(1)).and_then(|place| cells.get(place))
}
