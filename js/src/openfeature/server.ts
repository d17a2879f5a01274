import {
  OpenFeatureEventEmitter,
  ProviderEvents,
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import type { Keeper } from "../source/source.js";
import type { Evaluation } from "../types.js";
import { withoutDates } from "./context.js";
import { Lifecycle } from "./lifecycle.js";
import { flagsChanged } from "./loads.js";
import { notReady, resolutionOf, structured, type Details } from "./resolution.js";
import type { EngineOption } from "./supply.js";

export type { EngineOption, FollowingEngine } from "./supply.js";

/** How a provider is made. */
export interface PointsmanProviderOptions {
  /** The engine, or a live engine that follows a source. */
  readonly engine: EngineOption;
  /** Told of each event that the application tracks. Without it they go nowhere. */
  readonly track?: NonNullable<Provider["track"]>;
  /**
   * What keeps a live engine's reads alive after a response is sent: `{ waitUntil }` of `cloudflare:workers`. Elsewhere none is needed.
   */
  readonly keeper?: Keeper;
}

/**
 * An OpenFeature provider for servers and workers: each call brings the visitor's context.
 *
 * @example
 * await OpenFeature.setProviderAndWait(new PointsmanProvider({ engine }));
 * await OpenFeature.getClient().getBooleanValue("new-checkout", false, { targetingKey: "alice" });
 */
export class PointsmanProvider implements Provider {
  readonly metadata = { name: "pointsman" } as const;
  readonly runsOn = "server";
  readonly events = new OpenFeatureEventEmitter();
  readonly track?: NonNullable<Provider["track"]>;
  readonly #keeper: Keeper | undefined;
  readonly #lifecycle: Lifecycle;

  constructor(options: PointsmanProviderOptions) {
    const { events } = this;
    if (options.track) this.track = options.track;
    this.#keeper = options.keeper;
    this.#lifecycle = new Lifecycle(options.engine, {
      ready: () => events.emit(ProviderEvents.Ready),
      stale: (message) => events.emit(ProviderEvents.Stale, { message }),
      loaded: (report) => {
        const keys = flagsChanged(report);
        events.emit(ProviderEvents.ConfigurationChanged, keys === undefined ? {} : { flagsChanged: keys });
      },
    });
  }

  /** Called by the SDK. Rejects while a live engine has no snapshot yet; calls that follow try again. */
  async initialize(): Promise<void> {
    await this.#lifecycle.start(this.#keeper);
  }

  /** Called by the SDK. The engine stays as it is. */
  async onClose(): Promise<void> {
    this.#lifecycle.stop();
  }

  /**
   * Makes the provider stale, until a snapshot is loaded or confirmed: for a live engine's `onError`. Snapshots that are refused do
   * so by themselves.
   */
  readonly sourceFailed = (error: unknown): void => {
    this.#lifecycle.failed(error);
  };

  /** Called by the SDK. */
  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(context, defaultValue, (details) => details(flagKey, defaultValue));
  }

  /** Called by the SDK. */
  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve(context, defaultValue, (details) => details(flagKey, defaultValue));
  }

  /** Called by the SDK. */
  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve(context, defaultValue, (details) => details(flagKey, defaultValue));
  }

  /** Called by the SDK. The value is of the default's type: an object, or a list; with a default of null, either. */
  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve(context, defaultValue, (details) => structured(details, flagKey, defaultValue));
  }

  async #resolve<T>(
    context: EvaluationContext,
    defaultValue: T,
    ask: (details: Details) => Evaluation,
  ): Promise<ResolutionDetails<T>> {
    try {
      const engine = await this.#lifecycle.engine(this.#keeper);
      const visitor = withoutDates(context, engine.attributes);
      return resolutionOf(
        ask((flagKey, value) => engine.details(flagKey, visitor, value)),
        defaultValue,
      );
    } catch (error) {
      return notReady(error, defaultValue);
    }
  }
}
