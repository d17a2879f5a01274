import type { Glue } from "#glue";

function unavailable(): never {
  throw new Error("there is no instance");
}

/** Stands in while there is no instance: whatever is called throws, and so does a look at its memory. */
export const NO_INSTANCE = new Proxy({} as Glue, {
  get: (_, name) => (name === "memory" ? unavailable() : unavailable),
});
