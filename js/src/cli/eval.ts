import { Command } from "commander";
import type { Engine, Evaluation, EvaluationContext, Json } from "../types.js";
import { clockOf, contextOf, withContext, type ContextOptions } from "./context.js";
import { EXIT } from "./exit.js";
import { checkFlag } from "./flag.js";
import { openSnapshot } from "./snapshot.js";
import { jsonText, shown, table } from "./terminal.js";
import { jsonIn } from "./values.js";

/** Characters of a value in a table: a line of it fits a terminal. */
const VALUE_CHARACTERS = 40;

interface Options extends ContextOptions {
  readonly default?: Json;
  readonly json?: true;
}

/** `pointsman eval`: what one visitor gets. */
export function evalCommand(): Command {
  const command = new Command("eval")
    .summary("what a visitor gets")
    .description(
      "Decides a flag for a visitor, or all flags.\n" +
        "Exit codes: 0, decided; 1, a decision is an error, or the snapshot has problems; 2, wrong usage.",
    )
    .argument("<snapshot>", "the snapshot, in JSON or compiled; - for stdin")
    .argument("[flag]", "default: all of them");
  return withContext(command)
    .option("--default <json>", "the value over any error, and over a value of another type; needs a flag", jsonIn)
    .option("--json", "print the evaluation; for all flags a list of them")
    .addHelpText(
      "after",
      "\nExample:\n  $ pointsman eval snapshot.json new-checkout --user alice -c plan=pro -c age:=34",
    )
    .action(run);
}

async function run(path: string, flag: string | undefined, options: Options, command: Command): Promise<void> {
  if (options.default !== undefined && flag === undefined) command.error("error: --default needs a flag");
  const context = await contextOf(command, options);
  const { engine } = await openSnapshot(command, path, clockOf(options));
  if (flag !== undefined) checkFlag(command, engine, flag);
  const evaluations = decide(engine, flag, context, options.default);
  if (options.json) console.log(JSON.stringify(flag === undefined ? evaluations : evaluations[0]));
  else if (evaluations.length > 0)
    console.log(flag === undefined ? allText(evaluations) : evaluations.map(text).join());
  if (evaluations.some(({ errorCode }) => errorCode !== undefined)) process.exitCode = EXIT.problems;
}

function decide(
  engine: Engine,
  flag: string | undefined,
  context: EvaluationContext,
  otherwise: Json | undefined,
): readonly Evaluation[] {
  if (flag === undefined) return [...engine.evaluateAll(context)].map(([, evaluation]) => evaluation);
  return [otherwise === undefined ? engine.evaluate(flag, context) : engine.details(flag, context, otherwise)];
}

function text(evaluation: Evaluation): string {
  const { flagKey, variant, value, errorMessage } = evaluation;
  const decision = `${shown(flagKey)}: ${variantText(variant)} (${causeText(evaluation)})`;
  const error = errorMessage === undefined ? "" : `\n${shown(errorMessage)}`;
  return `${decision}\nvalue: ${jsonText(value)}${error}`;
}

function allText(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.map((evaluation) => {
    const { flagKey, variant, value } = evaluation;
    return [shown(flagKey), variantText(variant), jsonText(value, VALUE_CHARACTERS), causeText(evaluation)];
  });
  return table([["flag", "variant", "value", "why"], ...rows]);
}

function variantText(variant: string | null): string {
  return variant === null ? "no variant" : shown(variant);
}

function causeText({ reason, detail, rule }: Evaluation): string {
  if (rule === undefined) return `${reason}, ${detail}`;
  return `${reason}, rule ${rule.index + 1}${rule.name === undefined ? "" : ` "${shown(rule.name)}"`}`;
}
