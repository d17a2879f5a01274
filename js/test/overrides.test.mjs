// @ts-nocheck: much of this calls on purpose what the types forbid.
/** Override tokens: what is minted, what is taken, and every way to come by one that should not be. */
import assert from "node:assert/strict";
import { createHmac, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { mintOverride, verifyOverrides } from "../dist/overrides.js";

const KEY = "correct horse battery staple, 32+";
const OTHER_KEY = "another secret of thirty-two bytes";
const SCOPE = "shop.example";
const NINE = Date.UTC(2026, 0, 31, 9);
const TEN = Date.UTC(2026, 0, 31, 10);
const DAY = 86_400_000;

const claims = { flag: "checkout", variant: "on", expires: TEN, scope: SCOPE };
const PAYLOAD = `{"flag":"checkout","variant":"on","expires":${TEN},"scope":"shop.example"}`;
const taken = [{ flag: "checkout", variant: "on", expires: TEN }];

const mint = (more = {}, key = KEY) => mintOverride({ ...claims, ...more }, key, { now: NINE });
const verify = (tokens, more = {}) => verifyOverrides(tokens, { key: KEY, scope: SCOPE, now: NINE, ...more });
const assertIgnored = async (tokens, why) => assert.deepEqual(await verify(tokens), [], why);

/** A token as the format says, by another implementation of everything in it. */
function sign(payload, { key = KEY, hash = "sha256", purpose = "pointsman-override-v1." } = {}) {
  const encoded = Buffer.from(payload).toString("base64url");
  return `${encoded}.${createHmac(hash, key).update(purpose + encoded).digest("base64url")}`; // prettier-ignore
}

const imported = (hash, bytes, usages = ["sign", "verify"]) =>
  webcrypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, usages);

test("a token is what the format says", async () => {
  assert.equal(await mint(), sign(PAYLOAD));
  assert.deepEqual(await verify(sign(PAYLOAD)), taken);
});

test("a token as Python's hmac and base64 make it", async () => {
  const token =
    "eyJmbGFnIjoiZ3LDtsOfZSIsInZhcmlhbnQiOiJvbiIsImV4cGlyZXMiOjE3Njk4NTM2MDAwMDAsInNjb3BlIjoic2hvcC5leGFtcGxlIn0._7nCaoGDa-6lcLjsCKE7fen1ATRvh0SaKGKS1_Jmgl0";
  assert.equal(await mint({ flag: "größe" }), token);
  assert.deepEqual(await verify(token), [{ flag: "größe", variant: "on", expires: TEN }]);
});

test("text, bytes and a CryptoKey are one key, and any of several is good", async () => {
  const bytes = new TextEncoder().encode(KEY);
  const keys = [KEY, bytes, Buffer.from(KEY), await imported("SHA-256", bytes)];
  for (const key of keys) {
    assert.equal(await mint({}, key), sign(PAYLOAD));
    assert.deepEqual(await verify(sign(PAYLOAD), { key }), taken);
    assert.deepEqual(await verify(sign(PAYLOAD), { key: [OTHER_KEY, key] }), taken);
  }
  assert.deepEqual(await verify(sign(PAYLOAD), { key: [OTHER_KEY] }), []);
});

test("each of many keys is kept apart from the others", async () => {
  const keys = Array.from({ length: 40 }, (_, at) => `${at} `.padEnd(32, "x"));
  for (const key of [...keys, ...keys]) {
    assert.deepEqual(await verify(sign(PAYLOAD, { key }), { key }), taken);
    assert.deepEqual(await verify(sign(PAYLOAD), { key }), []);
  }
});

test("several tokens: in their order, bad ones left out, of two for one flag the first that is good", async () => {
  const [first, second, other] = [await mint(), await mint({ variant: "off" }), await mint({ flag: "banner" })];
  const banner = { flag: "banner", variant: "on", expires: TEN };
  assert.deepEqual(await verify(`${other}~${first}~${second}`), [banner, ...taken]);
  assert.deepEqual(await verify(`${second}~${first}`), [{ ...taken[0], variant: "off" }]);
  const elsewhere = await mint({ variant: "off", scope: "other.example" });
  assert.deepEqual(await verify(`x~~${elsewhere}~${first}~${other}~`), [...taken, banner]);
});

test("a token holds up to its expiry, and not at it", async () => {
  assert.deepEqual(await verify(await mint(), { now: TEN - 1 }), taken);
  for (const now of [TEN, TEN + 1, Infinity, NaN]) assert.deepEqual(await verify(await mint(), { now }), [], `${now}`);
});

test("without a time given, the clock's counts", async () => {
  const soon = Date.now() + 60_000;
  const token = await mintOverride({ ...claims, expires: soon }, KEY);
  const options = { key: KEY, scope: SCOPE };
  assert.deepEqual(await verifyOverrides(token, options), [{ ...taken[0], expires: soon }]);
  assert.deepEqual(await verifyOverrides(await mint(), options), []);
});

test("a token holds in its own scope alone", async () => {
  for (const scope of ["shop.example:8443", "www.shop.example", "example", "SHOP.example", ""]) {
    assert.deepEqual(await verify(await mint(), { scope }), [], scope);
  }
  await assertIgnored(sign(PAYLOAD.replace(SCOPE, "")), "an empty scope is none");
});

test("what was changed after signing is ignored", async () => {
  const [payload, signature] = (await mint()).split(".");
  const edited = Buffer.from(PAYLOAD.replace("checkout", "admin-ui")).toString("base64url");
  const later = Buffer.from(PAYLOAD.replace(`${TEN}`, `${TEN + DAY}`)).toString("base64url");
  await assertIgnored(`${edited}.${signature}`, "another flag");
  await assertIgnored(`${later}.${signature}`, "a later expiry");
  await assertIgnored(`${payload}.${sign(PAYLOAD.replace("on", "off")).split(".")[1]}`, "another token's signature");
  for (let length = 0; length < signature.length; length++) {
    await assertIgnored(`${payload}.${signature.slice(0, length)}`, `${length} characters of the signature`);
  }
  for (const more of ["A", "AA", "AAA", "AAAA", signature, `.${signature}`, "."]) {
    await assertIgnored(`${payload}.${signature}${more}`, `extended by ${more}`);
  }
});

test("each single bit of payload and signature counts", async () => {
  const token = await mint();
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (let at = 0; at < token.length; at++) {
    if (token[at] === ".") continue;
    for (let bit = 1; bit < 64; bit *= 2) {
      const flipped = ALPHABET[ALPHABET.indexOf(token[at]) ^ bit];
      await assertIgnored(token.slice(0, at) + flipped + token.slice(at + 1), `bit ${bit} of character ${at}`);
    }
  }
});

test("signed with anything but the key and HMAC-SHA-256 for this purpose, it is ignored", async () => {
  await assertIgnored(sign(PAYLOAD, { key: OTHER_KEY }), "another key");
  await assertIgnored(sign(PAYLOAD, { key: "" }), "an empty key");
  for (const hash of ["sha1", "sha384", "sha512", "md5"]) await assertIgnored(sign(PAYLOAD, { hash }), hash);
  for (const purpose of ["", "pointsman-override-v2.", "pointsman-snapshot-v1."]) {
    await assertIgnored(sign(PAYLOAD, { purpose }), `for "${purpose}"`);
  }
  const header = Buffer.from('{"alg":"none"}').toString("base64url");
  const payload = Buffer.from(PAYLOAD).toString("base64url");
  for (const unsigned of [
    PAYLOAD,
    payload,
    `${payload}.`,
    `.${payload}`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
  ]) {
    await assertIgnored(unsigned, unsigned);
  }
});

test("base64url is written in one way only", async () => {
  // Two bytes more than a multiple of three: padding and stray bits are possible in both halves.
  const longer = PAYLOAD.replace("checkout", "checkouts".padEnd(8 + ((3 - (PAYLOAD.length % 3) + 2) % 3), "s"));
  const token = sign(longer);
  const [payload, signature] = token.split(".");
  assert.equal((await verify(token)).length, 1);
  assert.notEqual(payload.length % 4, 0);
  const stray = (text) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
  assert.equal(Buffer.from(stray(signature), "base64url").toString("base64url"), signature);
  for (const other of [`${signature}=`, stray(signature), ` ${signature}`, `${signature}\n`, `${signature}%3D`]) {
    await assertIgnored(`${payload}.${other}`, JSON.stringify(other));
  }
  // The payload's text is what is signed, so these are signed as they are.
  const unusual = [
    `${payload}=`,
    stray(payload),
    ` ${payload}`,
    `${payload}\t`,
    `${payload}A`.padEnd(payload.length + 3, "A"),
  ];
  for (const text of unusual) {
    const tag = createHmac("sha256", KEY).update(`pointsman-override-v1.${text}`).digest("base64url");
    await assertIgnored(`${text}.${tag}`, JSON.stringify(text));
  }
  await assertIgnored(token.replaceAll("-", "+").replaceAll("_", "/").replace(signature, `${signature}=`), "base64");
});

test("even signed, a payload has exactly these members and types, written in one way", async () => {
  const payloads = [
    "",
    "null",
    "7",
    '"on"',
    "[]",
    "{}",
    "{",
    `[${PAYLOAD}]`,
    ` ${PAYLOAD}`,
    `${PAYLOAD}\n`,
    `\ufeff${PAYLOAD}`,
    PAYLOAD.replaceAll(":", ": "),
    PAYLOAD.replace("}", ',"admin":true}'),
    PAYLOAD.replace('"flag":"checkout",', ""),
    PAYLOAD.replace("{", '{"flag":"banner",'),
    PAYLOAD.replace("}", ',"scope":"shop.example"}'),
    PAYLOAD.replace("{", '{"__proto__":{"flag":"checkout"},'),
    `{"__proto__":${PAYLOAD}}`,
    `{"variant":"on","flag":"checkout","expires":${TEN},"scope":"shop.example"}`,
    PAYLOAD.replace("checkout", "check\\u006fut"),
    PAYLOAD.replace(`${TEN}`, `"${TEN}"`),
    PAYLOAD.replace(`${TEN}`, `${TEN}.0`),
    PAYLOAD.replace(`${TEN}`, `${TEN}.5`),
    PAYLOAD.replace(`${TEN}`, "1e300"),
    PAYLOAD.replace(`${TEN}`, "1e999"),
    PAYLOAD.replace(`${TEN}`, "null"),
    PAYLOAD.replace('"checkout"', '["checkout"]'),
    PAYLOAD.replace('"on"', "true"),
    PAYLOAD.replace('"checkout"', '""'),
    PAYLOAD.replace("checkout", "check\\nout"),
    PAYLOAD.replace("checkout", "\\ud800"),
    PAYLOAD.replace("checkout", "x".repeat(257)),
  ];
  for (const payload of payloads) await assertIgnored(sign(payload), payload);
  await assertIgnored(sign(Buffer.from(PAYLOAD.replace("checkout", "\xff"), "latin1")), "no UTF-8");
});

test("a flag may have any name, and none reaches a prototype", async () => {
  for (const flag of ["__proto__", "constructor", "toString", "a.b~c", 'quo"te\\', "größe 🚂", "x".repeat(256)]) {
    const found = await verify(await mint({ flag, variant: "__proto__" }));
    assert.deepEqual(found, [{ flag, variant: "__proto__", expires: TEN }]);
    assert.deepEqual(Object.keys(found[0]), ["flag", "variant", "expires"]);
  }
  assert.equal({}.flag, undefined);
});

test("too much is ignored as a whole, and quickly", async () => {
  const token = await mint();
  assert.deepEqual(await verify(`${token}${"~".repeat(15)}`), taken);
  await assertIgnored(`${token}${"~".repeat(16)}`, "17 parts");
  assert.deepEqual(await verify(`${token}~`.padEnd(8_192, "x")), taken);
  await assertIgnored(`${token}~`.padEnd(8_193, "x"), "8,193 characters");
  const started = performance.now();
  await assertIgnored(`${token}~${"x".repeat(1 << 20)}`, "1 MiB");
  await assertIgnored(sign(PAYLOAD.replace("on", "x".repeat(1 << 20))), "1 MiB, signed");
  await assertIgnored(Array(10_000).fill(token).join("~"), "10,000 tokens");
  assert.ok(performance.now() - started < 1_000);
});

test("what is no text offers nothing", async () => {
  for (const tokens of ["", "~", ".", "..", "~.~", "\0", "🚂", null, undefined, 7, {}, [await mint()]]) {
    await assertIgnored(tokens, String(tokens));
  }
});

test("minting refuses what is no name", async () => {
  for (const what of ["flag", "variant", "scope"]) {
    for (const name of ["", "a\nb", "\0", "\x7f", "\x85", "\ud800", "x".repeat(257), "ö".repeat(129)]) {
      await assert.rejects(mint({ [what]: name }), { name: "RangeError", message: new RegExp(`^\`${what}\` must`) });
    }
    for (const name of [undefined, null, 7, ["on"], { toString: () => "on" }]) {
      await assert.rejects(mint({ [what]: name }), { name: "TypeError", message: `\`${what}\` must be text` });
    }
    assert.equal(typeof (await mint({ [what]: "ö".repeat(128) })), "string");
  }
});

test("minting refuses an expiry that is none, has passed, or is more than 90 days ahead", async () => {
  for (const expires of [undefined, null, "soon", `${TEN}`, new Date(TEN)]) {
    await assert.rejects(mint({ expires }), { name: "TypeError", message: "`expires` must be a number" });
  }
  const inSeconds = TEN / 1_000;
  const inMicroseconds = TEN * 1_000;
  for (const expires of [NaN, Infinity, -Infinity, NINE, NINE + 0.5, inSeconds, NINE + 90 * DAY + 1, inMicroseconds]) {
    await assert.rejects(mint({ expires }), { name: "RangeError", message: /^`expires` / }, `${expires}`);
  }
  await assert.rejects(mint({ expires: NaN }), { message: "`expires` must be finite" });
  assert.deepEqual(await verify(await mint({ expires: NINE + 1 })), [{ ...taken[0], expires: NINE + 1 }]);
  assert.deepEqual(await verify(await mint({ expires: NINE + 90 * DAY })), [{ ...taken[0], expires: NINE + 90 * DAY }]);
  assert.equal(await mint({ expires: TEN + 0.9 }), await mint());
});

test("other members of the claims are no part of the token", async () => {
  assert.equal(await mint({ admin: true, toJSON: () => "x" }), await mint());
});

test("a key that is none is refused by both, whatever the tokens, and never told", async () => {
  const bytes = new TextEncoder().encode(KEY);
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  };
  const { privateKey } = await webcrypto.subtle.generateKey(rsa, false, ["sign", "verify"]);
  const short = "hunter2-".repeat(4).slice(1);
  const wrong = [
    [short, "RangeError"],
    ["", "RangeError"],
    [bytes.slice(0, 31), "RangeError"],
    [await imported("SHA-256", bytes.slice(0, 31)), "RangeError"],
    [await imported("SHA-512", bytes), "TypeError"],
    [await imported("SHA-1", bytes), "TypeError"],
    [privateKey, "TypeError"],
    ...[undefined, null, 7, {}, { algorithm: null }].map((key) => [key, "TypeError"]),
  ];
  for (const [key, name] of wrong) {
    const told = (error) => error.name === name && !/hunter|horse/.test(error.stack + JSON.stringify(error));
    await assert.rejects(mintOverride(claims, key, { now: NINE }), told);
    await assert.rejects(verify("", { key }), told);
    await assert.rejects(verify(sign(PAYLOAD), { key: [KEY, key] }), told);
  }
  await assert.rejects(verify("", { key: [] }), { name: "RangeError", message: "at least one key is needed" });
  assert.equal(await mint({}, "ö".repeat(16)), sign(PAYLOAD, { key: "ö".repeat(16) }));
});

test("a scope that is none is refused", async () => {
  for (const scope of [undefined, null, 7, [SCOPE]]) {
    await assert.rejects(verify(await mint(), { scope }), { name: "TypeError", message: "`scope` must be text" });
  }
});

test("a key's bytes may change once it was given", async () => {
  const bytes = new TextEncoder().encode(KEY);
  const minting = mint({}, bytes);
  const verifying = verify(sign(PAYLOAD), { key: bytes });
  bytes.fill(0);
  assert.equal(await minting, sign(PAYLOAD));
  assert.deepEqual(await verifying, taken);
  assert.deepEqual(await verify(sign(PAYLOAD), { key: bytes }), []);
});

test("in workerd the same, request after request", async () => {
  const worker = `
    import { mintOverride, verifyOverrides } from "./overrides.js";
    export default { async fetch(request) {
      const { claims, tokens, key, scope, now } = await request.json();
      const token = await mintOverride(claims, key, { now });
      return Response.json({ token, found: await verifyOverrides(tokens, { key, scope, now }) });
    } };`;
  const contents = readFileSync(new URL("../dist/overrides.js", import.meta.url), "utf8");
  const modules = [
    { type: "ESModule", path: "worker.mjs", contents: worker },
    { type: "ESModule", path: "overrides.js", contents },
  ];
  const runtime = new Miniflare({ modules, compatibilityDate: "2026-07-01", cf: false });
  try {
    for (const [tokens, found] of [
      [sign(PAYLOAD), taken],
      [sign(PAYLOAD, { key: OTHER_KEY }), []],
      [`${sign(PAYLOAD).slice(0, -2)}`, []],
    ]) {
      const body = JSON.stringify({ claims, tokens, key: KEY, scope: SCOPE, now: NINE });
      const response = await runtime.dispatchFetch("http://localhost/", { method: "POST", body });
      assert.deepEqual(await response.json(), { token: sign(PAYLOAD), found });
    }
  } finally {
    await runtime.dispose();
  }
});
