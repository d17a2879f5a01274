/** The package as a user has it: packed, and installed in a folder outside of the repository. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const top = fileURLToPath(new URL("../../", import.meta.url));

/** The snapshot of all packaging tests: alice is in, by the whitelist alone. */
export const snapshot = {
  revision: 7,
  flags: { "new-checkout": { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] } },
};

/**
 * Source that imports an engine and defines `decide()`, which resolves to `DECIDED` as JSON text, or to what went wrong.
 * @param {string} name - the import: `pointsman`, `pointsman/flags`, …
 */
export const deciding = (name) => `import { createEngine } from "${name}";
async function decide() {
  const engine = await createEngine({ snapshot: ${JSON.stringify(snapshot)} });
  const answers = ["alice", "bob"].map((userId) => engine.isEnabled("new-checkout", { userId }));
  return JSON.stringify({ revision: engine.revision, answers });
}
`;
export const DECIDED = { revision: 7, answers: [true, false] };

const packs = mkdtempSync(join(tmpdir(), "pointsman-pack-"));
process.on("exit", () => rmSync(packs, { recursive: true, force: true }));

/** js/, packed. @type {{ filename: string, files: { path: string }[] }} */
const tarball = pack();

function pack() {
  const packed = npm(["pack", "--json", "--pack-destination", packs], `${top}js`);
  return Object.values(JSON.parse(packed))[0];
}

/** Installs the tarball in a fresh folder; gives that, the names of the packed files, and how the folder goes away. */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(["install", "--offline", "--ignore-scripts", join(packs, tarball.filename)], folder);
  return {
    folder,
    files: tarball.files.map((file) => file.path),
    tarball: join(packs, tarball.filename),
    /** Writes a file, and gives its path. @type {(name: string, text: string) => string} */
    write(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function npm(args, cwd) {
  return execFileSync("npm", [...args, "--loglevel=error"], { cwd, encoding: "utf8" });
}
