/** `wrangler dev`, as in production but on this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { node24, tool } from "./tools.mjs";

const CONFIG = { name: "pointsman-packaging", main: "worker.mjs", compatibility_date: "2026-07-01" };

/** wrangler refuses Node 20. */
const WRANGLER = tool("wrangler/bin/wrangler.js");

/**
 * Serves worker.mjs of a folder.
 * @param {{ folder: string, write: (name: string, text: string) => string }} installed
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function workerUrl({ folder, write }) {
  write("wrangler.json", JSON.stringify(CONFIG));
  const args = [WRANGLER, "dev", "--ip", "127.0.0.1", "--port", "0", "--show-interactive-dev-session=false"];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", NODE_OPTIONS: "" };
  // In a group of its own, as workerd is a grandchild.
  const child = spawn(node24, args, { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const close = async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, "SIGTERM");
    await once(child, "exit");
  };
  const said = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const url = /Ready on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, close };
  }
  throw new Error(`wrangler ended: ${said.join("\n")}`);
}
