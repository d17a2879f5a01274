/** `pointsman keygen`, `sign` and `verify`. */
import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generateSigningKey, keyId } from "../dist/signature.js";
import { workshop } from "./cli.mjs";

const { folder, run, write } = workshop();

const NOON = "2026-03-02T12:00:00Z";
const snapshot = '{"flags":{}}';
const key = await generateSigningKey();
const id = await keyId(key);
write("snapshot.json", snapshot);
write("key.jwk", key);

/** By Node's own Ed25519, as the specification says. */
function signatureOf(jwk, keyName, text) {
  const time = Date.parse(NOON);
  const message = Buffer.from(`pointsman snapshot v1\0${keyName}\0${time}\0${text}`);
  const signature = sign(null, message, createPrivateKey({ key: jwk, format: "jwk" })).toString("base64url");
  return `v1.${keyName}.${time}.${signature}`;
}

const sound = write("sound.sig", `${signatureOf(key, id, snapshot)}\n`);
const verified = (...args) =>
  run(["verify", "snapshot.json", "--signature", sound, "--key", key.x, "--now", NOON, ...args]);

test("keygen writes a key that its owner alone may read, and never over another", () => {
  const { status, printed, told } = run(["keygen", "-o", "new.jwk"]);
  const path = join(folder, "new.jwk");
  const jwk = JSON.parse(readFileSync(path, "utf8"));
  assert.deepEqual([status, printed, told], [0, `public key: ${jwk.x}\nid: ${jwk.kid}\n`, ""]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(!printed.includes(jwk.d));
  const again = run(["keygen", "-o", "new.jwk"]);
  assert.deepEqual([again.status, again.printed], [2, ""]);
  assert.match(again.told, /new\.jwk can't be written: .*exists/);
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), jwk);
  const other = JSON.parse(run(["keygen", "-o", "other.jwk", "--json"]).printed);
  assert.deepEqual(Object.keys(other), ["id", "publicKey"]);
  assert.notEqual(other.publicKey, jwk.x);
});

test("what keygen made, sign takes, and verify what sign made", () => {
  const { id: made, publicKey } = JSON.parse(run(["keygen", "-o", "mine.jwk", "--json"]).printed);
  assert.equal(run(["sign", "snapshot.json", "--key-file", "mine.jwk", "-o", "mine.sig"]).status, 0);
  const { status, printed } = run(["verify", "snapshot.json", "--signature", "mine.sig", "--key", publicKey, "--json"]);
  assert.deepEqual([status, JSON.parse(printed).keyId], [0, made]);
});

test("sign writes a signature a key, one a line, as Node's crypto makes them", async () => {
  const args = ["sign", "-", "--key-file", "key.jwk", "--now", NOON, "-o", "-"];
  assert.deepEqual(run(args, { input: snapshot }), {
    status: 0,
    printed: readFileSync(join(folder, sound), "utf8"),
    told: "",
  });
  const next = await generateSigningKey();
  const { printed } = run([...args, "--key-file", write("next.jwk", next)], { input: snapshot });
  const lines = [signatureOf(key, id, snapshot), signatureOf(next, await keyId(next), snapshot)];
  assert.equal(printed, `${lines.join("\n")}\n`);
});

test("verify tells who signed and when, or what is wrong", async () => {
  const other = await generateSigningKey();
  const invalid = "the snapshot's signature is not valid";
  const unknown = `the snapshot is signed by a key that is not known here: \`${id}\``;
  for (const [result, status, says] of /** @type {[ReturnType<typeof run>, number, string][]} */ ([
    [verified(), 0, `signed by ${id} at 2026-03-02T12:00:00.000Z`],
    [verified("--key", other.x), 0, `signed by ${id} at 2026-03-02T12:00:00.000Z`],
    [verified("--max-age", "1d", "--now", "2026-03-03T12:00:00Z"), 0, `signed by ${id} at 2026-03-02T12:00:00.000Z`],
    [
      verified("--max-age", "1d", "--now", "2026-03-03T12:00:01Z"),
      1,
      "not valid: the snapshot was signed at 2026-03-02T12:00:00.000Z, too long ago",
    ],
    [run(["verify", write("b.json", "{}"), "--signature", sound, "--key", key.x]), 1, `not valid: ${invalid}`],
    [run(["verify", "snapshot.json", "--signature", sound, "--key", other.x]), 1, `not valid: ${unknown}`],
    [verified("--signature", write("none.sig", "")), 1, "not valid: the snapshot has no signature"],
    [verified("--signature", write("junk.sig", Uint8Array.of(0xff, 27, 91))), 1, `not valid: ${invalid}`],
  ])) {
    // prettier-ignore
    assert.deepEqual(result, { status, printed: `${says}\n`, told: "" });
  }
  assert.deepEqual(JSON.parse(verified("--json").printed), {
    valid: true,
    keyId: id,
    signedAt: "2026-03-02T12:00:00.000Z",
  });
  const { status, printed } = verified("--json", "--signature", "none.sig");
  assert.deepEqual([status, JSON.parse(printed).code], [1, "UNSIGNED"]);
});

test("a public key that begins with a dash is no option", async () => {
  let dashed = key;
  while (!dashed.x.startsWith("-")) dashed = await generateSigningKey();
  const signature = write("dashed.sig", signatureOf(dashed, await keyId(dashed), snapshot));
  assert.equal(run(["verify", "snapshot.json", "--signature", signature, "--key", dashed.x]).status, 0);
});

test("wrong usage", () => {
  const open = { kty: key.kty, crv: key.crv, x: key.x };
  const sign = (file) => ["sign", "snapshot.json", "--key-file", file, "-o", "never.sig"];
  for (const [args, says] of /** @type {[string[], RegExp][]} */ ([
    [["keygen"], /required option '-o, --output/],
    [["keygen", "-o", "no/where.jwk"], /no\/where\.jwk can't be written/],
    [["sign", "snapshot.json", "-o", "x.sig"], /required option '--key-file/],
    [sign("nowhere.jwk"), /nowhere\.jwk can't be read/],
    [sign(write("text.jwk", `secret ${key.d}`)), /text\.jwk: it is not JSON/],
    [sign(write("open.jwk", open)), /open\.jwk: .*private JWK/],
    [sign(write("null.jwk", "null")), /null\.jwk: a key must be/],
    [["sign", "nowhere.json", "--key-file", "key.jwk", "-o", "x.sig"], /nowhere\.json can't be read/],
    [["verify", "snapshot.json", "--key", key.x], /required option '--signature/],
    [["verify", "snapshot.json", "--signature", sound], /required option '--key/],
    [["verify", "snapshot.json", "--signature", sound, "--key", "short"], /32 bytes in base64url/],
    [["verify", "snapshot.json", "--signature", "no.sig", "--key", key.x], /no\.sig can't be read/],
  ])) {
    const { status, printed, told } = run(args);
    assert.deepEqual([status, printed], [2, ""], args.join(" "));
    assert.match(told, says);
    assert.ok(!told.includes(key.d));
  }
  assert.throws(() => statSync(join(folder, "never.sig")));
});
