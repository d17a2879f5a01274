import { Command, Option } from "commander";
import type { Problem } from "../types.js";
import { EXIT } from "./exit.js";
import { readBytes, unreadable } from "./files.js";
import { nameOf, problemsText } from "./problems.js";
import { coreModule, DEFAULT_BYTES, engineOf, isProblems, type Settings } from "./snapshot.js";
import { coloursOf, counted, grouped, type Colours } from "./terminal.js";

interface Options {
  readonly build: "core" | "full";
  readonly json?: true;
}

/** What was found in one file. */
interface Finding {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly problems: readonly Problem[];
}

/** `pointsman check`: everything that is wrong with snapshots, and where. */
export function checkCommand(): Command {
  return new Command("check")
    .summary("every problem of snapshots, in its place")
    .description(
      "Checks snapshots, and shows every problem in its place.\n" +
        "Exit codes: 0, all are sound; 1, some have problems; 2, wrong usage, or a file that can't be read.",
    )
    .argument("<snapshots...>", "snapshots, in JSON or compiled; - for stdin")
    .addOption(new Option("--build <build>", "the build that will load them").choices(["core", "full"]).default("full"))
    .option("--json", "print { files: [{ file, problems: [] }] }")
    .addHelpText("after", "\nExample:\n  $ pointsman check flags/*.json")
    .action(run);
}

async function run(paths: readonly string[], { build, json }: Options): Promise<void> {
  const settings = build === "core" ? { wasm: await coreModule() } : {};
  const colours = coloursOf(process.stdout);
  const findings: Finding[] = [];
  for (const path of paths) {
    const finding = await check(path, settings);
    if (finding === null) continue;
    findings.push(finding);
    if (!json) tell(path, finding, colours);
  }
  if (json) console.log(JSON.stringify({ files: findings.map(({ file, problems }) => ({ file, problems })) }));
  process.exitCode = exitCode(findings, paths.length);
}

/** Null where the file can't be read: the others are checked all the same. */
async function check(path: string, settings: Settings): Promise<Finding | null> {
  try {
    const bytes = await readBytes(path);
    const engine = await engineOf(bytes, settings);
    return { file: nameOf(path), bytes, problems: isProblems(engine) ? engine : [] };
  } catch (error) {
    console.error(`error: ${unreadable(path, error)}`);
    return null;
  }
}

function tell(path: string, { file, bytes, problems }: Finding, colours: Colours): void {
  if (problems.length > 0) console.log(problemsText(path, bytes, problems, colours));
  console.log(`${file}: ${problems.length === 0 ? "ok" : counted(problems.length, "problem")}`);
  if (problems.length > 0 || bytes.length <= DEFAULT_BYTES) return;
  const sizes = `${grouped(bytes.length)} bytes are more than the ${grouped(DEFAULT_BYTES)}`;
  console.error(`note: ${file}: ${sizes} that engines take by default: set \`maxSnapshotBytes\``);
}

function exitCode(findings: readonly Finding[], files: number): number {
  if (findings.length < files) return EXIT.usage;
  return findings.some(({ problems }) => problems.length > 0) ? EXIT.problems : EXIT.ok;
}
