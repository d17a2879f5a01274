import { counted, grouped, percent, shown, table } from "../terminal.js";
import { isMove, type Kind, type ListedMovement, type Movement, type Transition } from "./compare.js";

/** Listed ids that are named. */
const NAMED = 5;

/** A flag's movement, for people: the sums, then what becomes of whom. */
export function movementText({ flag, status, transitions, listed }: Movement, ids: number): string {
  const part = (kind: Kind) => shareOf(transitions, kind, ids);
  const sums = [`${part("in")} in`, `${part("out")} out`, ...others(transitions, ids)];
  const added = status === "kept" ? "" : `${status}; `;
  const rows = transitions.filter(isShown).map((transition) => rowOf(transition, ids));
  return [
    `${shown(flag)}: ${added}${sums.join(", ")}`,
    ...(rows.length > 0 ? [table(rows)] : []),
    ...(listed.length > 0 ? [listedText(listed)] : []),
  ].join("\n");
}

/** How many flags are as they were. */
export function sumText(told: number, flags: number, ids: number): string {
  const sample = counted(ids, "id");
  if (told === 0) return `nobody of ${sample} gets anything else from ${counted(flags, "flag")}`;
  return `${grouped(told)} of ${counted(flags, "flag")}, tried with ${sample}`;
}

/** A movement, for programs. */
export function movementJson(movement: Movement, ids: number): object {
  const { flag, status, transitions, listed } = movement;
  const sum = (kind: Kind) => sumOf(transitions, kind, ids);
  return {
    flag,
    status,
    moves: isMove(movement),
    in: sum("in"),
    out: sum("out"),
    moved: sum("moved"),
    revalued: sum("revalued"),
    transitions: transitions.map(({ exact, count, ...rest }) => ({ ...rest, count, share: count / ids, exact })),
    listed,
  };
}

function isShown({ kind, count, exact }: Transition): boolean {
  return kind !== "none" && (exact ?? count) > 0;
}

/** The share that a kind of change concerns, exact where all that make it up are. */
function sumOf(transitions: readonly Transition[], kind: Kind, ids: number): { share: number; exact: boolean } {
  const own = transitions.filter((transition) => transition.kind === kind);
  const share = own.reduce((sum, { exact, count }) => sum + (exact ?? count / ids), 0);
  return { share, exact: own.every(({ exact }) => exact !== null) };
}

function shareOf(transitions: readonly Transition[], kind: Kind, ids: number): string {
  const { share, exact } = sumOf(transitions, kind, ids);
  if (share === 0) return "none";
  return exact ? percent(share) : `about ${estimate(share)}`;
}

/** Two decimals are as many as a hundred thousand ids tell. */
function estimate(share: number): string {
  return `${Math.round(share * 1e4) / 1e2} %`;
}

function others(transitions: readonly Transition[], ids: number): readonly string[] {
  const kinds = { moved: "from one variant to another", revalued: "get another value" } as const;
  return (["moved", "revalued"] as const).flatMap((kind) => {
    const share = shareOf(transitions, kind, ids);
    return share === "none" ? [] : [`${share} ${kinds[kind]}`];
  });
}

function rowOf({ from, to, count, exact }: Transition, ids: number): readonly string[] {
  const seen = `${grouped(count)} of ${grouped(ids)}`;
  const share = exact === null ? `${estimate(count / ids)}: ${seen}` : `${percent(exact)} exactly; ${seen}`;
  return [`  ${nameOf(from)} → ${nameOf(to)}`, share];
}

function listedText(listed: readonly ListedMovement[]): string {
  const named = listed.slice(0, NAMED).map(({ id, from, to }) => `${shown(id)} ${nameOf(from)} → ${nameOf(to)}`);
  const more = listed.length > NAMED ? [`and ${grouped(listed.length - NAMED)} more`] : [];
  return `  listed: ${[...named, ...more].join(", ")}`;
}

function nameOf(variant: string | null): string {
  return variant === null ? "no flag" : shown(variant);
}
