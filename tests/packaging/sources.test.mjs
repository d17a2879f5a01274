/** Stores that need a runtime or a client of their own: Deno KV in Deno, Edge Config by Vercel's client against its API. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { edgeConfigSource } from "../../js/dist/source.js";
import { followThrough, GARBAGE, troubleOf } from "../../js/test/source-trouble.mjs";
import { startOrigin } from "../runtimes/router/origin.mjs";
import { deno, library } from "./tools.mjs";

for (const [what, file, printed] of /** @type {const} */ ([
  ["Deno KV, in Deno", "deno-sources.mjs", "ok: 6 parts\n"],
  ["signed snapshots, in Deno", "deno-signed.mjs", "ok: 8 refused\n"],
])) {
  test(what, () => {
    const worker = fileURLToPath(new URL(file, import.meta.url));
    const env = { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
    const args = ["run", "--allow-read", "--no-lock", "--unstable-kv", worker];
    const options = { encoding: /** @type {const} */ ("utf8"), timeout: 60_000, env };
    assert.equal(execFileSync(deno, args, options), printed);
  });
}

const PATH = "/ecfg_x/item/snapshot";

/** The part of the Edge Config API that reads an item, by what the client asks: `GET /<id>/item/<key>?version=1`. */
async function startEdgeConfig() {
  const server = await startOrigin("edge-config");
  let items = /** @type {string | undefined} */ (undefined);
  const serve = (value) => {
    items = value;
    server.on(PATH, ({ headers }, response) => {
      if (headers.authorization !== "Bearer t") return response.writeHead(401).end("{}");
      // What the real one says of an item that is not there: a 404 with the digest of what is.
      if (items === undefined) return response.writeHead(404, { "x-edge-config-digest": "d" }).end("{}");
      return response.writeHead(200, { "content-type": "application/json" }).end(items);
    });
  };
  return { server, serve };
}

test("Edge Config, by Vercel's client", async () => {
  const { createClient } = await library("@vercel/edge-config");
  const { server, serve } = await startEdgeConfig();
  const client = createClient(`${server.url}/ecfg_x?token=t`, { staleIfError: false, disableDevelopmentCache: true });
  const source = edgeConfigSource(client);
  try {
    for (const written of [(text) => text, (text) => JSON.stringify(text)]) {
      const put = (stored) => serve(written(stored));
      // The client reads JSON: only a text can hold what is none, and bytes that are no text it replaces.
      const isText = written("x") !== "x";
      const garbage = GARBAGE.filter(([what]) => isText && what !== "wrong UTF-8").map(troubleOf(put));
      await followThrough(createEngine, { source, put }, [
        ...garbage,
        ["HTML", () => serve("<!doctype html>"), /Unexpected token/],
        ["a list", () => serve("[1]"), /WRONG_TYPE/],
        ["null", () => serve("null"), /WRONG_TYPE/],
        ["a number", () => serve("7"), /WRONG_TYPE/],
        ["an older revision", () => serve('{"revision":1}'), /STALE_REVISION/],
        ["no item", () => serve(undefined), /holds no snapshot/],
        ["a failure", () => server.on(PATH, (_, response) => response.writeHead(500).end()), /./],
        ["a store that hangs", () => server.on(PATH, () => {}), /took longer than 1000 ms/],
        ["a connection that ends", () => server.on(PATH, (request) => request.socket.destroy()), /./],
      ]);
    }
  } finally {
    await server.close();
  }
});
