/** The code of docs/openfeature.md, run as it stands there: in Node, in workerd what is for a worker, in Chromium what is for a page. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { build, transformSync } from "esbuild";
import { Miniflare } from "miniflare";
import { launch } from "../../tests/runtimes/cases/browser.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));
const text = readFileSync(`${top}docs/openfeature.md`, "utf8");
const blocks = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, block]) => block);
const [server, worker, page, ofrep, ofrepClient] = blocks;

const flags = { "new-checkout": { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] } };

/** A line that says what it gives. */
const promised = /^((?:await )?client\..*); \/\/ (.*)$/gm;

/** Runs a block in a process of its own, and holds each such line to what it says. */
async function holds(block, lines) {
  assert.equal(block.match(promised)?.length, lines);
  const asserted = block.replace(promised, "assert.deepEqual($1, $2);");
  const code = `import assert from "node:assert/strict";\n${asserted}`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], { cwd: top });
}

/** A block bundled for one platform. */
async function bundled(block, conditions, external) {
  const stdin = { contents: block, resolveDir: top };
  const { outputFiles } = await build({ stdin, bundle: true, conditions, external, format: "esm", write: false });
  return outputFiles[0].text;
}

/** Runs a block in Chromium, and gives what its lines gave, each with what it says. */
async function inChromium(block) {
  const code = await bundled(block.replace(promised, "given.push([$1, $2]);"), ["browser"], ["*.wasm"]);
  const browser = await launch();
  after(() => browser.close());
  const tab = await browser.newPage();
  const files = {
    "/": { contentType: "text/html", body: "<title>page</title>" },
    "/page.js": { contentType: "text/javascript", body: `export const given = [];\n${code}` },
    "/pointsman.wasm": { contentType: "application/wasm", body: readFileSync(`${top}js/dist/flags/pointsman.wasm`) },
  };
  await tab.route("http://page.example/**", (route) => route.fulfill(files[new URL(route.request().url()).pathname]));
  await tab.goto("http://page.example/");
  return tab.evaluate('import("http://page.example/page.js").then(({ given }) => given)');
}

/** A block as a worker in workerd, over the snapshots in KV. */
async function start(block) {
  const external = ["*.wasm", "node:*", "cloudflare:*", "async_hooks"];
  const contents = await bundled(block, ["workerd", "worker", "browser"], external);
  const runtime = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: readFileSync(`${top}js/dist/pointsman.wasm`) },
    ],
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["nodejs_compat"],
    cf: false,
    host: "127.0.0.1",
    kvNamespaces: ["SNAPSHOTS"],
  });
  after(() => runtime.dispose());
  const url = (await runtime.ready).origin;
  const kv = await runtime.getKVNamespace("SNAPSHOTS");
  const put = (/** @type {object} */ snapshot) => kv.put("snapshot.json", JSON.stringify(snapshot));
  return { url, put };
}

test("there is a block for each way in", () => assert.equal(blocks.length, 5));

test("on a server", () => holds(server, 2));

test("in a page", async () => {
  await holds(page, 2);
  assert.deepEqual(await inChromium(page), [
    [true, true],
    [false, false],
  ]);
});

test("in a worker: an error and the default before there is a snapshot, then decisions", async () => {
  const { url, put } = await start(worker);
  const ask = async (user) => (await fetch(`${url}/?user=${user}`)).json();
  const early = await ask("alice");
  assert.deepEqual([early.value, early.errorCode], [false, "PROVIDER_NOT_READY"]);
  await put({ flags });
  let decided = await ask("alice");
  for (let turns = 0; decided.errorCode && turns < 100; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    decided = await ask("alice");
  }
  assert.deepEqual([decided.value, decided.variant, decided.reason], [true, "on", "TARGETING_MATCH"]);
  assert.equal((await ask("carol")).value, false);
});

test("over HTTP: a worker answers what OFREP's provider asks", async () => {
  const { url, put } = await start(ofrep);
  await put({ flags });
  assert.equal((await fetch(url)).status, 404);
  const asked = ofrepClient.replace("https://flags.example", url);
  assert.notEqual(asked, ofrepClient);
  await holds(asked, 2);
  const bulk = (headers = {}) => fetch(`${url}/ofrep/v1/evaluate/flags`, { method: "POST", body: "{}", headers });
  const first = await bulk();
  const off = { key: "new-checkout", value: false, reason: "SPLIT", variant: "off" };
  assert.deepEqual(await first.json(), { flags: [off] });
  assert.equal((await bulk({ "if-none-match": first.headers.get("etag") })).status, 304);
});

test("the sizes are as told", () => {
  const rows = [...text.matchAll(/^\| `pointsman\/([\w-]+)` \| ([\d.]+) kB \|$/gm)];
  assert.equal(rows.length, 3);
  for (const [, name, told] of rows) {
    const source = readFileSync(`${top}js/dist/${name}.js`, "utf8");
    const { code } = transformSync(source, { minify: true, target: "es2022" });
    const bytes = brotliCompressSync(code).length;
    assert.ok(Math.abs(bytes - Number(told) * 1_000) < 100, `${name}: ${bytes}, told ${told} kB`);
  }
});
