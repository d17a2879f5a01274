/**
 * Builds the package twice from the last commit, in two folders that share no name and with two names of Cargo's home, and compares
 * what came out, byte for byte.
 *
 *     node js/scripts/reproduce.mjs     (two cold builds: three to five minutes)
 *
 * The tools and npm packages of this checkout are used for both: their lock files pin them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SUMS } from "./sums.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
const folder = mkdtempSync(join(tmpdir(), "pointsman-"));

try {
  const one = built("a", cargoHome);
  const other = built("another/name/of/a/folder", cargoHomeCalled("home-of-cargo"));
  const differing = other.filter((line) => !one.includes(line));
  if (differing.length > 0 || one.length !== other.length) {
    console.error(`these differ between two builds:\n${differing.join("\n")}`);
    process.exitCode = 1;
  } else console.log(`two builds, the same bytes:\n${one.join("\n")}`);
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * The lines of a build's sums.
 * @param {string} name
 * @param {string} home
 */
function built(name, home) {
  const copy = join(folder, name);
  mkdirSync(copy, { recursive: true });
  const archive = execFileSync("git", ["archive", "HEAD"], { cwd: top, maxBuffer: 1 << 30 });
  execFileSync("tar", ["-x"], { cwd: copy, input: archive });
  for (const made of ["node_modules", "tools/target"]) symlinkSync(join(top, made), join(copy, made));
  const env = { ...process.env, CARGO_HOME: home };
  for (const script of ["build-wasm", "bundle"]) {
    execFileSync(process.execPath, [`js/scripts/${script}.mjs`], { cwd: copy, env, stdio: "inherit" });
  }
  return readFileSync(join(copy, "js/dist", SUMS), "utf8")
    .trimEnd()
    .split("\n");
}

/** Cargo's home by another name: what was downloaded into it is not downloaded again. @param {string} name */
function cargoHomeCalled(name) {
  const home = join(folder, name);
  mkdirSync(home);
  for (const part of ["registry", "config.toml"]) {
    if (existsSync(join(cargoHome, part))) symlinkSync(join(cargoHome, part), join(home, part));
  }
  return home;
}
