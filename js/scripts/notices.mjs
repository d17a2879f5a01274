/** The licences of the crates that are compiled into the .wasm files: each asks that its notice goes with copies. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const QUERY = [
  "metadata",
  "--locked",
  "--format-version=1",
  "--features=full",
  "--filter-platform=wasm32-unknown-unknown",
];

/**
 * @typedef {{ id: string, name: string, version: string, license: string, manifest_path: string, targets: { kind: string[] }[] }} Package
 * @typedef {{ kind: string | null, target: string | null }} Kind
 * @typedef {{ id: string, deps: { pkg: string, dep_kinds: Kind[] }[] }} Node
 * @typedef {{ packages: Package[], resolve: { root: string, nodes: Node[] } }} Metadata
 */

/** Writes THIRD-PARTY.txt. @param {string} top - the repository @param {string} folder - with a slash at its end */
export function writeNotices(top, folder) {
  const notices = compiledIn(top).map(({ name, version, license, manifest_path }) => {
    return `${name} ${version}, ${license}\n\n${licence(dirname(manifest_path)).trim()}\n`;
  });
  const start =
    "The .wasm files of this package contain these crates, and Rust's standard library (MIT OR Apache-2.0).\n";
  writeFileSync(`${folder}THIRD-PARTY.txt`, [start, ...notices].join(`\n${"-".repeat(80)}\n\n`));
}

/** What the crate is compiled with, by name; macros run when it is compiled and leave nothing of theirs. @param {string} top */
export function compiledIn(top) {
  const text = execFileSync("cargo", QUERY, { cwd: top, encoding: "utf8", maxBuffer: 1 << 28 });
  const { packages, resolve } = /** @type {Metadata} */ (JSON.parse(text));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const known = new Map(packages.map((one) => [one.id, one]));
  /** @type {Set<string>} */
  const found = new Set();
  const visit = (/** @type {string} */ id) => {
    if (found.has(id) || known.get(id)?.targets.some(({ kind }) => kind.includes("proc-macro"))) return;
    found.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? []) if (dep_kinds.some(isShipped)) visit(pkg);
  };
  visit(resolve.root);
  const crates = packages.filter(({ id }) => found.has(id) && id !== resolve.root);
  return crates.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {Kind} kind */
const isShipped = ({ kind, target }) => kind === null && target !== "cfg(fuzzing)";

/** MIT's where there is a choice: it is the shorter one. @param {string} folder */
function licence(folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying)/i.test(name));
  const name = names.find((one) => /mit/i.test(one)) ?? names[0];
  if (name === undefined) throw new Error(`${folder} has no licence`);
  return readFileSync(join(folder, name), "utf8");
}
