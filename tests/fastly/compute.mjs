/** Viceroy, which runs a Compute service on this machine, and origins for it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../../", import.meta.url));
const SERVICE = `${top}target/wasm32-wasip1/release/pointsman-fastly.wasm`;
const VICEROY = process.env.VICEROY ?? `${top}tools/target/viceroy/bin/viceroy`;
const SNAPSHOT = readFileSync(`${top}examples/fastly/snapshot.json`, "utf8");

/** A free port of loopback, as Viceroy does not tell which it got. */
async function freePort() {
  const { port, close } = await startOrigin("");
  await close();
  return port;
}

/** An origin that answers its name, the method and the address. @param {string} name */
export async function startOrigin(name) {
  const server = createServer((request, response) => response.end(`${name} ${request.method} ${request.url}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { port, close };
}

/**
 * Serves the compiled example.
 * @param {{ [backend: string]: { port: number } }} origins
 * @param {string} snapshot - what its KV store holds
 */
export async function serveCompute(origins, snapshot = SNAPSHOT) {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-fastly-"));
  const config = join(folder, "fastly.toml");
  writeFileSync(join(folder, "snapshot.json"), snapshot);
  writeFileSync(config, configOf(origins));
  const port = await freePort();
  const args = ["serve", "-C", config, "--addr", `127.0.0.1:${port}`, SERVICE];
  const child = spawn(VICEROY, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  await accepts(port, child);
  const close = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
    rmSync(folder, { recursive: true });
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** The part of fastly.toml that is about this machine. */
function configOf(origins) {
  const backends = Object.entries(origins).map(
    ([name, { port }]) => `[local_server.backends.${name}]\nurl = "http://127.0.0.1:${port}"\n`,
  );
  const store = '[[local_server.kv_stores.snapshots]]\nkey = "snapshot.json"\nfile = "./snapshot.json"\n';
  return `manifest_version = 3\nname = "pointsman-fastly"\nlanguage = "rust"\n${backends.join("")}${store}`;
}

/** It listens as soon as it has compiled the service. */
async function accepts(port, child) {
  while (child.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (answered !== null) return;
    await setTimeout(100);
  }
  throw new Error("viceroy ended");
}
