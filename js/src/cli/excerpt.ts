import { eastAsianWidth } from "get-east-asian-width";
import type { Problem } from "../types.js";
import { shown, type Colours } from "./terminal.js";

/** Characters of a line that is shown whole: it fits a terminal of 120 columns. */
const WHOLE = 110;
/** Of a longer one, characters shown before the place of a problem, and from there on. */
const BEFORE = 50;
const AFTER = 60;
const TAB = "    ";

/** A string, as far as its line goes; a word or a number; a single character of any other kind. */
const TOKEN = /"(?:[^"\\]|\\.)*"?|[^\s,:[\]{}"]+|[^]?/uy;

/** A snapshot's text, for showing places in it. */
export interface Source {
  /** The place of a problem: its line, and a caret under each character of the token there. Empty where there is no text. */
  excerpt(problem: Problem): string;
}

/** Bytes that are no UTF-8 text have no excerpts, and what holds a NUL is no text. */
export function sourceOf(bytes: Uint8Array, colours: Colours): Source {
  const lineAt = linesOf(bytes);
  let last = { line: 0, column: 1, index: 0 };

  /** From a column in characters to an index in UTF-16; problems come in the order of the text, so it goes on from the last. */
  const indexOf = (text: string, line: number, column: number): number => {
    const isBehind = last.line === line && last.column <= column;
    let { column: at, index } = isBehind ? last : { column: 1, index: 0 };
    for (; at < column && index < text.length; at++) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
    last = { line, column, index };
    return index;
  };

  return {
    excerpt({ line, column }) {
      const text = lineAt(line);
      return text === undefined ? "" : frame(text, line, indexOf(text, line, column), colours);
    },
  };
}

/** Gives lines by their number, undefined for one that isn't there. A list of 60,000,000 empty ones would take a gigabyte. */
function linesOf(bytes: Uint8Array): (line: number) => string | undefined {
  const text = textOf(bytes);
  let start = { line: 1, index: 0 };
  return (line) => {
    let { line: at, index } = start.line <= line ? start : { line: 1, index: 0 };
    for (; at < line; at++) {
      const end = text?.indexOf("\n", index) ?? -1;
      if (end < 0) return undefined;
      index = end + 1;
    }
    start = { line, index };
    return text === null ? undefined : lineFrom(text, index);
  };
}

function lineFrom(text: string, index: number): string {
  const end = text.indexOf("\n", index);
  return text.slice(index, end < 0 ? text.length : end).replace(/\r$/, "");
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function frame(text: string, line: number, index: number, colours: Colours): string {
  const [before, token, after] = partsAround(text, index).map(plain) as [string, string, string];
  const number = String(line);
  const gutter = colours.blue(`${" ".repeat(number.length)} |`);
  const carets = "^".repeat(Math.max(1, widthOf(token)));
  const shownLine = `${colours.blue(`${number} |`)} ${before}${token}${after}`.trimEnd();
  return `${gutter}\n${shownLine}\n${gutter} ${" ".repeat(widthOf(before))}${colours.red(carets)}\n`;
}

/** What stands before the token, the token, and what follows it; cut where the line is long. */
function partsAround(text: string, index: number): readonly string[] {
  const isWhole = text.length <= WHOLE;
  const from = isWhole ? 0 : Math.max(0, index - BEFORE);
  const to = isWhole ? text.length : Math.min(text.length, index + AFTER);
  TOKEN.lastIndex = 0;
  const token = TOKEN.exec(text.slice(index, to))?.[0] ?? "";
  const before = text.slice(from, index);
  const after = text.slice(index + token.length, to);
  return [from > 0 ? `…${before}` : before, token, to < text.length ? `${after}…` : after];
}

/** Halves of characters that the cut has left go, too. */
function plain(text: string): string {
  return shown(text.replaceAll("\t", TAB).replace(/\p{Cs}/gu, ""));
}

/** Columns of a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!/\p{M}/u.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return width;
}
