import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { reasonOf } from "../errors.js";

/** Stands for stdin and stdout. */
export const STANDARD = "-";

let isStdinRead = false;

/** A file's bytes, or stdin's. Throws what reading throws. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path !== STANDARD) return readFile(path);
  if (isStdinRead) throw new Error("stdin can be read only once");
  isStdinRead = true;
  return buffer(process.stdin);
}

/** As `readBytes`; where there are none to be had, the command ends as used wrongly. */
export async function readInput(command: Command, path: string): Promise<Uint8Array> {
  try {
    return await readBytes(path);
  } catch (error) {
    return command.error(`error: ${unreadable(path, error)}`);
  }
}

/** Why a file's bytes can't be had, in words. */
export function unreadable(path: string, error: unknown): string {
  return `${path} can't be read: ${reasonOf(error)}`;
}

/** Writes to a file, or stdout. */
export async function writeOutput(command: Command, path: string, bytes: Uint8Array): Promise<void> {
  try {
    await (path === STANDARD ? toStdout(bytes) : writeFile(path, bytes));
  } catch (error) {
    command.error(`error: ${path} can't be written: ${reasonOf(error)}`);
  }
}

function toStdout(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
