// @ts-nocheck: much of this calls on purpose what the types forbid.
/** What a snapshot may be handed over as, what is told of its problems, and what outlives it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { engineModule } from "./builds.mjs";

const { PointsmanError, createEngine } = await engineModule(import.meta.url);

const snapshot = { revision: 3, flags: { zoë: { enabled: true } } };
const text = JSON.stringify(snapshot);
const bytes = new TextEncoder().encode(text);

test("text, bytes, a buffer, a part of a buffer and an object are the same snapshot", async () => {
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes, 4);
  const part = padded.subarray(4, 4 + bytes.length);
  const inputs = [text, bytes, Buffer.from(text), bytes.buffer, part, new DataView(part.buffer, 4, part.length), snapshot, { toJSON: () => snapshot }]; // prettier-ignore
  for (const input of inputs) {
    const engine = await createEngine({ snapshot: input });
    assert.equal(engine.isEnabled("zoë", {}), true);
    assert.equal(engine.load(text).unchanged, true);
  }
});

test("bytes that the caller writes to later are the caller's own", async () => {
  const own = bytes.slice();
  const engine = await createEngine({ snapshot: own });
  own.fill(0);
  assert.equal(engine.load(text).unchanged, true);
});

test("what has no JSON text is refused with a problem", async () => {
  const cyclic = {};
  cyclic.self = cyclic;
  const throws = { toJSON: () => assert.fail("not this one") };
  for (const input of [cyclic, { big: 1n }, throws, undefined, () => text, Symbol("x"), { toJSON: () => undefined }]) {
    await assert.rejects(createEngine({ snapshot: input }), (error) => {
      assert.ok(error instanceof PointsmanError && error instanceof Error);
      assert.deepEqual(error.problems.map(({ code, pointer, line, column }) => [code, pointer, line, column]), [["NOT_JSON", "", 1, 1]]); // prettier-ignore
      return true;
    });
  }
});

test("the error names the first problem's place and how many there are", async () => {
  const refused = createEngine({ snapshot: '{\n  "flgs": {},\n  "rvision": 1\n}' });
  await assert.rejects(refused, (error) => {
    assert.equal(error.name, "PointsmanError");
    assert.match(error.message, /2:3 \/flgs: .*\(UNKNOWN_FIELD\), and 1 more$/);
    assert.equal(error.problems.length, 2);
    return true;
  });
});

test("more bytes than allowed are refused, and the limit can be set", async () => {
  const over = { snapshot: text, maxSnapshotBytes: bytes.length - 1 };
  await assert.rejects(createEngine(over), (error) => error.problems[0].code === "LIMIT_EXCEEDED");
  const engine = await createEngine({ ...over, maxSnapshotBytes: bytes.length });
  assert.throws(() => engine.load(`${text} `), PointsmanError);
  assert.throws(() => engine.load(new Uint8Array((64 << 20) + 1)), PointsmanError);
  assert.equal(engine.isEnabled("zoë", {}), true);
});

test("each problem is told, of refused snapshots too, and a listener that throws changes nothing", async () => {
  const told = [];
  const onProblem = ({ code }) => {
    told.push(code);
    throw new Error("not my day");
  };
  const broken = { flags: { ok: { enabled: true }, one: { enabled: 1 }, two: { enabld: true, enabled: true } } };
  const engine = await createEngine({ snapshot: broken, onProblem });
  assert.deepEqual(told, ["WRONG_TYPE", "UNKNOWN_FIELD"]);
  assert.deepEqual(
    engine.problems.map(({ code }) => code),
    told,
  );
  assert.equal(engine.isEnabled("ok", {}), true);
  engine.load(broken);
  assert.equal(told.length, 2);
  assert.throws(() => engine.load("{"), PointsmanError);
  assert.deepEqual(told.slice(2), ["NOT_JSON"]);
  assert.throws(() => engine.load({ big: 1n }), PointsmanError);
  assert.equal(told.length, 4);
  assert.equal(engine.problems.length, 2);
});

test("strict refuses what breaks one flag", async () => {
  const broken = { flags: { ok: { enabled: true }, one: { enabled: 1 } } };
  await assert.rejects(createEngine({ snapshot: broken, strict: true }), PointsmanError);
  const engine = await createEngine({ snapshot: { flags: { ok: { enabled: true } } }, strict: true });
  assert.throws(() => engine.load(broken), PointsmanError);
  assert.equal(engine.isEnabled("ok", {}), true);
});

test("the report, the problems and the attributes can't be changed by who gets them", async () => {
  const engine = await createEngine({ snapshot });
  const report = engine.load({ revision: 4, flags: { one: { enabled: 1 }, two: { enabled: true, bucketBy: "team" } } });
  assert.deepEqual(
    [report.revision, report.added, report.removed, report.broken, report.unchanged],
    [4, ["one", "two"], ["zoë"], ["one"], false],
  );
  const parts = [report, report.added, report.problems, report.problems[0], engine.problems, engine.attributes];
  for (const part of parts) assert.equal(Object.isFrozen(part), true);
});

test("a module that is not the package's own is a PointsmanError", async () => {
  const empty = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  for (const wasm of [empty, {}]) {
    await assert.rejects(createEngine({ snapshot, wasm }), (error) => {
      assert.ok(error instanceof PointsmanError);
      assert.equal(error.problems[0].code, "WASM_UNAVAILABLE");
      return true;
    });
  }
});
