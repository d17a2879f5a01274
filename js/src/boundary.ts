import { DEFAULT_UNIT, UNUSABLE } from "./context.js";
import {
  FACTS,
  KIND_BOOLEAN,
  KIND_LIST,
  KIND_MISSING,
  KIND_NUMBER,
  KIND_STRING,
  KIND_UNUSABLE,
  LIST_ELEMENTS,
  REGION_BYTES,
  SLOT_BYTES,
  STRING_BYTES,
} from "./layout.js";
import { NO_INSTANCE } from "./no-instance.js";
import type { LoadReport, Problem } from "./types.js";
import type { Glue } from "#glue";

/** What a load gives. */
export interface Answer {
  readonly accepted: boolean;
  readonly report: LoadReport;
  /** JSON: the flags to carry when this snapshot is loaded into another instance. */
  readonly carriedText: string;
}

/** What was made of a text, or what is wrong with it. */
type Verdict = boolean | readonly Problem[];

const NOTHING = new Uint8Array(0);

/** Where nothing fitted. */
const NO_ROOM = -1;
const WORD_SHIFT = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What `decideUnit` gives for a unit that has to be packed the other way. No decision is this word: its code is no error's. */
export const UNUSUAL = 0x7fff;

/**
 * Everything that touches wasm memory.
 *
 * One scope, closures over its variables, its own copies of a module's constants: V8 compiles that to plain loads and
 * numbers. Methods, fields and constants that a bundler made variables of took 5 to 10 ns more of a decision's 90.
 */
export interface Boundary {
  /** From now on the calls go to this instance. */
  attach(next: Glue): void;
  /** From now on every call throws. What is packed goes into the old memory, and nobody reads it. */
  detach(): void;
  load(snapshot: Uint8Array, carried: Uint8Array, max: number, strict: boolean): Answer;
  manifest(): string;
  describe(flag: number): string;
  /** How a flag is decided over what is packed, as JSON text. */
  explain(flag: number, now: number): string;
  /** What lies in a slot; `UNUSABLE` for what no operator reads, undefined for nothing. */
  valueAt(slot: number): unknown;
  /** Puts the slots of these attributes first, then those of the facts, then strings and lists. */
  layOut(attributes: readonly string[]): void;
  /** Packs `values[from]` into the slot `slots[0]`, and so on. False where they don't fit. */
  packAll(slots: readonly number[], values: readonly unknown[], from: number): boolean;
  /** As `packAll`, for the first `count` of these. */
  packFew(
    slots: readonly number[],
    count: number,
    v0: unknown,
    v1: unknown,
    v2: unknown,
    v3: unknown,
    v4: unknown,
    v5: unknown,
    v6: unknown,
    v7: unknown,
  ): boolean;
  /** A copy of all that `packAll` packed last. */
  copyOut(): Int32Array;
  /** Puts a copy back, unless it lies there already. */
  copyIn(packed: Int32Array): void;
  /** A decision word over what is packed, as a signed number. */
  decide(flag: number, now: number): number;
  /** Packs the default unit and decides; `UNUSUAL` unless one id is a string, the others are undefined, and it fits. */
  decideUnit(flag: number, targetingKey: unknown, userId: unknown, visitorId: unknown): number;
  /** All flags' decision words. */
  decideAll(now: number): readonly number[];
  /** Whether a route matches. `clock` is the true time, `now` what schedules see. */
  route(now: number, clock: number): boolean;
  /** Names this isolate. */
  identify(isolate: string, coordinated: boolean): void;
  /** Counts how a request ended; true where orders have changed. `now` is the true time, `schedules` what schedules see. */
  report(flag: number, variant: number, outcome: number, latencyMs: number, now: number, schedules: number): boolean;
  /** How guarded variants stand, as JSON text. */
  judge(now: number, schedules: number): string;
  /** What was counted and not acknowledged yet, as JSON text. */
  drain(now: number): string;
  /** The orders in force, as JSON text. */
  orders(): string;
  /** Whether all of a delta was of use; problems where it was refused. */
  merge(delta: string, now: number): boolean | readonly Problem[];
  /** Whether orders have changed; problems where they were refused. */
  apply(orders: string, now: number, schedules: number): boolean | readonly Problem[];
  /** A copy of the result words. */
  results(count: number): readonly number[];
  /** The text that lies in the region. */
  text(offset: number, length: number): string;
}

/**
 * The boundary of one engine; it outlives its instances.
 *
 * @param encoderFrom - ids of so many characters and more are given to the runtime's own encoder: where it is fast.
 */
export function createBoundary(encoderFrom: number): Boundary {
  let glue = NO_INSTANCE;
  let decideNow = glue.decide;
  let words = new Int32Array(REGION_BYTES / Int32Array.BYTES_PER_ELEMENT);
  let memory = words;
  let floats = new Float64Array(words.buffer);
  let bytes = new Uint8Array(words.buffer);
  let heapBytes = bytes;
  /** Where strings and lists begin, and where what was packed ends. */
  let heap = 0;
  let end = 0;
  /** The places of the default unit's slots. */
  let targetingKeySlot = 0;
  let userIdSlot = 0;
  let visitorIdSlot = 0;
  /** The copy that lies in the region. */
  let resident: Int32Array | null = null;
  /** The slot and the length of the lone id whose slots lie in the region; length -1 where others do. */
  let idSlot = 0;
  let idLength = -1;
  // Bundlers make variables of a module's constants; these V8 can build into the code.
  const missing = KIND_MISSING;
  const noRoom = NO_ROOM;
  const unusual = UNUSUAL;
  const stringBytes = STRING_BYTES;
  const regionBytes = REGION_BYTES;

  /** What lay in the region is no more. */
  const forget = () => {
    resident = null;
    idLength = -1;
  };

  /** The first call of `region` makes it, and may grow the memory. */
  const see = () => {
    const at = glue.region();
    const { buffer } = glue.memory;
    memory = new Int32Array(buffer);
    words = new Int32Array(buffer, at, REGION_BYTES / Int32Array.BYTES_PER_ELEMENT);
    floats = new Float64Array(buffer, at, REGION_BYTES / Float64Array.BYTES_PER_ELEMENT);
    bytes = new Uint8Array(buffer, at, REGION_BYTES);
    heapBytes = bytes.subarray(heap, heap + STRING_BYTES);
  };

  /** Growing memory detaches the views of the old buffer; only the calls that this goes round can grow it. */
  const growing = <T>(call: () => T): T => {
    const { buffer } = glue.memory;
    const result = call();
    if (glue.memory.buffer !== buffer) see();
    return result;
  };

  const encode = (text: string, target: Uint8Array): number => {
    const { read, written } = encoder.encodeInto(text, target);
    return read === text.length ? written : noRoom;
  };

  /** The one to three characters after the last whole word. */
  const writeTail = (text: string, from: number, word: number): number => {
    let last = 0;
    let seen = 0;
    for (let i = from; i < text.length; i++) {
      const code = text.charCodeAt(i);
      seen |= code;
      last |= code << ((i - from) << 3);
    }
    words[word] = last;
    return seen;
  };

  /**
   * Writes a text at a multiple of four bytes, and gives its length in bytes, or `NO_ROOM`. ASCII goes in stores of four
   * characters, from the end on: counting down to zero takes a register less. Reading the characters is what takes the
   * time, as it does for any hash in JavaScript.
   */
  const write = (text: string, at: number): number => {
    const { length } = text;
    if (length > stringBytes || at + length > regionBytes) return noRoom;
    const to = words;
    const whole = length & ~3;
    let word = (at + whole) >> 2;
    let seen = whole < length ? writeTail(text, whole, word) : 0;
    for (let i = whole; i > 0;) {
      const d = text.charCodeAt(--i);
      const c = text.charCodeAt(--i);
      const b = text.charCodeAt(--i);
      const a = text.charCodeAt(--i);
      seen |= a | b | c | d;
      to[--word] = a | (b << 8) | (c << 16) | (d << 24);
    }
    return seen < 0x80 ? length : encode(text, bytes.subarray(at, at + STRING_BYTES));
  };

  /** Gives where the next string goes. */
  const putText = (slot: number, text: string, at: number): number => {
    const length = write(text, at);
    words[slot] = KIND_STRING;
    words[slot + 1] = length;
    words[slot + 2] = at;
    return length === NO_ROOM ? NO_ROOM : (at + length + 3) & ~3;
  };

  const putNumber = (slot: number, value: number): void => {
    const finite = Number.isFinite(value);
    words[slot] = finite ? KIND_NUMBER : KIND_UNUSABLE;
    if (finite) floats[(slot >> 1) + 1] = value;
  };

  const putList = (slot: number, list: readonly unknown[], at: number): number => {
    const first = (at + 7) & ~7;
    let next = first + list.length * SLOT_BYTES;
    if (list.length > LIST_ELEMENTS || next > REGION_BYTES) return NO_ROOM;
    words[slot] = KIND_LIST;
    words[slot + 1] = list.length;
    words[slot + 2] = first;
    for (let i = 0; i < list.length && next !== NO_ROOM; i++) {
      next = put((first + i * SLOT_BYTES) >> WORD_SHIFT, list[i], next);
    }
    return next;
  };

  const put = (slot: number, value: unknown, at: number): number => {
    switch (typeof value) {
      case "string":
        return putText(slot, value, at);
      case "number":
        putNumber(slot, value);
        return at;
      case "boolean":
        words[slot] = KIND_BOOLEAN;
        words[slot + 1] = value ? 1 : 0;
        return at;
      default:
        if (Array.isArray(value)) return putList(slot, value, at);
        words[slot] = value === undefined || value === null ? KIND_MISSING : KIND_UNUSABLE;
        return at;
    }
  };

  /** The slots of a lone id of so many bytes. They stay from one visitor to the next: most ids are of one length. */
  const layId = (slot: number, length: number): void => {
    resident = null;
    words[targetingKeySlot] = missing;
    words[userIdSlot] = missing;
    words[visitorIdSlot] = missing;
    words[slot] = KIND_STRING;
    words[slot + 1] = length;
    words[slot + 2] = heap;
    idSlot = slot;
    idLength = length;
  };

  const decideId = (flag: number, slot: number, id: unknown): number => {
    if (typeof id !== "string") return unusual;
    if (slot !== idSlot || id.length !== idLength) layId(slot, id.length);
    const length = id.length < encoderFrom ? write(id, heap) : encode(id, heapBytes);
    if (length !== idLength) {
      if (length === noRoom) return unusual;
      layId(slot, length);
    }
    return decideNow(flag, 0);
  };

  const decideOther = (flag: number, targetingKey: unknown, userId: unknown, visitorId: unknown): number => {
    if (userId !== undefined) return UNUSUAL;
    if (targetingKey === undefined) return decideId(flag, visitorIdSlot, visitorId);
    return visitorId === undefined ? decideId(flag, targetingKeySlot, targetingKey) : UNUSUAL;
  };

  const text = (offset: number, length: number) => decoder.decode(bytes.subarray(offset, offset + length));

  const take = (slot: number): unknown => {
    const length = words[slot + 1] as number;
    const at = words[slot + 2] as number;
    switch (words[slot]) {
      case KIND_MISSING:
        return undefined;
      case KIND_STRING:
        return text(at, length);
      case KIND_NUMBER:
        return floats[(slot >> 1) + 1];
      case KIND_BOOLEAN:
        return length !== 0;
      case KIND_LIST:
        return Array.from({ length }, (_, i) => take((at + i * SLOT_BYTES) >> WORD_SHIFT));
      default:
        return UNUSABLE;
    }
  };

  /** A list: typed arrays take longer to make than a hundred words to copy. */
  const results = (count: number): number[] => {
    const copy = new Array<number>(count);
    // A view whose memory has grown is empty.
    if (memory.length === 0) see();
    const first = glue.results() >> WORD_SHIFT;
    const from = memory;
    for (let i = 0; i < count; i++) copy[i] = from[first + i] as number;
    return copy;
  };

  return {
    attach(next) {
      glue = next;
      decideNow = next.decide;
      forget();
      see();
    },
    detach() {
      glue = NO_INSTANCE;
      decideNow = glue.decide;
    },
    load: (snapshot, carried, max, strict) =>
      growing(() => {
        writeInput(glue, snapshot, carried);
        return JSON.parse(glue.load(snapshot.length, carried.length, max, strict)) as Answer;
      }),
    manifest: () => growing(() => glue.manifest()),
    describe: (flag) => growing(() => glue.describe(flag)),
    explain: (flag, now) => growing(() => glue.explain(flag, now)),
    valueAt: (slot) => take(wordOf(slot)),
    layOut(attributes) {
      const slotOf = (name: string) => wordOf(attributes.indexOf(name));
      [targetingKeySlot, userIdSlot, visitorIdSlot] = DEFAULT_UNIT.map(slotOf) as [number, number, number];
      heap = (attributes.length + FACTS) * SLOT_BYTES;
      heapBytes = bytes.subarray(heap, heap + STRING_BYTES);
      forget();
    },
    packAll(slots, values, from) {
      forget();
      end = heap;
      for (let i = 0; i < slots.length && end !== NO_ROOM; i++) {
        end = put(wordOf(slots[i] as number), values[from + i], end);
      }
      return end !== NO_ROOM;
    },
    packFew(slots, count, v0, v1, v2, v3, v4, v5, v6, v7) {
      forget();
      let at = heap;
      if (count > 0) at = put(wordOf(slots[0] as number), v0, at);
      if (count > 1 && at >= 0) at = put(wordOf(slots[1] as number), v1, at);
      if (count > 2 && at >= 0) at = put(wordOf(slots[2] as number), v2, at);
      if (count > 3 && at >= 0) at = put(wordOf(slots[3] as number), v3, at);
      if (count > 4 && at >= 0) at = put(wordOf(slots[4] as number), v4, at);
      if (count > 5 && at >= 0) at = put(wordOf(slots[5] as number), v5, at);
      if (count > 6 && at >= 0) at = put(wordOf(slots[6] as number), v6, at);
      if (count > 7 && at >= 0) at = put(wordOf(slots[7] as number), v7, at);
      end = at;
      return at >= 0;
    },
    copyOut() {
      resident = words.slice(0, end >> WORD_SHIFT);
      return resident;
    },
    copyIn(packed) {
      if (resident === packed) return;
      forget();
      // By hand, without the slots of facts: many contexts in turn take 370 to 450 ns, and 420 to 460 by `words.set` (Node 20).
      const first = heap >> WORD_SHIFT;
      for (let i = 0; i < first - wordOf(FACTS); i++) words[i] = packed[i] as number;
      for (let i = first; i < packed.length; i++) words[i] = packed[i] as number;
      resident = packed;
    },
    decide: (flag, now) => decideNow(flag, now),
    decideUnit(flag, targetingKey, userId, visitorId) {
      const only = targetingKey === undefined && visitorId === undefined;
      return only ? decideId(flag, userIdSlot, userId) : decideOther(flag, targetingKey, userId, visitorId);
    },
    decideAll: (now) => results(glue.decide_all(now)),
    // Overrides take memory for a moment.
    route: (now, clock) => growing(() => glue.route(now, clock)) !== 0,
    identify: (isolate, coordinated) => {
      growing(() => {
        glue.identify(writeText(glue, isolate), coordinated);
      });
    },
    report: (...seen) => growing(() => glue.report(...seen)) !== 0,
    judge: (...times) => growing(() => glue.judge(...times)),
    drain: (now) => growing(() => glue.drain(now)),
    orders: () => growing(() => glue.orders()),
    merge: (delta, now) => growing(() => glue.merge(writeText(glue, delta), now) as Verdict),
    apply: (orders, ...times) => growing(() => glue.apply(writeText(glue, orders), ...times) as Verdict),
    results,
    text,
  };
}

function writeText(glue: Glue, text: string): number {
  const bytes = encoder.encode(text);
  writeInput(glue, bytes, NOTHING);
  return bytes.length;
}

function writeInput(glue: Glue, snapshot: Uint8Array, carried: Uint8Array): void {
  const length = snapshot.length + carried.length;
  const at = glue.reserve(length);
  if (at === 0) throw new RangeError(`${length} bytes are more than the engine takes`);
  const input = new Uint8Array(glue.memory.buffer, at, length);
  input.set(snapshot);
  input.set(carried, snapshot.length);
}

/** The place of a slot's first word; negative, and never written, for no slot. */
function wordOf(slot: number): number {
  return (slot * SLOT_BYTES) >> WORD_SHIFT;
}
