/** No part of the published JSON Schema stands there for nothing: each of its keywords refuses a snapshot of the corpus. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { createEngine } from "../../js/dist/full/node.js";
import { extremes } from "./extremes.mjs";
import { mutants } from "./mutants.mjs";
import { snapshots } from "./snapshots.mjs";

const schema = JSON.parse(readFileSync(new URL("../../js/schema/snapshot.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true, verbose: true });
const accepts = ajv.compile(schema);

/** Keywords that refuse nothing by themselves: what some of them hold is looked into. */
const SILENT =
  /^(?:\$.*|title|description|default|examples|items|(?:patternP|p)roperties|allOf|if|then|dependentSchemas)$/;

/** @typedef {{ owner: object, keyword: string, path: string }} Keyword a schema, and a keyword in it that can refuse */

/** All of a schema. In `if` and `not` nothing is refused. @param {any} owner @param {string} path @returns {Generator<Keyword>} */
function* keywords(owner, path) {
  for (const [keyword, value] of Object.entries(owner)) {
    const own = `${path}/${keyword}`;
    if (!SILENT.test(keyword) && (keyword !== "additionalProperties" || value === false)) {
      yield { owner, keyword, path: own };
    }
    for (const [part, partPath] of parts(keyword, value, own)) yield* keywords(part, partPath);
  }
}

/**
 * The schemas that a keyword holds. A schema `false` is no object that an error could name, so it is looked for by its path.
 * @param {string} keyword
 * @param {any} value
 * @param {string} path
 * @returns {[any, string][]}
 */
function parts(keyword, value, path) {
  if (["items", "then", "additionalProperties", "propertyNames", "contains"].includes(keyword)) {
    return typeof value === "object" ? [[value, path]] : [];
  }
  if (!["$defs", "properties", "dependentSchemas", "allOf", "anyOf", "oneOf"].includes(keyword)) return [];
  return Object.entries(value)
    .map(([name, each]) => /** @type {[any, string]} */ ([each, `${path}/${name}`]))
    .filter(([each]) => typeof each === "object");
}

/** The places of all schemas `false`, as errors name them: from the definition on. @param {any} part @param {string} path @returns {Generator<string>} */
function* forbidden(part, path) {
  for (const [name, each] of Object.entries(part)) {
    if (each === false && path.endsWith("/properties")) yield `${path}/${name}/false schema`;
    if (typeof each === "object" && each !== null) yield* forbidden(each, `${path}/${name}`);
  }
}

/** What refused, and which members are forbidden beside others. */
class Refused {
  /** @type {Map<object, Set<string>>} */
  #keywords = new Map();
  forbidden = new Set();

  /** @param {unknown} snapshot */
  note(snapshot) {
    if (accepts(snapshot)) return;
    for (const { keyword, parentSchema, schemaPath } of accepts.errors ?? []) {
      if (keyword === "false schema") this.forbidden.add(schemaPath);
      else this.#of(/** @type {object} */ (parentSchema)).add(keyword);
    }
  }

  /** @param {Keyword} keyword */
  has({ owner, keyword }) {
    return this.#of(owner).has(keyword);
  }

  /** @param {object} owner */
  #of(owner) {
    const known = this.#keywords.get(owner) ?? new Set();
    this.#keywords.set(owner, known);
    return known;
  }
}

test("every keyword refuses something", () => {
  const refused = new Refused();
  for (const snapshot of fc.sample(snapshots, { seed: 5, numRuns: 24 })) {
    for (const mutant of mutants(snapshot)) refused.note(mutant);
  }
  for (const { snapshot } of extremes) refused.note(snapshot);
  const all = [...keywords(schema, "#")];
  assert.ok(all.length > 150, `only ${all.length} keywords were found`);
  assert.deepEqual(all.filter((each) => !refused.has(each)).map(({ path }) => path), []); // prettier-ignore
  const members = Object.values(schema.$defs).flatMap((each) => [...forbidden(each, "#")]);
  assert.deepEqual([...refused.forbidden].sort(), members.sort());
});

for (const { what, snapshot, fits } of extremes) {
  test(`${what}: ${fits ? "taken" : "refused"} by both`, async () => {
    assert.equal(accepts(snapshot), fits, ajv.errorsText(accepts.errors).slice(0, 300));
    const loaded = createEngine({ snapshot: JSON.stringify(snapshot), strict: true });
    await (fits ? loaded : assert.rejects(loaded, { name: "PointsmanError" }));
  });
}
