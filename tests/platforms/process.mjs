import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "../runtimes/router/client.mjs";

const TOP = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Runs a server, and waits until it says where it listens.
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
export async function serve(program, args, env) {
  let log = "";
  const child = spawn(program, args, { cwd: TOP, env: { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "", ...env } });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => void (log += chunk));
  const exit = once(child, "exit");
  const stop = async () => {
    child.kill("SIGKILL");
    await exit;
  };
  const port = () => /https?:\/\/[\w.[\]:]*?:(\d+)/.exec(log)?.[1];
  try {
    await until(async () => (port() === undefined ? { log } : null), (left) => left === null, 20_000); // prettier-ignore
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port()}`, log: () => log, stop };
}
