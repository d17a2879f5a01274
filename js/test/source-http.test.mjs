/** A snapshot over HTTP, from a real server: what it is asked, and what it may answer. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { closedPort, startOrigin } from "../../tests/runtimes/router/origin.mjs";
import { httpSource } from "../dist/source.js";

const text = JSON.stringify({ revision: 1, flags: { a: { enabled: true } } });

/** @type {import("../../tests/runtimes/router/origin.mjs").Origin} */
let store;
before(async () => void (store = await startOrigin("store")));
beforeEach(() => void (store.seen.length = 0));
after(() => store.close());

/** @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => unknown} handler */
const answers = (handler) => store.on("/flags.json", handler);
const address = () => `${store.url}/flags.json?token=secret`;

/** As a file server does: an ETag, and 304 to who has it. @param {() => [etag: string, text: string]} file @param {object} [headers] */
function serves(file, headers = {}) {
  const told = /** @type {number[]} */ ([]);
  answers((request, response) => {
    const [etag, body] = file();
    const status = request.headers["if-none-match"] === etag ? 304 : 200;
    told.push(status);
    response.writeHead(status, { etag, ...headers }).end(status === 200 ? body : undefined);
  });
  return told;
}

/** @param {unknown} read */
const textIn = (read) => new TextDecoder().decode(/** @type {{ snapshot: Uint8Array }} */ (read).snapshot);

test("what did not change is a 304, and the same bytes again; what did is a 200", async () => {
  let file = /** @type {[string, string]} */ (['"1"', text]);
  const told = serves(() => file);
  const source = httpSource(address());
  const reads = [await source.read(), await source.read(), await source.read()];
  assert.deepEqual(told, [200, 304, 304]);
  assert.deepEqual(reads.map(textIn), [text, text, text]);
  const [first, second] = /** @type {{ snapshot: Uint8Array }[]} */ (reads);
  assert.ok(first !== undefined && second !== undefined && first.snapshot === second.snapshot);
  file = ['"2"', `${text} `];
  assert.equal(textIn(await source.read()), `${text} `);
  await source.read();
  assert.deepEqual(told, [200, 304, 304, 200, 304]);
});

test("a server without ETags is asked for the whole each time", async () => {
  answers((_, response) => response.end(text));
  const source = httpSource(address());
  assert.deepEqual([textIn(await source.read()), textIn(await source.read())], [text, text]);
  assert.deepEqual(
    store.seen.map(({ headers }) => headers["if-none-match"]),
    [undefined, undefined],
  );
});

for (const [control, asked] of /** @type {const} */ ([
  ["max-age=60", 1],
  ["public, MAX-AGE=60, stale-while-revalidate=30", 1],
  ["max-age=0", 3],
  ["no-cache, max-age=60", 3],
  ["no-store", 3],
  ["s-maxage=60", 3],
  ["max-age=soon", 3],
])) {
  test(`with ${control} three reads ask ${asked} time${asked === 1 ? "" : "s"}`, async () => {
    const told = serves(() => ['"1"', text], { "cache-control": control });
    const source = httpSource(address());
    for (let at = 0; at < 3; at++) assert.equal(textIn(await source.read()), text);
    assert.equal(told.length, asked);
  });
}

test("what a cache on the way has kept is as old as that says, and max-age counts from then", async () => {
  const told = serves(() => ['"1"', text], { age: "45", "cache-control": "max-age=45" });
  const source = httpSource(address());
  const { age } = /** @type {{ age: number }} */ (await source.read());
  assert.ok(age >= 45_000 && age < 55_000, `${age} ms`);
  await source.read();
  assert.deepEqual(told, [200, 304]);
});

test("headers are sent", async () => {
  answers((_, response) => response.end(text));
  await httpSource(address(), { headers: { authorization: "Bearer x" } }).read();
  assert.equal(store.seen[0]?.headers.authorization, "Bearer x");
});

const huge = (/** @type {import("node:http").ServerResponse} */ response) => {
  const chunk = Buffer.alloc(64 << 10, " ");
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", pour);
  pour();
};

for (const [what, handler, expected] of /** @type {[string, Parameters<typeof answers>[0], RegExp][]} */ ([
  ["a redirect", (_, response) => response.writeHead(302, { location: "/elsewhere" }).end(), /answered 302$/],
  ["a failure", (_, response) => response.writeHead(500).end("no"), /answered 500$/],
  ["nothing there", (_, response) => response.writeHead(404).end(), /answered 404$/],
  ["a 304 that was not asked for", (_, response) => response.writeHead(304).end(), /answered 304$/],
  ["part of it", (_, response) => response.writeHead(206).end(text), /answered 206$/],
  ["a body without an end", (_, response) => huge(response), /longer than 8388608 bytes$/],
  [
    "a body that breaks off",
    (_, r) => r.writeHead(200, { "content-length": "999" }).write(text, () => r.destroy()),
    /the snapshot broke off$/,
  ],
  ["a connection that is closed", (request) => request.socket.destroy(), /can't be reached: .+/],
])) {
  // prettier-ignore
  test(`${what} is an error, and the next read is none`, async () => {
    const source = httpSource(address());
    answers(handler);
    await assert.rejects(source.read(), (/** @type {Error} */ error) => {
      assert.match(error.message, expected);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
    serves(() => ['"1"', text]);
    assert.equal(textIn(await source.read()), text);
  });
}

test("a server that is not there is an error that says so", async () => {
  await assert.rejects(
    httpSource(`http://127.0.0.1:${await closedPort()}/`).read(),
    /can't be reached: .*ECONNREFUSED/,
  );
});

test("whoever gives up ends the request, and the next one asks anew", async () => {
  const left = new Promise((resolve) => answers((_, response) => response.on("close", () => resolve("left"))));
  const source = httpSource(address());
  const giveUp = new AbortController();
  const read = source.read(giveUp.signal);
  while (store.seen.length === 0) await new Promise(setImmediate);
  giveUp.abort();
  await assert.rejects(read);
  assert.equal(await left, "left");
  serves(() => ['"1"', text]);
  assert.equal(textIn(await source.read()), text);
});

test("a max-age of a year is obeyed for five minutes", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const told = serves(() => ['"1"', text], { "cache-control": "public, max-age=31536000, immutable" });
  const source = httpSource(address());
  await source.read();
  t.mock.timers.tick(299_999);
  assert.deepEqual([/** @type {{ age: number }} */ (await source.read()).age, told.length], [299_999, 1]);
  t.mock.timers.tick(1);
  assert.deepEqual([/** @type {{ age: number }} */ (await source.read()).age, told.length], [0, 2]);
});
