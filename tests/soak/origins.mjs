/** Four origins: two that are sound, one that breaks when it is told to, and one that does whatever a path asks for. */
import { createServer } from "node:http";
import { listen } from "../runtimes/router/origin.mjs";
import { BACKEND_TIMEOUT_MS } from "./snapshots.mjs";

/** How long a slow answer takes to begin, in milliseconds. */
const SLOW_MS = 100;
/** Bytes of an answer's body. */
const BODY_BYTES = 2_000;

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 * @typedef {{ url: string, close: () => Promise<void> }} Origin
 */

/** A sound answer names who gave it and to which request: `/ROUTE/KIND/ID`. @param {string} name @param {string} id */
export function bodyOf(name, id) {
  const line = `${name} answers ${id}\n`;
  return line + ".".repeat(BODY_BYTES - line.length);
}

/** How the one that fails does so, by the path's second part. @type {Record<string, (response: Response, body: string) => unknown>} */
const TROUBLES = {
  reset: (response) => response.socket?.resetAndDestroy(),
  stall: () => {},
  garbage: (response) => response.socket?.end("this is no HTTP\r\n\r\n"),
  error: (response, body) => response.writeHead(503).end(body),
  slow: (response, body) => setTimeout(() => response.end(body), SLOW_MS),
  dribble: (response, body) => {
    response.write(body.slice(0, BODY_BYTES / 2));
    setTimeout(() => response.end(body.slice(BODY_BYTES / 2)), BACKEND_TIMEOUT_MS * 1.2);
  },
  // Node would not let it lie.
  "too-short": (response, body) => response.socket?.end(raw(response, body, body.length * 2)),
  "too-long": (response, body) => response.socket?.write(raw(response, body, body.length / 2)),
  "broken-off": (response, body) => {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.slice(0, BODY_BYTES / 2), () => setTimeout(() => response.destroy(), 20));
  },
  sound: (response, body) => response.end(body),
};

export const KINDS = Object.keys(TROUBLES);

/** @param {Response} response @param {string} body @param {number} length - as it is told. */
function raw(response, body, length) {
  return `HTTP/1.1 200 OK\r\nx-origin: ${response.getHeader("x-origin")}\r\ncontent-length: ${length}\r\n\r\n${body}`;
}

/** @param {{ onSpoof: (header: string) => void }} options - told of a header that only the edge may set, and that came from a client. */
export async function startOrigins({ onSpoof }) {
  let failing = false;
  let asked = 0;
  /** Spread evenly, half of them. @param {Response} response @param {string} body */
  const fresh = (response, body) => {
    response.statusCode = failing && ++asked % 2 === 0 ? 503 : 200;
    response.end(body);
  };
  /** @param {Response} response @param {string} body */
  const sound = (response, body) => response.end(body);
  /** @param {Response} response @param {string} body @param {string} kind */
  const flaky = (response, body, kind) => (TROUBLES[kind] ?? sound)(response, body);
  const [stable, canary, broken, breaking] = await Promise.all([
    startOrigin("stable", sound, onSpoof),
    startOrigin("canary", sound, onSpoof),
    startOrigin("flaky", flaky, onSpoof),
    startOrigin("fresh", fresh, onSpoof),
  ]);
  return {
    addresses: { stable: stable.url, canary: canary.url, flaky: broken.url, fresh: breaking.url },
    /** @param {boolean} fails */
    breakFresh: (fails) => void (failing = fails),
    close: () => Promise.all([stable, canary, broken, breaking].map((origin) => origin.close())),
  };
}

/**
 * @param {string} name
 * @param {(response: Response, body: string, kind: string) => unknown} respond
 * @param {(header: string) => void} onSpoof
 * @returns {Promise<Origin>}
 */
async function startOrigin(name, respond, onSpoof) {
  const server = createServer((request, response) => {
    const [, , kind = "", id = ""] = (request.url ?? "").split(/[/?]/);
    for (const header of spoofed(request)) onSpoof(header);
    response.setHeader("x-origin", name);
    // What a client sends is taken whole before it is answered.
    request.resume().on("end", () => respond(response, bodyOf(name, id), kind));
  });
  server.keepAliveTimeout = 120_000;
  const url = `http://127.0.0.1:${await listen(server)}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, close };
}

/** What a client has claimed is marked. @param {Request} request */
function spoofed({ headers }) {
  return Object.keys(headers).filter((name) => String(headers[name]).includes("spoofed") && !name.startsWith("x-own"));
}
