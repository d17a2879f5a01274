/** A store that hangs, errs, or holds garbage, for each source that Node can have: the real thing, or its local runtime. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Miniflare } from "miniflare";
import { startOrigin } from "../../tests/runtimes/router/origin.mjs";
import { createEngine } from "../dist/node.js";
import { httpSource, kvSource } from "../dist/source.js";
import { fileSource } from "../dist/source/file.js";
import { followThrough, garbageIn } from "./source-trouble.mjs";

test("HTTP", async () => {
  const server = await startOrigin("store");
  const put = (stored) => server.on("/", (_, response) => response.end(stored));
  const store = { source: httpSource(server.url), put };
  try {
    await followThrough(createEngine, store, [
      ...garbageIn(store),
      ["a failure", () => server.on("/", (_, response) => response.writeHead(503).end()), /answered 503/],
      ["a connection that ends", () => server.on("/", (request) => request.socket.destroy()), /can't be reached/],
      ["a store that hangs", () => server.on("/", () => {}), /took longer than 1000 ms/],
      ["a body that hangs", () => server.on("/", (_, response) => void response.write("{")), /took longer than 1000 ms/],
    ]); // prettier-ignore
  } finally {
    await server.close();
  }
});

test("a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  const path = join(folder, "snapshot.json");
  const put = async (stored) => {
    await rm(path, { recursive: true, force: true });
    await writeFile(`${path}.new`, stored);
    await rename(`${path}.new`, path);
  };
  try {
    for (const address of [path, pathToFileURL(path)]) {
      const store = { source: fileSource(address), put };
      await followThrough(createEngine, store, [
        ...garbageIn(store),
        ["no file", () => rm(path), /ENOENT/],
        // Opening one would take a thread until somebody writes.
        ["a pipe", () => rm(path).then(() => void execFileSync("mkfifo", [path])), /is no file's/],
        ["a folder", () => rm(path).then(() => mkdir(path)), /is no file's/],
      ]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("Cloudflare KV", async () => {
  const runtime = new Miniflare({ modules: true, script: "export default {}", kvNamespaces: ["STORE"], cf: false });
  try {
    const kv = /** @type {any} */ (await runtime.getKVNamespace("STORE"));
    const store = { source: kvSource(kv, "snapshot.json"), put: (stored) => kv.put("snapshot.json", stored) };
    await followThrough(createEngine, store, [
      ...garbageIn(store),
      ["no value", () => kv.delete("snapshot.json"), /holds no snapshot/],
    ]);
  } finally {
    await runtime.dispose();
  }
});
