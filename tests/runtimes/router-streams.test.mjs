// Large bodies through the router in a real workerd, many at a time: whole, and never gathered in memory. Origins that don't keep their word.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { Agent, request } from "node:http";
import { after, before, describe, test } from "node:test";
import { answerTo, send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";

const MIB = 1 << 20;
const STREAMS = 200;
const CHUNK = Buffer.alloc(64 << 10, "pointsman ");
const CHUNKS = (10 * MIB) / CHUNK.length;
const WHOLE = digestOf(Array.from({ length: CHUNKS }, () => CHUNK));

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/edge.mjs").Edge} */
let edge;
/** @type {number} workerd's process */
let workerd;
const agent = new Agent({ keepAlive: true, maxSockets: STREAMS });

before(async () => {
  stable = await startOrigin("stable");
  const known = new Set(await workerds());
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: "0123456789abcdef0123456789abcdef" });
  workerd = (await workerds()).find((pid) => !known.has(pid)) ?? 0;
  await edge.put({
    backends: { stable: { origin: stable.url, timeout: "20s" } },
    routes: [
      { name: "all", match: {}, backend: "stable", fallback: "stable", visitor: { cookie: "vid", maxAge: "1d" } },
    ],
  });
  await until(async () => (await send(edge.url)).status, (status) => status === 200); // prettier-ignore
});
after(async () => {
  agent.destroy();
  await edge?.stop();
  await stable?.close();
});

/** @param {Iterable<Buffer>} chunks */
function digestOf(chunks) {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

/** The processes of this test that are a workerd. */
async function workerds() {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")));
  return pids.filter((_, place) => names[place]?.startsWith("workerd"));
}

/** What workerd holds in memory, in MiB. */
async function resident() {
  const status = await readFile(`/proc/${workerd}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

/** The most that workerd held while something went on. @param {Promise<unknown>} work */
async function peakDuring(work) {
  let going = true;
  const done = work.finally(() => {
    going = false;
  });
  let peak = 0;
  while (going) {
    peak = Math.max(peak, await resident());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done;
  return peak;
}

async function download() {
  const sent = request(`${edge.url}/large`, { agent });
  sent.end();
  const response = await answerTo(sent);
  const hash = createHash("sha256");
  for await (const chunk of response) hash.update(chunk);
  return hash.digest("hex");
}

async function upload() {
  const headers = { "content-length": CHUNK.length * CHUNKS };
  const sent = request(`${edge.url}/upload`, { method: "POST", agent, headers });
  const answered = answerTo(sent);
  for (let i = 0; i < CHUNKS; i++) if (!sent.write(CHUNK)) await once(sent, "drain");
  sent.end();
  const response = await answered;
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

describe("200 streams of 10 MB at once", () => {
  before(async () => {
    stable.on("/large", async (_, response) => {
      response.writeHead(200, { "content-length": CHUNK.length * CHUNKS });
      for (let i = 0; i < CHUNKS; i++) if (!response.write(CHUNK)) await once(response, "drain");
      response.end();
    });
    stable.on("/upload", async (asked, response) => {
      const hash = createHash("sha256");
      for await (const chunk of asked) hash.update(chunk);
      response.end(hash.digest("hex"));
    });
    // Sockets and their buffers are there from now on.
    await Promise.all(Array.from({ length: STREAMS }, () => send(edge.url, { agent }).then(({ status }) => status)));
  });

  for (const [what, work] of /** @type {const} */ ([
    ["down", download],
    ["up", upload],
  ])) {
    // All of them together are 2,000 MiB. What it takes is a few hundred KiB of buffers a stream.
    test(`${what}: each is whole, and workerd holds none of them`, async (t) => {
      const start = await resident();
      const streams = Promise.all(Array.from({ length: STREAMS }, work));
      const grown = (await peakDuring(streams)) - start;
      t.diagnostic(`${start.toFixed(0)} MiB before, ${grown.toFixed(0)} MiB more at the most`);
      assert.deepEqual(new Set(await streams), new Set([WHOLE]));
      assert.ok(grown < 200, `${grown.toFixed(0)} MiB more than before`);
    });
  }

  test("and again: nothing is left over from the first round", async (t) => {
    const before = await resident();
    await Promise.all(Array.from({ length: STREAMS }, download));
    const grown = (await resident()) - before;
    t.diagnostic(`${grown.toFixed(0)} MiB more after another round`);
    assert.ok(grown < 50, `${grown.toFixed(0)} MiB more than after the first round`);
  });
});

describe("an origin that does not keep its word", () => {
  /** @param {(socket: import("node:net").Socket) => void} answer */
  const raw = (answer) => stable.on("/raw", (asked) => answer(asked.socket));

  test("resetting before it answered gives 502", async () => {
    raw((socket) => socket.resetAndDestroy());
    assert.equal((await send(`${edge.url}/raw`)).status, 502);
  });

  test("sending less than it announced breaks the client's response", async () => {
    raw((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"));
    await assert.rejects(send(`${edge.url}/raw`), { code: "ECONNRESET" });
  });

  test("sending more than it announced is cut off there", async () => {
    raw((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nhalf and more"));
    const answer = await send(`${edge.url}/raw`);
    assert.deepEqual([answer.status, answer.text], [200, "half"]);
  });

  test("sending what is no HTTP gives 502", async () => {
    raw((socket) => socket.end("what?\r\n\r\n"));
    assert.equal((await send(`${edge.url}/raw`)).status, 502);
  });
});
