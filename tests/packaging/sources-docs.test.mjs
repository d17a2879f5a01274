/** The examples of docs/sources.md as they stand there, each where it says, with the package as a user has it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { send, until } from "../runtimes/router/client.mjs";
import { closedPort, startOrigin } from "../runtimes/router/origin.mjs";
import { install, snapshot, top } from "./install.mjs";
import { openBrowser, PAGE } from "./page.mjs";
import { bun, deno, run, tool } from "./tools.mjs";

const { folder, write, remove } = install();
symlinkSync(tool("@vercel"), join(folder, "node_modules/@vercel"));
after(remove);

const page = readFileSync(`${top}docs/sources.md`, "utf8");
/** @param {string} title - the heading over it. */
const example = (title) =>
  /** @type {string} */ (new RegExp(`## ${title}\n[^]*?\`\`\`js\n([^]*?)\`\`\``).exec(page)?.[1]);

const text = JSON.stringify(snapshot);
/** @type {import("../runtimes/router/origin.mjs").Origin} */
let store;
before(async () => void (store = await startOrigin("store")));
after(() => store.close());

/** Runs the server, and gives what it answers and prints. @param {string} program @param {string} main @param {string} [flags] */
async function served(program, main, flags = "") {
  const port = await closedPort();
  const env = { ...process.env, FLAGS_URL: flags, PORT: String(port) };
  const server = spawn(program, [main], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    let printed = "";
    server.stdout.on("data", (chunk) => (printed += chunk));
    const ask = () => send(`http://127.0.0.1:${port}/`).then((answer) => answer.text, String);
    return { answer: await until(ask, (answer) => !answer.includes("ECONNREFUSED"), 10_000), printed };
  } finally {
    server.kill();
  }
}

test("a server, over HTTP, and from a file in Node and Bun", async () => {
  store.on("/flags.json", (_, response) => response.end(text));
  const main = write("server.mjs", example("A server"));
  const told = { answer: "true", printed: "revision 7: 0 flags changed\n" };
  assert.deepEqual(await served(process.execPath, main, `${store.url}/flags.json`), told);
  write("snapshot.json", text);
  const fromFile = example("A server")
    .replace("httpSource(process.env.FLAGS_URL)", 'fileSource("snapshot.json")')
    .replace("httpSource, liveEngine", "liveEngine");
  const imports = 'import { fileSource } from "pointsman/source/file";\n';
  const file = write("file.mjs", imports + fromFile);
  for (const program of [process.execPath, bun]) assert.deepEqual(await served(program, file), told);
});

test("Vercel's function, in Node", async () => {
  const headers = { "content-type": "application/json" };
  store.on("/ecfg_x/item/snapshot", (_, response) => response.writeHead(200, headers).end(text));
  write("vercel.mjs", example("Vercel"));
  const main = write(
    "call.mjs",
    `process.env.EDGE_CONFIG = "${store.url}/ecfg_x?token=t";
    const { default: handler } = await import("./vercel.mjs");
    console.log(await (await handler()).text());`,
  );
  assert.equal(await run(process.execPath, [main], folder), "true\n");
});

test("Deno", async () => {
  write("snapshot.json", text);
  const main = write("deno.mjs", example("Deno").replace("Deno.openKv()", 'Deno.openKv("kv.sqlite")'));
  const args = [
    "run",
    "--allow-read",
    "--allow-write",
    "--no-lock",
    "--unstable-kv",
    "--node-modules-dir=manual",
    main,
  ];
  assert.equal(await run(deno, args, folder), "true\n");
});

/** @param {string} contents @param {string[]} conditions */
async function bundled(contents, conditions) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    conditions,
    external: ["*.wasm"],
    format: "esm",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

test("Cloudflare's worker, in workerd", async () => {
  store.on("/routes.json", (_, response) => {
    const backends = { only: { origin: store.url } };
    response.end(
      JSON.stringify({ flags: {}, backends, routes: [{ name: "all", match: {}, backend: "only", fallback: "only" }] }),
    );
  });
  store.on("/x", (_, response) => response.end("from the backend"));
  const contents = await bundled(example("Cloudflare"), ["workerd", "worker", "browser"]);
  const wasm = readFileSync(join(folder, "node_modules/pointsman/dist/pointsman.wasm"));
  const runtime = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: wasm },
    ],
    bindings: { FLAGS_URL: `${store.url}/routes.json` },
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["enable_request_signal"],
    cf: false,
  });
  try {
    assert.equal(await (await runtime.dispatchFetch("http://localhost/x")).text(), "from the backend");
  } finally {
    await runtime.dispose();
  }
});

test("a page, in Chromium", async () => {
  const root = mkdtempSync(join(tmpdir(), "pointsman-page-"));
  const show = `document.body.textContent = String(engine.isEnabled("new-checkout", { userId: "alice" })); document.title = "done";`;
  const files = {
    "index.html": PAGE,
    "flags.json": text,
    "main.js": await bundled(example("A page") + show, ["browser"]),
  };
  const browser = await openBrowser();
  try {
    for (const [name, contents] of Object.entries(files)) copyFileSync(write(name, contents), join(root, name));
    copyFileSync(join(folder, "node_modules/pointsman/dist/flags/pointsman.wasm"), join(root, "pointsman.wasm"));
    assert.equal(await browser.read(root, "index.html"), "true");
  } finally {
    await browser.close();
    rmSync(root, { recursive: true });
  }
});
