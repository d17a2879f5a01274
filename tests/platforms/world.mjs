import { closedPort, startOrigin } from "../runtimes/router/origin.mjs";
import { snapshotOf } from "./snapshot.mjs";

const PATH = "/snapshot.json";

/** What stands around a platform: two origins, and a store that serves the snapshot. */
export async function startWorld() {
  const [stable, canary, store] = await Promise.all(["stable", "canary", "store"].map(startOrigin));
  const down = `http://127.0.0.1:${await closedPort()}`;
  const answerWith = (status, text) =>
    store.on(PATH, (_, response) => response.writeHead(status, { "content-type": "application/json" }).end(text));
  return {
    stable,
    canary,
    snapshotUrl: store.url + PATH,
    /** How often the store was asked. */
    reads: () => store.seen.length,
    snapshot: (moving = 0) => snapshotOf({ stable: stable.url, canary: canary.url, down }, moving),
    put: async (snapshot) => answerWith(200, JSON.stringify(snapshot)),
    fail: async () => answerWith(500, "the store is down"),
    close: () => Promise.all([stable, canary, store].map((origin) => origin.close())),
  };
}

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */
