import { kvSource, type KvNamespace } from "../../source/kv.js";
import type { SnapshotSource } from "../../source/source.js";
import { whenRead, whenUsed } from "../shared/storage.js";

/** The key that a snapshot is stored under. */
export const SNAPSHOT_KEY = "snapshot.json";

/** The source that a worker's options name. What is wrong with its binding is an error of reading. */
export function sourceOf<Env extends object>(
  snapshot: string | ((env: Env) => SnapshotSource),
  env: Env,
): SnapshotSource {
  // KV has its own cache in each data centre.
  return typeof snapshot === "string" ? whenRead(() => bound(env, snapshot)) : whenUsed(() => snapshot(env));
}

function bound(env: object, binding: string): SnapshotSource {
  const namespace: unknown = Reflect.get(env, binding);
  if (!isKv(namespace)) throw new Error(`no KV namespace is bound as "${binding}"`);
  return kvSource(namespace, SNAPSHOT_KEY);
}

function isKv(binding: unknown): binding is KvNamespace {
  return typeof binding === "object" && binding !== null && "get" in binding && typeof binding.get === "function";
}
