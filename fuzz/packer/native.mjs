/** The crate, natively: a process that answers questions line by line. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the crate decides. @typedef {{ flagKey: string, variant: string | null, value: any, reason: string, detail: string, rule: [number, string | null] | null, errorCode: string | null, text: string }} Decided */

/** Builds the helper, in the target folder of `cargo test`, and starts it. */
export function startNative() {
  const command = ["--quiet", "--example", "fuzz-packer"];
  const built = spawnSync("cargo", ["build", ...command], { cwd: ROOT, stdio: "inherit" });
  if (built.status !== 0) throw new Error("the native helper does not build");
  const child = spawn("cargo", ["run", ...command], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** Decisions by visitor and flag; null where the snapshot is refused. @param {string} snapshot @param {readonly string[]} contexts - JSON texts. @param {number} now @returns {Promise<Decided[][] | null>} */
    async decide(snapshot, contexts, now) {
      child.stdin.write(`{"snapshot":${JSON.stringify(snapshot)},"now":${now},"contexts":[${contexts.join(",")}]}\n`);
      const { done, value } = await lines.next();
      if (done === true) throw new Error("the native helper has ended");
      return JSON.parse(value);
    },
    /** Ends the process. */
    stop: () => child.stdin.end(),
  };
}

/** @typedef {ReturnType<typeof startNative>} Native */
