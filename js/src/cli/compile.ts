import { Command } from "commander";
import { lineOf } from "../problem.js";
import { EXIT } from "./exit.js";
import { readInput, STANDARD, writeOutput } from "./files.js";
import { compileSnapshot } from "./full.js";

interface Options {
  readonly output: string;
  readonly json?: true;
}

/** `pointsman compile`: a snapshot in JSON to one that is loaded without parsing. */
export function compileCommand(): Command {
  return new Command("compile")
    .summary("a snapshot that loads without parsing")
    .description(
      "Checks a snapshot and compiles it, for engines of this very version of pointsman.\n" +
        "Exit codes: 0, compiled; 1, the snapshot has problems, nothing is written; 2, wrong usage, or a file that can't be had.",
    )
    .argument("<snapshot>", "the snapshot in JSON; - for stdin")
    .requiredOption("-o, --output <file>", "where to write the compiled snapshot; - for stdout")
    .option("--json", "print the problems to stdout as JSON: { problems: [] }")
    .addHelpText("after", "\nExample:\n  $ pointsman compile snapshot.json -o snapshot.pointsman")
    .action(run);
}

async function run(path: string, { output, json }: Options, command: Command): Promise<void> {
  if (json && output === STANDARD) command.error("error: --json and -o - both want stdout");
  const { bytes, problems } = await compileSnapshot(await readInput(command, path));
  if (json) console.log(JSON.stringify({ problems }));
  else for (const problem of problems) console.error(lineOf(problem));
  if (bytes === null) process.exitCode = EXIT.problems;
  else await writeOutput(command, output, bytes);
}
