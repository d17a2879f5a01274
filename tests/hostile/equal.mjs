// @ts-nocheck: what an engine is differs from build to build.
/** Different ids with one and the same hash of 64 bits: lists tell them apart, buckets can't. */
import { equal } from "./check.mjs";
import { equalIds } from "./collisions.mjs";

const [STRANGER, ...OTHERS] = equalIds(41);
const [LISTED, ALSO] = [OTHERS.slice(0, 20), OTHERS.slice(20)];

const flag = (whitelistUsers) => ({ enabled: true, rolloutPercentage: 0, whitelistUsers });
const drawn = (percentage) => ({ enabled: true, rolloutPercentage: percentage, salt: "s" });
const attribute = (values) => ({
  enabled: true,
  rules: [{ if: { attribute: "v", op: "in", values }, serve: "on" }],
  rollout: { percentage: 0 },
});

/** One list, two lists, one of them alone, a list of an operator, and every whole percentage. */
const SNAPSHOT = {
  flags: {
    first: flag(LISTED),
    second: flag(ALSO),
    alone: flag([LISTED[0]]),
    asked: attribute([...ALSO, ...Array.from({ length: 100 }, (_, i) => `value${i}`)]),
    few: attribute([ALSO[0]]),
    ...Object.fromEntries(Array.from({ length: 101 }, (_, percentage) => [`at${percentage}`, drawn(percentage)])),
  },
};

/** As JSON writes it, and with every character of the ids escaped. */
export const TEXT = JSON.stringify(SNAPSHOT);
export const ESCAPED = [STRANGER, ...OTHERS].reduce(
  (text, id) => text.replaceAll(JSON.stringify(id), `"${Array.from(id, escaped).join("")}"`),
  TEXT,
);

function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * @param {{ createEngine: Function }} module
 * @param {import("./check.mjs").Check} check
 * @param {{ [form: string]: string | Uint8Array }} snapshots
 */
export async function runEqual({ createEngine }, check, snapshots) {
  for (const [form, snapshot] of Object.entries(snapshots)) {
    const engine = await createEngine({ snapshot });
    await check(`equal hashes, ${form}: each on its own list`, () => apart(engine));
    await check(`equal hashes, ${form}: one bucket`, () => together(engine));
  }
}

function apart(engine) {
  const all = [STRANGER, ...OTHERS];
  equal(new Set(all).size, 41);
  const on = (key, given) => all.filter((id) => engine.isEnabled(key, given(id)));
  const user = (userId) => ({ userId });
  equal(on("first", user), LISTED);
  equal(on("second", user), ALSO);
  equal(on("alone", user), [LISTED[0]]);
  equal(
    on("asked", (v) => ({ userId: "u", v })),
    ALSO,
  );
  equal(
    on("few", (v) => ({ userId: "u", v })),
    [ALSO[0]],
  );
}

/** That the hashes are equal shows here: chance would have to be met 41 times at the same percent. */
function together(engine) {
  const firstOf = (userId) =>
    Array.from({ length: 101 }, (_, i) => engine.isEnabled(`at${i}`, { userId })).indexOf(true);
  const expected = firstOf(STRANGER);
  equal(expected > 0, true);
  for (const id of OTHERS) equal(firstOf(id), expected);
}
