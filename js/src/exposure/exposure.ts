import type { Detail, FlagMetadata, Reason } from "../types.js";

/** One visitor saw one variant of one flag. Nothing else of the visitor's context is in it but the id. */
export interface Exposure {
  /** A random UUID; the same when a batch is sent again, so that a receiver can drop what it has already. */
  readonly id: string;
  /** When it was decided, in milliseconds since 1970. */
  readonly time: number;
  readonly flagKey: string;
  readonly variant: string;
  readonly reason: Reason;
  readonly detail: Detail;
  /** Facts that the flag carries along in the snapshot. */
  readonly flagMetadata: FlagMetadata;
  /** The visitor's id; with a `hashKey` its hash in its place. */
  readonly unit: string;
  /** The name of the route that the flag decided. */
  readonly route?: string;
  /** The name of the backend that it led to. */
  readonly backend?: string;
}

/** Where an exposure happened, for a route's flag. */
export type Place = Pick<Exposure, "route" | "backend">;

/** A random UUID, version 4 (RFC 9562). Not `crypto.randomUUID`: pages without TLS have none. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = ((parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    "-",
  );
}
