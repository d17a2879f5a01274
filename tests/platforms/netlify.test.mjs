// The example for Netlify, in Deno, which Netlify's edge runs: the bootstrap around it is not to be had.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deno } from "../packaging/tools.mjs";
import { send, until } from "../runtimes/router/client.mjs";
import { serve } from "./process.mjs";
import { ELSEWHERE } from "./snapshot.mjs";
import { over, tell } from "./story.mjs";
import { startWorld } from "./world.mjs";

tell("netlify", start, { knowsClients: true, unmatched: toSite });

/** The site gets it as it came, but for override tokens. */
async function toSite(ask) {
  const tokens = { "pointsman-override": "a.b", cookie: "pointsman-override=c.d" };
  const { headers, text } = await ask("/elsewhere?x=1&pointsman-override=e.f", { headers: tokens });
  assert.deepEqual([headers["x-origin"], JSON.parse(text).url], ["stable", "/elsewhere?x=1"]);
  assert.doesNotMatch(text, /a\.b|c\.d|e\.f/);
}

test("netlify: what the context says of a client counts", async () => {
  const world = await startWorld();
  await world.put(world.snapshot());
  const server = await start(world, { CLIENT: ELSEWHERE, COUNTRY: "DE" });
  try {
    await until(() => send(`${server.url}/fixed/`), ({ headers }) => headers["x-origin"] === "stable", 10_000); // prettier-ignore
    for (const path of ["/elsewhere/", "/german/"]) {
      const { headers, text } = await send(server.url + path);
      assert.equal(headers["x-origin"], "canary", path);
      assert.equal(JSON.parse(text).headers["x-forwarded-for"], ELSEWHERE);
    }
    assert.ok(Number((await send(`${server.url}/kept`)).text) > 0, "waitUntil keeps the reading alive");
  } finally {
    await server.stop();
    await world.close();
  }
});

/** @param {import("./world.mjs").World} world @param {Record<string, string>} [env] */
async function start({ snapshotUrl, stable }, env) {
  const args = ["run", "--no-lock", "--allow-net", "--allow-env", "tests/platforms/netlify/serve.mjs"];
  const site = { SNAPSHOT_URL: snapshotUrl, SITE: stable.url };
  const server = await serve(deno, args, { ...site, ...env });
  return { ...server, ask: over(server.url) };
}
