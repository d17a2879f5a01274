import type { Answers } from "../exposure/observe.js";
import { safely } from "../source/reporter.js";
import type { Evaluation, EvaluationContext } from "../types.js";
import { answersFrom, type Held } from "./answers.js";
import { readData, type Decisions } from "./read.js";
import type { AnyEngine } from "./write.js";

/** How a client is made. */
export interface BootstrapClientOptions {
  /** Told of data that can't be read, and of an engine that could not be had. Default `console.error`. */
  readonly onError?: (error: unknown) => void;
}

/** What was decided for the visitor of a page. What it answers changes by `refresh` and `handOver` alone. */
export interface BootstrapClient extends Answers {
  /** The revision of the snapshot that decided, or null where that is unknown. */
  readonly revision: number | null;
  /** Takes newer decisions in place of all, as `bootstrap` wrote them. False where they can't be read, or are of an older revision: then nothing changes. */
  refresh(data: unknown): boolean;
  /**
   * Takes an engine's decisions for this context: to be called when it is there, and again after it has loaded another snapshot. A
   * flag that the engine can't decide, or doesn't have, stays as it is: for another visitor `refresh` first. Resolves to false where the engine could not be had,
   * has an older revision, or the next call overtook this one: then nothing changes. Never rejects.
   */
  handOver(engine: AnyEngine | PromiseLike<AnyEngine>, context: EvaluationContext): Promise<boolean>;
  /** Calls back with the keys of the flags whose answers have changed. Gives the function that ends that. */
  onChange(listener: (flagKeys: readonly string[]) => void): () => void;
}

/**
 * Answers for flags at once, from what `bootstrap` gave the page. Data that can't be read is told to `onError`; then every flag is
 * unknown, and the defaults are served.
 *
 * @example
 * const client = createBootstrapClient(document.getElementById("flags").textContent);
 * client.isEnabled("new-checkout");
 */
export function createBootstrapClient(data: unknown, options: BootstrapClientOptions = {}): BootstrapClient {
  const report = safely(options.onError ?? console.error);
  const listeners = new Set<(flagKeys: readonly string[]) => void>();
  let held: Decisions = { revision: null, flags: new Map() };
  let calls = 0;

  const adopt = (next: Decisions): boolean => {
    if (isOlder(next, held)) {
      report(new Error(`revision ${String(next.revision)} is older than ${String(held.revision)}, which stays`));
      return false;
    }
    const changed = changes(held.flags, next.flags);
    held = next;
    if (changed.length > 0) for (const listener of [...listeners]) tell(listener, changed, report);
    return true;
  };

  const refresh = (from: unknown): boolean => {
    try {
      return adopt(readData(from, report));
    } catch (error) {
      report(error);
      return false;
    }
  };

  const handOver = async (from: AnyEngine | PromiseLike<AnyEngine>, context: EvaluationContext): Promise<boolean> => {
    const call = ++calls;
    try {
      const engine = await from;
      if (call !== calls) return false;
      return adopt({ revision: engine.revision, flags: decidedBy(engine, context, held.flags) });
    } catch (error) {
      report(error);
      return false;
    }
  };

  refresh(data);
  return {
    ...answersFrom(() => held.flags),
    get revision() {
      return held.revision;
    },
    refresh,
    handOver,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function isOlder(next: Decisions, held: Decisions): boolean {
  return next.revision !== null && held.revision !== null && next.revision < held.revision;
}

/**
 * What is known is better than an engine that can't decide: for want of the flag, of an operator that its build lacks, or of an
 * instance. An error of the context is the visitor's own, who may have logged out: it counts.
 */
function decidedBy(engine: AnyEngine, context: EvaluationContext, known: Held): Held {
  const flags = new Map(known);
  for (const [flagKey, evaluation] of engine.evaluateAll(context)) {
    const { errorCode } = evaluation;
    const isUnable = errorCode === "PARSE_ERROR" || errorCode === "GENERAL";
    if (!isUnable || !known.has(flagKey)) flags.set(flagKey, evaluation);
  }
  return flags;
}

function changes(before: Held, after: Held): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => !isSame(before.get(key), after.get(key)));
}

function isSame(one: Evaluation | undefined, other: Evaluation | undefined): boolean {
  return (
    one?.variant === other?.variant &&
    one?.errorCode === other?.errorCode &&
    JSON.stringify(one?.value) === JSON.stringify(other?.value)
  );
}

function tell(
  listener: (flagKeys: readonly string[]) => void,
  flagKeys: readonly string[],
  report: (error: unknown) => void,
): void {
  try {
    listener(flagKeys);
  } catch (error) {
    report(error);
  }
}
