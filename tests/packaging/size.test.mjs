import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { committedSizes, sizes } from "../../js/scripts/size.mjs";
import { top } from "./install.mjs";

/**
 * Bytes, brotli 11: each build's wasm with its glue and engine, minified. They are ratchets, to be
 * lowered when the package gets smaller: segments, prerequisites, layers, all operators and explanations took 13 kB, guards and what
 * goes with them 23, speed at a little size 3, reading compiled snapshots 5, saying what keeps a page from WebAssembly 0.1, lists as bits, versions read once and all flags in one loop 2.5, hashed lists 1.7, and bounds on hostile input 0.6.
 */
const BOUNDS = { flags: 49_800, core: 94_700, full: 121_900 };

/** How much a figure may differ from sizes.json, so that what is told of sizes stays true. */
const TOLERANCE = 0.01;

const committed = committedSizes();
const current = sizes();

for (const [build, bound] of Object.entries(BOUNDS)) {
  test(`the ${build} build stays small`, (t) => {
    const { brotli } = current[build].together;
    t.diagnostic(`${brotli} of ${bound} bytes`);
    assert.ok(brotli <= bound, `${brotli} bytes, brotli: more than ${bound}`);
  });
}

test("sizes.json says what everything weighs, within 1 %", (t) => {
  const now = figures(current);
  const before = figures(committed.builds);
  assert.deepEqual(Object.keys(now), Object.keys(before));
  const moved = [];
  for (const [name, bytes] of Object.entries(now)) {
    t.diagnostic(`${name}: ${bytes}, committed ${before[name]}`);
    if (Math.abs(bytes / before[name] - 1) > TOLERANCE) moved.push(`${name} was ${before[name]}, is ${bytes}`);
  }
  const hint = `run \`node js/scripts/size.mjs --write\` (sizes.json is of ${committed.rustc})`;
  assert.equal(moved.length, 0, `${moved.join("\n")}\n${hint}`);
});

test("the README's table is of sizes.json", () => {
  const readme = readFileSync(`${top}README.md`, "utf8");
  const rows = [...readme.matchAll(/^\| `pointsman(?:\/(\w+))?` \| .* \| ([\d.]+) kB \|$/gm)];
  const told = Object.fromEntries(rows.map(([, build = "core", size]) => [build, size]));
  const kilobytes = (/** @type {string} */ build) => (committed.builds[build].together.brotli / 1_000).toFixed(1);
  assert.deepEqual(told, { flags: kilobytes("flags"), core: kilobytes("core"), full: kilobytes("full") });
});

/** By build, part and compression. @param {ReturnType<typeof sizes>} builds @returns {{ [name: string]: number }} */
function figures(builds) {
  const named = Object.entries(builds).flatMap(([build, parts]) =>
    Object.entries(parts).flatMap(([part, size]) =>
      Object.entries(size).map(([how, bytes]) => [`${build} ${part} ${how}`, bytes]),
    ),
  );
  return Object.fromEntries(named);
}

const ON_PAGES = ["decide", "decide_all", "describe", "load", "manifest", "region", "reserve", "results"];
const AT_THE_EDGE = ["apply", "drain", "explain", "identify", "judge", "merge", "orders", "report", "route"];
const EXPORTS = {
  "flags/pointsman.wasm": ON_PAGES,
  "pointsman.wasm": [...ON_PAGES, ...AT_THE_EDGE],
  // It alone writes compiled snapshots.
  "full/pointsman.wasm": [...ON_PAGES, ...AT_THE_EDGE, "compile"],
};

for (const [file, boundary] of Object.entries(EXPORTS)) {
  test(`${file} exports the boundary and wasm-bindgen's own, and carries no names or producers`, () => {
    const module = new WebAssembly.Module(readFileSync(`${top}js/dist/${file}`));
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    const ours = names.filter((name) => !name.startsWith("__"));
    assert.deepEqual(ours.toSorted(), [...boundary, "memory"].toSorted());
    for (const section of ["name", "producers", "target_features"]) {
      assert.equal(WebAssembly.Module.customSections(module, section).length, 0, section);
    }
  });
}
