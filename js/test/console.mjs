/** docs/cli.md as its commands print it. Run by itself it writes the page: what they print now is then what it says. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
export const PAGE = fileURLToPath(new URL("../../docs/cli.md", import.meta.url));

const BLOCK = /^```(\w+)( figures)?\n([^]*?)^```$/gm;
/** The last file named before a block of JSON is what it holds. */
const NAMED = /`(\w+\.json)`[^`]*$/;

/** Runs what a page shows. @param {string} page */
export function rewritten(page) {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
  const bin = mkdtempSync(join(tmpdir(), "pointsman-"));
  writeScript(join(bin, "pointsman"), `exec "${process.execPath}" "${COMMAND}" "$@"`);
  // The package is not installed here: what npx would find is beside it.
  writeScript(join(bin, "npx"), 'exec "$@"');
  try {
    return page.replace(BLOCK, (block, language, _figures, body, index) => {
      const [, file] = NAMED.exec(page.slice(0, index)) ?? [];
      if (language === "json" && file !== undefined) writeFileSync(join(folder, file), body);
      return language === "console" ? block.replace(body, () => printed(body, folder, bin)) : block;
    });
  } finally {
    for (const path of [folder, bin]) rmSync(path, { recursive: true });
  }
}

/** @param {string} path @param {string} command */
function writeScript(path, command) {
  writeFileSync(path, `#!/bin/sh\n${command}\n`);
  chmodSync(path, 0o755);
}

/** What is measured is another figure each time. @param {string} page */
export function withoutFigures(page) {
  return page.replace(BLOCK, (block, _language, figures) =>
    figures ? block.replace(/[\d.,]+/g, "#").replace(/ +/g, " ") : block,
  );
}

/** Variables that one command of a block exports, the next ones have. */
function printed(body, folder, bin) {
  const path = `${bin}${delimiter}${process.env.PATH}`;
  const exports = [];
  const outputs = body
    .split("\n")
    .filter((line) => line.startsWith("$ "))
    .map((line) => {
      const command = line.slice(2);
      if (command.startsWith("export ")) exports.push(command);
      const script = [...exports, `{ ${command}\n} 2>&1`].join("\n");
      const { stdout } = spawnSync("bash", ["-c", script], { cwd: folder, env: { PATH: path }, encoding: "utf8" });
      return `${line}\n${stdout}`;
    });
  return outputs.join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, rewritten(readFileSync(PAGE, "utf8")));
