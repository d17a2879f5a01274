import { joined } from "./body.js";
import type { SnapshotSource } from "./source.js";

/** A key of Deno KV. */
export type DenoKey = readonly (string | number)[];

/** The part of a `Deno.Kv` that is used. */
export interface DenoKv {
  get(key: DenoKey): Promise<DenoEntry>;
  set(key: DenoKey, value: unknown): Promise<unknown>;
  delete(key: DenoKey): Promise<void>;
  list(selector: { prefix: DenoKey }): AsyncIterable<{ readonly value: unknown }>;
  atomic(): DenoAtomic;
}

/** What lies under a key; `versionstamp` is null where nothing does. */
export interface DenoEntry {
  readonly value: unknown;
  readonly versionstamp: string | null;
}

/** What is done at once, or not at all. */
export interface DenoAtomic {
  check(unchanged: { readonly key: DenoKey; readonly versionstamp: string | null }): DenoAtomic;
  set(key: DenoKey, value: unknown): DenoAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

/** What lies under the snapshot's key: which version is current, whose chunks lie under `[...key, version, index]`. */
interface Head {
  readonly version: string;
  readonly chunks: number;
  readonly bytes: number;
  /** The version before, kept for whoever reads it just now. */
  readonly previous: { readonly version: string; readonly chunks: number } | null;
}

/** Deno KV takes values of up to 65,536 bytes as it stores them. */
const CHUNK = 60 << 10;

/** The snapshot that `writeDenoKv` wrote under a key of Deno KV. */
export function denoKvSource(
  kv: Pick<DenoKv, "get" | "list">,
  key: DenoKey,
  { maxBytes = 8 << 20 } = {},
): SnapshotSource {
  return {
    async read() {
      const { value, versionstamp } = await kv.get(key);
      if (versionstamp === null) return null;
      if (!isHead(value)) throw new Error("what lies under the key was not written by `writeDenoKv`");
      if (value.bytes > maxBytes) throw new Error(`the snapshot is longer than ${maxBytes} bytes`);
      return readChunks(kv, key, value);
    },
  };
}

async function readChunks(
  kv: Pick<DenoKv, "list">,
  key: DenoKey,
  { version, chunks, bytes }: Head,
): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  for await (const { value } of kv.list({ prefix: [...key, version] })) {
    if (value instanceof Uint8Array) found.push(value);
  }
  const length = found.reduce((sum, chunk) => sum + chunk.length, 0);
  if (found.length !== chunks || length !== bytes) throw new Error("the snapshot has chunks missing");
  return joined(found, length);
}

/**
 * Writes a snapshot for `denoKvSource`: its chunks first, then, at once, that they are current. Readers see the old snapshot or the
 * new one. The version before stays until the next write, for whoever reads it just now.
 *
 * @throws Error when somebody else wrote meanwhile; then theirs stays. A writer that dies in between leaves chunks that nobody reads.
 */
export async function writeDenoKv(kv: DenoKv, key: DenoKey, snapshot: string | Uint8Array): Promise<void> {
  const bytes = typeof snapshot === "string" ? new TextEncoder().encode(snapshot) : snapshot;
  const { value, versionstamp } = await kv.get(key);
  const old = isHead(value) ? value : null;
  const version = crypto.randomUUID();
  const chunks = Math.ceil(bytes.length / CHUNK);
  for (let at = 0; at < chunks; at++) {
    await kv.set([...key, version, at], bytes.slice(at * CHUNK, (at + 1) * CHUNK));
  }
  const previous = old && { version: old.version, chunks: old.chunks };
  const head: Head = { version, chunks, bytes: bytes.length, previous };
  const { ok } = await kv.atomic().check({ key, versionstamp }).set(key, head).commit();
  await removeChunks(kv, key, ok ? old?.previous : head);
  if (!ok) throw new Error("somebody else wrote a snapshot meanwhile");
}

async function removeChunks(kv: DenoKv, key: DenoKey, of: Head["previous"] | undefined): Promise<void> {
  for (let at = 0; at < (of?.chunks ?? 0); at++) await kv.delete([...key, of?.version ?? "", at]);
}

function isHead(value: unknown): value is Head {
  if (typeof value !== "object" || value === null) return false;
  const { version, chunks, bytes } = value as Partial<Head>;
  return typeof version === "string" && typeof chunks === "number" && typeof bytes === "number";
}
