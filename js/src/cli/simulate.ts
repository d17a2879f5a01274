import { Command } from "commander";
import { contextOf, withAttributes, type ContextOptions } from "./context.js";
import { definitionOf, definitionsOf, type FlagDefinition } from "./definitions.js";
import { checkFlag } from "./flag.js";
import { openSnapshot } from "./snapshot.js";
import { jsonOf, simulationText } from "./simulate/text.js";
import { MOST_REQUESTS, planOf, type PlanOptions } from "./simulate/plan.js";
import { simulate } from "./simulate/run.js";
import { failureIn } from "./simulate/traffic.js";
import { coloursOf, grouped } from "./terminal.js";
import { countIn, durationIn, shareIn, timeIn } from "./values.js";

interface Options extends PlanOptions, Omit<ContextOptions, "user" | "now"> {
  readonly json?: true;
}

/** `pointsman simulate`: what a rollout and its guard would do. */
export function simulateCommand(): Command {
  const command = new Command("simulate")
    .summary("what a rollout and its guard would do")
    .description(
      "Lets made-up visitors come to the real engine, on a clock of its own, and shows how many get a flag's new variants,\n" +
        "and what its guard makes of their failures. The same command gives the same run.\n" +
        "Exit codes: 0, simulated; 1, the snapshot has problems; 2, wrong usage.",
    )
    .argument("<snapshot>", "the snapshot in JSON; - for stdin")
    .argument("<flag>", "the flag's key");
  return withAttributes(command)
    .option(
      "--fail <rate[@when]>",
      "how many requests to new variants fail, 5%@10m say; may be repeated",
      failureIn,
      [],
    )
    .option("--control-fail <rate>", "how many requests to the control fail", shareIn, 0)
    .option("--start <time>", "default: the schedule's first step, or now", timeIn)
    .option("--duration <time>", "default: until the schedule's last step and a tenth more, or 30m", durationIn)
    .option("--rate <requests>", "requests a second", countIn, 20)
    .option("--visitors <count>", "how many visitors there are", countIn, 10_000)
    .option("--alone", "one isolate without a coordinator: it asks for more evidence")
    .option("--seed <number>", "another number, another run", countIn, 1)
    .option("--json", "print { columns, events, steps, standings }")
    .addHelpText("after", "\nExample:\n  $ pointsman simulate snapshot.json new-checkout --fail 0.1% --fail 5%@10m")
    .action(run);
}

async function run(path: string, flag: string, options: Options, command: Command): Promise<void> {
  const base = await contextOf(command, options);
  const { engine, bytes } = await openSnapshot(command, path);
  checkFlag(command, engine, flag);
  const definition = ownDefinition(command, bytes, path, flag);
  const plan = planOf(flag, definition, options, base);
  const requests = (plan.rate * plan.duration) / 1_000;
  if (requests > MOST_REQUESTS) {
    const sizes = `${grouped(requests)} requests are more than ${grouped(MOST_REQUESTS)}`;
    command.error(`error: ${sizes}: choose a lower --rate or a shorter --duration`);
  }
  const simulation = await simulate(bytes, plan);
  if (options.json) console.log(JSON.stringify(jsonOf(plan, simulation)));
  else console.log(simulationText(plan, simulation, coloursOf(process.stdout)));
}

function ownDefinition(command: Command, bytes: Uint8Array, path: string, flag: string): FlagDefinition {
  const definitions = definitionsOf(bytes);
  const definition = definitions === null ? undefined : definitionOf(definitions, flag);
  return definition ?? command.error(`error: ${path} is compiled: simulate reads JSON`);
}
