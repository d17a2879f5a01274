import type { SnapshotSource } from "../../source/source.js";

/** Where a handler's snapshot is: a text that its platform knows how to read, or any source. */
export interface StorageOptions {
  /**
   * Where the snapshot is: see the platform's own `createHandler` for what a text means; or any source. Undefined, such as an
   * environment variable that is not set, is an error of reading, which a bundled snapshot or the fallback outlives.
   */
  readonly snapshot: string | SnapshotSource | undefined;
}

/** The source that an option names. @param open - reads what a text names. */
export function storedIn(snapshot: StorageOptions["snapshot"], open: (name: string) => SnapshotSource): SnapshotSource {
  if (typeof snapshot === "object") return snapshot;
  return whenRead(() => {
    if (snapshot === undefined) throw new Error("`snapshot` names no place to read from");
    return open(snapshot);
  });
}

/** A source that is made at the first read: what is wrong with its name is an error of reading, and not of starting. */
export function whenRead(make: () => SnapshotSource): SnapshotSource {
  const made = once(make);
  return { read: async (signal) => made().read(signal) };
}

/** The same for a source that may have a copy. */
export function whenUsed(make: () => SnapshotSource): SnapshotSource {
  const made = once(make);
  const recall = async () => (await made().copy?.recall()) ?? null;
  return {
    read: async (signal) => made().read(signal),
    copy: { recall, keep: async (confirmed) => made().copy?.keep(confirmed) },
  };
}

/** Made again where it failed. */
function once(make: () => SnapshotSource): () => SnapshotSource {
  let source: SnapshotSource | undefined;
  return () => (source ??= make());
}
