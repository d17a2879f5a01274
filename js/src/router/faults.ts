import type { InjectedFault, RouteDecision } from "../types.js";

/** How often a fault was injected by this router. */
export interface FaultCount {
  readonly route: string;
  readonly fault: string;
  /** How often it was. */
  readonly injected: number;
  /** How often it was not, because of `maxActive`. */
  readonly skipped: number;
  /** How many requests are under it now. */
  readonly active: number;
}

/** A fault under way. */
export interface Injection extends InjectedFault {
  /** The request is no longer under it. */
  end(): void;
}

/** Counts faults, which is what `maxActive` and whoever watches them need. */
export interface Faults {
  /** Begins the decision's fault; null where there is none, or as many requests as may be are under it already. */
  begin(decision: RouteDecision): Injection | null;
  counts(): readonly FaultCount[];
}

export function createFaults(): Faults {
  const known = new Map<string, { -readonly [member in keyof FaultCount]: FaultCount[member] }>();

  const countOf = (route: string, fault: string) => {
    // No name holds a control character.
    const key = `${route}\n${fault}`;
    const count = known.get(key) ?? { route, fault, injected: 0, skipped: 0, active: 0 };
    known.set(key, count);
    return count;
  };

  return {
    begin({ route, fault }) {
      if (fault === null) return null;
      const count = countOf(route, fault.name);
      if (fault.maxActive !== null && count.active >= fault.maxActive) {
        count.skipped++;
        return null;
      }
      count.injected++;
      count.active++;
      const end = () => {
        count.active--;
      };
      return { ...fault, end };
    },
    counts: () => [...known.values()].map((count) => ({ ...count })),
  };
}

/** Waits; less where the signal comes first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
