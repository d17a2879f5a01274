import { DEFAULT_UNIT } from "./context.js";
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
import type { LoadReport } from "./types.js";
import type { Glue } from "#glue";

/** What a load gives. */
export interface Answer {
  readonly accepted: boolean;
  readonly report: LoadReport;
  /** JSON: the flags to carry when this snapshot is loaded into another instance. */
  readonly carriedText: string;
}

/** Where nothing fitted. */
const NO_ROOM = -1;

const encoder = new TextEncoder();

/** What `decideUnit` gives for a unit that has to be packed the other way. No decision is this word: its code is no error's. */
export const UNUSUAL = 0x7fff;

/**
 * What touches wasm memory: decisions and loads. The rest is in `edge-boundary.ts`, which pages do without.
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
  /** A copy of the result words. */
  results(count: number): readonly number[];
  /** Any other call, of the instance in use. It may make memory grow. */
  call<T>(work: (glue: Glue) => T): T;
  /** The region, as it stands. */
  region(): Region;
}

/** The region's bytes, and the same as numbers of four and of eight bytes. */
export interface Region {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly floats: Float64Array;
}

/**
 * The boundary of one engine; it outlives its instances.
 *
 * @param encoderFrom - ids of so many characters and more are given to the runtime's own encoder: where it is fast.
 */
export function createBoundary(encoderFrom: number): Boundary {
  let glue = NO_INSTANCE;
  let decideNow = glue.decide;
  let words = new Int32Array(REGION_BYTES >> 2);
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
  /** Each time that a copy comes to lie there it gets a stamp, by which the crate knows what it knows of it. */
  let stamps = 0;
  /** The slot and the length of the lone id whose slots lie in the region; length -1 where others do. */
  let idSlot = 0;
  let idLength = -1;
  // Bundlers make variables of a module's constants; these V8 can build into the code.
  const missing = KIND_MISSING;
  /** Where a stamp stands among the region's numbers: behind it. */
  const stamp = REGION_BYTES >> 3;
  const noRoom = NO_ROOM;
  const unusual = UNUSUAL;
  const stringBytes = STRING_BYTES;
  const regionBytes = REGION_BYTES;

  /** What lay in the region is no more. */
  const forget = () => {
    resident = null;
    idLength = -1;
    floats[stamp] = 0;
  };

  /** The first call of `region` makes it, and may grow the memory. */
  const see = () => {
    const at = glue.region();
    const { buffer } = glue.memory;
    memory = new Int32Array(buffer);
    words = new Int32Array(buffer, at, REGION_BYTES >> 2);
    floats = new Float64Array(buffer, at, stamp + 1);
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
    let seen = 0;
    if (whole < length) {
      let last = 0;
      for (let i = length; i > whole;) {
        const code = text.charCodeAt(--i);
        seen |= code;
        last = (last << 8) | code;
      }
      to[word] = last;
    }
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
    // The first text is the id, as a rule, and long; the encoder's view of its place is there already.
    const length = at === heap && text.length >= encoderFrom ? encode(text, heapBytes) : write(text, at);
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
      next = put((first + i * SLOT_BYTES) >> 2, list[i], next);
    }
    return next;
  };

  const put = (slot: number, value: unknown, at: number): number => {
    if (typeof value === "string") return putText(slot, value, at);
    if (value === undefined) {
      words[slot] = missing;
      return at;
    }
    return putOther(slot, value, at);
  };

  const putOther = (slot: number, value: unknown, at: number): number => {
    switch (typeof value) {
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
    floats[stamp] = 0;
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

  /** A list: typed arrays take longer to make than a hundred words to copy. */
  const results = (count: number): number[] => {
    const copy = new Array<number>(count);
    // A view whose memory has grown is empty.
    if (memory.length === 0) see();
    const first = glue.results() >> 2;
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
    packFew(slots, count, v0, v1, v2, v3, v4, v5) {
      forget();
      let at = heap;
      if (count > 0) at = put(wordOf(slots[0] as number), v0, at);
      if (count > 1 && at >= 0) at = put(wordOf(slots[1] as number), v1, at);
      if (count > 2 && at >= 0) at = put(wordOf(slots[2] as number), v2, at);
      if (count > 3 && at >= 0) at = put(wordOf(slots[3] as number), v3, at);
      if (count > 4 && at >= 0) at = put(wordOf(slots[4] as number), v4, at);
      if (count > 5 && at >= 0) at = put(wordOf(slots[5] as number), v5, at);
      end = at;
      return at >= 0;
    },
    copyOut() {
      resident = words.slice(0, end >> 2);
      floats[stamp] = ++stamps;
      return resident;
    },
    copyIn(packed) {
      if (resident === packed) return;
      forget();
      // By hand, without the slots of facts: many contexts in turn take 370 to 450 ns, and 420 to 460 by `words.set` (Node 20).
      const first = heap >> 2;
      for (let i = 0; i < first - wordOf(FACTS); i++) words[i] = packed[i] as number;
      for (let i = first; i < packed.length; i++) words[i] = packed[i] as number;
      resident = packed;
      floats[stamp] = ++stamps;
    },
    decide: (flag, now) => decideNow(flag, now),
    decideUnit(flag, targetingKey, userId, visitorId) {
      const only = targetingKey === undefined && visitorId === undefined;
      return only ? decideId(flag, userIdSlot, userId) : decideOther(flag, targetingKey, userId, visitorId);
    },
    decideAll: (now) => results(glue.decide_all(now)),
    results,
    call: (work) => growing(() => work(glue)),
    region: () => ({ bytes, words, floats }),
  };
}

/** Writes what the instance reads next. */
export function writeInput(glue: Glue, snapshot: Uint8Array, carried: Uint8Array): void {
  const length = snapshot.length + carried.length;
  const at = glue.reserve(length);
  if (at === 0) throw new RangeError(`${length} bytes are more than the engine takes`);
  const input = new Uint8Array(glue.memory.buffer, at, length);
  input.set(snapshot);
  input.set(carried, snapshot.length);
}

/** The place of a slot's first word; negative, and never written, for no slot. */
export function wordOf(slot: number): number {
  return (slot * SLOT_BYTES) >> 2;
}
