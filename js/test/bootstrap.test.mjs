// A page's first answers: the same as the edge's, safe in HTML, and nothing of the snapshot but what was decided.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { bootstrap, createBootstrapClient } from "../dist/bootstrap.js";
import { createEngine as createFlagEngine } from "../dist/flags/node.js";
import { createEngine } from "../dist/node.js";

const staff = { if: { attribute: "email", op: /** @type {const} */ ("endsWith"), values: ["@acme.example"] } };
const variants = { buy: "Buy now", order: { text: "Order", size: [1, null, true] } };
const snapshot = {
  revision: 7,
  flags: {
    "new-checkout": { enabled: true, rolloutPercentage: 25, whitelistUsers: ["alice", "bob"], metadata: { owner: "team-x" } }, // prettier-ignore
    button: { enabled: true, variants, onVariant: "buy", offVariant: "order", rules: [{ name: "staff-rule", ...staff, serve: "order" }] }, // prettier-ignore
    off: { enabled: false },
    secret: { enabled: true, metadata: { serverOnly: true } },
    broken: { enabled: "yes" },
  },
};
const engine = await createEngine({ snapshot });

/** @param {unknown} data */
function clientOf(data) {
  /** @type {string[]} */
  const errors = [];
  return { client: createBootstrapClient(data, { onError: (error) => errors.push(String(error)) }), errors };
}

/** What the edge and the page tell alike: neither rule nor metadata goes to the page. @param {any} evaluation */
function plain({ flagKey, value, variant, reason, detail, errorCode }) {
  return { flagKey, value, variant, reason, detail, errorCode };
}

test("the page answers as the edge does, with the same types, for whoever it is", () => {
  for (const context of [{ userId: "alice" }, { userId: "trent" }, { userId: "u", email: "x@acme.example" }, {}]) {
    const { client, errors } = clientOf(bootstrap(engine, context));
    const visitor = engine.context(context);
    for (const key of ["new-checkout", "button", "off", "nowhere"]) {
      assert.equal(client.isEnabled(key), visitor.isEnabled(key));
      assert.deepEqual(plain(client.evaluate(key)), plain(visitor.evaluate(key)));
      for (const or of [true, "Pay", 1, null, { text: "" }]) {
        assert.deepEqual(client.value(key, or), visitor.value(key, or));
        assert.deepEqual(plain(client.details(key, or)), plain(visitor.details(key, or)));
      }
    }
    const all = client.evaluateAll();
    assert.deepEqual([all.size, [...all].map(([key]) => key)], [3, ["new-checkout", "button", "off"]]);
    for (const [key, evaluation] of all) assert.deepEqual([evaluation, all.get(key)], [client.evaluate(key), evaluation]); // prettier-ignore
    assert.equal(all.isEnabled("new-checkout"), client.isEnabled("new-checkout"));
    assert.deepEqual([client.revision, errors], [7, []]);
    assert.ok(Object.isFrozen(client.evaluate("button")) && Object.isFrozen(client.evaluate("button").value));
  }
});

test("nothing else of the snapshot goes to the page", () => {
  const text = bootstrap(engine, { userId: "carol", email: "carol@mail.example" });
  assert.doesNotMatch(text, /alice|bob|acme|staff|team|25|secret|broken|carol|mail/);
  assert.deepEqual(JSON.parse(text), {
    schema: 1,
    revision: 7,
    flags: [
      ["new-checkout", false, "off", "SPLIT", "rollout"],
      ["button", "Buy now", "buy", "DEFAULT", "fallthrough"],
      ["off", false, "off", "DISABLED", "disabled"],
    ],
  });
  const some = bootstrap(engine, {}, { include: ({ flagKey }) => flagKey === "off" || flagKey === "secret" });
  assert.deepEqual(JSON.parse(some).flags.map(([key]) => key), ["off"]); // prettier-ignore
});

test("flags for servers alone stay there, whatever their metadata says; their own metadata stays too", async () => {
  const metadata = { owner: "team-x" };
  const flags = {
    secret: { enabled: true, serverOnly: true, metadata },
    contrary: { enabled: true, serverOnly: true, metadata: { serverOnly: false } },
    open: { enabled: true, serverOnly: false, metadata },
    absent: { enabled: true },
    wrong: { enabled: true, serverOnly: "yes" },
    nothing: { enabled: true, serverOnly: null },
  };
  for (const create of [createEngine, createFlagEngine]) {
    const engine = await create({ snapshot: { flags } });
    assert.deepEqual(JSON.parse(bootstrap(engine, {})).flags.map(([key]) => key), ["open", "absent"]); // prettier-ignore
    assert.deepEqual(
      ["secret", "contrary", "open", "absent"].map((key) => engine.evaluate(key).flagMetadata),
      [{ ...metadata, serverOnly: true }, { serverOnly: true }, metadata, {}],
    );
    const problems = engine.problems.map(({ code, pointer }) => [code, pointer]);
    assert.deepEqual(problems, ["wrong", "nothing"].map((key) => ["WRONG_TYPE", `/flags/${key}/serverOnly`])); // prettier-ignore
  }
});

const HOSTILE = [
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "-->",
  "]]>",
  "&lt;/script&gt; &amp;",
  "\u2028\u2029",
  "'\"`${x}\\",
  "</SCRIPT\n>",
  "\0\x7f",
];

test("what is hostile in HTML comes through a data block, and an inline script, as it was", async () => {
  const hostile = Object.fromEntries(HOSTILE.map((text, i) => [`v${i}`, { [text]: [text] }]));
  const flags = Object.fromEntries(Object.keys(hostile).map((name) => [name, { enabled: true, variants: { ...hostile, off: 0 }, onVariant: name }])); // prettier-ignore
  const text = bootstrap(await createEngine({ snapshot: { flags }, strict: true }), {});
  assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
  const { document } = parseHTML(
    `<body><script type="application/json" id="flags">${text}</script><p>after</p></body>`,
  );
  assert.deepEqual([document.querySelectorAll("script").length, document.querySelectorAll("p").length], [1, 1]);
  const inBlock = createBootstrapClient(document.getElementById("flags")?.textContent);
  const inScript = createBootstrapClient(runInNewContext(`(${text})`));
  for (const client of [inBlock, inScript]) {
    for (const [name, value] of Object.entries(hostile)) assert.deepEqual(client.value(name, {}), value);
  }
});

test("any JSON value comes through, and no text holds what HTML reads", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      const snapshot = { flags: { any: { enabled: true, variants: { on: value, off: null } } } };
      const text = bootstrap(await createEngine({ snapshot: JSON.stringify(snapshot), strict: true }), {});
      assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
      assert.deepEqual(createBootstrapClient(text).evaluate("any").value, JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 200 },
  );
});

test("keys that every object inherits are flags like any other, and pollute nothing", async () => {
  const flags = JSON.parse(
    '{"__proto__": {"enabled": true}, "constructor": {"enabled": true}, "toString": {"enabled": false}}',
  );
  const value = '{"__proto__": {"polluted": true}}';
  const text = `{"flags": {"nested": {"enabled": true, "variants": {"on": ${value}, "off": 0}}, ${JSON.stringify(flags).slice(1)}}`;
  const data = bootstrap(await createEngine({ snapshot: text, strict: true }), {});
  for (const client of [createBootstrapClient(data), createBootstrapClient(runInNewContext(`(${data})`))]) {
    assert.deepEqual(["__proto__", "constructor", "toString", "valueOf"].map((key) => client.isEnabled(key)), [true, true, false, false]); // prettier-ignore
    assert.equal(client.evaluate("valueOf").errorCode, "FLAG_NOT_FOUND");
  }
  assert.equal(JSON.stringify(createBootstrapClient(data).value("nested", {})), JSON.stringify(JSON.parse(value)));
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

const cyclic = {};
Object.assign(cyclic, { schema: 1, flags: [cyclic] });
for (const [what, data] of /** @type {[string, unknown][]} */ ([
  ["nothing", undefined],
  ["null", null],
  ["no JSON", "{"],
  ["an empty text", ""],
  ["a number", 7],
  ["a list", []],
  ["another form", { "new-checkout": true }],
  ["one from the future", { schema: 2, revision: 1, flags: [["f", true, "on", "STATIC", "static"]] }],
  ["flags that are no list", { schema: 1, flags: { f: true } }],
  ["a cycle", cyclic],
  ["what is too long", `{"schema":1,"flags":[],"x":"${"x".repeat(4 << 20)}"}`],
  [
    "what is too deep",
    `{"schema":1,"flags":[["f",${"[".repeat(100_000)}${"]".repeat(100_000)},"on","STATIC","static"]]}`,
  ],
  ["a getter that throws", Object.defineProperty({}, "schema", { enumerable: true, get() { throw new Error("x"); } })], // prettier-ignore
])) {
  test(`data that can't be read: ${what}`, () => {
    const { client, errors } = clientOf(data);
    assert.equal(errors.length, 1);
    assert.deepEqual([client.isEnabled("f"), client.value("f", "Buy"), client.evaluateAll().size], [false, "Buy", 0]);
    const sound = clientOf(bootstrap(engine, { userId: "alice" }));
    assert.equal(sound.client.refresh(data), false);
    assert.deepEqual([sound.client.isEnabled("new-checkout"), sound.client.revision, sound.errors.length], [true, 7, 1]); // prettier-ignore
  });
}

test("whatever is given as data, nothing throws, and what is not a flag is not one", () => {
  const entry = fc.tuple(fc.anything(), fc.anything(), fc.anything(), fc.constantFrom("STATIC", "ERROR", 7), fc.constantFrom("static", "GENERAL", null)); // prettier-ignore
  const near = fc.record({
    schema: fc.constant(1),
    revision: fc.anything(),
    flags: fc.array(fc.oneof(entry, fc.anything())),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), near, fc.json()), (data) => {
      const { client } = clientOf(data);
      assert.equal(client.isEnabled("toString"), false);
      for (const [key, { flagKey, variant }] of client.evaluateAll()) {
        assert.deepEqual([key, typeof variant], [flagKey, "string"]);
        client.details(key, "");
      }
    }),
    { numRuns: 1_000 },
  );
});

test("an entry that can't be read is left out alone, and told", () => {
  const good = ["good", true, "on", "STATIC", "static"];
  const bad = [
    null,
    "good",
    {},
    [],
    ["f", true, "on", "STATIC"],
    [7, true, "on", "STATIC", "static"],
    ["f", true, null, "STATIC", "static"],
    ["f", true, "on", "BECAUSE", "static"],
    ["f", true, "on", "STATIC", "rollout"],
    ["f", true, "on", "ERROR", "static"],
    ["f", true, "on", "STATIC", "static", "more"],
  ];
  const { client, errors } = clientOf({ schema: 1, revision: "7", flags: [...bad, good] });
  assert.deepEqual([client.isEnabled("good"), client.isEnabled("f"), client.revision], [true, false, null]);
  assert.equal(errors.length, bad.length);
  assert.match(errors[0], /flag 0 of the bootstrap data can't be read/);
});

test("what the edge could not decide gives the page's defaults", () => {
  const { client } = clientOf({ schema: 1, flags: [["f", true, "on", "ERROR", "TARGETING_KEY_MISSING"]] });
  assert.deepEqual([client.isEnabled("f"), client.value("f", false)], [false, false]);
  assert.equal(client.evaluate("f").errorCode, "TARGETING_KEY_MISSING");
});

test("a refresh changes what changed, tells who listens, and never goes back", () => {
  const { client, errors } = clientOf(bootstrap(engine, { userId: "alice" }));
  /** @type {unknown[]} */
  const told = [];
  client.onChange(() => {
    throw new Error("broken listener");
  });
  const end = client.onChange((keys) => told.push([keys, client.isEnabled("new-checkout")]));
  assert.equal(client.refresh(bootstrap(engine, { userId: "carol", email: "carol@acme.example" })), true);
  assert.deepEqual(told, [[["new-checkout", "button"], false]]);
  assert.equal(client.refresh(bootstrap(engine, { userId: "carol", email: "carol@acme.example" })), true);
  assert.equal(told.length, 1);
  assert.equal(client.refresh({ schema: 1, revision: 6, flags: [] }), false);
  assert.deepEqual([client.revision, client.evaluateAll().size], [7, 3]);
  end();
  assert.equal(client.refresh({ schema: 1, revision: 8, flags: [] }), true);
  assert.deepEqual([told.length, client.revision, client.evaluateAll().size], [1, 8, 0]);
  assert.deepEqual(errors, ["Error: broken listener", "Error: revision 6 is older than 7, which stays", "Error: broken listener"]); // prettier-ignore
});

test("handed over to an engine for pages: answers are its own, and change again only when handed over again", async () => {
  const visitor = { userId: "trent" };
  const { client, errors } = clientOf(bootstrap(engine, visitor));
  /** @type {(readonly string[])[]} */
  const told = [];
  client.onChange((keys) => told.push(keys));
  const pages = { revision: 7, flags: { "new-checkout": snapshot.flags["new-checkout"], off: snapshot.flags.off } };
  const page = createFlagEngine({ snapshot: pages });
  assert.equal(await client.handOver(page, visitor), true);
  // The page's snapshot lacks the button, which only the edge decides.
  assert.deepEqual([told, client.value("button", "")], [[], "Buy now"]);
  assert.deepEqual(client.evaluate("new-checkout"), (await page).evaluate("new-checkout", visitor));
  (await page).load({ ...pages, revision: 8, flags: { "new-checkout": { enabled: false } } });
  assert.equal(client.isEnabled("new-checkout"), true);
  assert.equal(await client.handOver(page, visitor), true);
  assert.deepEqual([client.isEnabled("new-checkout"), client.revision, told], [false, 8, [["new-checkout"]]]);
  assert.deepEqual(errors, []);
});

test("an engine that can't be had, is behind, or can't decide a flag leaves what the edge has decided", async () => {
  const needsFull = { enabled: true, rules: [{ if: { attribute: "plan", op: /** @type {const} */ ("matches"), values: ["^pro"] }, serve: "on" }], rolloutPercentage: 0 }; // prettier-ignore
  const data = { schema: 1, revision: 7, flags: [["pros", true, "on", "TARGETING_MATCH", "rule"]] };
  const { client, errors } = clientOf(data);
  assert.equal(await client.handOver(Promise.reject(new Error("no wasm")), {}), false);
  const behind = await createFlagEngine({ snapshot: { revision: 6, flags: { pros: { enabled: false } } } });
  assert.equal(await client.handOver(behind, {}), false);
  assert.equal(client.isEnabled("pros"), true);
  const lacking = await createFlagEngine({ snapshot: { revision: 8, flags: { pros: needsFull } } });
  assert.equal(lacking.evaluate("pros", { plan: "pro" }).errorCode, "PARSE_ERROR");
  assert.equal(await client.handOver(lacking, { plan: "pro" }), true);
  assert.deepEqual([client.isEnabled("pros"), client.revision], [true, 8]);
  assert.deepEqual(errors, ["Error: no wasm", "Error: revision 6 is older than 7, which stays"]);
});

test("whoever has logged out keeps nothing of what an id had given them", async () => {
  const { client } = clientOf(bootstrap(engine, { userId: "alice" }));
  assert.equal(await client.handOver(engine, {}), true);
  assert.equal(client.isEnabled("new-checkout"), false);
  assert.equal(client.evaluate("new-checkout").errorCode, "TARGETING_KEY_MISSING");
});

test("the last hand-over counts, whichever engine comes first", async () => {
  const { client } = clientOf(bootstrap(engine, {}));
  const late = new Promise((resolve) => setTimeout(resolve, 20, engine));
  const first = client.handOver(/** @type {Promise<any>} */ (late), { userId: "carol" });
  assert.equal(await client.handOver(engine, { userId: "alice" }), true);
  assert.equal(await first, false);
  assert.equal(client.isEnabled("new-checkout"), true);
});
