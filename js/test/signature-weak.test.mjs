/** Signatures that an implementation of Ed25519 may take for good ones, and that nobody with the private key has made. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSigningKey, keyId, signSnapshot, verifySnapshot } from "../dist/signature.js";
import { encoded, L, numberOf, P, torsion } from "./ed25519-curve.mjs";

const snapshot = '{"flags":{}}';
const url = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("base64url");

/** Each text of 32 bytes that stands for one of the points of small order, in the forms that RFC 8032 refuses too. */
const weak = new Set(
  torsion().flatMap(([x, y]) => {
    const forms = [y, y + P].filter((form) => form < 2n ** 255n);
    // Where x is 0 its sign means nothing.
    const signs = x === 0n ? [0n, 1n] : [x & 1n];
    return forms.flatMap((form) => signs.map((sign) => url(encoded(form | (sign << 255n)))));
  }),
);

/** A signature that nobody made: S is 0, so that it is good where R is -hA, one of eight points. @param {string} x */
async function forgery(x) {
  const key = await crypto.subtle.importKey("raw", Buffer.from(x, "base64url"), "Ed25519", true, ["verify"]);
  for (let time = 1; ; time++) {
    const message = Buffer.from(`pointsman snapshot v1\0${await thumbprint(x)}\0${time}\0${snapshot}`);
    for (const [px, py] of torsion()) {
      const signature = new Uint8Array(64);
      signature.set(encoded(py | ((px & 1n) << 255n)));
      if (await crypto.subtle.verify("Ed25519", key, signature, message)) return { time, signature: url(signature) };
    }
  }
}

/** By RFC 7638: what `keyId` gives for other keys, it refuses to for these. @param {string} x */
async function thumbprint(x) {
  const members = Buffer.from(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
  return url(new Uint8Array(await crypto.subtle.digest("SHA-256", members)));
}

test("a key of small order, for which WebCrypto takes what nobody signed", async () => {
  assert.deepEqual([torsion().length, weak.size], [8, 14]);
  for (const x of weak) {
    const { time, signature } = await forgery(x);
    const text = `v1.${await thumbprint(x)}.${time}.${signature}`;
    for (const form of [x, { kty: "OKP", crv: "Ed25519", x }]) {
      const verified = verifySnapshot(snapshot, text, { keys: [form] });
      await assert.rejects(verified, { name: "TypeError", message: /small order/ }, x);
      await assert.rejects(keyId(form), TypeError, x);
    }
  }
});

test("a key that encodes no number of the field", async () => {
  for (let y = P; y < 2n ** 255n; y++) {
    for (const sign of [0n, 1n]) await assert.rejects(keyId(url(encoded(y | (sign << 255n)))), /small order/);
  }
  // The least y above the small ones, and the greatest below P - 1: of an ordinary form.
  for (const y of [2n, P - 2n]) assert.equal((await keyId(url(encoded(y)))).length, 43);
});

/** A good signature with another key's id, time or bytes is none; here one part alone is written otherwise. */
async function made() {
  const key = await generateSigningKey();
  const text = await signSnapshot(snapshot, key, { now: 1_772_442_000_000 });
  const verify = (/** @type {string} */ given) => verifySnapshot(snapshot, given, { keys: [key.x] });
  return { text, verify, x: key.x };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The same bytes with other bits after the last of them, which most decoders drop. */
function strays(/** @type {string} */ text, /** @type {number} */ bits) {
  const last = ALPHABET.indexOf(text.at(-1) ?? "");
  const others = Array.from({ length: 2 ** bits - 1 }, (_, at) => text.slice(0, -1) + ALPHABET[last + at + 1]);
  for (const other of others) assert.deepEqual(Buffer.from(other, "base64url"), Buffer.from(text, "base64url"));
  return others;
}

test("base64url in another form than the one that is written: of a signature, of a key", async () => {
  const { text, verify, x } = await made();
  await verify(text);
  const at = text.lastIndexOf(".") + 1;
  const [head, signature] = [text.slice(0, at), text.slice(at)];
  const others = [
    ...strays(signature, 4),
    `${signature}==`,
    `${signature.slice(0, 40)} ${signature.slice(40)}`,
    `${signature.slice(0, 40)}\n${signature.slice(40)}`,
    signature.replace(/[\w-]/, (first) => `%${first.charCodeAt(0).toString(16)}`),
    `${signature.slice(0, -1)}+`,
  ];
  for (const other of others) await assert.rejects(verify(head + other), { code: "INVALID_SIGNATURE" }, other);
  for (const other of [...strays(x, 2), `${x}=`, ` ${x}`, `${x}\n`, `${x.slice(0, 20)} ${x.slice(20)}`]) {
    await assert.rejects(verifySnapshot(snapshot, text, { keys: [other] }), TypeError, other);
  }
});

test("a time in another form, or that no number holds", async () => {
  const { text, verify } = await made();
  const [, id, time, signature] = text.split(".");
  for (const other of [
    `0${time}`,
    `+${time}`,
    `-${time}`,
    `${time}e0`,
    "1.7e12",
    "NaN",
    "Infinity",
    "",
    "9".repeat(16),
  ]) {
    await assert.rejects(verify(`v1.${id}.${other}.${signature}`), { code: "INVALID_SIGNATURE" }, other);
  }
});

test("a signature made of a good one: its S is greater by the order of the group", async () => {
  const { text, verify } = await made();
  const at = text.lastIndexOf(".") + 1;
  const bytes = Buffer.from(text.slice(at), "base64url");
  const S = numberOf(bytes.subarray(32)) + L;
  const forged = text.slice(0, at) + url(Buffer.concat([bytes.subarray(0, 32), encoded(S)]));
  await assert.rejects(verify(forged), { code: "INVALID_SIGNATURE" });
});

test("an object that passes itself off for the signed bytes has none", async () => {
  const { text, x } = await made();
  const bytes = Buffer.from(snapshot);
  const forged = { ...Array.from(bytes), length: bytes.length, flags: { a: { enabled: true } } };
  for (const given of [forged, [...bytes], null, undefined, 7, new Date()]) {
    const verified = verifySnapshot(/** @type {any} */ (given), text, { keys: [x] });
    await assert.rejects(verified, { name: "TypeError", message: /text or bytes/ });
  }
});

test("bytes that change while they are verified", async () => {
  const { text, verify, x } = await made();
  const bytes = Buffer.from(snapshot.replace("{}", "[]"));
  // Bad when it is asked, good from then on: the answer is of what was given.
  const verified = verifySnapshot(bytes, text, { keys: [x] });
  bytes.write(snapshot);
  await assert.rejects(verified, { code: "INVALID_SIGNATURE" });
  await verify(text);
});
