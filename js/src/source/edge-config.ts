import type { SnapshotSource } from "./source.js";

/** The part of a Vercel Edge Config client that is used. */
export interface EdgeConfigClient {
  get(key: string): Promise<unknown>;
}

/**
 * The snapshot under one key of a Vercel Edge Config, as an object or as its JSON text.
 * @param client - what `createClient` of `@vercel/edge-config` gives.
 */
export function edgeConfigSource(client: EdgeConfigClient, key = "snapshot"): SnapshotSource {
  return {
    async read() {
      const value = await client.get(key);
      if (value === undefined) return null;
      return typeof value === "string" ? value : JSON.stringify(value);
    },
  };
}
