import { randomBytes } from "node:crypto";
import { Command } from "commander";
import type { Problem } from "../types.js";
import { Ended, EXIT } from "./exit.js";
import { STANDARD, writeOutput } from "./files.js";
import { nameOf } from "./problems.js";
import { redact, type Redacted, type Snapshot } from "./redact/redact.js";
import { openSnapshot } from "./snapshot.js";
import { counted, shown } from "./terminal.js";

/** Bytes of a salt of its own: nobody has hashed likely ids with it before. */
const SALT_BYTES = 16;

interface Options {
  readonly output: string;
  readonly salt?: string;
  readonly json?: true;
}

/** `pointsman redact`: a snapshot that browsers may get. */
export function redactCommand(): Command {
  return new Command("redact")
    .summary("a snapshot's form for browsers")
    .description(
      "Writes a snapshot as browsers may get it: the texts of its lists hashed, without serverOnly flags, metadata, names of rules,\n" +
        "guards, routes, backends and extensions. Every flag that is left decides as before.\n" +
        "Exit codes: 0, written; 1, the snapshot has problems, or no such form; 2, wrong usage, or a file that can't be had.",
    )
    .argument("<snapshot>", "the snapshot in JSON; - for stdin")
    .option("-o, --output <file>", "where to write it; - for stdout", STANDARD)
    .option("--salt <text>", "what the lists are hashed with, the same output each time; default: a random one")
    .option("--json", "print { kept: [], dropped: [], guarded: [], refusals: [] }, flags by their keys")
    .addHelpText("after", "\nExample:\n  $ pointsman redact snapshot.json -o flags.json")
    .action(run);
}

async function run(path: string, { output, salt, json }: Options, command: Command): Promise<void> {
  if (json && output === STANDARD) command.error("error: --json and -o - both want stdout");
  const { bytes } = await openSnapshot(command, path);
  if (bytes[0] === 0) command.error("error: a compiled snapshot: give the JSON that it was made of");
  const given = JSON.parse(new TextDecoder().decode(bytes)) as Snapshot;
  if (salt !== undefined && given.hashedLists !== undefined) {
    command.error("error: its lists are hashed already, with a salt of their own: leave --salt out");
  }
  const redacted = redact(given, salt ?? randomBytes(SALT_BYTES).toString("base64url"));
  const text = `${JSON.stringify(redacted.snapshot)}\n`;
  const refusals = redacted.refusals.length > 0 ? redacted.refusals : await problemsIn(text);
  tell(path, { ...redacted, refusals }, json);
  if (refusals.length > 0) throw new Ended(EXIT.problems);
  await writeOutput(command, output, new TextEncoder().encode(text));
}

/** What the build for pages says of it. Its lines and columns are nobody's: names are the same as in the snapshot given. */
async function problemsIn(snapshot: string): Promise<readonly string[]> {
  const { createEngine, PointsmanError } = await import("pointsman/flags");
  try {
    await createEngine({ snapshot, strict: true });
    return [];
  } catch (error) {
    if (error instanceof PointsmanError) return error.problems.map(refusalOf);
    throw error;
  }
}

function refusalOf({ pointer, message, code }: Problem): string {
  return `${pointer === "" ? "" : `${pointer}: `}${message} (${code})`;
}

function tell(path: string, { kept, dropped, guarded, refusals }: Redacted, json: true | undefined): void {
  if (json) console.log(JSON.stringify({ kept, dropped, guarded, refusals }));
  else for (const line of linesOf(path, { kept, dropped, guarded, refusals })) console.error(shown(line));
}

function linesOf(path: string, { kept, dropped, guarded, refusals }: Omit<Redacted, "snapshot">): readonly string[] {
  if (refusals.length > 0) return refusals.map((refusal) => `${nameOf(path)}: ${refusal}`);
  const notes = guarded.map((key) => `note: a rollback of \`${key}\` does not reach pages that decide by themselves`);
  return [...notes, `${counted(kept.length, "flag")}, ${dropped.length} left out`];
}
