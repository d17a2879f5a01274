// The whole router, as users write it, with a store over HTTP and a coordinator; `/__soak` tells what only the inside can see.
import { memories } from "../runtimes/memories.mjs";
import { cookie, createCoordinator, createHandler } from "../../js/dist/cloudflare.js";
import { httpSource } from "../../js/dist/source.js";
import { createEngine } from "../../js/dist/workerd.js";

/** @typedef {{ WORKER_STORE: string, GUARDS_STORE: string, OVERRIDE_KEY: string }} Env */

const counts = { loads: 0, revision: 0, problems: 0, errors: /** @type {Record<string, number>} */ ({}) };

export const Guards = createCoordinator({
  createEngine,
  snapshot: (/** @type {Env} */ env) => httpSource(env.GUARDS_STORE),
  interval: 700,
  onError: () => {},
  onProblem: () => {},
});

const handler = createHandler({
  createEngine,
  snapshot: (/** @type {Env} */ env) => httpSource(env.WORKER_STORE),
  context: (request) => ({ userId: cookie(request, "uid"), plan: cookie(request, "plan") }),
  overrides: (/** @type {Env} */ env) => ({ key: env.OVERRIDE_KEY, scope: "soak.example" }),
  passThrough: () => new Response("no route matches this request\n", { status: 404 }),
  debugHeader: true,
  interval: 700,
  coordinator: "GUARDS",
  reportInterval: 1_000,
  onLoad: ({ revision }) => {
    counts.loads++;
    counts.revision = revision ?? 0;
  },
  onProblem: () => counts.problems++,
  onError: (error) => {
    const { name } = /** @type {Error} */ (error);
    counts.errors[name] = (counts.errors[name] ?? 0) + 1;
  },
});

export default {
  /** @param {Request} request @param {Env} env @param {{ waitUntil(work: Promise<unknown>): void }} ctx */
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/__soak") return handler.fetch(request, env, ctx);
    return Response.json({
      ...counts,
      instances: memories.length,
      wasmBytes: memories.map(({ buffer }) => buffer.byteLength),
      faults: handler.faults(),
    });
  },
};
