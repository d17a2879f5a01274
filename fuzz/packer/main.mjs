/**
 * The packer against the crate: `node fuzz/packer/main.mjs [--seed N] [--time SECONDS | --runs N] [--case FILE]`, after `make build`.
 * The exit code is 1 where a decision differs, and the smallest case that was found is printed.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startNative } from "./native.mjs";
import { randomOf } from "./random.mjs";
import { caseOf, failureOf, noneYet } from "./round.mjs";
import { smaller } from "./smaller.mjs";

const text = /** @type {{ type: "string" }} */ ({ type: "string" });
const { values } = parseArgs({ options: { seed: text, time: text, runs: text, case: text }, strict: true });
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const runs = values.runs === undefined ? Infinity : Number(values.runs);
const until = performance.now() + 1_000 * (values.runs === undefined ? Number(values.time ?? 60) : Infinity);
const counts = noneYet();
const native = startNative();

/** @param {import("./round.mjs").Case} one */
const tried = async (one) => failureOf(one, native, counts);

/** @returns {Promise<import("./round.mjs").Case | null>} */
async function found() {
  if (values.case !== undefined) {
    const one = JSON.parse(readFileSync(values.case, "utf8"));
    return (await tried(one)) && one;
  }
  let run = 0;
  for (; run < runs && performance.now() < until; run++) {
    const one = caseOf(randomOf(seed + run));
    if (await tried(one)) {
      console.log(`run ${run}: the same again by --seed ${seed + run} --runs 1`);
      return one;
    }
  }
  console.log(`${run} cases from seed ${seed}: answers compared with the crate's ${counts.native}, invalid contexts ${counts.invalid}, ` +
    `either of the two ${counts.either}; snapshots with problems, left out ${counts.broken}`); // prettier-ignore
  return null;
}

try {
  const failing = await found();
  if (failing !== null) {
    const least = await smaller(failing, async (one) => (await tried(one)) !== null);
    console.log(JSON.stringify(least));
    console.log(await tried(least));
    process.exitCode = 1;
  }
} finally {
  native.stop();
}
