import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below Linux's ports for whoever asks for any (32768 to 60999): those go to connections and to other programs at any moment. */
const FIRST = 10_000;
const LAST = 32_767;

/** What this process was given: a port is free until its server starts. @type {Set<number>} */
const given = new Set();

/** A port of this machine that nobody listens on. @returns {Promise<number>} */
export async function freePort() {
  const port = randomInt(FIRST, LAST + 1);
  if (given.has(port) || !(await isFree(port))) return freePort();
  given.add(port);
  return port;
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
