import type { EvaluationContext } from "../../types.js";

/** A page's worker does not know its own address. */
export function clientAddress(): null {
  return null;
}

/** Nothing of a visitor is known in the visitor's own browser that is not the page's to tell, by `context`. */
export function requestAttributes(): EvaluationContext {
  return {};
}
