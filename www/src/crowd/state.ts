import { computed, effect, signal } from "@preact/signals";
import { idNames } from "../engine/snapshot.js";
import { context, flagKey, loaded, snapshot, variants } from "../page/state.js";
import { countsText, decideAll, movesBetween, movesText, type Crowd } from "./crowd.js";

/** Milliseconds without a change, until it is told what changed. */
const SETTLED = 400;

/** What each visitor gets; null while there is no flag. */
export const crowd = computed(() => {
  const engine = loaded.value?.engine;
  const key = flagKey.value;
  if (engine === undefined || key === undefined) return null;
  return decideAll(engine, key, variants.value, { shared: context.value, ids: idNames(snapshot.value) });
});

/** What was told last, and of which crowd: what moves is told against that. */
export const told = signal<{ crowd: Crowd | null; text: string }>({ crowd: null, text: "" });

effect(() => {
  const now = crowd.value;
  const timer = setTimeout(() => tell(now), SETTLED);
  return () => clearTimeout(timer);
});

function tell(now: Crowd | null): void {
  const before = told.peek().crowd;
  if (now === null) return;
  const moves = before === null ? null : movesBetween(before, now);
  const moved = moves !== null && moves.joined + moves.left + moves.changed > 0;
  // What moved stays told until somebody moves again.
  if (moves !== null && !moved) return;
  told.value = { crowd: now, text: [countsText(now), moves === null ? "" : movesText(moves)].join(" ").trim() };
}
