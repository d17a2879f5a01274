import { readFile, stat } from "node:fs/promises";
import type { SnapshotSource } from "./source.js";

export type { SnapshotSource } from "./source.js";

/** How a snapshot is read from a file. */
export interface FileOptions {
  /** The longest file taken, in bytes. Default 8 MiB, as the engine's. */
  readonly maxBytes?: number;
}

/**
 * The snapshot in a file, in Node, Deno or Bun. Whoever writes it does best to write another file and rename that: half a snapshot is
 * refused, and half an interval may pass before the whole one is read.
 */
export function fileSource(path: string | URL, { maxBytes = 8 << 20 }: FileOptions = {}): SnapshotSource {
  return {
    async read(signal) {
      const { size, isFile } = await describe(path);
      // A pipe may never answer, and would keep a thread of the runtime's few for as long.
      if (!isFile) throw new Error("the snapshot's path is no file's");
      if (size > maxBytes) throw new Error(`the snapshot is longer than ${maxBytes} bytes`);
      return readFile(path, signal === undefined ? {} : { signal });
    },
  };
}

async function describe(path: string | URL): Promise<{ size: number; isFile: boolean }> {
  const stats = await stat(path);
  return { size: stats.size, isFile: stats.isFile() };
}
