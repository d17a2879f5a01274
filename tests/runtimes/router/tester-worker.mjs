// A worker as users write it, that takes override tokens; `/faults` tells how often each fault was injected.
import { createEngine } from "../../../js/dist/workerd.js";
import { cookie, createHandler } from "../../../js/dist/cloudflare.js";

const handler = createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  overrides: (/** @type {{ OVERRIDE_KEY: string }} */ env) => ({ key: env.OVERRIDE_KEY, scope: "shop.example" }),
  // Says what it was handed.
  passThrough: (request) => new Response(`${request.url}\n${JSON.stringify([...request.headers])}`, { status: 404 }),
  debugHeader: true,
  interval: 100,
  patience: 200,
});

export default {
  ...handler,
  /** @param {Request} request @param {{ OVERRIDE_KEY: string }} env @param {{ waitUntil(work: Promise<unknown>): void }} ctx */
  fetch: (request, env, ctx) =>
    new URL(request.url).pathname === "/faults" ? Response.json(handler.faults()) : handler.fetch(request, env, ctx),
};
