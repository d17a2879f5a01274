import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Range } from "../page/range.js";
import { watchWidth } from "../page/width.js";
import { plot } from "../page/state.js";
import { BOUNDS, LENGTH, simulate, SLOT, type Plot, type Slot, type Story } from "./simulate.js";

const story = signal<Story | null>(null);
/** The moment that is shown, in seconds from the beginning. */
const at = signal(100);
const isPlaying = signal(false);

/** Milliseconds for a slot of two seconds. */
const FRAME = 80;

effect(() => {
  const wanted = plot.value;
  void simulate(wanted).then((told) => {
    if (wanted === plot.peek()) story.value = told;
  });
});

effect(() => {
  if (!isPlaying.value) return undefined;
  const timer = setInterval(() => {
    at.value = Math.min(at.peek() + SLOT, LENGTH);
    if (at.peek() === LENGTH) isPlaying.value = false;
  }, FRAME);
  return () => clearInterval(timer);
});

const now = computed(() => story.value?.slots.findLast((slot) => slot.at <= at.value) ?? null);
const rollback = computed(() => {
  const order = story.value?.rollback ?? null;
  return order !== null && order.at <= at.value ? order : null;
});

/** A canary that breaks, and a guard that takes it back. */
export function StoryPanel() {
  return (
    <section class="panel story" aria-labelledby="story-title">
      <div class="bar">
        <h2 id="story-title">A canary that breaks</h2>
      </div>
      <div class="columns">
        <div class="controls">
          <Settings />
        </div>
        <div>
          <Chart />
          <Key />
          <Moment />
          <Verdict />
        </div>
      </div>
    </section>
  );
}

function Settings() {
  const set = (change: Partial<Plot>) => (plot.value = { ...plot.value, ...change });
  const { share, breaksAt, fails, load } = plot.value;
  return (
    <>
      <Range label="Canary’s share" value={share} {...BOUNDS.share} unit="%" changed={(to) => set({ share: to })} />
      <Range
        label="It breaks at"
        value={breaksAt}
        {...BOUNDS.breaksAt}
        unit="s"
        changed={(to) => set({ breaksAt: to })}
      />
      <Range label="and then fails" value={fails} {...BOUNDS.fails} unit="%" changed={(to) => set({ fails: to })} />
      <Range
        label="Requests a second"
        value={load}
        {...BOUNDS.load}
        step={10}
        changed={(to) => set({ load: Math.round(to) })}
      />
      <p class="hint">
        Five minutes of traffic through the real engine, by a clock of its own. The guard allows 1 % errors, looks at
        one minute, and withdraws what looks bad for ten seconds.
      </p>
    </>
  );
}

function Chart() {
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => (parent.current === null ? undefined : drawing(parent.current)), []);
  return <div class="chart" ref={parent} />;
}

/** What the chart's colours mean. */
function Key() {
  return (
    <ul class="key">
      <li>
        <i class="swatch" data-arm="1" /> canary
      </li>
      <li>
        <i class="swatch" data-arm="0" /> stable
      </li>
      {(["ok", "suspect", "breach"] as const).map((state) => (
        <li>
          <i class="swatch" data-shade={state} /> {state}
        </li>
      ))}
    </ul>
  );
}

/** Draws whenever the story, the moment or the width changes; gives what ends it. The library comes once the page is there. */
function drawing(parent: HTMLElement): () => void {
  const { width, end: endWatching } = watchWidth(parent);
  const library = signal<typeof import("./chart.js") | null>(null);
  import("./chart.js").then(
    (loaded) => (library.value = loaded),
    () => (parent.textContent = "The chart could not be loaded; reload the page to try again."),
  );
  const end = effect(() => {
    if (library.value === null || story.value === null || width.value === 0) return;
    parent.replaceChildren(library.value.storyChart(story.value, at.value, width.value));
  });
  return () => {
    endWatching();
    end();
  };
}

function Moment() {
  const jump = () => (at.value = Math.min(LENGTH, Math.ceil((story.value?.rollback?.at ?? LENGTH) / SLOT) * SLOT));
  return (
    <div class="moment">
      <button type="button" onClick={() => (isPlaying.value = !isPlaying.value)}>
        {isPlaying.value ? "Pause" : "Play"}
      </button>
      <label>
        <span class="hidden">Time</span>
        <input
          type="range"
          min={0}
          max={LENGTH}
          step={SLOT}
          value={at.value}
          aria-valuetext={`${at.value} seconds`}
          onInput={(event) => (at.value = event.currentTarget.valueAsNumber)}
        />
      </label>
      <output>{clockText(at.value)}</output>
      <button type="button" onClick={jump}>
        To the verdict
      </button>
    </div>
  );
}

function Verdict() {
  const slot = now.value;
  return (
    <div class="verdict">
      <p>
        <strong data-state={slot?.state ?? "insufficient"}>{slot?.state ?? "insufficient"}</strong> {traffic(slot)}
      </p>
      <p class="soft">{slot?.standing}</p>
      <p role="status" aria-label="Guard">
        {rollback.value === null
          ? "The canary is in service."
          : `At ${clockText(rollback.value.at)}: ${rollback.value.text}`}
      </p>
    </div>
  );
}

function traffic(slot: Slot | null): string {
  if (slot === null) return "";
  const { canary, stable } = slot;
  return `In the last ${SLOT} seconds the canary failed ${canary.failed} of ${canary.requests} requests, stable ${stable.failed} of ${stable.requests}.`;
}

const clockText = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
