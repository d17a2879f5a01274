import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { COMPATIBILITY } from "./edge.mjs";

const TOP = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Several workers in one real workerd, each an isolate of its own, with one KV namespace and one coordinator.
 * @typedef {import("../../../js/dist/cloudflare.js").Overview} Overview
 * @typedef {{ urls: string[], log: () => string, put: (snapshot: unknown) => Promise<void>, overview: () => Promise<Overview>,
 *   report: (body: string) => Promise<{ status: number, json: () => Promise<any> }>, stop: () => Promise<void> }} Fleet
 * @param {number} isolates
 * @returns {Promise<Fleet>}
 */
export async function startFleet(isolates) {
  let log = "";
  /** @param {Buffer} chunk */
  const collect = (chunk) => void (log += chunk);
  const names = Array.from({ length: isolates }, (_, number) => `isolate-${number}`);
  const [first = ""] = names;
  const miniflare = new Miniflare({
    cf: false,
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout, stderr) => void [stdout, stderr].map((stream) => stream.on("data", collect)),
    workers: names.map((name) => ({
      ...COMPATIBILITY,
      name,
      rootPath: TOP,
      modulesRoot: TOP,
      modules: true,
      modulesRules: [
        { type: /** @type {const} */ ("ESModule"), include: ["**/*.js"] },
        { type: /** @type {const} */ ("CompiledWasm"), include: ["**/*.wasm"] },
      ],
      scriptPath: "tests/runtimes/router/guarded-worker.mjs",
      kvNamespaces: { SNAPSHOTS: "snapshots" },
      durableObjects: { GUARDS: name === first ? "Guards" : { className: "Guards", scriptName: first } },
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    })),
  });
  const urls = await Promise.all(names.map(async (name) => (await miniflare.unsafeGetDirectURL(name)).origin));
  const kv = /** @type {{ put(key: string, text: string): Promise<void> }} */ (
    /** @type {unknown} */ (await miniflare.getKVNamespace("SNAPSHOTS", first))
  );
  const coordinator = async () => {
    const guards = await miniflare.getDurableObjectNamespace("GUARDS", first);
    return guards.get(guards.idFromName("pointsman"));
  };
  return {
    urls,
    log: () => log,
    put: (snapshot) => kv.put("snapshot.json", JSON.stringify(snapshot)),
    overview: async () => {
      const response = await (await coordinator()).fetch("https://coordinator.invalid/");
      return /** @type {Overview} */ (await response.json());
    },
    report: async (body) => (await coordinator()).fetch("https://coordinator.invalid/", { method: "POST", body }),
    stop: () => miniflare.dispose(),
  };
}
