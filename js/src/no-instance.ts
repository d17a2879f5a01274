import type { Glue } from "#glue";

function unavailable(): never {
  throw new Error("there is no instance");
}

/** Stands in while there is no instance: whatever is asked throws. */
export const NO_INSTANCE: Glue = {
  get memory() {
    return unavailable();
  },
  region: unavailable,
  results: unavailable,
  reserve: unavailable,
  load: unavailable,
  manifest: unavailable,
  describe: unavailable,
  explain: unavailable,
  decide: unavailable,
  decide_all: unavailable,
  route: unavailable,
  identify: unavailable,
  report: unavailable,
  judge: unavailable,
  drain: unavailable,
  orders: unavailable,
  merge: unavailable,
  apply: unavailable,
};
