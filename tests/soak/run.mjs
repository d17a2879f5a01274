/** One run: the store, the origins, the worker, its visitors, and what is seen of them. */
import { startEdge } from "./edge.mjs";
import { createFollower } from "./follower.mjs";
import { createBreaches, createLaws } from "./laws.mjs";
import { answerOf, startLoad } from "./load.mjs";
import { startSampling } from "./memory.mjs";
import { startOrigins } from "./origins.mjs";
import { seeded } from "./random.mjs";
import { snapshotAt } from "./snapshots.mjs";
import { GUARDS_PATH, startStore, WORKER_PATH } from "./store.mjs";
import { createStory } from "./story.mjs";
import { createVisitors } from "./visitors.mjs";
import { createTally } from "./tally.mjs";

const OVERRIDE_KEY = "0123456789abcdef0123456789abcdef";
/** Before memory is looked at, in seconds: code is compiled, and wasm memory has its size. */
const WARM_UP_S = 10;

/**
 * @param {{ seconds: number, rate: number, seed: number, onProgress: (line: string) => void }} options
 * @returns {Promise<import("./figures.mjs").Figures>}
 */
export async function soak({ seconds, rate, seed, onProgress }) {
  const breaches = createBreaches();
  const tally = createTally();
  const follower = createFollower(breaches.add);
  const origins = await startOrigins({ onSpoof: (header) => breaches.add("claims are dropped", header) });
  const story = createStory({
    publish: () => store.publish(),
    fail: (down) => store.fail(down),
    breakFresh: origins.breakFresh,
    ordered: async () =>
      ((await edge.overview()).orders.directives ?? []).map(
        ({ flag, variant, action, generation }) => `${flag} ${variant} ${action} ${generation}`,
      ),
    breach: breaches.add,
  });
  const visitors = await createVisitors(seeded(seed), OVERRIDE_KEY);
  const laws = createLaws(breaches, story, visitors.keep);
  const store = await startStore({ random: seeded(seed + 1), write, onRead });
  const edge = await startEdge({
    WORKER_STORE: store.url + WORKER_PATH,
    GUARDS_STORE: store.url + GUARDS_PATH,
    OVERRIDE_KEY,
  });

  /** @param {number} revision */
  function write(revision) {
    story.published(revision);
    return snapshotAt(revision, story.generation(), origins.addresses);
  }

  /** @param {import("./store.mjs").Read} read */
  function onRead({ path, how, revision, held }) {
    tally.read(path, how);
    if (path !== WORKER_PATH) return;
    if (held !== null) laws.held(held);
    if (revision !== null) laws.give(revision);
    follower.asked(!["sound", "unchanged", "older"].includes(how));
  }

  /** @param {number} dueAt */
  async function visit(dueAt) {
    const ask = visitors.next();
    const since = laws.inForce();
    const sentAt = performance.now();
    const answer = await answerOf(edge.url, ask);
    laws.check(ask, answer, since, sentAt);
    tally.answered(ask, answer, dueAt);
  }

  const stopAll = async () => {
    story.stop();
    await edge.stop();
    await Promise.all([store.close(), origins.close()]);
  };
  try {
    await firstAnswer(edge.url);
    const load = startLoad(edge.url, rate, visit);
    await pass(WARM_UP_S);
    const before = await edge.inside();
    story.start();
    const sampling = startSampling(edge);
    tally.start();
    const progress = setInterval(() => onProgress(tally.line(sampling.samples.at(-1), breaches.counts)), 10_000);
    await pass(seconds);
    clearInterval(progress);
    await sampling.stop();
    await load.stop();
    follower.end();
    const inside = await edge.inside();
    return {
      seconds,
      rate,
      seed,
      ...tally.figures(),
      loads: inside.loads,
      errors: inside.errors,
      problems: inside.problems,
      traps: inside.instances - before.instances,
      faults: inside.faults,
      revision: store.revision(),
      longestWithoutReadMs: follower.longest(),
      verdictsAfterS: story.verdicts(),
      samples: sampling.samples,
      breaches: breaches.counts,
      told: breaches.told,
      log: edge.log().slice(-4_000),
    };
  } finally {
    await stopAll();
  }
}

/** @param {number} seconds */
const pass = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

/** Until a snapshot was read, requests are answered without one: that is another story. @param {string} url */
async function firstAnswer(url) {
  for (;;) {
    const answer = await fetch(`${url}/shop/sound/0`);
    await answer.text();
    if (answer.headers.get("pointsman") !== null && answer.ok) return;
    await pass(0.1);
  }
}
