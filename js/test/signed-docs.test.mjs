/** docs/signed-snapshots.md as it stands there: its commands, its code, and its steps to change keys. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startOrigin } from "../../tests/runtimes/router/origin.mjs";
import { COMMAND, workshop } from "./cli.mjs";

const page = readFileSync(new URL("../../docs/signed-snapshots.md", import.meta.url), "utf8");
const top = fileURLToPath(new URL("../../", import.meta.url));
const [keygen = "", publish = ""] = Array.from(page.matchAll(/^```\n(pointsman [^]*?)^```$/gm), ([, block]) => block);
const [example = ""] = Array.from(page.matchAll(/^```js\n([^]*?)^```$/gm), ([, block]) => block);
const [, signBoth = ""] = /`(pointsman sign snapshot\.json --key-file key\.jwk --key-file [^`]*)`/.exec(page) ?? [];

const { folder, write } = workshop();
write("snapshot.json", { flags: { "new-checkout": { enabled: true } } });
chmodSync(join(folder, write("pointsman", `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`)), 0o755);
const read = (/** @type {string} */ name) => readFileSync(join(folder, name), "utf8");
const publicKey = (/** @type {string} */ name) => JSON.parse(read(name)).x;

/** @type {import("../../tests/runtimes/router/origin.mjs").Origin} */
let store;
before(async () => {
  store = await startOrigin("store");
  for (const name of ["snapshot.json", "snapshot.json.sig"]) {
    store.on(`/${name}`, (_, response) => response.end(read(name)));
  }
});
after(() => store.close());

/** @param {string} script @param {string} [key] */
function shell(script, key = "") {
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, FLAGS_KEY: key };
  const { status, stdout, stderr } = spawnSync("sh", ["-ec", script], { cwd: folder, env, encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""], script);
  return stdout;
}

/** What the page's code prints. @param {string} key */
async function decided(key) {
  const env = { ...process.env, FLAGS_URL: `${store.url}/snapshot.json`, FLAGS_KEY: key };
  // The package is found from here.
  const program = spawn(process.execPath, ["--input-type=module", "-e", example], { cwd: `${top}js`, env });
  const [printed] = await Promise.all([textOf(program.stdout), once(program, "exit")]);
  return printed;
}

test("a key, a signature, and an edge that takes it; then the key is changed", async () => {
  assert.match(shell(keygen), /^public key: .{43}\n/);
  const old = publicKey("key.jwk");
  assert.match(shell(publish, old), /\nsigned by /);
  assert.equal(await decided(old), "true\n");

  shell("pointsman keygen -o next.jwk");
  const next = publicKey("next.jwk");
  assert.equal(await decided(next), "");
  shell(signBoth);
  assert.deepEqual([await decided(old), await decided(next)], ["true\n", "true\n"]);
  shell(signBoth.replace("--key-file key.jwk ", ""));
  assert.deepEqual([await decided(old), await decided(next)], ["", "true\n"]);
});
