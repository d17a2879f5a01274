import type { Aged, SnapshotCopy, SnapshotSource } from "./source.js";

/** The part of a `Cache` that is used. */
export interface CacheLike {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
}

/** Cache keys have to be addresses; nobody asks for this one. */
const PLACE = "https://snapshot.invalid/";
const CONFIRMED_AT = "x-confirmed-at";
const SIGNATURE = "pointsman-signature";
/** How long a cache may hold a copy, in seconds: a week, after which nobody has come for it. */
const LIFETIME = 604_800;
/** That the same snapshot was confirmed again is noted this many milliseconds later at the earliest: each note is a write. */
const NOTED = 60_000;

/**
 * A source with a copy of its last good snapshot in a Cache API cache, which outlives the isolate or the page: the next one begins
 * with that, and reads the source in the background.
 *
 * @param open - opens the cache: `() => caches.open("pointsman")`.
 * @param name - tells copies in one cache apart.
 */
export function cached(source: SnapshotSource, open: () => Promise<CacheLike>, name = "snapshot"): SnapshotSource {
  const key = PLACE + encodeURIComponent(name);
  return { read: (signal) => source.read(signal), forget: () => source.forget?.(), copy: copyIn(open, key) };
}

function copyIn(open: () => Promise<CacheLike>, key: string): SnapshotCopy {
  let kept: Aged["snapshot"] | null = null;
  let keptAt = -Infinity;
  return {
    async recall() {
      const response = await (await open()).match(key);
      return response === undefined ? null : agedIn(response);
    },
    async keep(confirmed) {
      const { snapshot } = confirmed;
      const now = Date.now();
      if (snapshot === kept && Math.abs(now - keptAt) < NOTED) return;
      await (await open()).put(key, responseOf(confirmed, now));
      kept = snapshot;
      keptAt = now;
    },
  };
}

function responseOf({ snapshot, age, signature = null }: Aged, now: number): Response {
  const headers = new Headers({ [CONFIRMED_AT]: String(now - age), "cache-control": `max-age=${LIFETIME}` });
  if (signature !== null) headers.set(SIGNATURE, signature);
  return new Response(snapshot as BodyInit, { headers });
}

async function agedIn(response: Response): Promise<Aged | null> {
  const confirmedAt = Number(response.headers.get(CONFIRMED_AT) ?? NaN);
  if (Number.isNaN(confirmedAt)) return null;
  const signature = response.headers.get(SIGNATURE);
  return { snapshot: new Uint8Array(await response.arrayBuffer()), age: Date.now() - confirmedAt, signature };
}
