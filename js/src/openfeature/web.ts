import {
  OpenFeatureEventEmitter,
  ProviderEvents,
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
} from "@openfeature/web-sdk";
import type { FlagEngine } from "../flags.js";
import type { Evaluation, Evaluations, LoadReport } from "../types.js";
import { withoutDates } from "./context.js";
import { Lifecycle } from "./lifecycle.js";
import { flagsChanged } from "./loads.js";
import { notReady, resolutionOf, structured, type Details } from "./resolution.js";
import type { EngineOption } from "./supply.js";

export type { EngineOption, FollowingEngine } from "./supply.js";

/** How a provider is made. */
export interface PointsmanProviderOptions {
  /** The engine, of `pointsman/flags` say, or a live engine that follows a source. */
  readonly engine: EngineOption;
  /** Told of each event that the application tracks. Without it they go nowhere. */
  readonly track?: NonNullable<Provider["track"]>;
}

/** A visitor as one engine knows them. */
interface Visitor {
  readonly engine: FlagEngine;
  readonly details: Details;
  readonly evaluateAll: () => Evaluations;
}

/**
 * An OpenFeature provider for pages: there is one visitor, whose context is packed when it is set.
 *
 * @example
 * await OpenFeature.setProviderAndWait(new PointsmanProvider({ engine }), { targetingKey: "alice" });
 * OpenFeature.getClient().getBooleanValue("new-checkout", false);
 */
export class PointsmanProvider implements Provider {
  readonly metadata = { name: "pointsman" } as const;
  readonly runsOn = "client";
  /** It knows one context: the SDK is not to give it the contexts of several domains. */
  readonly domainScoped = true;
  readonly events = new OpenFeatureEventEmitter();
  readonly track?: NonNullable<Provider["track"]>;
  readonly #lifecycle: Lifecycle;
  #context: EvaluationContext = {};
  #visitor: Visitor | null = null;
  /** What the visitor gets, to tell what a load has changed for them. */
  #decisions: Evaluations | null = null;

  constructor(options: PointsmanProviderOptions) {
    const { events } = this;
    if (options.track) this.track = options.track;
    this.#lifecycle = new Lifecycle(options.engine, {
      ready: () => events.emit(ProviderEvents.Ready),
      stale: (message) => events.emit(ProviderEvents.Stale, { message }),
      loaded: (report) => {
        this.#loaded(report);
      },
    });
  }

  /** Called by the SDK. Rejects while a live engine has no snapshot yet; calls that follow look for it again. */
  async initialize(context: EvaluationContext = {}): Promise<void> {
    this.#context = context;
    this.#enter(await this.#lifecycle.start());
  }

  /** Called by the SDK when the visitor's context changes. Only an engine that is not there yet has to be waited for. */
  onContextChange(_: EvaluationContext, context: EvaluationContext): Promise<void> | undefined {
    if (this.#visitor === null) return this.initialize(context);
    this.#context = context;
    this.#enter(this.#visitor.engine);
    // The SDK takes a changed context for a sign that all is well, once this has returned.
    queueMicrotask(() => this.#lifecycle.remind());
    return undefined;
  }

  /** Called by the SDK. The engine stays as it is. */
  async onClose(): Promise<void> {
    this.#lifecycle.stop();
    this.#visitor = null;
  }

  /**
   * Makes the provider stale, until a snapshot is loaded or confirmed: for a live engine's `onError`. Snapshots that are refused do
   * so by themselves.
   */
  readonly sourceFailed = (error: unknown): void => {
    this.#lifecycle.failed(error);
  };

  /** Called by the SDK. */
  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return this.#resolve(defaultValue, (details) => details(flagKey, defaultValue));
  }

  /** Called by the SDK. */
  resolveStringEvaluation(flagKey: string, defaultValue: string): ResolutionDetails<string> {
    return this.#resolve(defaultValue, (details) => details(flagKey, defaultValue));
  }

  /** Called by the SDK. */
  resolveNumberEvaluation(flagKey: string, defaultValue: number): ResolutionDetails<number> {
    return this.#resolve(defaultValue, (details) => details(flagKey, defaultValue));
  }

  /** Called by the SDK. The value is of the default's type: an object, or a list; with a default of null, either. */
  resolveObjectEvaluation<T extends JsonValue>(flagKey: string, defaultValue: T): ResolutionDetails<T> {
    return this.#resolve(defaultValue, (details) => structured(details, flagKey, defaultValue));
  }

  #resolve<T>(defaultValue: T, ask: (details: Details) => Evaluation): ResolutionDetails<T> {
    const engine = this.#lifecycle.current();
    if (engine === null) return notReady(new Error("there is no snapshot yet"), defaultValue);
    const visitor = this.#visitor?.engine === engine ? this.#visitor : this.#enter(engine);
    return resolutionOf(ask(visitor.details), defaultValue);
  }

  #enter(engine: FlagEngine): Visitor {
    const { details, evaluateAll } = engine.context(withoutDates(this.#context, engine.attributes));
    this.#decisions = evaluateAll();
    return (this.#visitor = { engine, details, evaluateAll });
  }

  /** Packed anew, as the next snapshot may ask for dates where the last one did not. */
  #loaded(report: LoadReport): void {
    const before = this.#decisions;
    if (this.#visitor) this.#enter(this.#visitor.engine);
    const keys = new Set([...(flagsChanged(report) ?? []), ...redecided(before, this.#decisions)]);
    this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] });
  }
}

/** The flags that are decided otherwise than before though their text is the same: by a segment that has changed, say. */
function redecided(before: Evaluations | null, after: Evaluations | null): string[] {
  return [...(after ?? [])].filter(([key, now]) => differs(now, before?.get(key))).map(([key]) => key);
}

function differs(now: Evaluation, before: Evaluation | undefined): boolean {
  return now.variant !== before?.variant || now.errorCode !== before.errorCode;
}
