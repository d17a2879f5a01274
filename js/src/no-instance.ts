import type { Glue } from "#glue";

function unavailable(): never {
  throw new Error("there is no instance");
}

/** Stands in while there is no instance: whatever is called throws. */
export const NO_INSTANCE = new Proxy({} as Glue, { get: () => unavailable });
