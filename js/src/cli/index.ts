/** The command `pointsman`: one file a subcommand. */
import { Command, CommanderError } from "commander";
import { compileCommand } from "./compile.js";
import { EXIT } from "./exit.js";

/** The package's, put in by the bundler. */
declare const VERSION: string;

const program = new Command("pointsman")
  .description("Works on snapshots of feature flags and routes.")
  .version(VERSION)
  .addCommand(compileCommand())
  .showHelpAfterError("(add --help for help)");

// Subcommands added ready-made take over nothing of their parent.
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // What it says, it has said: help and version are no errors.
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
