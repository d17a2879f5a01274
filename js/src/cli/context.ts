import type { Command } from "commander";
import { isOfRequest } from "../context.js";
import type { EvaluationContext } from "../types.js";
import { readInput } from "./files.js";
import { shown } from "./terminal.js";
import { attributeIn, contextIn, timeIn } from "./values.js";

/** What says whom something is decided for, and when. */
export interface ContextOptions {
  readonly context?: EvaluationContext;
  readonly contextFile?: string;
  readonly user?: string;
  readonly attribute?: EvaluationContext;
  readonly now?: number;
}

/** Gives a command the options that say whom something is decided for, and when. */
export function withContext(command: Command): Command {
  return withAttributes(command.option("-u, --user <id>", "the attribute userId")).option(
    "--now <time>",
    "the time to decide at, RFC 3339 or milliseconds since 1970; default: now",
    timeIn,
  );
}

/** Gives a command the options for what is known of visitors. */
export function withAttributes(command: Command): Command {
  return command
    .option("-c, --attribute <key=text>", "an attribute; key:=json for what is no text; may be repeated", attributeIn)
    .option("--context <json>", "attributes as a JSON object", contextIn)
    .option("--context-file <file>", "a file with attributes as a JSON object; - for stdin");
}

/** The context that the options make. The later outrank the earlier: file, object, user, attributes. */
export async function contextOf(command: Command, options: ContextOptions): Promise<EvaluationContext> {
  const { contextFile, context, user, attribute } = options;
  const read = contextFile === undefined ? {} : await readContext(command, contextFile);
  const whole = { ...read, ...context, ...(user === undefined ? {} : { userId: user }), ...attribute };
  for (const name of Object.keys(whole).filter(isOfRequest)) {
    console.error(`note: ${shown(name)} is ignored: only the platform sets it`);
  }
  return whole;
}

/** The clock that the options make; none for the true one. */
export function clockOf({ now }: ContextOptions): { clock?: () => number } {
  return now === undefined ? {} : { clock: () => now };
}

async function readContext(command: Command, path: string): Promise<EvaluationContext> {
  const text = new TextDecoder().decode(await readInput(command, path));
  try {
    return contextIn(text);
  } catch {
    return command.error(`error: ${shown(path)} holds no JSON object`);
  }
}
