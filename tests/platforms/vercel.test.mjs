// The example for Vercel, bundled as Vercel bundles a middleware, in Vercel's edge runtime.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { library } from "../packaging/tools.mjs";
import { listen } from "../runtimes/router/origin.mjs";
import { send, until } from "../runtimes/router/client.mjs";
import { bundled } from "./bundle.mjs";
import { ELSEWHERE } from "./snapshot.mjs";
import { over, tell } from "./story.mjs";
import { startWorld } from "./world.mjs";

const unabortable = "the server that comes with edge-runtime gives its requests no signal";
tell("vercel", start, { knowsClients: false, unmatched: goesOn, unabortable });

/** Vercel's proxy takes this answer as leave to ask the site. */
async function goesOn(ask) {
  const { headers, text } = await ask("/elsewhere");
  assert.deepEqual([headers["x-middleware-next"], text], ["1", ""]);
}

describe("vercel, as its proxy calls a middleware", () => {
  const kept = [];
  let world;
  let server;

  before(async () => {
    world = await startWorld();
    await world.put(world.snapshot());
    // Where @vercel/functions looks for the request under way.
    const context = { waitUntil: (work) => void kept.push(work) };
    server = await start(world, { [Symbol.for("@vercel/request-context")]: { get: () => context } }, "request");
    await until(() => send(`${server.url}/fixed/`), ({ status }) => status === 200, 10_000); // prettier-ignore
  });
  after(() => Promise.all([server?.stop(), world?.close()]));

  // The proxy sets these over whatever a client sent; this test is in the proxy's place.
  const PROXY = { "x-real-ip": ELSEWHERE, "x-vercel-ip-country": "DE", "x-vercel-ip-city": "K%C3%B6ln" };

  test("what the proxy says of a client counts, and the backend is told the address", async () => {
    for (const path of ["/elsewhere/", "/german/"]) {
      const { headers, text } = await send(server.url + path, { headers: PROXY });
      assert.equal(headers["x-origin"], "canary", path);
      assert.equal(JSON.parse(text).headers["x-forwarded-for"], ELSEWHERE);
    }
  });

  test("the snapshot is read after the answer, in what waitUntil keeps alive", async () => {
    assert.ok(kept.length > 0);
    await Promise.all(kept);
  });

  test("override tokens go no further, in whichever of the three places they came", async () => {
    const headers = { "pointsman-override": "a.b", cookie: "uid=alice; pointsman-override=c.d", "x-own": "1" };
    const { headers: answer } = await send(`${server.url}/elsewhere?x=1&pointsman-override=e.f`, { headers });
    assert.equal(new URL(String(answer["x-middleware-rewrite"])).search, "?x=1");
    const overridden = String(answer["x-middleware-override-headers"]).split(",");
    assert.ok(overridden.includes("x-own") && !overridden.includes("pointsman-override"), String(overridden));
    assert.equal(answer["x-middleware-request-cookie"], "uid=alice");
    assert.doesNotMatch(JSON.stringify(answer), /a\.b|c\.d|e\.f/);
  });
});

/**
 * @param {{ snapshotUrl: string }} world
 * @param {object} [globals]
 * @param {string} [given] - what the middleware is called with: a function of a framework's own gets no event.
 */
async function start({ snapshotUrl }, globals = {}, given = "request, event") {
  const log = [];
  const runtime = await runtimeOf({ SNAPSHOT_URL: snapshotUrl }, log, globals, given);
  const { createHandler } = await library("edge-runtime");
  const { handler } = createHandler({ runtime });
  const server = createServer((request, response) => void handler(request, response));
  const url = `http://127.0.0.1:${await listen(server)}`;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url, ask: over(url), log: () => log.join("\n"), stop };
}

/** A middleware's bundle is a script to the runtime, and its compiled .wasm a global. */
async function runtimeOf(env, log, globals, given) {
  const { code, wasm } = await bundled("examples/vercel/middleware.mjs", "edge-light", {
    format: "iife",
    globalName: "middleware",
    external: [],
    plugins: [WASM_AS_GLOBAL],
  });
  const say = (...words) => void log.push(words.join(" "));
  const compiled = new WebAssembly.Module(wasm);
  const { EdgeRuntime } = await library("edge-runtime");
  return new EdgeRuntime({
    initialCode: `${code}
      addEventListener("fetch", (event) => {
        const { request } = event;
        event.respondWith(middleware.default(${given}));
      });`,
    extend: (context) =>
      Object.assign(context, { process: { env }, compiled, console: { log: say, warn: say, error: say }, ...globals }),
  });
}

/** @type {import("esbuild").Plugin} */
const WASM_AS_GLOBAL = {
  name: "wasm as a global",
  setup(build) {
    build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
    build.onLoad({ filter: /./, namespace: "wasm" }, () => ({ contents: "export default globalThis.compiled;" }));
  },
};
