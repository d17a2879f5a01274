/** The published JSON Schema beside the engine: what one takes, the other takes, but for what no schema can say. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 as Ajv } from "ajv/dist/2020.js";
import fc from "fast-check";
import { createEngine } from "../../js/dist/full/node.js";
import { mutants } from "./mutants.mjs";
import { snapshots } from "./snapshots.mjs";

const file = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url), "utf8");
const schema = JSON.parse(file("../../js/schema/snapshot.schema.json"));
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false });
const accepts = ajv.compile(schema);

/** What no schema can say, as the schema's own comment has it. Of one code more than one kind of problem may be. */
const BEYOND = [
  "UNKNOWN_VARIANT",
  "UNKNOWN_SEGMENT",
  "UNKNOWN_LAYER",
  "UNKNOWN_FLAG",
  "UNKNOWN_BACKEND",
  "CYCLE",
  "BROKEN_REFERENCE",
  "OVERLAP",
  "UNORDERED_STEPS",
  "DUPLICATE_ID",
  "LIMIT_EXCEEDED",
];
/** Problems whose codes are others' too, by what their messages say. */
const BEYOND_MESSAGES = [
  /is above `to`$/,
  /sum of the weights/,
  /regular expression/,
  /^two faults of one route/,
  /jitter included$/,
  /slots each/,
  /^this text is not hashed/,
];

/** @typedef {import("../../js/src/types.js").Problem} Problem */

/** The engine's problems, strictly: none where it takes the snapshot. @param {unknown} snapshot @returns {Promise<readonly Problem[]>} */
async function problemsOf(snapshot) {
  try {
    await createEngine({ snapshot: JSON.stringify(snapshot), strict: true });
    return [];
  } catch (error) {
    return /** @type {import("../../js/src/errors.js").PointsmanError} */ (error).problems;
  }
}

/** @param {Problem} problem */
const isBeyond = ({ code, message }) => BEYOND.includes(code) || BEYOND_MESSAGES.some((part) => part.test(message));

/**
 * Why the two verdicts don't fit each other; null where they do.
 * @param {unknown} snapshot
 */
async function disagreement(snapshot) {
  const problems = await problemsOf(snapshot);
  const taken = accepts(snapshot);
  if (taken === (problems.length === 0)) return null;
  if (taken && problems.every(isBeyond)) return null;
  const schemaSays = taken ? "takes it" : ajv.errorsText(accepts.errors);
  const engineSays = problems.map(({ pointer, message, code }) => `${pointer} ${message} (${code})`).join("; ");
  return `${JSON.stringify(snapshot)}\nthe schema: ${schemaSays}\nthe engine: ${engineSays || "takes it"}`;
}

test("sound snapshots of every shape are taken by both", async () => {
  const count = { taken: 0 };
  await fc.assert(
    fc.asyncProperty(snapshots, async (snapshot) => {
      assert.equal(await disagreement(snapshot), null);
      if (accepts(snapshot)) count.taken++;
    }),
    { seed: 7, numRuns: 1_000, endOnFailure: true },
  );
  assert.ok(count.taken > 600, `only ${count.taken} are sound`);
});

test("with one thing changed anywhere, both still agree", async (t) => {
  const count = { taken: 0, refused: 0 };
  for (const snapshot of fc.sample(snapshots, { seed: 11, numRuns: 6 })) {
    for (const mutant of mutants(snapshot)) {
      assert.equal(await disagreement(mutant), null);
      count[accepts(mutant) ? "taken" : "refused"]++;
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.taken > 1_000 && count.refused > 5_000, JSON.stringify(count));
});

test("both agree on every snapshot of tests/cases/ and tests/errors/", async () => {
  const names = (/** @type {string} */ folder) =>
    readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith(".json"));
  for (const name of names("../cases/")) {
    assert.equal(await disagreement(JSON.parse(file(`../cases/${name}`)).snapshot), null, name);
  }
  // What is no JSON, and members named twice, are no matter of values.
  const isOfText = (/** @type {string} */ name) => /\((NOT_JSON|DUPLICATE_KEY)\)/.test(file(`../errors/${name.replace(/json$/, "txt")}`)); // prettier-ignore
  const own = names("../errors/").filter((name) => !name.startsWith("core-") && !isOfText(name));
  for (const name of own) assert.equal(await disagreement(JSON.parse(file(`../errors/${name}`))), null, name);
  assert.ok(own.length > 120, `only ${own.length}`);
});

test("every member is described, for editors", () => {
  for (const [name, def] of Object.entries(schema.$defs)) {
    for (const [member, own] of Object.entries(def.properties ?? {})) {
      const target = own.$ref === undefined ? own : { ...schema.$defs[own.$ref.split("/").at(-1)], ...own };
      assert.ok(
        typeof target.description === "string" || name === "arm" || ["from", "at"].includes(member),
        `${name}.${member}`,
      );
    }
  }
});
