/** W6: a fresh process imports one bundled file, which makes an instance, loads W1, and decides; beside the floor's. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createVisitors, rollout } from "../workload.mjs";
import { bundle } from "./bundle.mjs";
import * as floor from "./engines/floor.mjs";
import { medians } from "./race.mjs";

const PAIRS = 30;
const WARM_UP = 3;
const fresh = fileURLToPath(new URL("fresh.mjs", import.meta.url));
const [id] = createVisitors(1).ids(0, 1);

/** @param {string} name @param {any} engine - an adapter */
export async function raceStarts(name, engine) {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-start-"));
  try {
    const files = { floor: await starter(folder, "floor", floor), engine: await starter(folder, name, engine) };
    const pairs = [];
    for (let round = -WARM_UP; round < PAIRS; round++) pairs.push(startBoth(files, round));
    return summary(pairs.slice(WARM_UP));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The snapshot is in the file, translated already. */
async function starter(folder, name, engine) {
  const text = JSON.stringify(engine.translate([rollout]));
  const { format = "esm" } = engine.about;
  const contents = `
    import { open } from "./engines/${name}.mjs";
    export const decided = open(new TextEncoder().encode(${JSON.stringify(text)}))
      .then((instance) => instance.isEnabled("${rollout.key}", "${id}"));`;
  mkdirSync(join(folder, name));
  const outfile = join(folder, name, format === "esm" ? "bundle.mjs" : "bundle.cjs");
  await bundle(engine, contents, outfile, { format, platform: "node", target: "node20" });
  return pathToFileURL(outfile).href;
}

function startBoth(files, round) {
  const order = round % 2 === 0 ? ["engine", "floor"] : ["floor", "engine"];
  return Object.fromEntries(order.map((who) => [who, start(files[who])]));
}

/** Nanoseconds from before the import to after the decision, and from before the process to after it. */
function start(file) {
  const before = process.hrtime.bigint();
  const { stdout, status, stderr } = spawnSync(process.execPath, [fresh, file], { encoding: "utf8" });
  const whole = Number(process.hrtime.bigint() - before);
  assert.equal(status, 0, stderr);
  const { decided, ms } = JSON.parse(stdout);
  assert.equal(typeof decided, "boolean");
  return { inside: ms * 1e6, whole, decided };
}

function summary(pairs) {
  const { decided } = pairs[0].engine;
  for (const { engine } of pairs) assert.equal(engine.decided, decided, "each process decided the same");
  const part = (which) => medians(pairs.map(({ engine, floor }) => ({ engine: engine[which], floor: floor[which] })));
  return { ...part("inside"), process: part("whole"), rounds: PAIRS };
}
