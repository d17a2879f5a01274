//! Every bound in one table, with its unit and its reason. No such number stands anywhere else.

/// Bytes of a snapshot taken unless the caller allows more: several thousand flags with their lists.
pub const SNAPSHOT_BYTES: usize = 8 << 20;

/// Bytes of a snapshot at the very most: half of an edge isolate's 128 MiB, and offsets stay within 32 bits.
pub const SNAPSHOT_BYTES_MAX: usize = 64 << 20;

/// Levels of nested objects and lists: far beyond any condition that a person can read; bounds every recursion.
pub const DEPTH: usize = 64;

/// Members of an object whose names are compared each with each, to find what stands there twice; more are sorted first.
pub const NAMES_COMPARED: usize = 16;

/// Problems reported for one snapshot; the rest is counted. One bad generator can make one problem a flag.
pub const PROBLEMS: usize = 1_000;

/// Problems that get a "did you mean": each compares with every known name, of which there may be ten thousand.
pub const HINTS: usize = 10;

/// Bytes of a name that gets a "did you mean": longer ones are not mistyped by hand.
pub const HINTED_BYTES: usize = 64;

/// Flags and segments of a cycle that a message names.
pub const CYCLE_NAMES: usize = 10;

/// Characters of a name or value quoted in a message: enough to find it, too few to flood a log.
pub const QUOTED_CHARACTERS: usize = 60;

/// Bytes of a flag's, variant's, backend's, route's or attribute's name: they end up in headers and logs.
pub const NAME_BYTES: usize = 256;

/// Flags in a snapshot.
pub const FLAGS: usize = 10_000;

/// Variants of one flag: a decision carries the variant's place in eight bits, and 255 means none.
pub const VARIANTS: usize = 255;

/// Rules of one flag: a decision carries the rule's place in sixteen bits, and each is walked for each decision.
pub const RULES: usize = 1_000;

/// Steps of one schedule.
pub const STEPS: usize = 1_000;

/// Entries of one list: whitelisted ids, or an operator's values.
pub const LIST: usize = 1_000_000;

/// Entries of one chain in the index of lists; further ones are kept sorted. Chance makes none of a dozen; ids that collide can be computed.
pub const CHAIN: u8 = 32;

/// Words of a snapshot: texts of short lists, countries and plans say, that lists hold as bits. What is beyond stays in lists of its own.
pub const WORDS: usize = 255;

/// Texts of an `in` that is kept as words.
pub const WORD_LIST: usize = 64;

/// Bytes of a compiled regular expression, as `regex-lite` counts them: a hundred names of crawlers, or `.{1,500}`. A text is matched in
/// time that grows with its length times this: without it 21 characters took 78 s for a text of 4 KiB (measured natively).
pub const PATTERN_BYTES: usize = 64 << 10;

/// Regular expressions of a snapshot: with [`PATTERN_BYTES`] for each, half of an edge isolate's memory.
pub const PATTERNS: usize = 1_000;

/// Conditions in one `all` or `any`.
pub const CONDITIONS: usize = 1_000;

/// Segments of a snapshot.
pub const SEGMENTS: usize = 10_000;

/// Layers of a snapshot.
pub const LAYERS: usize = 1_000;

/// Levels of segments and prerequisites that refer to one another: bounds the recursion of a decision, with [`DEPTH`] for each. The
/// deepest of 32 took over half of the stack that V8 runs WebAssembly on.
pub const REFERENCE_DEPTH: u32 = 16;

/// Conditions that one decision may have to walk, those of segments and prerequisites counted each time they are referred to:
/// without it thirty flags that each ask the one before twice would take a thousand million.
pub const WALKED_CONDITIONS: u32 = 100_000;

/// Steps of one explanation: what is longer nobody reads.
pub const EXPLAINED_STEPS: usize = 1_000;

/// Attribute names that one snapshot may ask for: each has a slot of sixteen bytes in the context region.
pub const ATTRIBUTES: usize = 1_024;

/// Attributes that one `bucketBy` names.
pub const BUCKET_BY: usize = 8;

/// Backends of a snapshot.
pub const BACKENDS: usize = 1_024;

/// Routes of a snapshot: they are tried in order for each request.
pub const ROUTES: usize = 1_000;

/// Methods of one route's match: the registered ones are 40.
pub const METHODS: usize = 64;

/// Request headers that one backend may have set.
pub const HEADERS: usize = 64;

/// Milliseconds that a backend may take until its response begins: ten minutes, longer than any platform lets a request wait.
pub const TIMEOUT_MS: u64 = 600_000;

/// Faults of one route: their conditions are tried in order for each request.
pub const FAULTS: usize = 32;

/// Milliseconds that a fault may delay a request, jitter included: what waits for longer is a hanging origin, not a slow one.
pub const FAULT_DELAY_MS: u64 = 300_000;

/// Slots of a guard's window, and of its `for`: a tick walks them all.
pub const GUARD_SLOTS: u64 = 360;

/// Milliseconds of a guard's slot, at least and at most: shorter ones hold nothing, longer ones are judged too late.
pub const GUARD_SLOT_MS: (u64, u64) = (100, 3_600_000);

/// Flags of a snapshot that have a guard: each is judged at the end of each of its slots.
pub const GUARDS: usize = 1_000;

/// Bytes of a delta: room for [`DELTA_CELLS`] without latency buckets.
pub const DELTA_BYTES: usize = 4 << 20;

/// Cells of a delta: a hundred guards with two variants each, in all slots of the default window.
pub const DELTA_CELLS: usize = 10_000;

/// Bytes of an isolate's name: a UUID has 36.
pub const ISOLATE_BYTES: usize = 64;

/// Isolates that one engine knows at a time.
pub const ISOLATES: usize = 4_096;

/// Directives that one engine keeps, those for flags it doesn't know included.
pub const DIRECTIVES: usize = 1_000;

/// Bytes of the region that a caller packs a context into.
pub const REGION_BYTES: usize = 64 << 10;

/// Bytes of a visitor id in a cookie: a UUID has 36.
pub const VISITOR_ID_BYTES: usize = 128;

/// Days that a visitor's cookie may last: browsers cut longer ones to 400 (RFC 6265bis, section 5.5).
pub const COOKIE_DAYS: u64 = 400;

/// The largest integer that a double holds exactly: revisions and numeric ids end here.
pub const SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
