/**
 * The first figures: one flag at 25 %, and the same with 1,000 whitelisted ids, as ratios to a hand-written floor in the
 * same process. Both take turns at batches of ids; medians over rounds; every answer is counted and checked.
 *
 *     node benches/first.mjs [--json] [--check]     (--check: fails over a bound)
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createEngine } from "pointsman";

const IDS = 200_000;
/** Few enough that the garbage collector finds no ids to move in the middle of a batch. */
const BATCH = 2_000;
const ROUNDS = 25;
const WARM_UP = 5;
const WHITELISTED = 1_000;
const SHARE = 0.25;

const FLAG = "new-checkout";
const bytes = idBytes(IDS);
const plain = { enabled: true, rolloutPercentage: SHARE * 100 };
const listed = { ...plain, whitelistUsers: batchAt(0, IDS, IDS / WHITELISTED) };

const results = [
  await everyIdNew("W1: one flag at 25 %, every id new", 1.3, plain),
  await everyIdNew("W2: with 1,000 whitelisted ids", 0.8, listed),
  await oneVisitor("W1, one visitor, a fresh context each call", plain),
  await onePrepared("W1, one visitor, a prepared context", plain),
];
print(results);

/** Every id is a new string, whose hash V8 has not yet kept with it, in a new context. */
async function everyIdNew(name, bound, flag) {
  const { engine, floor } = await contenders(flag);
  const ours = (ids) => {
    let count = 0;
    for (let i = 0; i < ids.length; i++) if (engine.isEnabled(FLAG, { userId: ids[i] })) count++;
    return count;
  };
  const theirs = (ids) => {
    let count = 0;
    for (let i = 0; i < ids.length; i++) if (floor(FLAG, { userId: ids[i] })) count++;
    return count;
  };
  const figures = race((from) => batchAt(from, from + BATCH), { ours, floor: theirs });
  for (const count of Object.values(figures.counts)) assertShare(count, flag.whitelistUsers?.length ?? 0);
  return { name, bound, ...figures };
}

/** One visitor, asked for again and again. */
async function oneVisitor(name, flag) {
  const { engine, floor } = await contenders(flag);
  const ours = (id) => {
    let count = 0;
    for (let i = 0; i < BATCH; i++) if (engine.isEnabled(FLAG, { userId: id })) count++;
    return count;
  };
  const theirs = (id) => {
    let count = 0;
    for (let i = 0; i < BATCH; i++) if (floor(FLAG, { userId: id })) count++;
    return count;
  };
  const figures = race((from) => batchAt(from, from + 1)[0], { ours, floor: theirs });
  assertAllOrNone(figures.counts);
  return { name, ...figures };
}

/** The same, packed once. */
async function onePrepared(name, flag) {
  const { engine, floor } = await contenders(flag);
  const ours = (id) => {
    const visitor = engine.context({ userId: id });
    let count = 0;
    for (let i = 0; i < BATCH; i++) if (visitor.isEnabled(FLAG)) count++;
    return count;
  };
  const theirs = (id) => {
    const visitor = { userId: id };
    let count = 0;
    for (let i = 0; i < BATCH; i++) if (floor(FLAG, visitor)) count++;
    return count;
  };
  const figures = race((from) => batchAt(from, from + 1)[0], { ours, floor: theirs });
  assertAllOrNone(figures.counts);
  return { name, ...figures };
}

async function contenders(flag) {
  const engine = await createEngine({ snapshot: { flags: { [FLAG]: flag } } });
  return { engine, floor: createFloor({ [FLAG]: flag }) };
}

/** Nanoseconds a decision, and how many got in: the same number in every round. */
function race(input, runners) {
  const rounds = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) rounds.push(runRound(input, runners));
  const { counts } = rounds[0];
  for (const round of rounds) assert.deepEqual(round.counts, counts, "the answers are those of the other rounds");
  const { ours, floor, ratio } = medians(rounds.slice(WARM_UP).map(({ times }) => times));
  return { ours, floor, ratio, counts };
}

function runRound(input, runners) {
  const times = { ours: 0, floor: 0 };
  const counts = { ours: 0, floor: 0 };
  for (let from = 0; from < IDS; from += BATCH) {
    const order = (from / BATCH) % 2 === 0 ? ["ours", "floor"] : ["floor", "ours"];
    for (const who of order) {
      const given = input(from);
      const start = process.hrtime.bigint();
      counts[who] += runners[who](given);
      times[who] += Number(process.hrtime.bigint() - start) / IDS;
    }
  }
  return { times, counts };
}

function medians(times) {
  return {
    ours: median(times.map(({ ours }) => ours)),
    floor: median(times.map(({ floor }) => floor)),
    ratio: median(times.map(({ ours, floor }) => ours / floor)),
  };
}

/** The whitelisted, and 25 % of the others within five standard deviations. */
function assertShare(count, whitelisted) {
  const others = IDS - whitelisted;
  const spread = 5 * Math.sqrt(others * SHARE * (1 - SHARE));
  assert.ok(Math.abs(count - whitelisted - others * SHARE) < spread, `${count} of ${IDS} got in`);
}

/** Each visitor is asked for a whole batch of times. */
function assertAllOrNone(counts) {
  for (const count of Object.values(counts)) assert.equal(count % BATCH, 0, "each visitor always got one answer");
}

/** What one would write by hand: a Map look-up, a Set for the list, murmur3, a comparison. */
function createFloor(definitions) {
  const flags = new Map();
  for (const [key, { enabled, rolloutPercentage, whitelistUsers }] of Object.entries(definitions)) {
    const listed = whitelistUsers === undefined ? null : new Set(whitelistUsers);
    flags.set(key, { enabled, listed, seed: murmur3(key, 0), threshold: (rolloutPercentage / 100) * 4294967296 });
  }
  return (key, context) => {
    const flag = flags.get(key);
    if (flag === undefined || !flag.enabled) return false;
    const id = context.userId;
    if (typeof id !== "string" || id === "") return false;
    if (flag.listed !== null && flag.listed.has(id)) return true;
    return murmur3(id, flag.seed) < flag.threshold;
  };
}

/** MurmurHash3_x86_32 of a text of ASCII characters. */
function murmur3(text, seed) {
  const { length } = text;
  const whole = length & ~3;
  let hash = seed;
  for (let i = 0; i < whole; i += 4) {
    let block =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24);
    block = Math.imul(block, 0xcc9e2d51);
    block = Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    hash ^= block;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (whole < length) {
    let block = 0;
    for (let i = length - 1; i >= whole; i--) block = (block << 8) | text.charCodeAt(i);
    block = Math.imul(block, 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** UUIDs, the same in every run, as ASCII bytes. */
function idBytes(count) {
  const all = Buffer.alloc(count * 36);
  for (let i = 0; i < count; i++) {
    const hex = createHash("sha256").update(`visitor ${i}`).digest("hex");
    const id = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)];
    all.write(id.join("-"), i * 36, "latin1");
  }
  return all;
}

/** The ids as new, flat strings, as a header or a cookie gives them. */
function batchAt(from, to, step = 1) {
  const batch = [];
  for (let i = from; i < to; i += step) batch.push(bytes.toString("latin1", i * 36, i * 36 + 36));
  return batch;
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function print(results) {
  if (process.argv.includes("--json"))
    console.log(JSON.stringify({ node: process.version, ids: IDS, rounds: ROUNDS, results }));
  else for (const result of results) console.log(line(result));
  const over = results.filter(({ ratio, bound }) => bound !== undefined && ratio > bound);
  if (process.argv.includes("--check")) process.exitCode = over.length;
}

function line({ name, bound, ours, floor, ratio }) {
  const against = bound === undefined ? "" : `, bound ${bound}${ratio > bound ? ": MISSED" : ""}`;
  return `${name}: ${ours.toFixed(1)} ns, floor ${floor.toFixed(1)} ns, ratio ${ratio.toFixed(2)}${against}`;
}
