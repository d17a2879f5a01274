import { signal } from "@preact/signals";
import type { Directive, Standing } from "pointsman/full";

/** What one origin has answered since the demo began. */
export interface Origin {
  readonly name: string;
  readonly answered: number;
  readonly failed: number;
  /** The share of requests that it fails on purpose, 0 to 1. */
  readonly failing: number;
}

/** How things stand, as the demo tells it. */
export interface DemoState {
  readonly origins: readonly Origin[];
  /** Visitors a second. */
  readonly load: number;
  readonly standings: readonly Standing[];
  readonly directives: readonly Directive[];
}

/** What was seen from one question to the next, about a second. */
export interface Second {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly name: string;
  /** Requests a second, and of these the failed ones. */
  readonly requests: number;
  readonly failed: number;
}

/** How things stand now; null until the demo has answered. */
export const state = signal<DemoState | null>(null);
/** The newest seconds of each origin. */
export const seconds = signal<readonly Second[]>([]);
/** What went wrong in talking to the demo; empty while all is well. */
export const trouble = signal("");

/** Milliseconds between two questions, and how many answers are kept. */
const INTERVAL = 1_000;
export const KEPT_SECONDS = 120;

/** The answer that the next second is counted from. */
let counted: { readonly at: number; readonly origins: readonly Origin[] } | null = null;

/** Asks once a second, for as long as the page is open; resolves when the first answer has come, or has not. */
export async function watch(): Promise<void> {
  await look();
  count();
  setTimeout(() => void watch(), INTERVAL);
}

/** Gives the demo a command, and looks at once what has become of it. */
export async function command(name: "load" | "break" | "mend", argument?: number): Promise<void> {
  const query = argument === undefined ? "" : `?argument=${argument}`;
  await talked(async () => {
    await answer(await fetch(`./${name}${query}`, { method: "POST" }));
  });
  await look();
}

async function look(): Promise<void> {
  await talked(async () => {
    state.value = (await (await answer(await fetch("./state"))).json()) as DemoState;
  });
}

async function answer(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(await response.text());
  return response;
}

async function talked(talk: () => Promise<void>): Promise<void> {
  try {
    await talk();
    trouble.value = "";
  } catch (error) {
    trouble.value = `The demo does not answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Adds what has come since the last time, by the time that went by: browsers ask more rarely for a page that is not seen. */
function count(): void {
  if (state.value === null || trouble.value !== "") return;
  const { origins } = state.value;
  const at = Date.now();
  const before = counted;
  counted = { at, origins };
  if (before === null) return;
  const rate = (now: number, was = 0) => ((now - was) * 1_000) / Math.max(at - before.at, 1);
  const seen = origins.map(({ name, answered, failed }) => {
    const was = before.origins.find((origin) => origin.name === name);
    return { at, name, requests: rate(answered, was?.answered), failed: rate(failed, was?.failed) };
  });
  seconds.value = [...seconds.value, ...seen].filter((second) => second.at > at - KEPT_SECONDS * 1_000);
}
