import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Command } from "commander";
import { reasonOf } from "../errors.js";
import { grouped } from "./terminal.js";

/** Stands for stdin and stdout. */
export const STANDARD = "-";

/** What any engine takes at the very most, and the most that is read of anything: devices and pipes need not end. */
export const MOST_BYTES = 64 << 20;
/** Bytes of one read: with Node's own 64 KiB, 60 MiB took 290 ms in place of 150. */
const CHUNK_BYTES = 1 << 20;

let isStdinRead = false;

/** A file's bytes, or stdin's. Throws what reading throws, and for more than `MOST_BYTES`. */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path !== STANDARD) return bytesOf(createReadStream(path, { highWaterMark: CHUNK_BYTES }));
  if (isStdinRead) throw new Error("stdin can be read only once");
  isStdinRead = true;
  return bytesOf(process.stdin);
}

/** Leaving the loop ends the stream, and with it whoever writes to it. */
async function bytesOf(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new RangeError(`it has more than ${grouped(MOST_BYTES)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
