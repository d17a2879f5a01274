/** W5: from UTF-8 bytes to a first decision, beside JSON.parse of the same bytes. */
import assert from "node:assert/strict";
import { rollout } from "../workload.mjs";
import { medians } from "./race.mjs";

const ROUNDS = 15;
const WARM_UP = 3;
/** An engine that takes seconds for a load gets fewer rounds. */
const FEWEST_ROUNDS = 5;
const MOST_MS = 6_000;

const bytesOf = (engine, definitions) => new TextEncoder().encode(JSON.stringify(engine.translate(definitions)));

export async function raceLoads(engine, definitions) {
  const bytes = bytesOf(engine, definitions);
  const { reset, load } = await loader(engine);
  const listed = definitions.find((definition) => definition.listed !== null);
  const decide = async (instance) => assert.equal(await instance.isEnabled(listed.key, listed.listed[0]), true);
  const times = [];
  const started = performance.now();
  for (let round = -WARM_UP; round < ROUNDS && !outOfTime(round, started); round++) {
    await reset();
    const pair = await runRound(round, bytes, async () => decide(await load(bytes)));
    if (round >= 0) times.push(pair);
  }
  return { ...medians(times), bytes: bytes.length, rounds: times.length };
}

const outOfTime = (round, started) => round >= FEWEST_ROUNDS && performance.now() - started > MOST_MS;

/**
 * Where an engine takes a new document, that is timed; else making another instance of it is. A small document in between, as
 * the same one again may be no work.
 */
async function loader(engine) {
  const small = bytesOf(engine, [rollout]);
  const instance = await engine.open(small);
  if (instance.load === undefined) return { reset: () => {}, load: engine.open };
  const load = async (bytes) => {
    await instance.load(bytes);
    return instance;
  };
  return { reset: () => load(small), load };
}

async function runRound(round, bytes, load) {
  const parse = () => assert.ok(Object.keys(JSON.parse(new TextDecoder().decode(bytes))).length > 0);
  const times = { engine: 0, floor: 0 };
  const order = round % 2 === 0 ? ["engine", "floor"] : ["floor", "engine"];
  for (const who of order) times[who] = await timed(who === "engine" ? load : parse);
  return times;
}

async function timed(action) {
  const start = process.hrtime.bigint();
  await action();
  return Number(process.hrtime.bigint() - start);
}
