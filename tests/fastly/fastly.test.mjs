/** The example for Fastly Compute in Fastly's own local server, in front of two origins: what `make test-fastly` compiles and runs. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { serveCompute, startOrigin } from "./compute.mjs";

const origins = { stable: await startOrigin("stable"), canary: await startOrigin("canary") };
const service = await serveCompute(origins);
after(() => Promise.all([service, ...Object.values(origins)].map(({ close }) => close())));

/** Asks as a browser does that goes to a page: who answered, and the visitor's cookie, if one was set. (`fetch` says that it is none.) */
async function ask(path, headers = {}) {
  const [response] = await once(
    get(service.url + path, { headers: { "sec-fetch-mode": "navigate", ...headers } }),
    "response",
  );
  return { text: await text(response), cookie: response.headers["set-cookie"]?.[0] };
}

test("the decision picks the backend, as the README says of these three: alice is listed, trent is in, carol is out", async () => {
  const texts = ["alice", "trent", "carol"].map(async (user) => (await ask(`/cart?user=${user}`)).text);
  const [alice, trent, carol] = await Promise.all(texts);
  assert.equal(alice, "canary GET /cart?user=alice");
  assert.equal(trent, "canary GET /cart?user=trent");
  assert.equal(carol, "stable GET /cart?user=carol");
});

test("who has no id gets one, and stays where it puts them", async () => {
  for (let visitor = 0; visitor < 8; visitor++) {
    const first = await ask("/");
    const cookie = /^__Host-vid=[\w-]+/.exec(first.cookie ?? "")?.[0] ?? assert.fail(`the cookie is ${first.cookie}`);
    const second = await ask("/", { cookie });
    assert.deepEqual(second, { text: first.text, cookie: undefined });
  }
  assert.equal((await ask("/", { "sec-fetch-mode": "cors" })).cookie, undefined, "only pages give ids");
});

test("a snapshot that is refused sends everybody to the fallback", async () => {
  const broken = await serveCompute(origins, '{ "flgs": {} }');
  try {
    const response = await fetch(`${broken.url}/?user=alice`);
    assert.deepEqual([response.status, await response.text()], [200, "stable GET /?user=alice"]);
  } finally {
    await broken.close();
  }
});
