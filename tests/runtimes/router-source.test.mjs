// Where the snapshot comes from, and what visitors get when it doesn't come: in a real workerd, with a real store.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";
import { snapshotOf } from "./router/snapshot.mjs";

/** @typedef {import("./router/origin.mjs").Origin} Origin */
/** @type {Origin} */
let stable;
/** @type {Origin} */
let canary;
/** @type {Origin} */
let store;

const URL_PATH = "/shop/a";
const everyone = (percentage) =>
  snapshotOf({ stable: stable.url, canary: canary.url }, { rolloutPercentage: percentage });

before(async () => {
  [stable, canary, store] = await Promise.all(["stable", "canary", "store"].map(startOrigin));
});
beforeEach(() => {
  store.seen.length = 0;
});
after(() => Promise.all([stable.close(), canary.close(), store.close()]));

/** The store holds this from now on. @param {unknown} snapshot @param {number} [delay] - in milliseconds. */
function stored(snapshot, delay = 0) {
  const text = typeof snapshot === "string" ? snapshot : JSON.stringify(snapshot);
  store.on("/", (_, response) => void setTimeout(() => response.end(text), delay));
}

/** Runs a worker for one test. @param {object} options @param {(ask: Ask, edge: import("./router/edge.mjs").Edge) => Promise<void>} body
 * @typedef {(headers?: import("node:http").OutgoingHttpHeaders) => Promise<import("./router/client.mjs").Answer>} Ask */
async function withEdge(options, body, bindings = {}) {
  const edge = await startEdge("source-worker.mjs", { STORE: store.url, OPTIONS: options, ...bindings });
  try {
    await body((headers = { cookie: "uid=dave" }) => send(edge.url + URL_PATH, { headers }), edge);
  } finally {
    await edge.stop();
  }
}

/** @param {import("./router/client.mjs").Answer} answer */
const backend = (answer) => answer.headers["x-origin"];

/** @param {string} name @param {number} [patience] */
const reaches = (name, patience) => (ask) =>
  until(
    async () => backend(await ask()),
    (origin) => origin === name,
    patience,
  );

describe("an edited snapshot", () => {
  test("is served within the interval, in the background of requests", async () => {
    stored(everyone(0));
    await withEdge({ interval: 100 }, async (ask) => {
      assert.equal(backend(await ask()), "stable");
      stored(everyone(100));
      await reaches("canary")(ask);
    });
  });

  test("is what the first request after an idle time gets", async () => {
    stored(everyone(0));
    await withEdge({ interval: 100, patience: 1_000 }, async (ask) => {
      assert.equal(backend(await ask()), "stable");
      stored(everyone(100), 50);
      await sleep(250);
      const burst = await Promise.all([ask(), ask(), ask(), ask()]);
      assert.deepEqual(burst.map(backend), ["canary", "canary", "canary", "canary"]);
    });
  });

  test("is read once an interval, however many ask", async () => {
    stored(everyone(0));
    await withEdge({ interval: 60_000 }, async (ask) => {
      await Promise.all(Array.from({ length: 50 }, () => ask()));
      await Promise.all(Array.from({ length: 50 }, () => ask()));
      assert.equal(store.seen.length, 1);
    });
  });
});

describe("trouble with the store leaves the last good snapshot", () => {
  for (const [what, trouble, logged] of /** @type {[string, () => void, RegExp][]} */ ([
    ["text that is not JSON", () => stored('{"flags": '), /snapshot refused/],
    ["a snapshot with an unknown field", () => stored({ ...everyone(100), flag: {} }), /snapshot refused/],
    ["a failure", () => store.on("/", (_, response) => response.writeHead(500).end()), /the store answered 500/],
    ["a missing snapshot", () => store.on("/", (_, response) => response.writeHead(404).end()), /holds no snapshot/],
    ["a refused connection", () => store.on("/", (asked) => asked.socket.destroy()), /pointsman: /],
    ["a hanging store", () => store.on("/", () => {}), /took longer than 150 ms/],
  ])) {
    test(what, async () => {
      stored(everyone(0));
      await withEdge({ interval: 50, timeout: 150 }, async (ask, edge) => {
        assert.equal(backend(await ask()), "stable");
        trouble();
        await until(
          async () => (assert.equal(backend(await ask()), "stable"), edge.log()),
          (log) => logged.test(log),
        );
        const lines = edge.log();
        for (let asked = 0; asked < 20; asked++) assert.equal(backend(await ask()), "stable");
        assert.equal(edge.log(), lines, "the same trouble was reported once a request");
        stored(everyone(100));
        await reaches("canary")(ask);
      });
    });
  }

  test("and a slow store costs no request more than its patience", async () => {
    stored(everyone(0));
    await withEdge({ interval: 50, patience: 60, timeout: 2_000 }, async (ask) => {
      await ask();
      stored(everyone(100), 1_000);
      await sleep(100);
      const start = Date.now();
      assert.equal(backend(await ask()), "stable");
      assert.ok(Date.now() - start < 500, `it took ${Date.now() - start} ms`);
    });
  });
});

describe("before there is any snapshot", () => {
  const nothing = () => store.on("/", (_, response) => response.writeHead(404).end());

  test("requests go to the fallback origin, which the debug header tells", async () => {
    nothing();
    await withEdge({ fallbackOrigin: stable.url, interval: 50 }, async (ask) => {
      const answer = await ask();
      assert.equal(backend(answer), "stable");
      assert.equal(answer.headers.pointsman, "reason=ERROR, detail=GENERAL, fallback");
      stored(everyone(100));
      await reaches("canary")(ask);
    });
  });

  test("a hanging store holds a request no longer than its timeout", async () => {
    store.on("/", () => {});
    await withEdge({ fallbackOrigin: stable.url, timeout: 150 }, async (ask) => {
      const start = Date.now();
      assert.equal(backend(await ask()), "stable");
      assert.ok(Date.now() - start < 1_000, `it took ${Date.now() - start} ms`);
    });
  });

  test("the bundled one is served, also while the store hangs", async () => {
    store.on("/", () => {});
    await withEdge({ engineOptions: { snapshot: everyone(100) }, timeout: 300, interval: 50 }, async (ask) => {
      const start = Date.now();
      assert.equal(backend(await ask()), "canary");
      assert.ok(Date.now() - start < 250, `it took ${Date.now() - start} ms`);
      stored(everyone(0));
      await reaches("stable")(ask);
    });
  });

  test("a bundled one that is refused is no worse than none", async () => {
    stored(everyone(100));
    await withEdge(
      { engineOptions: { snapshot: "{" }, fallbackOrigin: stable.url, interval: 50 },
      async (ask, edge) => {
        await reaches("canary")(ask);
        assert.match(edge.log(), /snapshot refused/);
      },
    );
  });

  /** Someone's request starts the read, two others wait for it, and the first client leaves. */
  async function leave(ask, edge) {
    const leaver = request(edge.url + URL_PATH, { agent: false }).on("error", () => {});
    leaver.end();
    await until(
      async () => store.seen.length,
      (reads) => reads === 1,
    );
    const others = [ask(), ask()];
    await sleep(50);
    leaver.socket?.resetAndDestroy();
    return (await Promise.all(others)).map(backend);
  }

  // workerd cancels what a request began when its client leaves; what it began for all is kept going.
  test("a client that leaves while it is read leaves the others decided", async () => {
    stored(everyone(100), 300);
    await withEdge({ fallbackOrigin: stable.url, timeout: 1_000 }, async (ask, edge) => {
      assert.deepEqual(await leave(ask, edge), ["canary", "canary"]);
    });
  });

  test("a read that was cancelled, so that it never ends, is given up and made again", async () => {
    stored(everyone(100), 300);
    const unkept = async (ask, edge) => {
      assert.deepEqual(await leave(ask, edge), ["stable", "stable"]);
      await reaches("canary")(ask);
    };
    await withEdge({ fallbackOrigin: stable.url, timeout: 500, interval: 50 }, unkept, { UNKEPT: true });
  });
});

test("a flag that is broken alone is logged once, and the others are served", async () => {
  const sound = everyone(100);
  stored({ ...sound, flags: { ...sound.flags, broken: { enabled: true, rolloutPercentage: 101 } } });
  const logged = /pointsman: 1:\d+ \/flags\/broken\/rolloutPercentage: .+ \([A-Z_]+\)/g;
  await withEdge({ interval: 20 }, async (ask, edge) => {
    await until(
      async () => (assert.equal(backend(await ask()), "canary"), store.seen.length),
      (reads) => reads > 5,
    );
    assert.equal(edge.log().match(logged)?.length, 1, edge.log());
  });
});

test("a context that fails leaves a request without it, and served", async () => {
  stored(everyone(50));
  await withEdge({}, async (ask, edge) => {
    const answer = await ask({ "x-break": "1", cookie: "vid=v1" });
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers.pointsman), /reason=SPLIT/);
    assert.match(edge.log(), /the session store is down/);
  });
});

test("a KV namespace that is not bound is said, and requests are served without it", async () => {
  const edge = await startEdge("unbound-worker.mjs", { ORIGIN: stable.url });
  try {
    assert.equal(backend(await send(`${edge.url}/anything`)), "stable");
    assert.match(edge.log(), /no KV namespace is bound as "MISSING"/);
  } finally {
    await edge.stop();
  }
});
