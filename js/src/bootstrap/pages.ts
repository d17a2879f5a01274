import type { Evaluation } from "../types.js";

/** Whether browsers may have a flag. Of one without a variant nothing is known, and so not whether it is for servers alone. */
export function isForPages({ variant, flagMetadata }: Evaluation): boolean {
  return variant !== null && flagMetadata["serverOnly"] !== true;
}
