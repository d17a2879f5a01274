// What every platform has to do, told once: each test file starts its platform and has it run through this.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { answerTo, send, until } from "../runtimes/router/client.mjs";
import { parseDictionary } from "../runtimes/router/dictionary.mjs";
import { ELSEWHERE } from "./snapshot.mjs";
import { startWorld } from "./world.mjs";

/**
 * A platform that runs its example.
 * @typedef {{ status: number, headers: Record<string, unknown>, text: string }} Answer
 * @typedef {{ uid?: string, method?: string, headers?: Record<string, string>, body?: string }} Asking
 * @typedef {object} Started
 * @property {(path: string, asking?: Asking) => Promise<Answer>} ask
 * @property {string} [url] - where plain HTTP clients ask; absent in a page.
 * @property {() => string} log
 * @property {() => Promise<void>} stop
 * @property {(snapshot: object) => Promise<void>} [put] - where its store is not the world's.
 * @property {() => Promise<void>} [fail]
 *
 * @typedef {object} Expected
 * @property {string} [unabortable] - why a client that leaves can't be seen to abort anything.
 * @property {boolean} knowsClients - `request.ip` is the connection's.
 * @property {(ask: Started["ask"], world: import("./world.mjs").World) => Promise<void>} unmatched - asserts what a request that no
 *   route matches gets.
 */

/** Headers that one proxy or another tells a client's address and country in. */
const SPOOFED = {
  forwarded: `for=${ELSEWHERE}`,
  ...Object.fromEntries(
    [
      "x-forwarded-for",
      "x-real-ip",
      "x-client-ip",
      "true-client-ip",
      "x-nf-client-connection-ip",
      "x-vercel-forwarded-for",
    ].map((name) => [name, ELSEWHERE]),
  ),
  ...Object.fromEntries(
    ["cf-ipcountry", "x-country", "x-country-code", "x-nf-country", "x-vercel-ip-country"].map((name) => [name, "DE"]),
  ),
  "x-nf-geo": Buffer.from(JSON.stringify({ country: { code: "DE" } })).toString("base64"),
};

/** How long a snapshot may take: it is read once a second, and less often while that fails. In milliseconds. */
const PATIENCE = 15_000;

/**
 * @param {string} platform
 * @param {(world: import("./world.mjs").World) => Promise<Started>} start
 * @param {Expected} expected
 */
export function tell(platform, start, expected) {
  describe(platform, { timeout: 120_000 }, () => {
    /** @type {import("./world.mjs").World} */
    let world;
    /** @type {Started} */
    let started;

    const put = (moving) => (started.put ?? world.put)(world.snapshot(moving));
    /** @param {string} path @param {Asking} [asking] */
    const ask = (path, asking) => started.ask(path, asking);
    /** @param {string} path @param {Asking} [asking] */
    const backend = async (path, asking) => (await ask(path, asking)).headers["x-origin"];
    /** @param {string} path @param {Asking} [asking] */
    const why = async (path, asking) => parseDictionary(String((await ask(path, asking)).headers.pointsman));

    before(async () => {
      world = await startWorld();
      await world.put(world.snapshot());
      started = await start(world);
      await put(0);
      await until(() => backend("/fixed/"), (origin) => origin === "stable", PATIENCE); // prettier-ignore
    });
    after(async () => {
      await started?.stop();
      await world?.close();
    });

    test("what the example names is read, and nothing else taken for a snapshot", () => {
      assert.doesNotMatch(started.log(), /snapshot refused/);
    });

    test("a visitor's answer is always the same, and the same as everywhere", async () => {
      const engine = await createEngine({ snapshot: world.snapshot() });
      const seen = new Set();
      for (let visitor = 0; visitor < 16; visitor++) {
        const uid = `visitor-${visitor}`;
        const elsewhere = engine.isEnabled("half", { userId: uid }) ? "canary" : "stable";
        assert.equal(await backend("/half/", { uid }), elsewhere, uid);
        assert.equal(await backend("/half/again", { uid }), elsewhere, uid);
        seen.add(elsewhere);
      }
      assert.equal(seen.size, 2);
    });

    test("who is listed reaches the canary, and the debug header says why", async () => {
      assert.equal(await backend("/listed/", { uid: "alice" }), "canary");
      assert.equal(await backend("/listed/", { uid: "bob" }), "stable");
      const { route, reason, detail } = await why("/listed/", { uid: "alice" });
      assert.deepEqual([route, reason, detail], ["listed", { token: "TARGETING_MATCH" }, { token: "whitelist" }]);
    });

    test("nobody without an id is in", async () => {
      const { backend, detail } = await why("/half/");
      assert.deepEqual([backend, detail], ["stable", { token: "TARGETING_KEY_MISSING" }]);
    });

    test("method, path, query and body reach the backend", async () => {
      const { text } = await ask("/fixed/a%20b?x=1&y=%2F", { method: "POST", body: "hello" });
      const { method, url, body } = JSON.parse(text);
      assert.deepEqual([method, url, body], ["POST", "/fixed/a%20b?x=1&y=%2F", "hello"]);
    });

    test("a backend that is down: its fallback, or 502 for what can't be sent twice", async () => {
      const got = await ask("/down/", { uid: "alice" });
      assert.deepEqual([got.status, got.headers["x-origin"]], [200, "stable"]);
      assert.equal((await why("/down/", { uid: "alice" })).fallback, true);
      const posted = await ask("/down/", { uid: "alice", method: "POST", body: "order" });
      assert.deepEqual([posted.status, posted.text], [502, '502: backend "down" can\'t be reached\n']);
    });

    test("an address or a country that a client claims is not believed, nor told to the backend", async () => {
      assert.equal(await backend("/elsewhere/", { headers: SPOOFED }), "stable");
      assert.equal(await backend("/german/", { headers: SPOOFED }), "stable");
      const { headers } = JSON.parse((await ask("/fixed/", { headers: SPOOFED })).text);
      const { forwarded, "x-real-ip": real, "x-forwarded-for": forwardedFor } = headers;
      assert.deepEqual([forwarded, real], [undefined, undefined]);
      assert.equal(forwardedFor, expected.knowsClients ? "127.0.0.1" : undefined);
      assert.equal(await backend("/here/"), expected.knowsClients ? "canary" : "stable");
    });

    test("a request that no route matches", () => expected.unmatched(ask, world));

    test("a body streams to the backend, and back", async (context) => {
      if (started.url === undefined) return context.skip("a page's uploads are sent whole");
      await upstream(started.url, world.stable);
      await downstream(started.url, world.stable);
    });

    test("a client that leaves aborts its request to the backend", async (context) => {
      if (expected.unabortable !== undefined) return context.skip(expected.unabortable);
      const asked = new Promise((resolve) => world.stable.on("/fixed/hangs", resolve));
      const sent = request(`${started.url}/fixed/hangs`, { agent: false }).on("error", () => {});
      sent.end();
      const { socket } = /** @type {import("node:http").IncomingMessage} */ (await asked);
      // Bun resets the connection, which is an error first.
      const gone = new Promise((resolve) => socket.once("close", resolve));
      // A reset: workerd by itself takes a mere end of the client's sending for a client that still listens.
      sent.socket?.resetAndDestroy();
      await gone;
      assert.equal((await send(`${started.url}/fixed/`)).status, 200);
    });

    test("a changed snapshot arrives; a store that fails leaves the last good one; then the next arrives", async () => {
      const arrives = (name) => until(() => backend("/moving/", { uid: "dave" }), (origin) => origin === name, PATIENCE); // prettier-ignore
      assert.equal(await backend("/moving/", { uid: "dave" }), "stable");
      await put(100);
      await arrives("canary");
      await (started.fail ?? world.fail)();
      await until(
        async () => (assert.equal(await backend("/moving/", { uid: "dave" }), "canary"), started.log()),
        (log) => /answered 500|snapshot refused/.test(log),
        PATIENCE,
      );
      await put(0);
      await arrives("stable");
    });
  });
}

/** Where nothing is behind the handler. @type {Expected["unmatched"]} */
export async function notFound(ask) {
  const { status, text } = await ask("/elsewhere");
  assert.deepEqual([status, text], [404, "404: no route matches this request\n"]);
}

/** The second half is sent when the first has arrived. @param {string} url @param {import("../runtimes/router/origin.mjs").Origin} origin */
async function upstream(url, origin) {
  const asked = new Promise((resolve) => origin.on("/fixed/up", (...both) => resolve(both)));
  const sent = request(`${url}/fixed/up`, { method: "POST", agent: false });
  sent.write("one");
  const [received, response] = await asked;
  assert.equal(String((await once(received, "data"))[0]), "one");
  const rest = received.toArray();
  sent.end("two");
  assert.equal(Buffer.concat(await rest).toString(), "two");
  response.end();
  assert.equal((await answerTo(sent)).statusCode, 200);
}

/** The second half is sent when the first has arrived. @param {string} url @param {import("../runtimes/router/origin.mjs").Origin} origin */
async function downstream(url, origin) {
  const asked = new Promise((resolve) => origin.on("/fixed/down", (_, response) => resolve(response)));
  const sent = request(`${url}/fixed/down`, { agent: false });
  sent.end();
  const response = /** @type {import("node:http").ServerResponse} */ (await asked);
  response.write("one");
  const answer = await answerTo(sent);
  assert.equal(String((await once(answer, "data"))[0]), "one");
  response.end("two");
  assert.equal(Buffer.concat(await answer.toArray()).toString(), "two");
}

/** Asks over HTTP, as a browser would: the visitor's id is in the cookie `uid`. @param {string} url @returns {Started["ask"]} */
export const over =
  (url) =>
  (path, { uid, headers, ...rest } = {}) =>
    send(url + path, { ...rest, headers: { ...headers, ...(uid === undefined ? {} : { cookie: `uid=${uid}` }) } });
