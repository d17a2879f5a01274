import type { SnapshotSource } from "./source.js";

/** The part of a Cloudflare KV namespace that is used. */
export interface KvNamespace {
  get(key: string, options: { type: "arrayBuffer"; cacheTtl?: number }): Promise<ArrayBuffer | null>;
}

/** How a snapshot is read from KV. */
export interface KvOptions {
  /** Seconds that a data centre may serve a value without asking again. Default KV's own, 60. */
  readonly cacheTtl?: number;
}

/**
 * The snapshot under one key of a Cloudflare KV namespace.
 * KV caches in each data centre: a change is seen there after `cacheTtl` at the latest, however often it is read.
 */
export function kvSource(namespace: KvNamespace, key: string, options: KvOptions = {}): SnapshotSource {
  return { read: () => readBytes(namespace, key, options) };
}

/** Bytes, not text: decoding would replace malformed UTF-8 silently, and an id in a whitelist would be another. */
async function readBytes(namespace: KvNamespace, key: string, options: KvOptions): Promise<Uint8Array | null> {
  const value = await namespace.get(key, { type: "arrayBuffer", ...options });
  return value === null ? null : new Uint8Array(value);
}
