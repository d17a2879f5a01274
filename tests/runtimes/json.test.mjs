/** The published texts of tests/json/, and nesting without end, with the package's WebAssembly. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { engineModule } from "../../js/test/builds.mjs";

const { createEngine } = await engineModule(import.meta.url);

/** @typedef {{ name: string, bytes: Buffer }} Text */

/** Texts that hold a member twice: JSON, but no snapshot. */
const TWICE = ["y_object_duplicated_key", "y_object_duplicated_key_and_value"];

/** Of those that a reader may refuse: numbers that the nearest double stands for. */
const ROUNDED = [
  "i_number_double_huge_neg_exp",
  "i_number_real_underflow",
  "i_number_too_big_neg_int",
  "i_number_too_big_pos_int",
  "i_number_very_big_negative_int",
];

const lines = readFileSync(new URL("../json/parsing.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const texts = lines.map(read);

/** @param {string} line @returns {Text} */
function read(line) {
  const { name, text = "", hex = "", repeat = "", times = 0, end = "" } = JSON.parse(line);
  return { name, bytes: Buffer.concat([Buffer.from(text + repeat.repeat(times) + end), Buffer.from(hex, "hex")]) };
}

/** @param {string} kind @param {number} count */
function of(kind, count) {
  const own = texts.filter(({ name }) => name.startsWith(kind));
  assert.equal(own.length, count);
  return own;
}

/** The codes of what is wrong with a snapshot, and whether it was refused. @param {Uint8Array | string} snapshot */
async function outcome(snapshot) {
  try {
    return { refused: false, codes: (await createEngine({ snapshot })).problems.map(({ code }) => code) };
  } catch (error) {
    const { problems } = /** @type {import("../../js/src/errors.js").PointsmanError} */ (error);
    return { refused: true, codes: problems.map(({ code }) => code), message: problems[0]?.message };
  }
}

/** @param {readonly string[]} codes */
const isNoJson = (codes) => codes.some((code) => code === "NOT_JSON" || code === "LIMIT_EXCEEDED");

/** As a member that is ignored. @param {Text} text */
const embedded = ({ bytes }) => Buffer.concat([Buffer.from('{"x-any":'), bytes, Buffer.from("}")]);

test("what must be refused is refused everywhere", async () => {
  for (const text of of("n_", 188)) {
    for (const snapshot of [text.bytes, embedded(text)]) {
      const { refused, codes } = await outcome(snapshot);
      assert.ok(refused && codes.length === 1 && isNoJson(codes), `${text.name}: ${codes}`);
    }
  }
});

test("what must be taken is taken", async () => {
  for (const text of of("y_", 95)) {
    assert.ok(!isNoJson((await outcome(text.bytes)).codes), text.name);
    const { refused, codes } = await outcome(embedded(text));
    assert.deepEqual([refused, codes], TWICE.includes(text.name) ? [true, ["DUPLICATE_KEY"]] : [false, []], text.name);
  }
});

test("where there is a choice, only what can be kept is taken", async () => {
  for (const text of of("i_", 35)) {
    const { refused, codes } = await outcome(embedded(text));
    assert.deepEqual([refused, isNoJson(codes)], Array(2).fill(!ROUNDED.includes(text.name)), text.name);
  }
});

test("values are what JSON.parse makes of them", async () => {
  const taken = texts.filter(({ name }) => (name.startsWith("y_") && !TWICE.includes(name)) || ROUNDED.includes(name));
  assert.equal(taken.length, 98);
  for (const { name, bytes } of taken) {
    const snapshot = `{"flags":{"f":{"enabled":true,"variants":{"off":0,"on":${bytes}}}}}`;
    const engine = await createEngine({ snapshot });
    assert.deepEqual(engine.evaluate("f", {}).value, JSON.parse(String(bytes)), name);
  }
});

test("nesting without end is refused, and the last good snapshot goes on", async () => {
  const engine = await createEngine({ snapshot: { flags: { f: { enabled: true } } } });
  for (const times of [10_000, 100_000]) {
    const nots = `${'{"not":'.repeat(times)}{"segment":"s"}${"}".repeat(times)}`;
    for (const snapshot of [
      "[".repeat(times) + "]".repeat(times),
      `${'{"a":'.repeat(times)}1${"}".repeat(times)}`,
      `{"flags":{"f":{"enabled":true,"rules":[{"serve":"on","if":${nots}}]}}}`,
    ]) {
      const { refused, codes, message } = await outcome(snapshot);
      assert.deepEqual([refused, codes, message], [true, ["LIMIT_EXCEEDED"], "nested deeper than 64 levels"]);
      assert.throws(() => engine.load(snapshot), /nested deeper than 64 levels/);
      assert.deepEqual([engine.isEnabled("f", {}), engine.traps], [true, 0]);
    }
  }
});
