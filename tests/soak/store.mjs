/** A store over HTTP whose snapshot grows a revision a second, and that fails in every way that stores do. */
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { listen } from "../runtimes/router/origin.mjs";
import { pick } from "./random.mjs";

/** Whoever follows it asks at a path of their own. */
export const WORKER_PATH = "/worker";
export const GUARDS_PATH = "/guards";

/** What of all reads goes wrong. */
const FAILING = 1 / 3;
/** In so many seconds nothing is published, and whoever asks is told 304. */
const QUIET = 1 / 5;
/** How much older what a stale mirror gives is. */
const OLDER = 3;

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 * @typedef {(response: Response, text: string) => unknown} Trouble
 */

/** Each leaves the last good snapshot in use. @type {Record<string, Trouble>} */
const TROUBLES = {
  "status 500": (response) => response.writeHead(500).end("the store is down"),
  "a redirect": (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
  hangs: () => {},
  resets: (response) => response.socket?.resetAndDestroy(),
  "breaks off": (response, text) => {
    response.writeHead(200, { "content-length": text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  },
  "truncated JSON": (response, text) => response.writeHead(200).end(text.slice(0, text.length / 2)),
  HTML: (response) => response.writeHead(200, { etag: '"html"' }).end("<!doctype html><h1>It works!</h1>"),
  "random bytes": (response) => response.writeHead(200).end(randomBytes(4_096)),
};

/**
 * @param {{ random: import("./random.mjs").Random, write: (revision: number) => string, onRead: (read: Read) => void }} options
 * @typedef {{ path: string, how: string, revision: number | null, held: number | null }} Read - what was given, and what whoever asked had before.
 */
export async function startStore({ random, write, onRead }) {
  let revision = 1;
  /** What is served for ever under one revision. @type {Map<number, string>} */
  const texts = new Map([[1, write(1)]]);
  let isDown = false;

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const tag = /^"(\d+)"$/.exec(request.headers["if-none-match"] ?? "")?.[1];
    const told = answer(response, tag);
    onRead({ path, ...told, held: tag === undefined ? null : Number(tag) });
  });
  server.keepAliveTimeout = 120_000;

  /** @param {Response} response @param {string | undefined} tag */
  function answer(response, tag) {
    const isFailing = isDown || random() < FAILING;
    const how = isFailing ? pick(random, [...Object.keys(TROUBLES), "older"]) : "sound";
    const given = how === "older" ? Math.max(1, revision - OLDER) : revision;
    const text = texts.get(given) ?? "";
    const trouble = TROUBLES[how];
    if (trouble !== undefined) return (trouble(response, text), { how, revision: null });
    if (tag === String(given)) return (response.writeHead(304).end(), { how: "unchanged", revision: null });
    response.writeHead(200, { etag: `"${given}"` }).end(text);
    return { how: given === revision ? "sound" : "older", revision: given };
  }

  /** @param {boolean} force */
  function publish(force = false) {
    if (!force && random() < QUIET) return;
    revision += 1;
    texts.set(revision, write(revision));
    texts.delete(revision - OLDER - 1);
  }

  const url = `http://127.0.0.1:${await listen(server)}`;
  const timer = setInterval(publish, 1_000, false);
  return {
    url,
    revision: () => revision,
    publish: () => publish(true),
    /** @param {boolean} down - whether every read fails. */
    fail: (down) => void (isDown = down),
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
