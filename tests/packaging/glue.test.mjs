import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toFactory } from "../../js/scripts/glue.mjs";
import { createGlue as createFlagsGlue } from "../../js/src/wasm/flags-glue.js";
import { createGlue } from "../../js/src/wasm/glue.js";
import { top } from "./install.mjs";

const module = new WebAssembly.Module(readFileSync(`${top}js/dist/pointsman.wasm`));

/** Loads a snapshot of one flag from a buffer of this many bytes. */
function load(glue, flag, reserved) {
  const text = new TextEncoder().encode(JSON.stringify({ flags: { [flag]: { enabled: true } } }));
  const address = glue.reserve(reserved);
  new Uint8Array(glue.memory.buffer, address).set(text);
  glue.load(text.length, 0, text.length, true);
}

const flagsOf = (glue) => JSON.parse(glue.manifest()).flags;

test("instances share nothing: what one loads and grows, the other doesn't see", () => {
  const [one, other] = [createGlue(module), createGlue(module)];
  load(one, "a", 100);
  const before = one.memory.buffer.byteLength;
  load(other, "b", 4 << 20);
  assert.deepEqual([flagsOf(one), flagsOf(other)], [["a"], ["b"]]);
  assert.equal(one.memory.buffer.byteLength, before);
  assert.ok(other.memory.buffer.byteLength > 4 << 20);
});

test("what is called for each decision is the instance's own function", () => {
  const glue = createGlue(module);
  for (const name of ["decide", "decide_all", "route"]) assert.match(glue[name].toString(), /\[native code\]/, name);
});

test("the build for pages has nothing of what it lacks, and works without", () => {
  const glue = createFlagsGlue(new WebAssembly.Module(readFileSync(`${top}js/dist/flags/pointsman.wasm`)));
  for (const name of ["explain", "route", "judge"]) assert.equal(glue[name], undefined, name);
  load(glue, "a", 100);
  assert.deepEqual(flagsOf(glue), ["a"]);
});

test("glue of another shape is refused, not wrapped wrongly", () => {
  const glue = readFileSync(`${top}target/glue/pointsman.js`, "utf8");
  const changes = [
    ["import source wasmModule", "import wasmModule"],
    ["export function route(", "export function reroute("],
    ["let wasm = ", "let instance = "],
    ["function __wbg_get_imports", "export default function __wbg_get_imports"],
  ];
  for (const [from, to] of changes) {
    assert.ok(glue.includes(from), from);
    assert.throws(() => toFactory(glue.replace(from, to)), /has changed its shape/, to);
  }
});
