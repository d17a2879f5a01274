import { createPace } from "./pace.js";
import type { LiveEngine } from "./refresh.js";

/** How a source is polled. */
export interface PollOptions {
  /** Milliseconds between two reads. Default 30,000. While there is an engine and reads fail, it is read less often, down to once a minute. */
  readonly interval?: number;
  /** Up to this share of the interval is added to each, at random: 0 to 1, default 0.1. */
  readonly jitter?: number;
  /** Ends the polling when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Polling under way. */
export interface Polling {
  /** Ends it. The engine stays in use. */
  stop(): void;
}

/** The part of a document that is used; there is none outside of pages. */
interface Page extends Pick<EventTarget, "addEventListener" | "removeEventListener"> {
  readonly hidden: boolean;
}

/**
 * Has a live engine follow its source without waiting for requests: for servers and pages, not for workers, which have no timers
 * between requests. A page that nobody sees does not ask; once seen, it asks at once if it should have. The timer keeps no
 * Node, Deno or Bun process alive.
 */
export function poll(
  live: Pick<LiveEngine, "refresh"> & { current(): unknown },
  { interval = 30_000, jitter = 0.1, signal }: PollOptions = {},
): Polling {
  const page = (globalThis as { document?: Page }).document;
  const pace = createPace({ interval, jitter });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  let isStopped = signal?.aborted === true;

  const ask = async () => {
    isDue = false;
    pace.asked();
    const answered = await live.refresh();
    pace.ended(answered || live.current() === null);
    later();
  };
  const due = () => {
    isDue = true;
    if (page?.hidden !== true) void ask();
  };
  const later = () => {
    if (isStopped) return;
    timer = setTimeout(due, pace.wait());
    // Elsewhere a timer is a number.
    (timer as { unref?: () => void }).unref?.();
  };
  const seen = () => {
    if (isDue && page?.hidden === false) void ask();
  };
  const stop = () => {
    isStopped = true;
    clearTimeout(timer);
    page?.removeEventListener("visibilitychange", seen);
    signal?.removeEventListener("abort", stop);
  };

  if (isStopped) return { stop };
  page?.addEventListener("visibilitychange", seen);
  signal?.addEventListener("abort", stop);
  pace.asked();
  if (live.current() === null) due();
  else later();
  return { stop };
}
