/** The hand-written evaluator as a contender; what it reads is the neutral definitions. */
import { createFloor } from "../../floor.mjs";

const decoder = new TextDecoder();

export const about = { packageName: null, notes: [] };

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => definitions;

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const floor = createFloor(JSON.parse(decoder.decode(bytes)));
  return {
    isEnabled: (key, id) => floor.isEnabled(key, { id }),
    value: (key, { id, country, plan, appVersion }) => floor.value(key, { id, country, plan, appVersion }),
    prepare: ({ id, country, plan, appVersion }) => ({ id, country, plan, appVersion }),
    isEnabledFor: (context, key) => floor.isEnabled(key, context),
    valueFor: (context, key) => floor.value(key, context),
    values({ id, country, plan, appVersion }, keys, out) {
      const context = { id, country, plan, appVersion };
      for (let i = 0; i < keys.length; i++) out[i] = floor.value(keys[i], context);
    },
    switches({ id, country, plan, appVersion }, keys, out) {
      const context = { id, country, plan, appVersion };
      for (let i = 0; i < keys.length; i++) out[i] = floor.isEnabled(keys[i], context);
    },
  };
}
