/** How much of the stack the deepest snapshots take that the limits allow: painted before each call, and looked at after it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { memories } from "../runtimes/memories.mjs";
import { createEngine } from "../../js/dist/full/node.js";

/** As js/scripts/build-wasm.mjs sets it. The stack lies below all data and grows down to 0. */
const STACK = 1 << 20;
const PAINT = 0xa5;
/** Half of V8's own stack of 984 kB, on which WebAssembly's calls and locals lie: explaining takes between 250 and 300 of it. */
const SMALLER = "--stack-size=492";
/** As src/limits.rs has them: `DEPTH`, less the seven levels around a condition and in it, and `REFERENCE_DEPTH`, the last one included. */
const NESTED = 57;
const REFERENCES = 15;

/** What a call does not touch at the end of the stack nearest to 0 was not used. */
function stackOf(work) {
  const memory = () => new Uint8Array(/** @type {WebAssembly.Memory} */ (memories.at(-1)).buffer, 0, STACK);
  // What is in use now lies at the top.
  memory().fill(PAINT, 0, STACK - 4_096);
  const result = work();
  return { used: STACK - memory().findIndex((byte) => byte !== PAINT), result };
}

const leaf = { attribute: "plan", op: "in", values: ["pro"] };
const nested = (inner, depth = NESTED) => (depth === 0 ? inner : { not: nested(inner, depth - 1) });

/** Each flag asks the one before, as deep inside of its condition as may be. */
function chain() {
  const flags = { f0: { enabled: true, rules: [{ if: nested(leaf), serve: "on" }], rolloutPercentage: 0 } };
  for (let i = 1; i <= REFERENCES; i++) {
    const rules = [{ if: nested({ flag: `f${i - 1}`, is: "on" }), serve: "on" }];
    flags[`f${i}`] = { enabled: true, rules, rolloutPercentage: 0 };
  }
  return flags;
}

const lists = (depth) => (depth === 0 ? 1 : [lists(depth - 1)]);
const deep = { enabled: true, variants: { on: lists(58), off: null }, offVariant: "off" };
const segments = { s0: nested(leaf) };
for (let i = 1; i <= REFERENCES; i++) segments[`s${i}`] = nested({ segment: `s${i - 1}` });
const last = `f${REFERENCES}`;
const snapshot = JSON.stringify({ segments, flags: { ...chain(), deep } });
const context = { userId: "alice", plan: "pro", list: Array.from({ length: 1_000 }, (_, i) => i) };

let most = 0;
after(() => assert.ok(most > 1_000, `${most} bytes: nothing was seen to be used`));

/** @type {(t: import("node:test").TestContext, what: string, work: () => any) => any} */
function within(t, what, work) {
  const { used, result } = stackOf(work);
  most = Math.max(most, used);
  t.diagnostic(`${what}: ${used} of ${STACK} bytes`);
  assert.ok(used < STACK / 2, `${what}: ${used} bytes`);
  return result;
}

test("the deepest conditions and references take less than half of the stack", async (t) => {
  const engine = await createEngine({ snapshot: { flags: {} } });
  const report = within(t, "load", () => engine.load(snapshot));
  assert.deepEqual(report.problems, []);
  // An even number of negations of what is true.
  assert.equal(within(t, "evaluate", () => engine.evaluate(last, context)).variant, "on");
  assert.ok(within(t, "explain", () => engine.explain(last, context)).steps.length > REFERENCES);
  within(t, "all flags", () => engine.evaluateAll(context));
  within(t, "description", () => engine.evaluate("deep", context));
});

test("what is deeper than allowed is refused, and takes no more", async (t) => {
  const engine = await createEngine({ snapshot: { flags: {} } });
  for (const [what, text] of Object.entries({
    lists: "[".repeat(1_000_000),
    conditions: JSON.stringify({ flags: { f: { enabled: true, rules: [{ if: nested(leaf, 1_000), serve: "on" }] } } }),
  })) {
    within(t, what, () => assert.throws(() => engine.load(text), /nest|deep|level/));
  }
});

test("the same on half of V8's own stack", { skip: process.execArgv.includes(SMALLER) }, () => {
  // A runner in a runner would report into this one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  execFileSync(process.execPath, [SMALLER, fileURLToPath(import.meta.url)], { env });
});
