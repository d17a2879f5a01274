/** The command as a process, for tests. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const COMMAND = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** What may be set where tests run must not change what they compare. */
const OTHERS = ["NO_COLOR", "FORCE_COLOR", "CI", "OVERRIDE_KEY"];
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OTHERS.includes(name)));

/** A folder of its own for a test file, in which its commands run. */
export function workshop() {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Writes a file: text and bytes as they are, anything else as JSON. */
  const write = (name, content) => {
    const isPlain = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(join(folder, name), isPlain ? content : JSON.stringify(content));
    return name;
  };

  /** @param {string[]} args @param {{ input?: string | Uint8Array, env?: { [name: string]: string } }} [given] */
  const run = (args, { input = "", env = {} } = {}) => {
    const options = { cwd: folder, input, env: { ...environment, ...env }, maxBuffer: 1 << 28 };
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], options);
    return { status, printed: stdout.toString(), told: stderr.toString() };
  };

  return { folder, write, run };
}
