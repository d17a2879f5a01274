import pc from "picocolors";

/** Functions that colour a text, or leave it as it is. */
export type Colours = ReturnType<typeof pc.createColors>;

const ERASE_LINE = "\r\u001b[K";

/**
 * Colours for a stream: on a terminal alone, unless `NO_COLOR` (https://no-color.org) or `FORCE_COLOR` say otherwise; `NO_COLOR`
 * has the last word. Not picocolors' own choice: that colours pipes where `CI` is set.
 */
export function coloursOf(stream: NodeJS.WriteStream): Colours {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return pc.createColors(false);
  if (FORCE_COLOR) return pc.createColors(FORCE_COLOR !== "0" && FORCE_COLOR !== "false");
  // Whatever its type says: of a pipe it is undefined, with which picocolors would choose for itself.
  const isTerminal: unknown = stream.isTTY;
  return pc.createColors(isTerminal === true && TERM !== "dumb");
}

/** A text without what must not reach a terminal: control characters, and those that turn the direction of what follows. */
export function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}

/** A value as JSON on one line, of so many characters at most. */
export function jsonText(value: unknown, most = Infinity): string {
  const text = shown(JSON.stringify(value));
  const characters = text.length > most ? Array.from(text) : [];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

/** `7,911`. */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 flag`, `7,911 flags`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A share as a percentage of at most four decimals: `12.5 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 1e6) / 1e4} %`;
}

/** Rows in columns two spaces apart; in columns named `right` figures stand under each other. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  const padded = (cell: string, at: number) =>
    right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  return rows.map((row) => row.map(padded).join("  ").trimEnd()).join("\n");
}

/** How far long work has come. */
export interface Progress {
  /** @param share - of the work, 0 to 1. */
  at(share: number): void;
  /** Takes the line away. */
  end(): void;
}

/** Shows on stderr how far work has come, where that is a terminal. */
export function progressOf(what: string): Progress {
  const { isTTY } = process.stderr;
  let last = "";
  const write = (line: string) => {
    if (isTTY && line !== last) process.stderr.write(ERASE_LINE + line);
    last = line;
  };
  return {
    at: (share) => write(`${what} ${Math.floor(share * 100)} %`),
    end: () => write(""),
  };
}
