/** `pointsman diff`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { workshop } from "./cli.mjs";

const { run, write } = workshop();

/** Ids that are enough for what is not about their number. */
const SAMPLE = 20_000;

/** What `diff` tells of two snapshots, as an object. */
function compared(before, after, ...args) {
  const paths = [write("old.json", before), write("new.json", after)];
  const { status, printed, told } = run(["diff", ...paths, "--json", "--sample", `${SAMPLE}`, ...args]);
  assert.deepEqual([status, told], [0, ""]);
  return JSON.parse(printed);
}

const flags = (definitions) => ({ flags: definitions });
const at = (percentage, rest = {}) => flags({ f: { enabled: true, rollout: { percentage }, ...rest } });
const exactly = (share) => ({ share, exact: true });

test("from 25 to 50 % a quarter moves in, and nobody out", () => {
  const paths = [write("old.json", at(25)), write("new.json", at(50))];
  const { status, printed } = run(["diff", ...paths]);
  assert.equal(status, 0);
  assert.match(
    printed,
    /^f: 25 % in, none out\n {2}off → on {2}25 % exactly; \d\d,\d\d\d of 100,000\n1 of 1 flag, tried with 100,000 ids\n$/,
  );
  const back = run(["diff", ...paths.toReversed()]);
  assert.match(back.printed, /^f: none in, 25 % out\n/);
});

test("shares that are exact are those of the cuts, and the sample is near them", () => {
  const splits = (a, b, percentage) => {
    const rollout = {
      percentage,
      split: [
        { variant: "a", weight: a },
        { variant: "b", weight: b },
      ],
    };
    return flags({ f: { enabled: true, variants: { a: 1, b: 2, off: 0 }, onVariant: "a", rollout } });
  };
  // a: [0, 0.5) to [0, 0.75), b: [0.5, 1) to [0.75, 1).
  const [grown] = compared(splits(1, 1, 100), splits(3, 1, 100)).flags;
  assert.deepEqual([grown.in, grown.out, grown.moved], [exactly(0), exactly(0), exactly(0.25)]);
  // At half, arms grow in place: a [0, 0.25), b [0.5, 0.75); then all of it.
  const [whole] = compared(splits(1, 1, 50), splits(1, 1, 100)).flags;
  assert.deepEqual([whole.in, whole.out, whole.moved], [exactly(0.5), exactly(0), exactly(0)]);
  for (const { count, share, exact } of [...grown.transitions, ...whole.transitions]) {
    assert.equal(share, count / SAMPLE);
    // Four standard deviations, at most.
    assert.ok(Math.abs(share - exact) < 4 * Math.sqrt(0.25 / SAMPLE), `${share} for ${exact}`);
  }
});

test("a kill switch takes out all who were in", () => {
  const [{ in: into, out }] = compared(at(25), at(25, { enabled: false })).flags;
  assert.deepEqual([into, out], [exactly(0), exactly(0.25)]);
});

test("another salt is another line: the shares are counted", () => {
  const [{ in: into, out }] = compared(at(50), at(50, { salt: "again" })).flags;
  assert.deepEqual([into.exact, out.exact], [false, false]);
  for (const { share } of [into, out]) assert.ok(Math.abs(share - 0.25) < 0.0125, `${share}`);
  assert.deepEqual(compared(at(50), at(50, { salt: "f" })).flags, [], "the key is the salt");
});

test("what the sample has too few of is seen all the same, where it is exact", () => {
  const [{ moves, in: into, transitions }] = compared(at(25), at(25.0001), "--sample", "10").flags;
  assert.equal(moves, true);
  assert.ok(Math.abs(into.share - 0.000001) < 1e-9);
  assert.deepEqual(transitions.find(({ kind }) => kind === "in").count, 0);
});

test("another value of the same variant is another thing to get", () => {
  const valued = (on) => at(25, { variants: { on, off: "grey" } });
  const [{ moves, in: into, revalued }] = compared(valued("red"), valued("green")).flags;
  assert.deepEqual([moves, into, revalued], [true, exactly(0), exactly(0.25)]);
});

test("who is listed is looked at one by one", () => {
  const listing = (...whitelistUsers) => flags({ f: { enabled: true, rolloutPercentage: 0, whitelistUsers } });
  const [{ listed, in: into }] = compared(listing("alice", "bob"), listing("alice", "carol")).flags;
  assert.deepEqual(into, exactly(0));
  assert.deepEqual(listed, [
    { id: "bob", from: "on", to: "off" },
    { id: "carol", from: "off", to: "on" },
  ]);
});

test("flags that come and go", () => {
  const [gone, fresh] = compared(
    flags({ gone: { enabled: true } }),
    flags({ fresh: { enabled: true, rolloutPercentage: 10 } }),
  ).flags;
  assert.deepEqual([gone.status, gone.out, gone.transitions[0].to], ["removed", exactly(1), null]);
  assert.deepEqual([fresh.status, fresh.in.exact, fresh.out], ["added", true, exactly(0)]);
  assert.ok(Math.abs(fresh.in.share - 0.1) < 1e-9);
});

test("a flag that is the same moves with its prerequisites, however far, and with segments", () => {
  const asks = (flag) => ({ enabled: true, rules: [{ if: { flag, is: "on" }, serve: "on" }], rolloutPercentage: 0 });
  const chain = (percentage) =>
    flags({ a: { enabled: true, rolloutPercentage: percentage }, c: asks("b"), b: asks("a"), d: { enabled: true } });
  const moved = compared(chain(0), chain(100)).flags;
  assert.deepEqual(
    moved.map(({ flag, in: into }) => [flag, into.share]),
    [
      ["a", 1],
      ["c", 1],
      ["b", 1],
    ],
  );
  const within = (percentage) => ({
    segments: { early: { flag: "a", is: "on" } },
    ...flags({
      a: { enabled: true, rolloutPercentage: percentage },
      f: { enabled: true, rules: [{ if: { segment: "early" }, serve: "on" }], rolloutPercentage: 0 },
    }),
  });
  assert.deepEqual(
    compared(within(0), within(100)).flags.map(({ flag }) => flag),
    ["a", "f"],
  );
  const held = (plan) => ({
    segments: { paying: { attribute: "plan", op: "in", values: [plan] } },
    ...flags({ f: { enabled: true, rules: [{ if: { segment: "paying" }, serve: "on" }], rolloutPercentage: 0 } }),
  });
  assert.equal(compared(held("free"), held("pro"), "-c", "plan=pro").flags[0].in.share, 1);
  assert.deepEqual(compared(held("free"), held("pro"), "-c", "plan=other").flags, []);
});

test("ids go where flags look for them, and may be one's own", () => {
  const by = (percentage) => at(percentage, { bucketBy: "tenant" });
  assert.deepEqual(
    compared(by(0), by(100)).flags[0].transitions.map(({ count }) => count),
    [SAMPLE],
  );
  // Both at 25 %, by the README.
  write("ids.txt", "trent\r\ncarol\n\n");
  const key = (percentage) => flags({ "new-checkout": { enabled: true, rolloutPercentage: percentage } });
  const {
    ids,
    flags: [{ transitions }],
  } = compared(key(0), key(25), "--ids", "ids.txt");
  assert.equal(ids, 2);
  assert.deepEqual(transitions.map(({ to, count }) => [to, count]).sort(), [
    ["off", 1],
    ["on", 1],
  ]);
  const [{ transitions: own }] = compared(key(0), key(25), "--user", "trent").flags;
  assert.deepEqual(
    own.map(({ to, exact, count }) => [to, exact, count]),
    [["on", null, 1]],
  );
});

test("--exit-code is 1 only where anybody moves", () => {
  const code = (before, after) => run(["diff", write("old.json", before), write("new.json", after), "--exit-code"]);
  assert.equal(code(at(25), at(50)).status, 1);
  const same = code(at(25), at(25, { metadata: { owner: "shop" } }));
  assert.deepEqual([same.status, same.printed], [0, "nobody of 100,000 ids gets anything else from 1 flag\n"]);
  const added = code(flags({}), at(0));
  assert.deepEqual([added.status, added.printed.split("\n")[0]], [0, "f: added; none in, none out"]);
});

test("what can't be compared", () => {
  const good = write("good.json", at(25));
  assert.equal(run(["compile", good, "-o", "good.pointsman"]).status, 0);
  for (const [args, status, says] of /** @type {[string[], number, RegExp][]} */ ([
    [["good.json", "good.pointsman"], 2, /good\.pointsman is compiled/],
    [["good.json", "nowhere.json"], 2, /nowhere\.json can't be read/],
    [["good.json", write("bad.json", at(250))], 1, /^bad\.json:1:\d+ \/flags\/f\/rollout\/percentage: .*OUT_OF_RANGE/],
    [["good.json", "good.json", "--ids", write("none.txt", "\n\n")], 2, /none\.txt holds no ids/],
    [["good.json", "good.json", "--sample", "0"], 2, /1 or more/],
    [["good.json"], 2, /missing required argument 'new'/],
  ])) {
    const result = run(["diff", ...args]);
    assert.deepEqual([result.status, result.printed], [status, ""], args.join(" "));
    assert.match(result.told, says);
  }
});
