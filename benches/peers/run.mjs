/**
 * One engine at one work, beside the floor: a process of its own, so that neither has met other flags or other engines.
 *
 *     node benches/peers/run.mjs ENGINE WORK     (writes JSON)
 */
import { VISITORS, createVisitors } from "../workload.mjs";
import * as floor from "./engines/floor.mjs";
import { assertAnswers } from "./answers.mjs";
import { raceLoads } from "./loads.mjs";
import { BATCH, race } from "./race.mjs";
import { WORKS } from "./works.mjs";

const [, , engineName, workId] = process.argv;
/** @type {any} */
const work = WORKS.find(({ id }) => id === workId);
const engine = await import(`./engines/${engineName}.mjs`);
const crowd = createVisitors(VISITORS);
const definitions = work.flags(crowd);
process.stdout.write(JSON.stringify(await (work.loads ? raceLoads(engine, definitions) : raceDecisions())));
// Some engines leave timers behind, which would keep the process.
process.exit(0);

async function raceDecisions() {
  const instances = { floor: await open(floor), engine: await open(engine) };
  await check(instances);
  const contenders = { floor: await contender("floor", instances), engine: await contender("engine", instances) };
  const figures = await race(contenders, work.single === true);
  await check(instances);
  return figures;
}

function open(contender) {
  return contender.open(new TextEncoder().encode(JSON.stringify(contender.translate(definitions))));
}

async function check(instances) {
  const keys = definitions.map(({ key }) => key);
  const visitors = work.sample(crowd);
  const expected = work.expected === undefined ? definitions : definitions.map(work.expected);
  for (const instance of Object.values(instances))
    await assertAnswers((visitor) => work.ask(instance, keys, visitor), expected, visitors);
}

/** The loops are another module for each contender, as loops.mjs explains. */
async function contender(who, instances) {
  const awaits = who === "engine" && engine.about.awaits;
  const loops = await import(`./${awaits ? "awaiting-loops" : "loops"}.mjs?${who}`);
  const [{ variants, off }] = definitions;
  const keys = definitions.map(({ key }) => key);
  const run = loops[work.loop](instances[who], keys, BATCH, variants[off]);
  return { input: inputFor(instances[who]), run };
}

function inputFor(instance) {
  if (work.single) return (from) => work.input(crowd, from, from + 1);
  if (work.prepared) return (from, to) => work.input(crowd, from, to).map((visitor) => instance.prepare(visitor));
  return (from, to) => work.input(crowd, from, to);
}
