//! What an engine is told of how requests end, and what it makes of that: [`Engine`]'s side of the guards.

use crate::{
    Engine, Evaluation, LoadError, Orders, Reason,
    guard::{Key, Moment, Outcome, Seen, Standing},
    table::Table,
};

impl Evaluation<'_> {
    /// Whether a rollout drew the variant: only such decisions tell of a whole population, and are to be reported.
    pub fn is_counted(&self) -> bool {
        self.reason == Reason::Split && self.detail != "layer"
    }
}

/// Guards: counts in, verdicts out. Nothing here reads a clock; all times are in milliseconds since 1970.
impl Engine {
    /// Names this isolate in its deltas, 1 to 64 bytes; no two isolates may have one name, nor one after a restart. With `coordinated`
    /// directives come from a coordinator, by [`Engine::apply`], and a verdict of this engine's own only ejects a variant for a while.
    pub fn identify(&mut self, isolate: &str, coordinated: bool) {
        self.watch.identify(isolate, coordinated);
    }

    /// Counts how a request ended that a rollout of a guarded flag decided: see [`Evaluation::is_counted`]. Where a slot has ended
    /// since the last call, guards are judged. True where other orders are in force now.
    ///
    /// `latency_ms` is the time to the first byte, or to the failure. Requests that an injected fault hit, that a cache answered, or
    /// whose client went away are not to be reported.
    ///
    /// ```
    /// use pointsman::{Context, Engine, guard::Outcome};
    ///
    /// let mut engine = Engine::from_slice(br#"{ "flags": { "canary": {
    ///     "enabled": true, "rolloutPercentage": 50, "guard": { "consecutiveFailures": 3 } } } }"#)?;
    /// let alice = Context::new().with("userId", "alice");
    /// let at = 1_780_000_000_000;
    /// assert!(engine.is_enabled("canary", &alice, at));
    /// // What began before the guard knew the time is not counted.
    /// engine.judge(at);
    /// for second in 1..=3 {
    ///     engine.report("canary", "on", Outcome::Failure, 5.0, at + 1_000 * second);
    /// }
    /// // Three failures in a row: nobody gets it here for half a minute or so.
    /// assert_eq!(engine.evaluate("canary", &alice, at + 3_000).detail, "rollback");
    /// # Ok::<(), pointsman::LoadError>(())
    /// ```
    pub fn report(&mut self, flag: &str, variant: &str, outcome: Outcome, latency_ms: f64, now: i64) -> bool {
        let seen = key(&self.table, flag, variant).map(|key| Seen { key, outcome, latency_ms });
        let moment = self.moment(now);
        self.watch.observe(&self.table, seen, moment)
    }

    /// Judges all guarded variants, and tells how they stand. A breach is acted on: see [`Engine::orders`].
    ///
    /// Call it after a load, too, where schedules have a guard: they go on only while it is `ok`.
    pub fn judge(&mut self, now: i64) -> Vec<Standing> {
        let moment = self.moment(now);
        self.watch.judge(&self.table, moment)
    }

    /// What was counted here since the last delta that a coordinator acknowledged, as JSON text.
    pub fn drain(&mut self, now: i64) -> String {
        self.watch.drain(&self.table, now as f64)
    }

    /// Takes in another isolate's delta. The same again, or several in another order, make no difference. False where some of it was
    /// of no use, as it belongs to another generation or to a flag that has no guard here: it is not to be acknowledged then, so that
    /// it comes again.
    ///
    /// # Errors
    /// What is wrong with the text; nothing of it is taken then.
    pub fn merge(&mut self, delta: &str, now: i64) -> Result<bool, LoadError> {
        self.watch.merge(&self.table, delta, now as f64)
    }

    /// What is in force: directives, and how guarded schedules lag behind.
    pub fn orders(&self) -> &Orders {
        self.watch.orders()
    }

    /// The same as JSON text, for [`Engine::apply`] of another engine.
    pub fn orders_text(&self) -> String {
        crate::guard::written(self.watch.orders())
    }

    /// Takes orders, as JSON text: a coordinator's, or those that this engine had before a restart. Directives add up and hold until
    /// their flag's `generation` grows; clocks replace those known. True where other orders are in force now.
    ///
    /// # Errors
    /// What is wrong with the text; nothing of it is taken then.
    pub fn apply(&mut self, orders: &str, now: i64) -> Result<bool, LoadError> {
        let moment = self.moment(now);
        self.watch.apply(&self.table, orders, moment)
    }

    fn moment(&self, now: i64) -> Moment {
        Moment { now: now as f64, schedules: self.believed_at(now) as f64 }
    }
}

fn key(table: &Table, flag: &str, variant: &str) -> Option<Key> {
    let flag = table.flag(flag)?;
    let variants = &flag.definition.as_ref()?.variants;
    let place = variants.iter().position(|own| own.name == variant)?;
    Some(Key { flag: flag.place, variant: u8::try_from(place).ok()? })
}
