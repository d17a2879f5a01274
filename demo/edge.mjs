import { createServer } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";

const TOP = fileURLToPath(new URL("../", import.meta.url));

/**
 * A real workerd that runs worker.mjs, with a KV namespace and a Durable Object.
 * @typedef {import("../js/dist/cloudflare.js").Overview} Overview
 * @typedef {{ url: string, put: (snapshot: string) => Promise<void>, overview: () => Promise<Overview> }} Edge
 * @param {number} port
 * @param {(request: import("miniflare").Request) => Promise<import("miniflare").Response>} page - answers what the worker hands to it.
 * @returns {Promise<Edge>}
 */
export async function startEdge(port, page) {
  await expectFree(port);
  const miniflare = new Miniflare({
    // The worker's own socket: Miniflare's front worker would decode bodies and lose a client's abort.
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    // No look-ups in the network.
    cf: false,
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout, stderr) =>
      [stdout, stderr].forEach((stream) => stream.pipe(process.stderr, { end: false })),
    rootPath: TOP,
    modulesRoot: TOP,
    modules: true,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: "demo/worker.mjs",
    compatibilityDate: "2026-07-01",
    // A client that goes away aborts its request to the origin.
    compatibilityFlags: ["enable_request_signal"],
    kvNamespaces: ["SNAPSHOTS"],
    durableObjects: { GUARDS: "Guards" },
    serviceBindings: { PAGE: page },
  });
  const url = (await miniflare.unsafeGetDirectURL()).origin;
  // Miniflare's types name Cloudflare's own, which aren't needed for one call.
  const kv = /** @type {{ put(key: string, text: string): Promise<void> }} */ (
    /** @type {unknown} */ (await miniflare.getKVNamespace("SNAPSHOTS"))
  );
  const overview = async () => {
    const guards = await miniflare.getDurableObjectNamespace("GUARDS");
    const response = await guards.get(guards.idFromName("pointsman")).fetch("https://coordinator.invalid/");
    return /** @type {Overview} */ (await response.json());
  };
  return { url, put: (snapshot) => kv.put("snapshot.json", snapshot), overview };
}

/** workerd itself would only say that it stopped. @param {number} port */
async function expectFree(port) {
  const probe = createServer().listen(port, "127.0.0.1");
  await once(probe, "listening").catch((error) => {
    throw new Error(`${error.message}; PORT=... chooses another port`);
  });
  await new Promise((resolve) => probe.close(resolve));
}
