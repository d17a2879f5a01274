import { Log, LogLevel, Miniflare } from "miniflare";
import { MODULES } from "../workerd.mjs";

/** The first date with the runtime behaviour that the package is tested with. */
export const COMPATIBILITY = { compatibilityDate: "2026-07-01", compatibilityFlags: ["enable_request_signal"] };

/**
 * A worker in a real workerd, listening by itself: Miniflare's own front worker would see to encodings and aborts.
 * @typedef {{ url: string, log: () => string, put: (snapshot: unknown) => Promise<void>, stop: () => Promise<void> }} Edge
 * @param {string} worker - a file in this folder.
 * @param {Record<string, import("miniflare").Json>} bindings
 * @returns {Promise<Edge>}
 */
export async function startEdge(worker, bindings = {}) {
  let log = "";
  /** @param {Buffer} chunk */
  const collect = (chunk) => void (log += chunk);
  const miniflare = new Miniflare({
    ...COMPATIBILITY,
    ...MODULES,
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout, stderr) => void [stdout, stderr].map((stream) => stream.on("data", collect)),
    scriptPath: `tests/runtimes/router/${worker}`,
    bindings,
    kvNamespaces: ["SNAPSHOTS"],
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  // Miniflare's types name Cloudflare's own, which aren't needed for one call.
  const kv = /** @type {{ put(key: string, text: string): Promise<void> }} */ (
    /** @type {unknown} */ (await miniflare.getKVNamespace("SNAPSHOTS"))
  );
  return {
    url: (await miniflare.unsafeGetDirectURL()).origin,
    log: () => log,
    put: (snapshot) => kv.put("snapshot.json", typeof snapshot === "string" ? snapshot : JSON.stringify(snapshot)),
    stop: () => miniflare.dispose(),
  };
}
