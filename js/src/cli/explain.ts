import { Command } from "commander";
import { explanationText } from "../explain/index.js";
import { clockOf, contextOf, withContext, type ContextOptions } from "./context.js";
import { checkFlag } from "./flag.js";
import { openSnapshot } from "./snapshot.js";

interface Options extends ContextOptions {
  readonly json?: true;
}

/** `pointsman explain`: why one visitor gets what they get. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .summary("why a visitor gets it")
    .description(
      "Tells step by step how a flag is decided for a visitor.\n" +
        "Exit codes: 0, told; 1, the snapshot has problems; 2, wrong usage.",
    )
    .argument("<snapshot>", "the snapshot, in JSON or compiled; - for stdin")
    .argument("<flag>", "the flag's key");
  return withContext(command)
    .option("--json", "print the explanation as the package gives it")
    .addHelpText("after", "\nExample:\n  $ pointsman explain snapshot.json new-checkout --user alice")
    .action(run);
}

async function run(path: string, flag: string, options: Options, command: Command): Promise<void> {
  const context = await contextOf(command, options);
  const { engine } = await openSnapshot(command, path, clockOf(options));
  checkFlag(command, engine, flag);
  const explanation = engine.explain(flag, context);
  console.log(options.json ? JSON.stringify(explanation) : explanationText(explanation));
}
