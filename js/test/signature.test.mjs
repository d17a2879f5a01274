/** Signatures of snapshots: by an independent implementation, by the RFCs' own vectors, and forged. */
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { test } from "node:test";
import { importInner } from "../../tests/runtimes/router/inner.mjs";
import { generateSigningKey, keyId, signSnapshot, verifySnapshot } from "../dist/signature.js";

const snapshot = '{ "revision": 1, "flags": { "é": { "enabled": true } } }';
const now = 1_772_442_000_000;

/** RFC 8037, appendix A.1: test 1 of RFC 8032, section 7.1. */
const key = /** @type {const} */ ({
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
});
/** RFC 8037, appendix A.3. */
const ID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

/** @param {string} code */
const refused = (code) => (error) => {
  assert.deepEqual([error.name, error.code], ["SignatureError", code]);
  return true;
};

/** What is signed, as the specification says. */
const message = (text, time = now, id = ID) => Buffer.from(`pointsman snapshot v1\0${id}\0${time}\0${text}`);
/** A signature by Node's own Ed25519, which is OpenSSL's, over whatever it is given. */
const signedBy = (jwk, bytes) => sign(null, bytes, createPrivateKey({ key: jwk, format: "jwk" })).toString("base64url");

test("a signature is what the specification says: Node's crypto makes the same one", async () => {
  const text = await signSnapshot(snapshot, key, { now });
  assert.equal(text, `v1.${ID}.${now}.${signedBy(key, message(snapshot))}`);
  const bytes = Buffer.from(text.split(".")[3] ?? "", "base64url");
  assert.ok(verify(null, message(snapshot), createPublicKey({ key: { ...key }, format: "jwk" }), bytes));
});

test("text and bytes are signed alike, and bytes that are no text", async () => {
  const sign = (given) => signSnapshot(given, key, { now });
  assert.equal(await sign(snapshot), await sign(Buffer.from(snapshot)));
  const bytes = Uint8Array.of(0xff, 0, 0x80);
  await verifySnapshot(bytes, await sign(bytes), { keys: [key.x] });
  await assert.rejects(verifySnapshot(Uint8Array.of(0xfe, 0, 0x80), await sign(bytes), { keys: [key.x] }));
});

// RFC 8032, section 7.1: tests 1 to 3, "SHA(abc)" and their keys.
for (const [d, x, signed, signature] of [
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
]) {
  test(`RFC 8032's signature of ${signed === "" ? "nothing" : signed}`, async () => {
    const { importPublicKey, importSigningKey, isSignedBy, signBytes } = await importInner("trust/ed25519.ts");
    const url = (hex) => Buffer.from(hex, "hex").toString("base64url");
    const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
    const { signing } = await importSigningKey({ kty: "OKP", crv: "Ed25519", d: url(d), x: url(x) });
    assert.equal(Buffer.from(await signBytes(signing, bytes(signed))).toString("hex"), signature);
    assert.ok(await isSignedBy(await importPublicKey(url(x)), bytes(signature), bytes(signed)));
  });
}

test("a key's id is its thumbprint, whatever form it comes in and whatever `kid` it has", async () => {
  const open = { kty: key.kty, crv: key.crv, x: key.x };
  for (const form of [key.x, open, key, { ...open, kid: "mine" }]) assert.equal(await keyId(form), ID);
});

test("a good signature tells whose it is, and of when; of several the newest", async () => {
  const other = await generateSigningKey();
  const early = await signSnapshot(snapshot, key, { now });
  const late = await signSnapshot(snapshot, other, { now: now + 5 });
  const keys = [key.x, other.x];
  assert.deepEqual(await verifySnapshot(snapshot, early, { keys }), { keyId: ID, signedAt: now });
  const newest = { keyId: await keyId(other), signedAt: now + 5 };
  for (const text of [`${early}\n${late}\n`, `${late},${early}`, ` ${late} , ${early}\r\n`]) {
    assert.deepEqual(await verifySnapshot(snapshot, text, { keys }), newest);
    // Who knows one of the keys alone takes it as well: a change of keys has no gap.
    assert.deepEqual(await verifySnapshot(snapshot, text, { keys: [key.x] }), { keyId: ID, signedAt: now });
  }
  assert.deepEqual(await verifySnapshot(snapshot, `v9.from.the.future ${early}`, { keys }), {
    keyId: ID,
    signedAt: now,
  });
});

test("one bit flipped anywhere in the signature's bytes", async () => {
  const [version, id, time, text] = (await signSnapshot(snapshot, key, { now })).split(".");
  const good = Buffer.from(String(text), "base64url");
  for (let bit = 0; bit < 512; bit++) {
    const bytes = Uint8Array.from(good);
    bytes[bit >> 3] ^= 1 << (bit & 7);
    const forged = [version, id, time, Buffer.from(bytes).toString("base64url")].join(".");
    await assert.rejects(verifySnapshot(snapshot, forged, { keys: [key.x] }), refused("INVALID_SIGNATURE"), `${bit}`);
  }
});

test("one character of the text changed, left out or put in anywhere", async () => {
  const text = await signSnapshot(snapshot, key, { now });
  for (let at = 0; at < text.length; at++) {
    const changed = text[at] === "A" ? "B" : "A";
    for (const forged of [
      text.slice(0, at) + changed + text.slice(at + 1),
      text.slice(0, at) + text.slice(at + 1),
      text.slice(0, at) + "0" + text.slice(at),
      text.slice(0, at),
    ]) {
      await assert.rejects(verifySnapshot(snapshot, forged, { keys: [key.x] }), { name: "SignatureError" }, forged);
    }
  }
});

test("one bit of the snapshot flipped anywhere, or an end of it", async () => {
  const bytes = Buffer.from(snapshot);
  const text = await signSnapshot(bytes, key, { now });
  const others = Array.from(bytes, (byte, at) => Buffer.from(bytes).fill(byte ^ 1, at, at + 1));
  for (const other of [...others, bytes.subarray(1), bytes.subarray(0, -1), Buffer.from(`${snapshot}\n`)]) {
    await assert.rejects(verifySnapshot(other, text, { keys: [key.x] }), refused("INVALID_SIGNATURE"));
  }
});

test("forgeries", async () => {
  const other = await generateSigningKey();
  const otherId = await keyId(other);
  const good = await signSnapshot(snapshot, key, { now });
  const signature = good.split(".")[3];
  for (const [what, text, code] of /** @type {[string, any, string][]} */ ([
    ["none", "", "UNSIGNED"],
    ["white space", " \n", "UNSIGNED"],
    ["nothing at all", undefined, "UNSIGNED"],
    ["no text", { length: 1 }, "UNSIGNED"],
    ["words", "trust me", "INVALID_SIGNATURE"],
    ["a known id, another key", `v1.${ID}.${now}.${signedBy(other, message(snapshot))}`, "INVALID_SIGNATURE"],
    ["an unknown key", await signSnapshot(snapshot, other, { now }), "UNKNOWN_KEY"],
    ["another's id over it", `v1.${otherId}.${now}.${signature}`, "UNKNOWN_KEY"],
    ["an unknown key before one that lies", `${await signSnapshot(snapshot, other)},${good}x`, "UNKNOWN_KEY"],
    ["another snapshot's", await signSnapshot("{}", key, { now }), "INVALID_SIGNATURE"],
    ["another time's", `v1.${ID}.${now + 1}.${signature}`, "INVALID_SIGNATURE"],
    ["the bytes alone", `v1.${ID}.${now}.${signedBy(key, Buffer.from(snapshot))}`, "INVALID_SIGNATURE"],
    [
      "made for overrides",
      `v1.${ID}.${now}.${signedBy(key, Buffer.from(`pointsman-override-v1.${snapshot}`))}`,
      "INVALID_SIGNATURE",
    ],
    ["a time that no number holds", `v1.${ID}.9999999999999999.${signature}`, "INVALID_SIGNATURE"],
    ["padded", `${good}==`, "INVALID_SIGNATURE"],
    ["nine", Array(9).fill(good).join(","), "INVALID_SIGNATURE"],
    ["a megabyte", good + " ".repeat(1 << 20), "INVALID_SIGNATURE"],
    ["all zeros", `v1.${ID}.${now}.${"A".repeat(86)}`, "INVALID_SIGNATURE"],
  ])) {
    // prettier-ignore
    await assert.rejects(verifySnapshot(snapshot, text, { keys: [key.x] }), refused(code), what);
  }
  const unknown = verifySnapshot(snapshot, good, { keys: [other.x] });
  await assert.rejects(unknown, (/** @type {Error} */ error) => error.message.includes(`\`${ID}\``));
});

test("age: a signature holds for `maxAge`, and not ahead of time", async () => {
  const text = await signSnapshot(snapshot, key, { now });
  const at = (later, maxAge = 1_000) => verifySnapshot(snapshot, text, { keys: [key.x], maxAge, now: now + later });
  for (const later of [0, 1_000, -5 * 60_000]) assert.equal((await at(later)).signedAt, now);
  await assert.rejects(at(1_001), refused("EXPIRED_SIGNATURE"));
  await assert.rejects(at(-5 * 60_000 - 1), refused("FUTURE_SIGNATURE"));
  await assert.rejects(at(NaN), refused("EXPIRED_SIGNATURE"));
  await assert.rejects(at(0, NaN), refused("EXPIRED_SIGNATURE"));
  const early = /** @type {number} */ (/** @type {unknown} */ (String(now - 5 * 60_000 - 1)));
  const asText = verifySnapshot(snapshot, text, { keys: [key.x], maxAge: 1_000, now: early });
  await assert.rejects(asText, refused("FUTURE_SIGNATURE"));
  // Without a `maxAge` no clock is asked.
  const timeless = { keys: [key.x], now: NaN };
  assert.equal((await verifySnapshot(snapshot, text, timeless)).signedAt, now);
});

test("what is no key", async () => {
  const open = { kty: key.kty, crv: key.crv, x: key.x };
  const text = await signSnapshot(snapshot, key, { now });
  for (const wrong of [undefined, null, "", "x", key.x.slice(1), `${key.x}=`, {}, { ...open, crv: "X25519" }, 7]) {
    const keys = /** @type {any} */ ([wrong]);
    await assert.rejects(verifySnapshot(snapshot, text, { keys }), TypeError, JSON.stringify(wrong));
  }
  await assert.rejects(verifySnapshot(snapshot, text, { keys: [key] }), /private key must not be/);
  await assert.rejects(verifySnapshot(snapshot, text, { keys: [] }), RangeError);
  for (const wrong of [open, { ...key, d: "x" }, { ...key, x: (await generateSigningKey()).x }, undefined]) {
    const signed = signSnapshot(snapshot, /** @type {any} */ (wrong), { now });
    await assert.rejects(signed, (/** @type {Error} */ error) => {
      assert.ok(!error.message.includes(key.d));
      return true;
    });
  }
  for (const wrong of [NaN, -1, 0.5, Infinity]) {
    await assert.rejects(signSnapshot(snapshot, key, { now: wrong }), RangeError);
  }
});
