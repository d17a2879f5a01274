/**
 * One work inside workerd, with one engine and one floor. A request without timing readies the input; the next one runs over it.
 * The clock stands still inside a request: whoever asks keeps the time.
 */
import { createEngine } from "../../js/dist/workerd.js";
import { createFloor } from "../floor.mjs";
import { snapshotOf } from "../workload.mjs";
import { WORKS, asContext, crowd } from "./works.mjs";

/** So much garbage that the collector has moved the input out of the young generation before it is timed. */
const GARBAGE_BYTES = 64 << 20;
const GARBAGE_EACH = 1_024;
/** Visitors whose answers are looked at one by one. */
const CHECKED = 500;

let bench;
let given;
let kept;

export default {
  async fetch(request, { WORK }) {
    const { pathname, searchParams } = new URL(request.url);
    bench ??= await create(WORKS[WORK]);
    const who = searchParams.get("who") ?? "";
    if (pathname === "/ready") return ready(who, Number(searchParams.get("slice")));
    if (pathname === "/run") return new Response(String(bench[who].run(given)));
    if (pathname === "/answers") return Response.json(bench[who].answers());
    return new Response("0");
  },
};

/** @param {import("./works.mjs").Work} work */
async function create({ definitions, loops, input, prepared }) {
  const flags = definitions();
  const engine = await createEngine({ snapshot: snapshotOf(flags), strict: true });
  const floor = createFloor(flags);
  const answers = (value) => () =>
    crowd.batch(0, CHECKED).map((visitor) => flags.map(({ key }) => value(key, visitor)));
  return {
    ours: {
      run: loops.ours(engine, flags),
      input: (slice) => (prepared ?? input)(slice, engine),
      answers: answers((key, visitor) => engine.evaluate(key, asContext(visitor)).value),
    },
    floor: { run: loops.floor(floor, flags), input, answers: answers(floor.value) },
  };
}

function ready(who, slice) {
  given = bench[who].input(slice);
  for (let bytes = 0; bytes < GARBAGE_BYTES; bytes += GARBAGE_EACH) kept = new Array(GARBAGE_EACH / 8).fill(bytes);
  return new Response(String(kept.length));
}
