/** The store, the origins and the worker between them, and who judges what comes of it. */
import { startEdge } from "./edge.mjs";
import { createFollower } from "./follower.mjs";
import { createBreaches, createLaws } from "./laws.mjs";
import { answerOf } from "./load.mjs";
import { startOrigins } from "./origins.mjs";
import { seeded } from "./random.mjs";
import { snapshotAt } from "./snapshots.mjs";
import { GUARDS_PATH, startStore, WORKER_PATH } from "./store.mjs";
import { createStory } from "./story.mjs";
import { createTally } from "./tally.mjs";
import { createVisitors } from "./visitors.mjs";

const OVERRIDE_KEY = "0123456789abcdef0123456789abcdef";

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */

/**
 * @param {number} seed - of visitors and troubles.
 * @param {boolean} isControl - whether the worker only forwards, and nothing is judged.
 */
export async function startWorld(seed, isControl) {
  const breaches = createBreaches();
  const tally = createTally();
  const follower = createFollower(breaches.add);
  const origins = await startOrigins({ onSpoof: (header) => breaches.add("claims are dropped", header) });
  const story = createStory({
    publish: () => store.publish(),
    fail: (down) => store.fail(down),
    breakFresh: origins.breakFresh,
    ordered: async () => ordersOf(await edge.overview()),
    breach: breaches.add,
  });
  const visitors = await createVisitors(seeded(seed), OVERRIDE_KEY);
  const laws = createLaws(breaches, story, visitors.keep);
  const write = (/** @type {number} */ revision) => {
    story.published(revision);
    return snapshotAt(revision, story.generation(), origins.addresses);
  };
  const onRead = readBy(tally, laws, follower);
  const store = await startStore({ random: seeded(seed + 1), write, onRead });
  const bindings = {
    WORKER_STORE: store.url + WORKER_PATH,
    GUARDS_STORE: store.url + GUARDS_PATH,
    OVERRIDE_KEY,
    ORIGIN: origins.addresses.stable,
  };
  const edge = await startEdge(bindings, isControl);
  return {
    breaches,
    tally,
    follower,
    story,
    store,
    edge,
    visit: visitBy(visitors, isControl ? null : laws, tally, edge.url),
    async stop() {
      story.stop();
      await edge.stop();
      await Promise.all([store.close(), origins.close()]);
    },
  };
}

/**
 * @param {ReturnType<typeof createTally>} tally
 * @param {ReturnType<typeof createLaws>} laws
 * @param {ReturnType<typeof createFollower>} follower
 * @returns {(read: import("./store.mjs").Read) => void}
 */
function readBy(tally, laws, follower) {
  return ({ path, how, revision, held }) => {
    tally.read(path, how);
    if (path !== WORKER_PATH) return;
    if (held !== null) laws.held(held);
    if (revision !== null) laws.give(revision);
    follower.asked();
  };
}

/**
 * @param {Awaited<ReturnType<typeof createVisitors>>} visitors
 * @param {ReturnType<typeof createLaws> | null} laws - null: nothing is judged.
 * @param {ReturnType<typeof createTally>} tally
 * @param {string} url
 * @returns {(dueAt: number) => Promise<void>}
 */
function visitBy(visitors, laws, tally, url) {
  return async (dueAt) => {
    const ask = visitors.next();
    const since = laws?.inForce() ?? 0;
    const sentAt = performance.now();
    const answer = await answerOf(url, ask);
    laws?.check(ask, answer, since, sentAt);
    tally.answered(ask, answer, dueAt);
  };
}

/** @param {import("../../js/dist/cloudflare.js").Overview} overview */
function ordersOf({ orders: { directives = [] } }) {
  return directives.map(({ flag, variant, action, generation }) => [flag, variant, action, generation].join(" "));
}
