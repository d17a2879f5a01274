import { plot } from "asciichart";
import { standingText } from "../../explain/standing.js";
import { counted, grouped, percent, table, type Colours } from "../terminal.js";
import type { Plan } from "./plan.js";
import type { Event, Simulation, Step } from "./run.js";

/** Rows of a chart. */
const HEIGHT = 6;
/** Events that are told. */
const TOLD = 20;

/** A simulation, for people: charts, steps, what happened, and what came of it. */
export function simulationText(plan: Plan, simulation: Simulation, colours: Colours): string {
  const { columns, steps, events, requests } = simulation;
  const { flag, visitors } = plan;
  const shares = columns.map((column) => (100 * column.visitors) / visitors);
  const failures = columns.map((column) => (column.requests === 0 ? 0 : (100 * column.failed) / column.requests));
  const told = events.filter(isTold);
  const more = told.length > TOLD ? [`… and ${told.length - TOLD} more`] : [];
  return [
    `${flag}: ${counted(requests, "request")} of ${counted(visitors, "visitor")}`,
    chart("visitors who get a new variant", shares, plan, colours),
    ...(plan.fail.length > 0 ? [chart("requests to it that fail", failures, plan, colours)] : []),
    stepsText(steps, plan),
    ...(told.length > 0 ? [[...told.slice(0, TOLD).map(eventText), ...more].join("\n")] : []),
    verdictText(plan, simulation),
  ].join("\n\n");
}

/** A simulation, for programs; times in RFC 3339. */
export function jsonOf(plan: Plan, { requests, columns, steps, events, standings }: Simulation): object {
  const { flag, start, duration, rate, visitors, seed } = plan;
  const timed = <T extends { readonly at: number }>(list: readonly T[]) =>
    list.map((entry) => ({ ...entry, at: timeText(entry.at) }));
  return {
    flag,
    start: timeText(start),
    durationMs: duration,
    rate,
    visitors,
    seed,
    requests,
    columns: timed(columns),
    steps: timed(steps),
    events: timed(events),
    standings,
  };
}

function chart(title: string, values: readonly number[], { start, duration }: Plan, colours: Colours): string {
  const most = Math.max(...values);
  // A flat line has no height to draw it in.
  const max = most === 0 ? 1 : most;
  const label = (value: number) => `${value.toFixed(max < 10 ? 2 : 1)} %`.padStart(9);
  const lines = plot(values, { height: HEIGHT, min: 0, max, format: label });
  const [from, to] = [timeText(start), timeText(start + duration)];
  const axis = `${" ".repeat(11)}${from}${to.padStart(values.length - from.length)}`;
  return `${colours.bold(title)}\n${lines.replace(/ +$/gm, "")}\n${colours.dim(axis)}`;
}

function stepsText(steps: readonly Step[], { visitors }: Plan): string {
  const isScheduled = steps.some(({ percentage }) => percentage !== undefined);
  const head = ["time", ...(isScheduled ? ["step"] : []), "visitors", "share"];
  const rows = steps.map(({ at, percentage, visitors: count }) => [
    timeText(at),
    ...(percentage === undefined ? [] : [`${percentage} %`]),
    grouped(count),
    percent(count / visitors),
  ]);
  return table([head, ...rows], [1, 2, 3]);
}

/** With little traffic a variant is in turns ok and without enough requests to tell: that is told once, and after an alarm. */
function isTold(event: Event, index: number, events: readonly Event[]): boolean {
  if (event.state !== "ok" && event.state !== "insufficient") return true;
  const before = events.slice(0, index).filter(({ state }) => state !== undefined);
  return isAlarm(before.at(-1)) || before.every(({ state }) => state !== event.state);
}

function isAlarm(event: Event | undefined): boolean {
  return event?.state === "suspect" || event?.state === "breach";
}

function eventText({ at, text }: Event): string {
  return `${timeText(at)}  ${text}`;
}

function verdictText({ isGuarded, flag }: Plan, { events, standings }: Simulation): string {
  if (!isGuarded) return `${flag} has no guard: nothing takes it back`;
  const ordered = events.find(({ kind }) => kind === "directive");
  if (ordered?.directive === undefined) return `no rollback; at the end ${standings.map(standingText).join(", ")}`;
  const { at, directive } = ordered;
  const cause = events.filter((event) => event.kind === "failure" && event.at <= at).at(-1);
  const since = cause === undefined ? "" : `, ${spanText(at - cause.at)} after ${cause.text}`;
  return `${directive.action} of ${directive.variant} at ${timeText(at)}${since}`;
}

/** `1 m 45 s`. */
function spanText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

/** RFC 3339 in whole seconds, UTC. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
