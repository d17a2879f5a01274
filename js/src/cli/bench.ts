import { Command } from "commander";
import { measureFlags, measureLoads, type FlagFigure, type LoadFigure } from "./bench/measure.js";
import { contextOf, withAttributes, type ContextOptions } from "./context.js";
import { openSnapshot } from "./snapshot.js";
import { counted, grouped, shown, table } from "./terminal.js";
import { countIn } from "./values.js";

interface Options extends Pick<ContextOptions, "attribute" | "context" | "contextFile"> {
  readonly seconds: number;
  readonly json?: true;
}

/** `pointsman bench`: how fast a snapshot is decided on this machine. */
export function benchCommand(): Command {
  const command = new Command("bench")
    .summary("how fast a snapshot is decided here")
    .description(
      "Measures a snapshot on this machine, in the full build: to load it, and to decide each flag for 1,000 users by turns.\n" +
        "Exit codes: 0, measured; 1, the snapshot has problems; 2, wrong usage.",
    )
    .argument("<snapshot>", "the snapshot, in JSON or compiled; - for stdin");
  return withAttributes(command)
    .option("--seconds <count>", "how long to measure, all flags together", countIn, 5)
    .option("--json", "print { load, flags: [] }; times in nanoseconds")
    .addHelpText("after", "\nExample:\n  $ pointsman bench snapshot.json -c plan=pro")
    .action(run);
}

async function run(path: string, options: Options, command: Command): Promise<void> {
  const base = await contextOf(command, options);
  const { engine, bytes } = await openSnapshot(command, path);
  const load = await measureLoads(bytes);
  const flags = measureFlags(engine, base, options.seconds);
  if (options.json) console.log(JSON.stringify({ node: process.version, load, flags }));
  else console.log(`${loadText(load)}\n\n${flagsText(flags)}`);
}

function loadText({ bytes, ns, loads, memory }: LoadFigure): string {
  const time = `${(ns / 1e6).toFixed(1)} ms, median of ${loads}`;
  return `${grouped(bytes)} bytes loaded in ${time}; ${(memory / 2 ** 20).toFixed(1)} MiB of memory for the engine`;
}

function flagsText(flags: readonly FlagFigure[]): string {
  if (flags.length === 0) return "no flags";
  const rows = flags.map(({ flag, ns }) => [shown(flag), String(Math.round(ns)), grouped(1e9 / ns)]);
  const mean = flags.reduce((sum, { ns }) => sum + ns, 0) / flags.length;
  const last = [`${counted(flags.length, "flag")}, mean`, String(Math.round(mean)), grouped(1e9 / mean)];
  return table([["flag", "ns", "decisions a second"], ...rows, last], [1, 2]);
}
