import { Command } from "commander";
import type { EvaluationContext } from "../types.js";
import { contextOf, withContext, type ContextOptions } from "./context.js";
import { affectedFlags, allFlags } from "./diff/affected.js";
import { compareFlags, isMove, type Movement, type Side } from "./diff/compare.js";
import { generatedIds, idsIn, unitAttributes } from "./diff/ids.js";
import { movementJson, movementText, sumText } from "./diff/text.js";
import { definitionsOf } from "./definitions.js";
import { EXIT } from "./exit.js";
import { readInput } from "./files.js";
import { openSnapshot } from "./snapshot.js";
import { countIn } from "./values.js";

/** Ids to generate unless told otherwise: shares are met within 0.3 points then, 19 times of 20. */
const SAMPLE = 100_000;

interface Options extends ContextOptions {
  readonly sample: number;
  readonly ids?: string;
  readonly exitCode?: true;
  readonly json?: true;
}

/** `pointsman diff`: who gets something else. */
export function diffCommand(): Command {
  const command = new Command("diff")
    .summary("who gets something else by a new snapshot")
    .description(
      "Compares what visitors get by two snapshots in JSON, flag by flag. Routes are not compared.\n" +
        "Exit codes: 0, compared; 1, a snapshot has problems, or --exit-code and somebody moves; 2, wrong usage.",
    )
    .argument("<old>", "the snapshot in use; - for stdin")
    .argument("<new>", "the next one; - for stdin");
  return withContext(command)
    .option("--sample <ids>", "how many ids to generate, always the same", countIn, SAMPLE)
    .option("--ids <file>", "ids of your own in place of those, one a line")
    .option("--exit-code", "end with 1 when anybody moves")
    .option("--json", "print { ids, flags: [] }")
    .addHelpText("after", "\nExample:\n  $ pointsman diff live.json next.json -c plan=pro")
    .action(run);
}

async function run(oldPath: string, newPath: string, options: Options, command: Command): Promise<void> {
  const base = await contextOf(command, options);
  // One time for both, or a schedule could move somebody in between.
  const now = options.now ?? Date.now();
  const before = await openSide(command, oldPath, now);
  const after = await openSide(command, newPath, now);
  const ids = await idsOf(command, options);
  const movements = compare(before, after, ids, base);
  const told = movements.filter((movement) => isMove(movement) || movement.status !== "kept");
  if (options.json)
    console.log(JSON.stringify({ ids: ids.length, flags: told.map((one) => movementJson(one, ids.length)) }));
  else tell(told, allFlags(before.definitions, after.definitions).length, ids.length);
  if (options.exitCode && told.some(isMove)) process.exitCode = EXIT.problems;
}

function tell(movements: readonly Movement[], flags: number, ids: number): void {
  for (const movement of movements) console.log(movementText(movement, ids));
  console.log(sumText(movements.length, flags, ids));
}

async function openSide(command: Command, path: string, now: number): Promise<Side> {
  const { engine, bytes } = await openSnapshot(command, path, { clock: () => now });
  const definitions = definitionsOf(bytes);
  if (definitions === null) return command.error(`error: ${path} is compiled: diff compares snapshots in JSON`);
  return { engine, definitions };
}

/** Whoever names one user asks about that one. */
async function idsOf(command: Command, { ids: path, sample, user }: Options): Promise<readonly string[]> {
  if (path === undefined) return user === undefined ? generatedIds(sample) : [user];
  const ids = idsIn(await readInput(command, path));
  return ids.length > 0 ? ids : command.error(`error: ${path} holds no ids`);
}

function compare(before: Side, after: Side, ids: readonly string[], base: EvaluationContext): readonly Movement[] {
  const names = [before, after].flatMap(({ definitions }) => unitAttributes(definitions));
  const attributes = [...new Set(names)].filter((name) => !Object.hasOwn(base, name));
  const contextFor = (id: string) => ({ ...base, ...Object.fromEntries(attributes.map((name) => [name, id])) });
  const affected = affectedFlags(before.definitions, after.definitions);
  return compareFlags(before, after, { affected, ids, contextFor, base });
}
