import type { Engine, Evaluation, EvaluationContext } from "../types.js";
import { SCHEMA, type BootstrapData, type Entry } from "./data.js";
import { isForPages } from "./pages.js";

/** An engine of any build: it is asked for all its decisions. */
export type AnyEngine = Pick<Engine, "evaluateAll" | "revision">;

/** What a page gets. */
export interface BootstrapOptions {
  /** Which flags it gets, of those that are not for servers alone. Default: all. */
  readonly include?: (evaluation: Evaluation) => boolean;
}

/**
 * All flags' decisions for one visitor, as JSON for a page: keys, values, variants and reasons, but no rules, lists, shares or
 * metadata. Flags with `"serverOnly": true` are left out, and so are those that have no variant to serve.
 *
 * It can stand as it is between `<script type="application/json">` and `</script>`, and in an inline script where an expression can:
 * `<`, `>`, `&`, U+2028 and U+2029 are escaped. Not in an attribute: quotes are quotes.
 *
 * @example
 * const html = `<script type="application/json" id="flags">${bootstrap(engine, { userId })}</script>`;
 */
export function bootstrap(engine: AnyEngine, context: EvaluationContext, options: BootstrapOptions = {}): string {
  const { include = () => true } = options;
  const evaluations = Array.from(engine.evaluateAll(context), ([, evaluation]) => evaluation);
  const flags = evaluations.filter((evaluation) => isForPages(evaluation) && include(evaluation)).map(entryOf);
  const data: BootstrapData = { schema: SCHEMA, revision: engine.revision, flags };
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, escaped);
}

function entryOf({ flagKey, value, variant, reason, detail }: Evaluation): Entry {
  return [flagKey, value, variant as string, reason, detail];
}

/** All of these stand in JSON's strings only, where an escape means the same. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
