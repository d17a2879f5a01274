import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Engine, EngineOptions, Problem } from "../types.js";
import { Ended, EXIT } from "./exit.js";
import { MOST_BYTES, readInput } from "./files.js";
import { problemsText } from "./problems.js";
import { coloursOf } from "./terminal.js";

/** What an engine takes unless it is told otherwise. */
export const DEFAULT_BYTES = 8 << 20;

/** A snapshot in use, and the bytes that it came from. */
export interface Opened {
  readonly engine: Engine;
  readonly bytes: Uint8Array;
}

/** How an engine of this command differs from any other. */
export type Settings = Pick<EngineOptions, "clock" | "coordinated" | "onDirective" | "wasm">;

/** An engine of the full build, or what is wrong with the snapshot: one problem is one too many. */
export async function engineOf(bytes: Uint8Array, settings: Settings = {}): Promise<Engine | readonly Problem[]> {
  // Only when it is needed: help, completions and wrong usage are there in half the time.
  const { createEngine, PointsmanError } = await import("pointsman/full");
  try {
    return await createEngine({ ...settings, snapshot: bytes, strict: true, maxSnapshotBytes: MOST_BYTES });
  } catch (error) {
    if (error instanceof PointsmanError) return error.problems;
    throw error;
  }
}

/** As `engineOf`, from a file; where it has problems, they are told on stderr and the command ends. */
export async function openSnapshot(command: Command, path: string, settings: Settings = {}): Promise<Opened> {
  const bytes = await readInput(command, path);
  const engine = await engineOf(bytes, settings);
  if (!isProblems(engine)) return { engine, bytes };
  process.stderr.write(problemsText(path, bytes, engine, coloursOf(process.stderr)));
  throw new Ended(EXIT.problems);
}

/** Tells an engine from what is wrong with its snapshot. */
export function isProblems(given: Engine | readonly Problem[]): given is readonly Problem[] {
  return Array.isArray(given);
}

/** The module of the core build. */
export async function coreModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./pointsman.wasm", import.meta.url)));
}
