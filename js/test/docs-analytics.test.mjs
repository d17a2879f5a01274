// The examples of docs/exposures.md and docs/bootstrap.md, run: what each receiver gets is what its documentation asks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { startOrigin } from "../../tests/runtimes/router/origin.mjs";
import { createExposures, observe } from "../dist/exposure.js";
import { createEngine } from "../dist/node.js";
import { blocks, page } from "./documents.mjs";

const UUID = /^[0-9a-f-]{36}$/;
const ENTRIES = { pointsman: "node", "pointsman/exposure": "exposure", "pointsman/bootstrap": "bootstrap" };

/** The examples of a page, in one language. @param {string} name @param {string} language */
const examples = (name, language) => blocks(page(`docs/${name}.md`), language);

/** Runs an example as a module. @param {string} example */
function run(example) {
  const source = example.replace(/from "(pointsman[^"]*)"/g, (_, name) => {
    const entry = ENTRIES[/** @type {keyof typeof ENTRIES} */ (name)];
    return `from "${new URL(`../dist/${entry}.js`, import.meta.url)}"`;
  });
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

test("the first example prints what the page says", async (t) => {
  const printed = t.mock.method(console, "log", () => {});
  await run(examples("exposures", "js")[0]);
  const [printedNow] = JSON.parse(printed.mock.calls[0].arguments[0]);
  const [told] = JSON.parse(examples("exposures", "json")[0]);
  assert.deepEqual({ ...printedNow, id: told.id, time: told.time }, told);
  assert.match(printedNow.id, UUID);
});

const [, , segment, posthog, analytics, lines] = examples("exposures", "js");

/** What a receiver gets of one exposure. @param {string} example */
async function received(example) {
  const receiver = await startOrigin("receiver");
  try {
    const { send } = await run(example.replace(/https:\/\/[^/"]+/, receiver.url));
    const exposures = createExposures({ send });
    const engine = await createEngine({ snapshot: { flags: { checkout: { enabled: true, rolloutPercentage: 100 } } } });
    /** @type {Promise<string>} */
    const body = new Promise((resolve) => {
      receiver.server.prependListener("request", async (request) => {
        let text = "";
        for await (const chunk of request) text += chunk;
        resolve(text);
      });
    });
    const before = Date.now();
    observe(engine, exposures).isEnabled("checkout", { userId: "u1" });
    await exposures.flush();
    const [{ url, headers }] = receiver.seen;
    return { url, headers, body: await body, sent: exposures.sent, before };
  } finally {
    await receiver.close();
  }
}

/** @param {string} timestamp @param {number} before */
function assertNow(timestamp, before) {
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Date.parse(timestamp) >= before && Date.parse(timestamp) <= Date.now());
}

test("Segment", async () => {
  const { url, headers, body, sent, before } = await received(segment);
  const { messageId, timestamp, ...track } = JSON.parse(body).batch[0];
  const properties = { experiment_id: "checkout", variation_id: "on" };
  assert.deepEqual(track, { type: "track", userId: "u1", event: "Experiment Viewed", properties });
  assert.match(messageId, UUID);
  assertNow(timestamp, before);
  // The key as the user's name, and no password.
  assert.deepEqual([url, headers.authorization, sent], ["/v1/batch", "Basic WU9VUl9XUklURV9LRVk6", 1]);
});

test("PostHog", async () => {
  const { url, body, sent, before } = await received(posthog);
  const { api_key, batch } = JSON.parse(body);
  const { uuid, timestamp, ...capture } = batch[0];
  const properties = { distinct_id: "u1", $feature_flag: "checkout", $feature_flag_response: "on" };
  assert.deepEqual([api_key, capture], ["YOUR_PROJECT_KEY", { event: "$feature_flag_called", properties }]);
  assert.match(uuid, UUID);
  assertNow(timestamp, before);
  assert.deepEqual([url, sent], ["/batch/", 1]);
});

test("Google Analytics 4", async () => {
  const { url, body, sent, before } = await received(analytics);
  const { timestamp_micros: micros, ...hit } = JSON.parse(body);
  const events = [{ name: "experience_impression", params: { exp_variant_string: "checkout-on" } }];
  assert.deepEqual(hit, { client_id: "u1", events });
  assert.ok(micros >= before * 1_000 && micros <= Date.now() * 1_000);
  assert.deepEqual([url, sent], ["/mp/collect?measurement_id=G-YOURS&api_secret=YOURS", 1]);
});

test("JSON lines", async () => {
  const { headers, body, sent } = await received(lines);
  assert.deepEqual([headers["content-type"], body.split("\n").length, body.at(-1)], ["application/x-ndjson", 2, "\n"]);
  assert.deepEqual([JSON.parse(body).unit, sent], ["u1", 1]);
});

test("bootstrap: the page that the first example makes, read by the second", async () => {
  const [edge, inPage] = examples("bootstrap", "js");
  const { html } = await run(edge);
  const { document } = parseHTML(html);
  assert.deepEqual(JSON.parse(String(document.getElementById("flags")?.textContent)), JSON.parse(examples("bootstrap", "json")[0])); // prettier-ignore
  Object.assign(globalThis, { document });
  await run(inPage);
  Reflect.deleteProperty(globalThis, "document");
  assert.equal(document.querySelector("h1")?.textContent, "Buy now");
});
