/** `pointsman token`. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { verifyOverrides } from "../dist/overrides.js";
import { workshop } from "./cli.mjs";

const { run, write } = workshop();

const key = "a key of 32 bytes, made for tests";
const env = { OVERRIDE_KEY: key };
const NOON = "2026-03-02T12:00:00Z";
const now = Date.parse(NOON);
const scope = "shop.example";
const claims = ["--flag", "new-checkout", "--variant", "on", "--scope", scope];

const minted = (...args) => run(["token", "mint", ...claims, "--now", NOON, ...args], { env }).printed.trim();
const verified = (token, ...args) => run(["token", "verify", token, "--now", NOON, "--scope", scope, ...args], { env });

test("a token is what the specification says, and the package takes it", async () => {
  const token = minted("--expires", "2h");
  const expires = now + 7_200_000;
  const payload = Buffer.from(JSON.stringify({ flag: "new-checkout", variant: "on", expires, scope })).toString(
    "base64url",
  );
  const signature = createHmac("sha256", key).update(`pointsman-override-v1.${payload}`).digest("base64url");
  assert.equal(token, `${payload}.${signature}`);
  const overrides = await verifyOverrides(token, { key, scope, now });
  assert.deepEqual(overrides, [{ flag: "new-checkout", variant: "on", expires }]);
});

test("it expires in a day, after a while, or at a time", () => {
  const expiryOf = (...args) => JSON.parse(minted("--json", ...args)).expires;
  assert.equal(expiryOf(), "2026-03-03T12:00:00.000Z");
  assert.equal(expiryOf("--expires", "30m"), "2026-03-02T12:30:00.000Z");
  assert.equal(expiryOf("--expires", "2026-03-04T00:00:00+01:00"), "2026-03-03T23:00:00.000Z");
});

test("verify tells what good tokens show, and what is wrong with others", () => {
  const token = minted();
  const good = verified(token);
  assert.deepEqual(good, { status: 0, printed: "new-checkout: on until 2026-03-03T12:00:00.000Z\n", told: "" });
  assert.equal(run(["token", "verify", "--scope", scope, "--now", NOON], { env, input: `${token}\n` }).status, 0);
  const unsigned = "not valid: not signed with this key, or not for";
  for (const [result, says] of /** @type {const} */ ([
    [
      verified(token, "--now", "2026-03-03T12:00:00Z"),
      "not valid: new-checkout: on expired at 2026-03-03T12:00:00.000Z",
    ],
    [verified(token, "--scope", "other.example"), `${unsigned} other.example`],
    [verified(`x${token}`), `${unsigned} shop.example`],
    [verified("\u001b[31m"), `${unsigned} shop.example`],
    [
      verified(token, "--key-file", write("other.txt", "another key of 32 bytes, for tests")),
      `${unsigned} shop.example`,
    ],
  ])) {
    assert.deepEqual(result, { status: 1, printed: `${says}\n`, told: "" });
  }
  const { status, printed } = verified(`${token}~x`, "--json");
  assert.equal(status, 1);
  const [first, second] = JSON.parse(printed).tokens;
  assert.deepEqual([first.valid, first.variant, second.valid, second.flag], [true, "on", false, undefined]);
});

test("the key comes from a file, without the line end, or from a variable that is named", () => {
  const token = minted();
  const args = ["token", "verify", token, "--scope", scope, "--now", NOON];
  assert.equal(run([...args, "--key-file", write("key.txt", `${key}\r\n`)]).status, 0);
  assert.equal(run([...args, "--key-env", "OLD_KEY"], { env: { OLD_KEY: key } }).status, 0);
});

test("wrong usage", () => {
  const mint = ["token", "mint", ...claims];
  for (const [args, given, says] of /** @type {[string[], { [name: string]: string }, RegExp][]} */ ([
    [mint, {}, /no key: set OVERRIDE_KEY, or give --key-file/],
    [mint, { OVERRIDE_KEY: "short" }, /at least 32 bytes/],
    [[...mint, "--key-file", "nowhere.txt"], {}, /nowhere\.txt can't be read/],
    [[...mint, "--key", key], env, /unknown option '--key'/],
    [[...mint, "--expires", "91d"], env, /at most 90 days/],
    [[...mint, "--expires", "2020-01-01T00:00:00Z"], env, /has passed/],
    [[...mint, "--expires", "soon"], env, /Write a duration/],
    [[...mint, "--flag", ""], env, /`flag` must not be empty/],
    [["token", "mint", "--flag", "f"], env, /required option '--variant/],
    [["token", "verify"], env, /required option '--scope/],
    [["token", "mnit"], env, /Did you mean mint\?/],
  ])) {
    const { status, printed, told } = run(args, { env: given });
    assert.deepEqual([status, printed], [2, ""], args.join(" "));
    assert.match(told, says);
    assert.doesNotMatch(told.replace(/^.*--key'.*$/m, ""), /made for tests/);
  }
});
