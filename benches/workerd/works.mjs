/** The works: what is asked, of which flags, over which input. Runs inside workerd; outside it says what answers must be. */
import { createVisitors, mixed, rollout, targeted, withList } from "../workload.mjs";
import { byFlag, byId, byOneId, byOnePrepared, byPrepared, byVisitor } from "./loops.mjs";

/** Decisions a request: several milliseconds, where a request without any takes half of one. */
export const BATCH = 50_000;
/** Of the crowd, one a round: each visitor comes again after four rounds, as a new string. */
export const SLICES = 4;
const LISTED = 1_000;
const MIXED = 100;
const LIST_LENGTH = 50;

export const crowd = createVisitors(BATCH * SLICES);

const ids = (slice) => crowd.ids(slice * BATCH, (slice + 1) * BATCH);
const visitors = (slice) => crowd.batch(slice * BATCH, (slice + 1) * BATCH);
const oneId = (slice) => ({ id: ids(slice)[0], times: BATCH });
const contexts = (slice, engine) => visitors(slice).map((visitor) => engine.context(asContext(visitor)));
const few = (slice) => crowd.batch(slice * BATCH, slice * BATCH + BATCH / MIXED);

/** @param {import("../workload.mjs").Visitor} visitor */
export const asContext = ({ id, country, plan, appVersion }) => ({ userId: id, country, plan, appVersion });

const single = () => [rollout];
const three = () => [targeted];
const listed = () => [withList(crowd.ids(0, crowd.count, crowd.count / LISTED))];
const many = () => mixed(MIXED, LIST_LENGTH);

/**
 * @typedef {object} Work
 * @property {string} name
 * @property {number} [bound] - of the ratio to the floor.
 * @property {() => import("../workload.mjs").Definition[]} definitions
 * @property {Record<"ours" | "floor", (contender: any, definitions: any) => (given: any) => number>} loops
 * @property {(slice: number) => any} input
 * @property {(slice: number, engine: any) => any} [prepared] - what pointsman is given in its place.
 */

/** @type {Record<string, Work>} */
export const WORKS = {
  W1: { name: "one flag at 25 %, every id new", bound: 1.5, definitions: single, loops: byId, input: ids },
  "W1 repeat": { name: "the same visitor again", definitions: single, loops: byOneId, input: oneId },
  "W1 prepared": { name: "in a context made once", definitions: single, loops: byOnePrepared, input: oneId },
  W2: { name: "W1 with 1,000 listed ids", bound: 1.5, definitions: listed, loops: byId, input: ids },
  W3: { name: "country, plan, version, then 50/30/20", definitions: three, loops: byVisitor, input: visitors },
  "W3 prepared": {
    name: "in contexts made before",
    definitions: three,
    loops: byPrepared,
    input: visitors,
    prepared: contexts,
  },
  W4: { name: "all of 100 flags", definitions: many, loops: byFlag, input: few },
};
