//! The one owner of state: the table in use, and what replaces it.

#[cfg(feature = "edge")]
use crate::explain::{Explanation, Trace};
use crate::{
    EDGE, binary,
    compile::{self, Carried},
    context::{Context, Named},
    decision::{Cause, Decision, ErrorCode, Reason},
    directive::FlagOrder,
    error::{Code, LoadError, Problem},
    eval::{self, Recorder, Scene},
    guard::Watch,
    limits, number,
    report::{LoadReport, compare},
    table::{Definition, Flag, Table},
};

/// How snapshots are taken.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Refuse a snapshot with any problem, instead of breaking single flags. Default false.
    pub strict: bool,
    /// The largest snapshot taken, in bytes. Default 8 MiB; more than 64 MiB counts as 64 MiB.
    pub max_snapshot_bytes: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { strict: false, max_snapshot_bytes: limits::SNAPSHOT_BYTES }
    }
}

/// One flag's decision for one visitor, with names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation<'e> {
    /// The variant's name; none where it is unknown.
    pub variant: Option<&'e str>,
    /// The variant's value as JSON text; `null` where it is unknown.
    pub value: &'e str,
    /// Why, in OpenFeature's names.
    pub reason: Reason,
    /// What decided, in one word; for an error, its code.
    pub detail: &'static str,
    /// The rule that decided: its place (0-based) and its name, if it has one.
    pub rule: Option<(u16, Option<&'e str>)>,
    /// Why no decision could be made.
    pub error_code: Option<ErrorCode>,
    /// The flag's metadata, as the JSON text of an object.
    pub metadata: &'e str,
}

/// Decides flags and routes from one snapshot.
///
/// ```
/// use pointsman::{Context, Engine};
///
/// let snapshot = r#"{ "flags": { "new-checkout": {
///     "enabled": true, "rolloutPercentage": 25, "whitelistUsers": ["alice", "bob"] } } }"#;
/// let engine = Engine::from_slice(snapshot.as_bytes())?;
/// let alice = Context::new().with("userId", "alice");
/// assert!(engine.is_enabled("new-checkout", &alice, 0));
/// # Ok::<(), pointsman::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Engine {
    pub(crate) table: Table,
    options: Options,
    /// When the snapshot was last known to be current, in milliseconds since 1970.
    confirmed: Option<i64>,
    pub(crate) watch: Watch,
}

impl Engine {
    /// An engine with its first snapshot, with the default [`Options`].
    ///
    /// # Errors
    /// The snapshot is refused: it is not JSON, over a bound, or wrong in more than single flags.
    pub fn from_slice(snapshot: &[u8]) -> Result<Engine, LoadError> {
        Engine::new(snapshot, Options::default())
    }

    /// An engine with its first snapshot.
    ///
    /// # Errors
    /// As [`Engine::from_slice`]; with `strict`, for any problem.
    pub fn new(snapshot: &[u8], options: Options) -> Result<Engine, LoadError> {
        Engine::restore(snapshot.to_vec(), "", options)
    }

    /// An engine as one that was lost: broken flags take their definitions from `carried`, a JSON object of flags.
    pub(crate) fn restore(snapshot: Vec<u8>, carried: &str, options: Options) -> Result<Engine, LoadError> {
        let snapshot = within(snapshot, options.max_snapshot_bytes)?;
        let table = table_of(snapshot, None, Carried::Text(carried), options.strict)?;
        let mut watch = Watch::default();
        if EDGE {
            watch.adopt(&Table::default(), &table);
        }
        Ok(Engine { table, options, confirmed: None, watch })
    }

    /// Swaps in a new snapshot. The same bytes again change nothing.
    ///
    /// # Errors
    /// The snapshot is refused: as [`Engine::new`], or its revision is lower than the one in use, the same with other
    /// content, or missing. The one in use stays.
    pub fn load(&mut self, snapshot: &[u8]) -> Result<LoadReport, LoadError> {
        self.load_owned(snapshot.to_vec())
    }

    pub(crate) fn load_owned(&mut self, snapshot: Vec<u8>) -> Result<LoadReport, LoadError> {
        let snapshot = within(snapshot, self.options.max_snapshot_bytes)?;
        if json_within(&snapshot) == self.snapshot().as_bytes() {
            return Ok(LoadReport { unchanged: true, ..self.changed_since(Some(&self.table)) });
        }
        let next = table_of(snapshot, Some(&self.table), Carried::From(&self.table), self.options.strict)?;
        let last = std::mem::replace(&mut self.table, next);
        if EDGE {
            self.watch.adopt(&last, &self.table);
        }
        Ok(self.changed_since(Some(&last)))
    }

    /// The snapshot in use is current as of `now`, in milliseconds since 1970. Where it has a `maxAge` and was confirmed longer
    /// ago than that, schedules hold where they were when that was over. An engine that was never confirmed believes its snapshot for
    /// ever; a load alone confirms nothing, as it does not know the time.
    ///
    /// ```
    /// use pointsman::{Context, Engine};
    ///
    /// let mut engine = Engine::from_slice(br#"{ "maxAge": "1m", "flags": { "dark-mode": { "enabled": true, "rollout": {
    ///     "schedule": [{ "at": "2026-01-31T09:05:00Z", "percentage": 100 }] } } } }"#)?;
    /// let nine = 1_769_850_000_000;
    /// engine.confirm(nine + 4 * 60_000 - 1);
    /// assert!(!engine.is_enabled("dark-mode", &Context::new(), nine + 5 * 60_000));
    /// engine.confirm(nine + 4 * 60_000);
    /// assert!(engine.is_enabled("dark-mode", &Context::new(), nine + 5 * 60_000));
    /// // A share only ever grows: who is in by then stays.
    /// assert!(engine.is_enabled("dark-mode", &Context::new(), nine + 60 * 60_000));
    /// # Ok::<(), pointsman::LoadError>(())
    /// ```
    pub fn confirm(&mut self, now: i64) {
        self.confirmed = Some(now);
    }

    /// What the table in use changed against the one before it.
    pub(crate) fn changed_since(&self, last: Option<&Table>) -> LoadReport {
        let mut report = LoadReport { revision: self.revision(), ..LoadReport::default() };
        compare(last.unwrap_or(&Table::default()), &self.table, &mut report);
        report.problems.clone_from(&self.table.problems);
        report
    }

    /// True when the flag's variant is `true`; false on any error. `now` is in milliseconds since 1970.
    pub fn is_enabled(&self, key: &str, context: &Context, now: i64) -> bool {
        let evaluation = self.evaluate(key, context, now);
        evaluation.error_code.is_none() && evaluation.value == "true"
    }

    /// Decides one flag. `now` is in milliseconds since 1970.
    pub fn evaluate(&self, key: &str, context: &Context, now: i64) -> Evaluation<'_> {
        let flag = self.table.flag(key);
        let decision = match flag {
            Some(flag) => {
                let named = Named::new(context, &self.table.attributes);
                eval::evaluate(flag, &self.scene(now), &named, &mut Recorder::silent())
            }
            None => Decision::unknown(Cause::FlagNotFound),
        };
        self.named(flag, decision)
    }

    /// How one flag is decided, step by step: [`Engine::evaluate`] with somebody listening. `now` is in milliseconds since 1970.
    ///
    /// ```
    /// use pointsman::{Context, Engine};
    ///
    /// let engine = Engine::from_slice(br#"{ "flags": { "canary": { "enabled": true, "rules": [
    ///     { "if": { "attribute": "country", "op": "in", "values": ["DE"] }, "serve": "on" }], "rolloutPercentage": 5 } } }"#)?;
    /// let alice = Context::new().with("userId", "alice").with("country", "FR");
    /// assert_eq!(engine.explain("canary", &alice, 0).to_string(), r#"canary: off (SPLIT, rollout)
    ///   enabled: yes
    ///   rule 1: no
    ///     country in ["DE"]: no, country is "FR"
    ///   rollout: out
    ///     userId is "alice", at 1671969526 (38.9286 %)
    ///     on from 0 (0 %) up to 214748365 (5 %): no"#);
    /// # Ok::<(), pointsman::LoadError>(())
    /// ```
    #[cfg(feature = "edge")]
    pub fn explain<'e>(&'e self, key: &'e str, context: &'e Context, now: i64) -> Explanation<'e> {
        let attributes = Named::new(context, &self.table.attributes);
        let explained = self.table.keys.place(key).and_then(|place| Trace::of(place, self.scene(now), attributes));
        let (decision, trace) = explained.unzip();
        Explanation {
            evaluation: self.named(self.table.flag(key), decision.unwrap_or(Decision::unknown(Cause::FlagNotFound))),
            key,
            trace,
            problems: self.problems().iter().filter(|problem| problem.is_of_flag(key)).collect(),
            table: &self.table,
            attributes,
        }
    }

    /// The revision of the snapshot in use.
    pub fn revision(&self) -> Option<u64> {
        self.table.revision
    }

    /// The problems of the snapshot in use.
    pub fn problems(&self) -> &[Problem] {
        &self.table.problems
    }

    /// The names of the attributes that the snapshot asks for.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.table.attributes.iter().map(String::as_str)
    }

    /// The keys of all flags, in the order of the snapshot.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        self.table.keys.names().iter().map(String::as_str)
    }

    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// The scene at a time that is known to be believed.
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    #[inline(always)]
    pub(crate) fn believed(&self, now: f64) -> Scene<'_> {
        Scene { table: &self.table, now, orders: self.orders_in_force(), overrides: &[] }
    }

    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    pub(crate) fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    #[inline(always)]
    fn orders_in_force(&self) -> &[FlagOrder] {
        if EDGE { self.watch.in_force() } else { &[] }
    }

    /// What schedules see at a time: that, and no more than the last that the snapshot is believed.
    pub(crate) fn believed_at(&self, now: i64) -> i64 {
        let max_age = self.table.max_age.map(|age| i64::try_from(age).unwrap_or(i64::MAX));
        self.confirmed.zip(max_age).map_or(now, |(confirmed, age)| now.min(confirmed.saturating_add(age)))
    }

    pub(crate) fn scene(&self, now: i64) -> Scene<'_> {
        let now = self.believed_at(now) as f64;
        Scene { table: &self.table, now, orders: self.orders_in_force(), overrides: &[] }
    }

    fn snapshot(&self) -> &str {
        self.table.text.get(..self.table.snapshot_bytes).unwrap_or_default()
    }

    pub(crate) fn named<'e>(&'e self, flag: Option<&'e Flag>, decision: Decision) -> Evaluation<'e> {
        let definition = flag.and_then(|flag| flag.definition.as_ref());
        let variant = decision.variant().and_then(|place| definition?.variants.get(usize::from(place)));
        Evaluation {
            variant: variant.map(|variant| variant.name.as_str()),
            value: variant.map_or("null", |variant| variant.json(&self.table.text)),
            reason: decision.cause.reason(),
            detail: decision.cause.detail(),
            rule: definition.and_then(|definition| rule(definition, decision)),
            error_code: decision.cause.error_code(),
            metadata: definition
                .and_then(|definition| definition.metadata)
                .map_or("{}", |span| span.of(&self.table.text)),
        }
    }
}

fn rule(definition: &Definition, decision: Decision) -> Option<(u16, Option<&str>)> {
    let place = decision.rule()?;
    Some((place, definition.rules.get(usize::from(place))?.name.as_deref()))
}

/// A checked snapshot in its compiled form, for engines of this very version: bytes that are loaded without parsing, in place of
/// the JSON that they were made of.
///
/// ```
/// use pointsman::{Context, Engine, compile_snapshot};
///
/// let compiled = compile_snapshot(br#"{ "flags": { "dark-mode": { "enabled": true } } }"#)?;
/// let engine = Engine::from_slice(&compiled)?;
/// assert!(engine.is_enabled("dark-mode", &Context::new(), 0));
/// # Ok::<(), pointsman::LoadError>(())
/// ```
///
/// # Errors
/// Anything is wrong with the snapshot, or it has more than 64 MiB.
pub fn compile_snapshot(snapshot: &[u8]) -> Result<Vec<u8>, LoadError> {
    let text = text(within(snapshot.to_vec(), usize::MAX)?)?;
    Ok(binary::written(&compile::compile(text, None, Carried::Text(""), true)?))
}

/// The JSON that a compiled snapshot was made of, as it stands in it; any other snapshot as it is.
fn json_within(snapshot: &[u8]) -> &[u8] {
    if EDGE && binary::is_meant(snapshot) { binary::text(snapshot) } else { snapshot }
}

/// The table of a snapshot, JSON or compiled.
fn table_of(
    snapshot: Vec<u8>,
    previous: Option<&Table>,
    carried: Carried<'_>,
    strict: bool,
) -> Result<Table, LoadError> {
    if !EDGE || !binary::is_meant(&snapshot) {
        return compile::compile(text(snapshot)?, previous, carried, strict);
    }
    let table = binary::read(snapshot)?;
    if follows(&table, previous) {
        return Ok(table);
    }
    // What is wrong with the revision is told as it is for JSON, with its place.
    compile::compile(table.text, previous, carried, strict)
}

/// Whether a table's revision is higher than the one in use.
fn follows(next: &Table, previous: Option<&Table>) -> bool {
    let last = previous.and_then(|table| table.revision);
    last.is_none_or(|last| next.revision.is_some_and(|next| next > last))
}

fn within(snapshot: Vec<u8>, max: usize) -> Result<Vec<u8>, LoadError> {
    let max = max.min(limits::SNAPSHOT_BYTES_MAX);
    if snapshot.len() <= max {
        return Ok(snapshot);
    }
    let (has, limit) = (number::text(snapshot.len() as u64), number::text(max as u64));
    Err(LoadError::whole(Code::LimitExceeded, ["a snapshot of ", &has, " bytes; the limit is ", &limit].concat()))
}

fn text(snapshot: Vec<u8>) -> Result<String, LoadError> {
    String::from_utf8(snapshot).map_err(|error| {
        let at = number::text(error.utf8_error().valid_up_to() as u64);
        LoadError::whole(Code::NotJson, ["not UTF-8 at byte ", &at].concat())
    })
}
