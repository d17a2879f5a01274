#!/usr/bin/env node
/** The command `pointsman`: one file a subcommand. */
import { CommanderError } from "commander";
import { Ended, EXIT } from "./exit.js";
import { createProgram } from "./program.js";

/** The package's, put in by the bundler. */
declare const VERSION: string;

// Whoever reads has seen enough: `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await createProgram(VERSION).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** What commander throws, it has told: help and version are no errors. */
function exitCodeOf(error: unknown): number {
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  throw error;
}
