import { batch, computed, effect, signal } from "@preact/signals";
import type { EvaluationContext, Json } from "pointsman/full";
import { createLoader, type Loaded } from "../engine/live.js";
import { flagOf, knobsOf, variantsOf } from "../engine/snapshot.js";
import { USUAL, type Plot } from "../story/simulate.js";
import { EXAMPLES } from "./examples.js";
import { fragmentOf, sharedBy, type Shared } from "./fragment.js";

/** The snapshot, as it stands in the editor. */
export const text = signal("");
/** The visitor's context, as JSON. */
export const contextText = signal("{}");
/** The flag whose visitors are drawn; the first one, where there is none of that key. */
export const wantedFlag = signal("");
/** What happens to the canary of the story. */
export const plot = signal<Plot>(USUAL);
/** The snapshot in use. */
export const loaded = signal<Loaded | null>(null);

const written = computed(() => parsed(contextText.value));
/** Whether the context is a JSON object. */
export const contextIsSound = computed(() => isObject(written.value));
let lastContext: EvaluationContext = {};
/** The visitor's context; while it is no JSON object, the last one that was. */
export const context = computed(() => {
  if (isObject(written.value)) lastContext = written.value;
  return lastContext;
});
/** The snapshot in use, as JSON has it. */
export const snapshot = computed<Json>(() => parsed(loaded.value?.text ?? "{}") ?? {});
/** The keys of all flags. */
export const flagKeys = computed(() => Array.from(loaded.value?.engine.evaluateAll({}) ?? [], ([key]) => key));
/** The flag whose visitors are drawn. */
export const flagKey = computed(() =>
  flagKeys.value.includes(wantedFlag.value) ? wantedFlag.value : flagKeys.value[0],
);
const flag = computed(() => flagOf(snapshot.value, flagKey.value ?? ""));
/** Its variants, in the order of their colours. */
export const variants = computed(() => variantsOf(flag.value));
/** Its percentages and weights. */
export const knobs = computed(() => knobsOf(flagKey.value ?? "", flag.value));

/** All that a link holds. */
export const shared = computed<Shared>(() => ({
  snapshot: text.value,
  context: contextText.value,
  flag: flagKey.value ?? "",
  plot: plot.value,
}));

function parsed(json: string): Json | undefined {
  try {
    return JSON.parse(json) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is EvaluationContext {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Begins with what the address holds, and loads each text from then on. */
export async function begin(): Promise<void> {
  const loader = await createLoader();
  open((await sharedBy(location.hash.slice(1))) ?? sharedOf(EXAMPLES[0]));
  loaded.value = await loader.load(text.value);
  effect(() => {
    const written = text.value;
    void loader.load(written).then((result) => {
      if (written === text.peek()) loaded.value = result;
    });
  });
}

/** Shows an example. */
export function openExample(name: string): void {
  const example = EXAMPLES.find((candidate) => candidate.name === name);
  if (example !== undefined) open(sharedOf(example));
}

/** Puts all that can be shared into the address. */
export async function writeAddress(): Promise<void> {
  history.replaceState(null, "", `#${await fragmentOf(shared.peek())}`);
}

function open({ snapshot: written, context: visitor, flag: key, plot: told }: Shared): void {
  batch(() => {
    text.value = written;
    contextText.value = visitor;
    wantedFlag.value = key;
    plot.value = told;
  });
}

function sharedOf({ snapshot: written, context: visitor }: (typeof EXAMPLES)[number]): Shared {
  return { snapshot: JSON.stringify(written, null, 2), context: JSON.stringify(visitor), flag: "", plot: plot.peek() };
}
