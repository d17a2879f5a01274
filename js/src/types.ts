import type { Delta, Directive, Orders, Outcome, Standing } from "./guard-types.js";

export type * from "./guard-types.js";

/** A JSON value, as a variant or an attribute may hold it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * What is known of a visitor: attribute names and values. Attributes that no flag asks for are never read.
 * Names that begin with `request.` are filled by the platform alone and ignored here.
 */
export type EvaluationContext = { readonly [attribute: string]: unknown };

/** Why a decision came out as it did (OpenFeature's names). */
export type Reason = "DISABLED" | "TARGETING_MATCH" | "SPLIT" | "DEFAULT" | "STATIC" | "ERROR";

/** Why a decision could not be made (OpenFeature's names). */
export type ErrorCode =
  "FLAG_NOT_FOUND" | "PARSE_ERROR" | "TYPE_MISMATCH" | "TARGETING_KEY_MISSING" | "INVALID_CONTEXT" | "GENERAL";

/** What exactly decided; for an error, its code. */
export type Detail =
  | "disabled"
  | "override"
  | "whitelist"
  | "rule"
  | "rollout"
  | "layer"
  | "fallthrough"
  | "static"
  | "rollback"
  | ErrorCode;

/** Facts that a flag carries along, unread by the engine. */
export type FlagMetadata = { readonly [name: string]: string | number | boolean };

/** One flag's decision for one visitor. */
export interface Evaluation {
  readonly flagKey: string;
  /** The variant's value; with an error code the `offVariant`'s, or null where that is unknown. */
  readonly value: Json;
  /** The variant's name, or null where none is known. */
  readonly variant: string | null;
  readonly reason: Reason;
  readonly detail: Detail;
  /** The rule that decided, when `detail` is `rule`: its place (0-based) and its name, if it has one. */
  readonly rule?: { readonly index: number; readonly name?: string };
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly flagMetadata: FlagMetadata;
}

/** One thing wrong with a snapshot, and where. */
export interface Problem {
  /** A stable code, such as `OUT_OF_RANGE`. */
  readonly code: string;
  /** One lower-case sentence without a final period. */
  readonly message: string;
  /** JSON pointer (RFC 6901) to the place in the snapshot. */
  readonly pointer: string;
  /** 1-based line. */
  readonly line: number;
  /** 1-based column, counted in characters. */
  readonly column: number;
}

/** What a load changed. */
export interface LoadReport {
  /** True when the bytes and revision were those already loaded: nothing was done. */
  readonly unchanged: boolean;
  /** The snapshot's revision, or null where it has none. */
  readonly revision: number | null;
  /** Flags that were not there before. */
  readonly added: readonly string[];
  /** Flags that are gone. */
  readonly removed: readonly string[];
  /** Flags whose definition's text differs from the last snapshot's. */
  readonly changed: readonly string[];
  /** Flags broken by this snapshot that keep their last sound definition. */
  readonly carried: readonly string[];
  /** Flags broken by this snapshot that have no sound definition: they answer with an error. */
  readonly broken: readonly string[];
  /** Everything that is wrong with the snapshot, in the order of its text. */
  readonly problems: readonly Problem[];
}

/**
 * A snapshot as text, as UTF-8 bytes, or as an object (which is `JSON.stringify`ed first; positions refer to that text). Bytes
 * that `pointsman compile` has written are a compiled snapshot, loaded without parsing; only the very version that wrote them
 * takes them, and not `pointsman/flags`.
 */
export type SnapshotInput = string | Uint8Array | ArrayBuffer | object;

/** How an engine is made. */
export interface EngineOptions {
  /** The first snapshot. */
  readonly snapshot: SnapshotInput;
  /** The compiled module, where the package's own loader can't find it. */
  readonly wasm?: WebAssembly.Module;
  /** Milliseconds since 1970; read for flags with a schedule, by `evaluateAll`, and with each load and confirmation. Default `Date.now`. */
  readonly clock?: () => number;
  /** Refuse a snapshot with any problem, in place of breaking single flags. Default false. */
  readonly strict?: boolean;
  /** The largest snapshot taken, in bytes. Default 8 MiB, at most 64 MiB. */
  readonly maxSnapshotBytes?: number;
  /** Called with each problem that a load found. */
  readonly onProblem?: (problem: Problem) => void;
  /**
   * True where a coordinator gives the orders, by `apply`: a verdict of this engine's own then only ejects a variant for half a
   * minute, and longer each time. Default false: an engine judges by itself, and what it orders stands.
   */
  readonly coordinated?: boolean;
  /** Called with each directive that comes into force, this engine's own or a coordinator's. */
  readonly onDirective?: (directive: Directive) => void;
}

/** The parts of a fetch `Request` that routing reads. */
export interface RequestLike {
  readonly url: string;
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

/** What the platform knows of a request beyond the request itself. */
export interface RequestFacts {
  /** The visitor's attributes, for the flags behind routes. */
  readonly context?: EvaluationContext;
  /** A random id for a visitor without one, `crypto.randomUUID()` say. Without it no id is minted. */
  readonly freshId?: string;
  /** The attributes `request.NAME` that only the platform knows: `{ ip: "192.0.2.1", country: "DE" }`. */
  readonly request?: EvaluationContext;
  /** What `verifyOverrides` of `pointsman/overrides` gave: which variants tokens that came with the request ask for. */
  readonly overrides?: readonly Override[];
}

/** A flag's variant, asked for by a signed token. */
export interface Override {
  readonly flag: string;
  readonly variant: string;
}

/** Where a backend is, and how requests to it are rewritten. */
export interface Upstream {
  /** Scheme, host and port: `https://stable.example`. */
  readonly origin: string;
  /** Put in front of the path; empty for nothing. */
  readonly pathPrefix: string;
  /** Request headers to set. */
  readonly headers: { readonly [name: string]: string };
  /** How long the response may take to begin, in milliseconds; null for as long as the platform waits. */
  readonly timeoutMs: number | null;
}

/** A fault to inject: hold the request back, then answer with a status in place of the backend, if there is one. */
export interface InjectedFault {
  readonly name: string;
  /** How long to hold the request back, in milliseconds. */
  readonly delayMs: number;
  /** The status to answer with; null to go on to the backend. */
  readonly abortStatus: number | null;
  /** With so many requests under this fault already, this one goes on without it; null for no limit. */
  readonly maxActive: number | null;
}

/** What a cache may do with the response. */
export type CachePlan =
  /** The adapter's own cache may keep it under this key, which names the route and the backend; no other shared cache may. */
  | { readonly plan: "split"; readonly key: string }
  /** Only the visitor's browser may keep it. */
  | { readonly plan: "private" }
  /** Nobody may keep it. */
  | { readonly plan: "none" };

/** Where a request goes. */
export interface RouteDecision {
  /** The route's name. */
  readonly route: string;
  /** The backend's name. */
  readonly backend: string;
  /** Where the backend is. */
  readonly upstream: Upstream;
  /** The name of the route's fallback. */
  readonly fallbackBackend: string;
  /** Where the route's fallback is, for when the backend can't be used. */
  readonly fallbackUpstream: Upstream;
  /** True when the route's fallback was taken: its flag erred or its variant names no backend, or the engine could not answer. */
  readonly fallback: boolean;
  /** The decision of the route's flag; null for a route with a fixed backend, or when the engine could not answer. */
  readonly evaluation: Evaluation | null;
  /** The visitor's id, read from the route's cookie or fresh; null where the route keeps none. */
  readonly visitorId: string | null;
  /** The `Set-Cookie` value that makes the visitor's id stick, or null. */
  readonly setCookie: string | null;
  /** The fault to inject into this request, or null. */
  readonly fault: InjectedFault | null;
  /** What a cache may do with the response; null for whatever the response says: the same for every visitor. */
  readonly cache: CachePlan | null;
  /** The snapshot's revision. */
  readonly revision: number | null;
}

/** An attribute and what it was when the flag was decided. */
export interface Operand {
  readonly attribute: string;
  /** Absent where the attribute was missing or null, and for an object, which no operator reads. */
  readonly value?: Json;
  /** Present for an object. */
  readonly unusable?: true;
}

/** A condition on an attribute or a bucket, as it is written in the snapshot. */
export type WrittenCondition = { readonly [member: string]: Json };

/** What happened in one step of a walk. */
export type StepKind =
  | { readonly step: "enabled" | "all" | "any" | "not" }
  /** Whether the visitor is listed, by any of these ids. */
  | { readonly step: "whitelist"; readonly ids: readonly Operand[] }
  /** Whether the flag's part of a layer holds the visitor; the id is the first of these that is there. */
  | { readonly step: "layer"; readonly layer: string; readonly ids: readonly Operand[] }
  | { readonly step: "rule"; readonly index: number; readonly name?: string }
  /** Whether a rollout holds the visitor. */
  | { readonly step: "rollout"; readonly ids: readonly Operand[] }
  | { readonly step: "segment"; readonly segment: string }
  /** A prerequisite; its own steps follow, and what it came out as. */
  | { readonly step: "flag"; readonly flag: string; readonly is: readonly string[] }
  | { readonly step: "bucket"; readonly condition: WrittenCondition; readonly ids: readonly Operand[] }
  | { readonly step: "test"; readonly condition: WrittenCondition; readonly actual: Operand }
  | {
      readonly step: "decision";
      readonly flag: string;
      readonly variant: string | null;
      readonly reason: Reason;
      readonly detail: Detail;
    }
  /** Where the visitor stands, by this id, on a line of 2^32 points. */
  | { readonly step: "point"; readonly id: Operand; readonly point: number }
  /** A part of that line, from the first point up to but without the second, and the variant that it stands for. */
  | { readonly step: "part"; readonly variant: string | null; readonly from: number; readonly to: number }
  /** The guard has withdrawn this variant: the control is served in its place. */
  | { readonly step: "rollback"; readonly variant: string | null };

/** One step of a walk. */
export type Step = StepKind & {
  /** How many steps this one is part of. */
  readonly depth: number;
  /** Whether it held; null where that is unknown, for want of an id, an attribute, or a value of a type that compares. */
  readonly result: boolean | null;
};

/** One flag's decision, and how it came about. */
export interface Explanation extends Evaluation {
  /** In the order of the walk: what was not looked at is not there. */
  readonly steps: readonly Step[];
  /** True where there were more steps than the 1,000 that are kept. */
  readonly truncated: boolean;
  /** What is wrong with the flag's definition in the snapshot. */
  readonly problems: readonly Problem[];
  /** Milliseconds since the snapshot was last confirmed: `Engine.age`. */
  readonly age: number | null;
}

/** Every flag's decision for one visitor, read one by one. */
export interface Evaluations extends Iterable<[string, Evaluation]> {
  /** How many flags there are. */
  readonly size: number;
  /** One flag's decision; undefined for an unknown flag. */
  get(flagKey: string): Evaluation | undefined;
  /** True when the flag's variant is `true`; false on any error. */
  isEnabled(flagKey: string): boolean;
}

/** A visitor's context, packed once. After a load it packs itself anew. */
export interface PreparedContext {
  /** As `Engine.isEnabled`. */
  isEnabled(flagKey: string): boolean;
  /** As `Engine.value`. */
  value<T extends Json>(flagKey: string, defaultValue: T): Widened<T>;
  /** As `Engine.evaluate`. */
  evaluate(flagKey: string): Evaluation;
  /** As `Engine.details`. */
  details(flagKey: string, defaultValue: Json): Evaluation;
  /** As `Engine.explain`. */
  explain(flagKey: string): Explanation;
  /** As `Engine.evaluateAll`. */
  evaluateAll(): Evaluations;
}

/** A literal's general type, so that `value("n", ctx, 1)` is a number and not `1`. */
export type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;

/** Decides flags and routes from one snapshot. Evaluation is synchronous and never throws for bad data. */
export interface Engine {
  /** True when the flag's variant for this visitor is `true`; false on any error. */
  isEnabled(flagKey: string, context?: EvaluationContext): boolean;
  /** The variant's value, or the default on any error or where the types differ. */
  value<T extends Json>(flagKey: string, context: EvaluationContext | undefined, defaultValue: T): Widened<T>;
  /** The variant, its value, and why: the same frozen object for the same outcome. */
  evaluate(flagKey: string, context?: EvaluationContext): Evaluation;
  /**
   * As `evaluate`, with the default as the value on any error, and `TYPE_MISMATCH` where the variant's value is of another
   * type than the default: what `value` gives, with the reason.
   */
  details(flagKey: string, context: EvaluationContext | undefined, defaultValue: Json): Evaluation;
  /** How a flag is decided, step by step; `explanationText` of `pointsman/explain` says it in words. */
  explain(flagKey: string, context?: EvaluationContext): Explanation;
  /** Every flag's decision, made in one call and read one by one. */
  evaluateAll(context?: EvaluationContext): Evaluations;
  /** Packs a context once, for many decisions. */
  context(context: EvaluationContext): PreparedContext;
  /** Where a request goes, or null when no route matches. */
  route(request: RequestLike, facts?: RequestFacts): RouteDecision | null;
  /**
   * Swaps in a new snapshot, atomically.
   * @throws PointsmanError when it is refused; the last good one stays.
   */
  load(snapshot: SnapshotInput): LoadReport;
  /**
   * The snapshot in use is still current, says its source. Loading it does the same. Where the snapshot has a `maxAge` and was
   * confirmed longer ago than that, schedules hold where they were when that was over: nobody is taken out by it.
   *
   * @param age - milliseconds since the source said so; default 0, and so is what is no such number.
   */
  confirm(age?: number): void;
  /**
   * Tells how a request ended, for the guard of the flag that decided it. Counted is what a rollout drew: no fallback, no injected
   * fault, nobody listed or overridden. A request that a cache answered is not to be reported. Where a slot of time has ended since
   * the last report, guards are judged.
   */
  report(decision: RouteDecision | Evaluation, outcome: Outcome): void;
  /** Judges all guarded variants at once, and says how they stand. */
  judge(): readonly Standing[];
  /** What was counted here and not acknowledged yet, for `merge` of a coordinator's engine. */
  drain(): Delta;
  /**
   * Takes in another isolate's delta. Twice the same, or another order, make no difference. False where some of it was of no use, as
   * it is of another generation or of a flag without a guard here: it is not to be acknowledged then, so that it comes again.
   * @throws PointsmanError for what is no delta.
   */
  merge(delta: Delta | string): boolean;
  /**
   * Takes a coordinator's orders, or directives alone. Directives add up; clocks are replaced.
   * @throws PointsmanError for what are no orders.
   */
  apply(orders: Orders | readonly Directive[] | string): void;
  /** What is in force. */
  readonly orders: Orders;
  /** The snapshot's revision, or null where it has none. */
  readonly revision: number | null;
  /** Milliseconds since the snapshot in use was last confirmed, by `confirm` or by being loaded. Null where the clock fails. */
  readonly age: number | null;
  /** What the last accepted load did; of the first, all flags are `added`. */
  readonly loaded: LoadReport;
  /** The problems of the snapshot in use. */
  readonly problems: readonly Problem[];
  /** The names of the attributes that the snapshot asks for. */
  readonly attributes: readonly string[];
  /** How often the WebAssembly instance trapped and was replaced. */
  readonly traps: number;
}
