import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sizes } from "../../js/scripts/size.mjs";
import { top } from "./install.mjs";

/**
 * Bytes, brotli 11: the wasm of the core with its glue and the engine, minified. A ratchet: lower it when the package gets
 * smaller. Segments, prerequisites, layers, all operators and explanations took 13 kB, guards and what goes with them 23: it has to
 * come down to 48,000 again.
 */
const BOUND = 80_400;

test("wasm, glue and engine stay small", (t) => {
  const together = sizes("").find(({ name }) => name === "together");
  t.diagnostic(`${together?.brotli} of ${BOUND} bytes`);
  assert.ok(together !== undefined && together.brotli <= BOUND);
});

test("the module exports the boundary and wasm-bindgen's own, and carries no names or producers", () => {
  const module = new WebAssembly.Module(readFileSync(`${top}js/dist/pointsman.wasm`));
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  const ours = names.filter((name) => !name.startsWith("__"));
  const boundary = [
    "apply",
    "decide",
    "decide_all",
    "describe",
    "drain",
    "explain",
    "identify",
    "judge",
    "load",
    "manifest",
    "merge",
    "orders",
    "region",
    "report",
    "reserve",
    "results",
    "route",
  ];
  assert.deepEqual(ours.toSorted(), [...boundary, "memory"].toSorted());
  for (const section of ["name", "producers", "target_features"]) {
    assert.equal(WebAssembly.Module.customSections(module, section).length, 0, section);
  }
});
