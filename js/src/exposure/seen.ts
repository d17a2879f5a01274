/** What was seen lately, in bounded memory. */
export interface Seen {
  /** Notes it; false where it was seen already. */
  add(key: string): boolean;
  /** As if it had never been seen. */
  forget(key: string): void;
}

/**
 * Remembers at least the `capacity` keys that were added or asked for last, and at most twice as many: two sets, of which the
 * older one is let go when the newer one is full. An exact LRU costs a deletion and an insertion for each key that is seen again.
 */
export function createSeen(capacity: number): Seen {
  let newer = new Set<string>();
  let older = new Set<string>();

  const note = (key: string) => {
    newer.add(key);
    if (newer.size < capacity) return;
    older = newer;
    newer = new Set();
  };

  return {
    add(key) {
      if (capacity <= 0) return true;
      if (newer.has(key)) return false;
      const isNew = !older.has(key);
      note(key);
      return isNew;
    },
    forget(key) {
      newer.delete(key);
      older.delete(key);
    },
  };
}
