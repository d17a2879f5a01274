/** One run: a world that visitors come to, and what is seen of it. */
import { send, until } from "../runtimes/router/client.mjs";
import { startLoad } from "./load.mjs";
import { startSampling } from "./memory.mjs";
import { startWorld } from "./world.mjs";

/** Before memory is looked at, in seconds: code is compiled, and wasm memory has its size. */
const WARM_UP_S = 10;
/** The store may fail several times in a row before there is a first snapshot. */
const BEGIN_MS = 60_000;
const PROGRESS_MS = 10_000;

/**
 * @typedef {{ seconds: number, rate: number, seed: number, isControl: boolean, onProgress: (line: string) => void }} Options
 * @param {Options} options
 * @returns {Promise<import("./figures.mjs").Figures>}
 */
export async function soak(options) {
  const world = await startWorld(options.seed, options.isControl);
  try {
    // Until a snapshot was read, requests are answered without one: that is another story.
    const first = async () => (await send(`${world.edge.url}/shop/sound/0`)).status;
    await until(first, (status) => status === 200, BEGIN_MS);
    return await observe(world, options);
  } finally {
    await world.stop();
  }
}

/** @param {import("./world.mjs").World} world @param {Options} options */
async function observe(world, { seconds, rate, seed, isControl, onProgress }) {
  const { edge, tally, story, follower, breaches, visit } = world;
  const load = startLoad(rate, visit);
  await pass(WARM_UP_S);
  const { instances } = await edge.inside();
  if (!isControl) story.start();
  tally.start();
  const sampling = startSampling(edge);
  const tell = () => onProgress(tally.line(sampling.samples.at(-1), breaches.counts));
  const progress = setInterval(tell, PROGRESS_MS);
  await pass(seconds);
  clearInterval(progress);
  await sampling.stop();
  await load.stop();
  follower.end();
  const seen = seenIn(world, await edge.inside());
  return { seconds, rate, seed, samples: sampling.samples, ...seen, traps: seen.instances - instances };
}

/** @param {import("./world.mjs").World} world @param {import("./edge.mjs").Inside} inside */
function seenIn({ tally, store, follower, story, breaches, edge }, inside) {
  const { loads, errors, problems, instances, faults } = inside;
  return {
    ...tally.figures(),
    loads,
    errors,
    problems,
    instances,
    faults,
    revision: store.revision(),
    longestWithoutReadMs: follower.longest(),
    verdictsAfterS: story.verdicts(),
    breaches: breaches.counts,
    told: breaches.told,
    log: edge.log(),
  };
}

/** @param {number} seconds */
const pass = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
