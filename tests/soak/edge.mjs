import { readdirSync, readFileSync } from "node:fs";
import { fetch, Log, LogLevel, Miniflare } from "miniflare";
import { send } from "../runtimes/router/client.mjs";
import { COMPATIBILITY } from "../runtimes/router/edge.mjs";
import { MODULES } from "../runtimes/workerd.mjs";

/**
 * The worker of this folder in a real workerd, and ways to look into it.
 * @typedef {Awaited<ReturnType<typeof startEdge>>} Edge
 * @param {Record<string, string>} bindings
 * @param {boolean} isControl - whether it is the worker that only forwards.
 */
export async function startEdge(bindings, isControl) {
  let log = "";
  /** @param {Buffer} chunk */
  const collect = (chunk) => void (log += chunk);
  const miniflare = new Miniflare({
    ...COMPATIBILITY,
    ...MODULES,
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout, stderr) => void [stdout, stderr].map((stream) => stream.on("data", collect)),
    scriptPath: `tests/soak/${isControl ? "control-" : ""}worker.mjs`,
    bindings,
    ...(isControl ? {} : { durableObjects: { GUARDS: "Guards" } }),
    inspectorPort: 0,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  const url = (await miniflare.unsafeGetDirectURL()).origin;
  const heapUsage = await openInspector(await miniflare.getInspectorURL());
  const pid = childNamed("workerd");
  return {
    url,
    log: () => log,
    heapUsage,
    /** Bytes of the process in memory. */
    rss: () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024,
    inside: async () => /** @type {Inside} */ (JSON.parse((await send(`${url}/__soak`)).text)),
    overview: async () => {
      const guards = await miniflare.getDurableObjectNamespace("GUARDS");
      const response = await guards.get(guards.idFromName("pointsman")).fetch("https://coordinator.invalid/");
      return /** @type {import("../../js/dist/cloudflare.js").Overview} */ (await response.json());
    },
    stop: () => miniflare.dispose(),
  };
}

/**
 * @typedef {{ loads: number, revision: number, problems: number, errors: Record<string, number>, instances: number, wasmBytes: number[],
 *   faults: import("../../js/dist/router.js").FaultCount[] }} Inside
 */

/** What V8 says of the worker's isolate, over the DevTools protocol: bytes that objects take, garbage included. @param {URL} url */
async function openInspector({ host }) {
  const { webSocket } = await fetch(`http://${host}/core:user:`, { headers: { upgrade: "websocket" } });
  if (webSocket === null) throw new Error("the inspector does not answer");
  /** @type {Map<number, (used: number) => void>} */
  const waiting = new Map();
  webSocket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result.usedSize);
    waiting.delete(id);
  });
  webSocket.accept();
  let id = 0;
  return () =>
    new Promise((/** @type {(used: number) => void} */ resolve) => {
      waiting.set(++id, resolve);
      webSocket.send(JSON.stringify({ id, method: "Runtime.getHeapUsage" }));
    });
}

/** The process of that name which this one has started, by what Linux tells of processes. @param {string} name */
function childNamed(name) {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  const found = pids.find((pid) => {
    try {
      const [, command, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      return command === name && Number(parent) === process.pid;
    } catch {
      return false; // It has ended meanwhile.
    }
  });
  if (found === undefined) throw new Error(`no process named ${name} was started`);
  return Number(found);
}
