import type { EdgeBoundary } from "./edge-boundary.js";
import type { Decider } from "./decider.js";
import { GENERAL, INVALID_CONTEXT, evaluationOf, notFound } from "./decision.js";
import { explained, unexplained, type Explained, type Walk } from "./explanation.js";
import type { Flag, Table } from "./table.js";
import type { Explanation } from "./types.js";

/** How flags are explained. */
export interface ExplainerParts {
  readonly boundary: EdgeBoundary;
  readonly decider: Decider;
  /** The table in use. */
  readonly table: () => Table;
  readonly trapped: () => void;
  /** Milliseconds since the snapshot was last confirmed, or null. */
  readonly age: () => number | null;
}

/** Tells how a flag is decided for a visitor, step by step. */
export type Explainer = (flagKey: string, context: unknown) => Explanation;

/** Explains by the same walk that decides. */
export function createExplainer({ boundary, decider, table, trapped, age }: ExplainerParts): Explainer {
  const explainPacked = (flag: Flag, now: number): Explained => {
    try {
      return explained(flag, JSON.parse(boundary.explain(flag.index, now)) as Walk, boundary.valueAt);
    } catch {
      trapped();
      return unexplained(evaluationOf(flag, GENERAL), flag.table);
    }
  };

  const explain = (flagKey: string, context: unknown): Explained => {
    const flag = decider.find(flagKey);
    if (flag === undefined) return unexplained(notFound(flagKey), table());
    const now = decider.timeOf(flag);
    if (Number.isNaN(now)) return unexplained(evaluationOf(flag, GENERAL), flag.table);
    if (!decider.pack(flag.table, flag, context)) return unexplained(evaluationOf(flag, INVALID_CONTEXT), flag.table);
    return explainPacked(flag, now);
  };

  return (flagKey, context) => ({ ...explain(flagKey, context), age: age() });
}
