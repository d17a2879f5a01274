/** A real workerd with the benchmark's worker in it, and one connection to it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";

const TOP = fileURLToPath(new URL("../../", import.meta.url));
const ENGINE = "js/dist/workerd.js";
const ENCODER_FROM = /^var ENCODER_FROM = \w+;$/gm;

const SCRIPTS = [
  "benches/workerd/worker.mjs",
  "benches/workerd/works.mjs",
  "benches/workerd/loops.mjs",
  "benches/workload.mjs",
  "benches/floor.mjs",
];

/** @param {string} work @param {number | undefined} encoderFrom - for the bundle's own constant. */
export async function startEdge(work, encoderFrom) {
  const miniflare = new Miniflare({
    // The worker's own socket, without Miniflare's front worker between.
    unsafeDirectSockets: [{ host: "127.0.0.1" }],
    cf: false,
    log: new Log(LogLevel.ERROR),
    rootPath: TOP,
    modulesRoot: TOP,
    modules: [
      ...SCRIPTS.map((path) => ({ type: /** @type {const} */ ("ESModule"), path })),
      { type: "ESModule", path: ENGINE, contents: engineText(encoderFrom) },
      { type: "CompiledWasm", path: "js/dist/pointsman.wasm" },
    ],
    compatibilityDate: "2026-07-01",
    bindings: { WORK: work },
  });
  const url = await miniflare.unsafeGetDirectURL();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stop = () => {
    agent.destroy();
    return miniflare.dispose();
  };
  return { ask: (/** @type {string} */ path) => ask(new URL(path, url), agent), stop };
}

/** The constant's value is all that is changed. @param {number | undefined} encoderFrom */
function engineText(encoderFrom) {
  const text = readFileSync(TOP + ENGINE, "utf8");
  assert.equal(text.match(ENCODER_FROM)?.length, 1, `${ENGINE} has one ENCODER_FROM`);
  return encoderFrom === undefined ? text : text.replace(ENCODER_FROM, `var ENCODER_FROM = ${encoderFrom};`);
}

/** The body, and nanoseconds until its end. @param {URL} url @param {Agent} agent */
async function ask(url, agent) {
  const start = process.hrtime.bigint();
  const [response] = await once(request(url, { agent }).end(), "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  const time = Number(process.hrtime.bigint() - start);
  assert.equal(response.statusCode, 200, text);
  return { text, time };
}
