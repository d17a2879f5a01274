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

/** Packs js/, installs the tarball, and gives the folder and the names of the packed files. */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
  const packed = npm(["pack", "--json", "--pack-destination", folder], `${top}js`);
  const [tarball] = Object.values(JSON.parse(packed));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(["install", "--offline", "--ignore-scripts", `./${tarball.filename}`], folder);
  return {
    folder,
    files: tarball.files.map((file) => file.path),
    tarball: join(folder, tarball.filename),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function npm(args, cwd) {
  return execFileSync("npm", [...args, "--loglevel=error"], { cwd, encoding: "utf8" });
}
