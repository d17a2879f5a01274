/** Override tokens on their way: read from a request, taken out of what goes on to a backend, kept in a cookie. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { importInner } from "../../tests/runtimes/router/inner.mjs";

const { offered, withoutOverride, cookieWithoutOverride, overrideCookie } = await importInner("router/override.ts");

/** @param {string} search @param {Record<string, string>} headers */
function offeredBy(search, headers = {}) {
  const request = new Request(`https://shop.example/cart${search}`, { headers });
  return offered(request, new URL(request.url));
}

const inHeader = { "pointsman-override": "h.1" };
const inCookie = { cookie: "pointsman-override=c.1" };
const inQuery = "?pointsman-override=q.1";

test("a request without tokens offers none", () => {
  for (const search of [
    "",
    "?",
    "?a=1",
    "?pointsman=x",
    "?Pointsman-Override=x",
    "?x=pointsman-override=1",
    "?a=1;pointsman-override=x",
  ]) {
    // prettier-ignore
    assert.equal(offeredBy(search, { cookie: "a=1; xpointsman-override=2; pointsman-override=" }), null, search);
  }
});

test("the header counts before the query, and that before the cookie", () => {
  const all = { ...inHeader, ...inCookie };
  assert.deepEqual(offeredBy(inQuery, all), { tokens: "h.1", by: "header" });
  assert.deepEqual(offeredBy(inQuery, inCookie), { tokens: "q.1", by: "query" });
  assert.deepEqual(offeredBy("?a=1", inCookie), { tokens: "c.1", by: "cookie" });
});

test("an empty header or parameter hides the cookie", () => {
  assert.deepEqual(offeredBy("", { "pointsman-override": "", ...inCookie }), { tokens: "", by: "header" });
  for (const search of ["?pointsman-override=", "?pointsman-override", "?a=1&pointsman-override="]) {
    assert.deepEqual(offeredBy(search, inCookie), { tokens: "", by: "query" }, search);
  }
});

test("several headers or parameters are joined, of several cookies the first counts", () => {
  const request = new Request("https://shop.example/", { headers: [["pointsman-override", "a.1~b.2"], ["pointsman-override", "c.3"]] }); // prettier-ignore
  assert.deepEqual(offered(request, new URL(request.url)), { tokens: "a.1~b.2~c.3", by: "header" });
  const search = "?pointsman-override=a.1&x=1&pointsman%2Doverride=b.2%7Ec.3";
  assert.deepEqual(offeredBy(search), { tokens: "a.1~b.2~c.3", by: "query" });
  const cookie = 'a=1;  pointsman-override="a.1~b.2" ; pointsman-override=c.3';
  assert.deepEqual(offeredBy("", { cookie }), { tokens: "a.1~b.2", by: "cookie" });
});

test("tokens are handed on as they were sent, however forged or long", () => {
  const long = "x".repeat(100_000);
  assert.deepEqual(offeredBy("", { "pointsman-override": long }), { tokens: long, by: "header" });
  assert.deepEqual(offeredBy("", { cookie: `pointsman-override=${long}` }), { tokens: long, by: "cookie" });
  assert.deepEqual(offeredBy("?pointsman-override=%00+%ff&b"), { tokens: "\0 \ufffd", by: "query" });
});

test("what a request offers by its query is gone from it, the rest is byte for byte the same", () => {
  const cases = [
    ["?a=1&pointsman-override=x&b=%2f", "?a=1&b=%2f"],
    ["?pointsman-override=x", ""],
    ["?pointsman-override", ""],
    ["?pointsman-override=x&b=%2F+%20é", "?b=%2F+%20é"],
    ["?b=1&pointsman-override=x", "?b=1"],
    ["?pointsman-override=x&a&pointsman-override=y&a=&pointsman-override", "?a&a="],
    ["?%70ointsman%2doverride=x&c=d", "?c=d"],
    ["?%50ointsman-override=x", "?%50ointsman-override=x"],
    ["?&&a=1&&pointsman-override=x&", "?&&a=1&&"],
    ["?a=1&pointsman-override=x=y=z&b", "?a=1&b"],
  ];
  for (const [search, left] of cases) assert.equal(withoutOverride(search), left, search);
});

test("a query without it stays as it is", () => {
  const searches = ["", "?", "?&", "?a=1&b=%zz&c=%ff&=x&+=%", "??pointsman-override=x", "?pointsman+override=x"];
  const others = [
    "?xpointsman-override=1",
    "?pointsman-override%00=x",
    "?pointsman-override%=x",
    "?a=pointsman-override=x",
  ];
  for (const search of [...searches, ...others]) {
    assert.equal(withoutOverride(search), search);
    assert.equal(offeredBy(search), null, search);
  }
});

test("each spelling of the name that is read is taken out, and no other", () => {
  for (const first of ["p", "%70", "P", "%50", "%2570"]) {
    for (const dash of ["-", "%2d", "%2D", "_", "+"]) {
      const isName = ["p", "%70"].includes(first) && ["-", "%2d", "%2D"].includes(dash);
      const search = `?x=1&${first}ointsman${dash}override=t.1&y=2`;
      assert.deepEqual(offeredBy(search), isName ? { tokens: "t.1", by: "query" } : null, search);
      assert.equal(withoutOverride(search), isName ? "?x=1&y=2" : search);
    }
  }
});

test("its cookie is gone, the others are byte for byte the same", () => {
  const cases = /** @type {[string, string | null][]} */ ([
    ["pointsman-override=x", null],
    ["pointsman-override", null],
    [' pointsman-override="x" ; ', null],
    ["pointsman-override=x; pointsman-override=y", null],
    ["", null],
    ["a=1; pointsman-override=x; b=2", "a=1; b=2"],
    ["pointsman-override=x; b=2", "b=2"],
    ["a=1; pointsman-override=x", "a=1"],
    ["a=1;pointsman-override=x;b=2", "a=1;b=2"],
    ["a=1; pointsman-override = x; b=2", "a=1; b=2"],
    ['a="1 2";  b=%zz=; pointsman-override=x=y;c; =d', 'a="1 2";  b=%zz=;c; =d'],
    ["a=1;; b=2 ", "a=1;; b=2 "],
    ["xpointsman-override=1; Pointsman-Override=2; a=pointsman-override=3", "xpointsman-override=1; Pointsman-Override=2; a=pointsman-override=3"], // prettier-ignore
    [`pointsman-override=${"x".repeat(100_000)}; a=1`, "a=1"],
  ]);
  for (const [header, left] of cases) assert.equal(cookieWithoutOverride(header), left, header);
});

test("the cookie keeps the tokens for whole seconds, 400 days at most", () => {
  const attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";
  const cases = /** @type {[number, number][]} */ ([
    [60, 60],
    [59.9, 59],
    [0, 0],
    [-5, 0],
    [NaN, 0],
    [34_560_000, 34_560_000],
    [34_560_001, 34_560_000],
    [Infinity, 34_560_000],
  ]);
  for (const [seconds, age] of cases) {
    assert.equal(overrideCookie("a.1~b-_.2", seconds), `pointsman-override=a.1~b-_.2; ${attributes}; Max-Age=${age}`);
  }
  assert.equal(overrideCookie("", 0), `pointsman-override=; ${attributes}; Max-Age=0`);
});

test("nothing but tokens gets into the cookie", () => {
  const valueOf = (/** @type {string} */ tokens) =>
    /^pointsman-override=(.*?); Path=/s.exec(overrideCookie(tokens, 60))?.[1];
  assert.equal(valueOf("a.1; Domain=example~b.2"), "b.2");
  assert.equal(valueOf("a.1~x; Max-Age=9~\r\nset-cookie: y=z~b.2\n~c. ~.~é.é~a.b.c~d,e.f~"), "a.1");
});

test("the cookie holds as many tokens as browsers keep: 4,096 bytes with the name", () => {
  const [name, half] = ["pointsman-override", `${"x".repeat(2_036)}.1`];
  const valueOf = (/** @type {string} */ tokens) =>
    overrideCookie(tokens, 60)
      .slice(name.length + 1)
      .split(";")[0];
  const most = `${half}~${half}1`;
  assert.equal(name.length + most.length, 4_096);
  assert.equal(valueOf(most), most);
  assert.equal(valueOf(`${most}1`), half);
  assert.equal(valueOf(`${most}~a.1`), most);
  assert.equal(valueOf(`${"x".repeat(5_000)}.1`), "");
});
