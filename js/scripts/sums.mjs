/** SHA-256 of what the build makes, as `sha256sum -c` reads it: so that anybody can compare a package with a build of their own. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** In the folder whose files it names. */
export const SUMS = "SHA256SUMS";

/**
 * Writes the sums of all that runs, .wasm and .js; types run nowhere. Which compiler made the .wasm is in a comment: another one makes other bytes.
 * @param {string} folder ends in a slash
 */
export function writeSums(folder) {
  const names = readdirSync(folder, { encoding: "utf8", recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const lines = names.filter((name) => /\.(wasm|js)$/.test(name)).toSorted();
  const rustc = execFileSync("rustc", ["--version"], { encoding: "utf8" }).trim();
  const sums = lines.map((name) => `${sha256(readFileSync(folder + name))}  ${name}\n`);
  writeFileSync(folder + SUMS, `# ${rustc}\n${sums.join("")}`);
}

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
