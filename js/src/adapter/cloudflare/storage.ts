import { kvSource, type KvNamespace } from "../../source/kv.js";
import type { SnapshotCopy, SnapshotSource } from "../../source/source.js";

/** The key that a snapshot is stored under. */
export const SNAPSHOT_KEY = "snapshot.json";

/**
 * The source that a worker's options name, made at the first read: what is wrong with its binding is an error of reading,
 * which the last good snapshot or the fallback outlives.
 */
export function sourceOf<Env extends object>(
  snapshot: string | ((env: Env) => SnapshotSource),
  env: Env,
): SnapshotSource {
  let source: SnapshotSource | undefined;
  const make = (): SnapshotSource => (typeof snapshot === "string" ? bound(env, snapshot) : snapshot(env));
  const made = (): SnapshotSource => (source ??= make());
  const read: SnapshotSource["read"] = async (signal) => made().read(signal);
  // KV has its own cache in each data centre.
  return typeof snapshot === "string" ? { read } : { read, copy: copyOf(made) };
}

function copyOf(made: () => SnapshotSource): SnapshotCopy {
  return {
    recall: async () => (await made().copy?.recall()) ?? null,
    keep: async (confirmed) => made().copy?.keep(confirmed),
  };
}

function bound(env: object, binding: string): SnapshotSource {
  const namespace: unknown = Reflect.get(env, binding);
  if (!isKv(namespace)) throw new Error(`no KV namespace is bound as "${binding}"`);
  return kvSource(namespace, SNAPSHOT_KEY);
}

function isKv(binding: unknown): binding is KvNamespace {
  return typeof binding === "object" && binding !== null && "get" in binding && typeof binding.get === "function";
}
