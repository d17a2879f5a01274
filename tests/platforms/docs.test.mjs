// docs/handlers.md shows the examples that are run here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const SHOWN = [
  "cloudflare/worker.mjs",
  "vercel/middleware.mjs",
  "netlify/pointsman.mjs",
  "deno/server.mjs",
  "bun/server.mjs",
  "node/server.mjs",
  "service-worker/worker.mjs",
];

test("docs/handlers.md shows each example as it is run, but for its first line", () => {
  const blocks = [...read("docs/handlers.md").matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
  const examples = SHOWN.map((name) => read(`examples/${name}`).replace(/^\/\/ .*\n/, ""));
  assert.deepEqual(blocks, examples);
});
