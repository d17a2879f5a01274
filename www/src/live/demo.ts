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

/** What was seen in one second. */
export interface Second {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly name: string;
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

/** Asks once a second, for as long as the page is open. */
export function watch(): void {
  const ask = async () => {
    await look();
    setTimeout(() => void ask(), INTERVAL);
  };
  void ask();
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
    const now = (await (await answer(await fetch("./state"))).json()) as DemoState;
    if (state.value !== null) record(state.value, now);
    state.value = now;
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

function record(before: DemoState, now: DemoState): void {
  const at = Date.now();
  const seen = now.origins.map(({ name, answered, failed }) => {
    const was = before.origins.find((origin) => origin.name === name);
    return { at, name, requests: answered - (was?.answered ?? 0), failed: failed - (was?.failed ?? 0) };
  });
  seconds.value = [...seconds.value, ...seen].filter((second) => second.at > at - KEPT_SECONDS * 1_000);
}
