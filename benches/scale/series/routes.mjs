/** Routes of a snapshot, at their worst: each is tried, and the last one matches. */
import assert from "node:assert/strict";
import { BATCH, MANY } from "../operation.mjs";
import { engineWith } from "../snapshot.mjs";

/** @type {import("../operation.mjs").Series} */
export default {
  title: "Routes",
  variable: "routes",
  sizes: [1, 10, 100, 1_000],
  shown: { last: { label: "route, by the last one", rounds: MANY } },
  async create(size) {
    const routes = Array.from({ length: size }, (_, place) => routeFor(`section-${place}`));
    const backends = { origin: { origin: "https://origin.example" } };
    const { engine, bytes } = await engineWith({ flags: {}, backends, routes });
    const name = `section-${size - 1}`;
    return { facts: { snapshotBytes: bytes.length }, operations: { last: routing(engine, name) } };
  },
};

const routeFor = (section) => ({
  name: section,
  match: { path: `/${section}/*` },
  backend: "origin",
  fallback: "origin",
});

/** @returns {import("../operation.mjs").Operation} */
function routing(engine, name) {
  const headers = new Headers({ accept: "text/html" });
  const request = (_, place) => ({ url: `https://shop.example/${name}/page-${place}`, method: "GET", headers });
  const run = (requests) => {
    let right = 0;
    for (let i = 0; i < requests.length; i++) if (engine.route(requests[i])?.route === name) right++;
    return right;
  };
  const input = () => Array.from({ length: BATCH }, request);
  return { count: BATCH, input, run, check: (right) => assert.equal(right, BATCH) };
}
