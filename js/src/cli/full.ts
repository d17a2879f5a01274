import { readFile } from "node:fs/promises";
import { createBoundary } from "../boundary.js";
import { PointsmanError } from "../errors.js";
import { snapshotBytes } from "../snapshot.js";
import type { Problem } from "../types.js";
import { MOST_BYTES } from "./files.js";
import { createGlue } from "#glue";

/** A compiled snapshot, or null and what is wrong with the one given. */
export interface Compiled {
  readonly bytes: Uint8Array | null;
  readonly problems: readonly Problem[];
}

/** Checks a snapshot and compiles it, by the full build: only that has the writer. */
export async function compileSnapshot(given: Uint8Array): Promise<Compiled> {
  const wasm = await WebAssembly.compile(await readFile(new URL("./full/pointsman.wasm", import.meta.url)));
  try {
    return compiled(wasm, snapshotBytes(given, MOST_BYTES));
  } catch (error) {
    if (error instanceof PointsmanError) return { bytes: null, problems: error.problems };
    throw error;
  }
}

function compiled(wasm: WebAssembly.Module, snapshot: Uint8Array): Compiled {
  const glue = createGlue(wasm);
  const boundary = createBoundary(0);
  boundary.attach(glue);
  const { accepted, report } = boundary.load(snapshot, new Uint8Array(0), MOST_BYTES, true);
  if (!accepted) return { bytes: null, problems: report.problems };
  const length = glue.compile?.() ?? 0;
  const [address = 0] = boundary.results(1);
  return { bytes: new Uint8Array(glue.memory.buffer, address >>> 0, length).slice(), problems: [] };
}
