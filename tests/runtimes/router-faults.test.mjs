// Injected faults: the same victims each time, as many as were asked for, never for longer, never counted by a guard.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { createRouter } from "../../js/dist/router.js";
import { send, until } from "./router/client.mjs";
import { parseDictionary } from "./router/dictionary.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";

const LATER = "2099-01-01T00:00:00Z";
const abort = { name: "abort", percentage: 10, until: LATER, abort: { status: 503 } };

/** @type {import("./router/origin.mjs").Origin} */
let origin;
/** @type {import("./router/edge.mjs").Edge} */
let edge;

before(async () => {
  origin = await startOrigin("stable");
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: "0123456789abcdef0123456789abcdef" });
  const route = (/** @type {string} */ name, /** @type {object[]} */ faults, more = {}) => ({
    name,
    match: { path: `/${name}/*` },
    backend: "stable",
    fallback: "stable",
    faults,
    ...more,
  });
  const visitor = { cookie: "vid", maxAge: "1d" };
  const all = { name: "slow", percentage: 100, until: LATER };
  await edge.put({
    backends: { stable: { origin: origin.url } },
    routes: [
      route("abort", [abort], { visitor }),
      route("slow", [{ ...all, delay: { fixed: "400ms" } }]),
      route("few", [{ ...all, delay: { fixed: "700ms" }, abort: { status: 418 }, maxActive: 20 }]),
      route("empty", [{ ...all, abort: { status: 204 } }], { visitor }),
      route("none", []),
    ],
  });
  await until(async () => (await send(`${edge.url}/none/`)).status, (status) => status === 200); // prettier-ignore
});
after(async () => {
  await edge?.stop();
  await origin?.close();
});

/** @param {object} more */
async function engineWith(more = {}, snapshot = {}) {
  return createEngine({
    clock: () => Date.parse("2026-03-02T12:00:00Z"),
    snapshot: {
      backends: { a: { origin: "https://a.example" } },
      routes: [{ name: "r", match: {}, backend: "a", fallback: "a", faults: [{ ...abort, ...more }] }],
      ...snapshot,
    },
  });
}

/** @param {Awaited<ReturnType<typeof createEngine>>} engine */
function victims(engine, visitors = 20_000) {
  const ids = Array.from({ length: visitors }, (_, number) => `visitor-${number}`);
  const headers = new Headers();
  const asked = { url: "https://shop.example/", method: "GET", headers };
  return ids.filter((userId) => engine.route(asked, { context: { userId } })?.fault !== null);
}

describe("whom a fault hits", () => {
  test("10 % of visitors, within 1 %, and the same ones each time", async () => {
    const engine = await engineWith();
    const hit = victims(engine);
    assert.ok(Math.abs(hit.length / 200 - 10) < 1, `${hit.length} of 20,000`);
    assert.deepEqual(victims(engine), hit);
    const more = new Set(victims(await engineWith({ percentage: 20 })));
    assert.ok(hit.every((id) => more.has(id)), "a larger percentage only adds"); // prettier-ignore
    assert.notDeepEqual(victims(await engineWith({ name: "another" })), hit);
  });

  test("nobody from `until` on, at 0 %, without an id, or with faults turned off; everybody at 100 %", async () => {
    assert.deepEqual(victims(await engineWith({ until: "2026-03-02T12:00:00Z" })), []);
    assert.equal(victims(await engineWith({ until: "2026-03-02T12:00:00.001Z" })).length > 0, true);
    assert.deepEqual(victims(await engineWith({ percentage: 0 })), []);
    assert.deepEqual(victims(await engineWith({}, { faultsEnabled: false })), []);
    const engine = await engineWith();
    const asked = { url: "https://shop.example/", method: "GET", headers: new Headers() };
    assert.equal(engine.route(asked)?.fault, null);
    assert.equal((await engineWith({ percentage: 100 })).route(asked)?.fault?.abortStatus, 503);
  });

  test("only whom its condition is true for; unknown is not true", async () => {
    const engine = await engineWith({ percentage: 100, if: { attribute: "request.header.x-chaos", op: "in", values: ["yes"] } }); // prettier-ignore
    const ask = (headers = {}) =>
      engine.route({ url: "https://shop.example/", method: "GET", headers: new Headers(headers) })?.fault;
    assert.deepEqual([ask({ "x-chaos": "yes" })?.name, ask({ "x-chaos": "no" }), ask()], ["abort", null, null]);
  });

  test("nobody by a clock that fails, which is no reason to leave a route", async () => {
    const engine = await createEngine({
      clock: () => NaN,
      snapshot: {
        backends: { a: { origin: "https://a.example" }, b: { origin: "https://b.example" } },
        routes: [{ name: "r", match: {}, backend: "a", fallback: "b", faults: [{ ...abort, percentage: 100 }] }],
      },
    });
    const decision = engine.route({ url: "https://shop.example/", method: "GET", headers: new Headers() });
    assert.deepEqual([decision?.backend, decision?.fallback, decision?.fault], ["a", false, null]);
  });

  test("not longer, because a snapshot is stale: schedules hold then, faults end", async () => {
    const clock = { now: Date.parse("2026-03-02T12:00:00Z") };
    const engine = await createEngine({
      clock: () => clock.now,
      snapshot: {
        maxAge: "1m",
        backends: { a: { origin: "https://a.example" } },
        routes: [{ name: "r", match: {}, backend: "a", fallback: "a", faults: [{ ...abort, percentage: 100, until: "2026-03-02T13:00:00Z" }] }], // prettier-ignore
      },
    });
    const asked = { url: "https://shop.example/", method: "GET", headers: new Headers() };
    assert.equal(engine.route(asked)?.fault?.name, "abort");
    clock.now += 3_600_000;
    assert.equal(engine.route(asked)?.fault, null);
  });
});

describe("what a fault does, in workerd", () => {
  test("an abort answers in the backend's place, says so, and is kept by no cache", async () => {
    const id = async () => {
      for (let number = 0; ; number++) {
        const answer = await send(`${edge.url}/abort/`, { headers: { cookie: `vid=v-${number}` } });
        if (answer.status !== 200) return { answer, cookie: `vid=v-${number}` };
      }
    };
    const { answer, cookie } = await id();
    assert.deepEqual([answer.status, answer.text], [503, "503: a fault was injected\n"]);
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(parseDictionary(String(answer.headers.pointsman)).fault, "abort");
    origin.seen.length = 0;
    for (let round = 0; round < 5; round++) {
      assert.equal((await send(`${edge.url}/abort/`, { headers: { cookie } })).status, 503);
    }
    assert.equal(origin.seen.length, 0);
  });

  test("a status without a body has none, and the visitor's cookie is set all the same", async () => {
    const answer = await send(`${edge.url}/empty/`);
    assert.deepEqual([answer.status, answer.text], [204, ""]);
    assert.match(String(answer.setCookie[0]), /^vid=/);
  });

  test("a delay holds the request back, and then it goes on", async () => {
    const began = Date.now();
    const answer = await send(`${edge.url}/slow/`);
    assert.equal(answer.status, 200);
    assert.ok(Date.now() - began >= 390, `${Date.now() - began} ms`);
    assert.equal(parseDictionary(String(answer.headers.pointsman)).fault, "slow");
  });

  test("`maxActive` holds under 200 concurrent requests: 20 are hit, 180 go on as if there were no fault", async () => {
    origin.seen.length = 0;
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(`${edge.url}/few/`)));
    const hit = answers.filter(({ status }) => status === 418);
    const passed = answers.filter(({ status }) => status === 200);
    assert.deepEqual([hit.length, passed.length, origin.seen.length], [20, 180, 180]);
    assert.ok(passed.every(({ headers }) => parseDictionary(String(headers.pointsman)).fault === undefined));
    const counts = JSON.parse((await send(`${edge.url}/faults`)).text);
    assert.deepEqual(
      counts.find((/** @type {any} */ { route }) => route === "few"),
      { route: "few", fault: "slow", injected: 20, skipped: 180, active: 0 },
    );
    // They have given their places back.
    assert.equal((await send(`${edge.url}/few/`)).status, 418);
  });

  test("clients that leave while they wait give their places back, and reach no backend", async () => {
    origin.seen.length = 0;
    const leaving = Array.from({ length: 20 }, () =>
      request(`${edge.url}/few/`, { agent: false }).on("error", () => {}),
    );
    leaving.forEach((sent) => sent.end());
    await Promise.all(leaving.map((sent) => once(sent, "finish")));
    await new Promise((resolve) => setTimeout(resolve, 200));
    leaving.forEach((sent) => sent.destroy());
    let passed = 0;
    const ask = async () => {
      const { status } = await send(`${edge.url}/few/`);
      passed += status === 200 ? 1 : 0;
      return status;
    };
    // workerd doesn't tell a worker that only waits; their places are free when their time is over, at the latest.
    await until(ask, (status) => status === 418, 4_000);
    assert.equal(origin.seen.length, passed);
  });
});

test("guards don't count what was hit, and do count what `maxActive` let go", async () => {
  const slow = { name: "slow", percentage: 100, until: LATER, delay: { fixed: "50ms" } };
  const flags = { f: { enabled: true, rolloutPercentage: 100, guard: {} } };
  const engine = await createEngine({
    snapshot: {
      flags,
      backends: { a: { origin: origin.url } },
      routes: [
        { name: "all", match: { path: "/all" }, flag: "f", backends: { on: "a" }, fallback: "a", faults: [slow] },
        { name: "one", match: { path: "/one" }, flag: "f", backends: { on: "a" }, fallback: "a", faults: [{ ...slow, maxActive: 1 }] }, // prettier-ignore
      ],
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const router = createRouter({ engine, context: () => ({ userId: "u" }) });
  const visit = (/** @type {string} */ path) => router.fetch(new Request(`https://shop.example${path}`));
  await Promise.all(Array.from({ length: 5 }, () => visit("/all")));
  assert.deepEqual(engine.drain().cells, []);
  await Promise.all(Array.from({ length: 5 }, () => visit("/one")));
  const cells = /** @type {{ requests: number }[]} */ (engine.drain().cells);
  assert.equal(cells.reduce((sum, { requests }) => sum + requests, 0), 4); // prettier-ignore
  assert.deepEqual(router.faults(), [
    { route: "all", fault: "slow", injected: 5, skipped: 0, active: 0 },
    { route: "one", fault: "slow", injected: 1, skipped: 4, active: 0 },
  ]);
});
