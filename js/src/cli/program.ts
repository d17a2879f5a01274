import { Command } from "commander";
import { benchCommand } from "./bench.js";
import { checkCommand } from "./check.js";
import { compileCommand } from "./compile.js";
import { completionsCommand } from "./completions.js";
import { diffCommand } from "./diff.js";
import { evalCommand } from "./eval.js";
import { explainCommand } from "./explain.js";
import { keygenCommand } from "./keygen.js";
import { redactCommand } from "./redact.js";
import { schemaCommand } from "./schema.js";
import { signCommand } from "./sign.js";
import { simulateCommand } from "./simulate.js";
import { tokenCommand } from "./token.js";
import { verifyCommand } from "./verify.js";

/** The command `pointsman` with all its subcommands, in the order of its help. */
export function createProgram(version: string): Command {
  const program = new Command("pointsman")
    .description("Works on snapshots of feature flags and routes.")
    .version(version)
    .addHelpText("after", "\nExample:\n  $ pointsman check snapshot.json");
  const commands = [
    checkCommand(),
    evalCommand(),
    explainCommand(),
    diffCommand(),
    simulateCommand(),
    benchCommand(),
    compileCommand(),
    keygenCommand(),
    signCommand(),
    verifyCommand(),
    redactCommand(),
    tokenCommand(),
    schemaCommand(),
    completionsCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  settle(program);
  return program;
}

/** Subcommands added ready-made take over nothing of their parent. */
function settle(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError(`Usage: ${command.createHelp().commandUsage(command)}\n(add --help for help)`);
  for (const sub of command.commands) settle(sub);
}
