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
import type { LoadReport } from "./types.js";
import type { Glue } from "./wasm/glue.js";

/** What a load gives. */
export interface Answer {
  readonly accepted: boolean;
  readonly report: LoadReport;
  /** JSON: the flags to carry when this snapshot is loaded into another instance. */
  readonly carriedText: string;
}

/** Of what the region is made, for one instance. Objects of one shape, so that V8 reads them by offset. */
interface Views {
  words: Int32Array;
  floats: Float64Array;
  bytes: Uint8Array;
}

/** Where nothing fitted. */
const NO_ROOM = -1;
const WORD_SHIFT = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Packs values into the region's slots. */
export interface Packer {
  /** Puts the slots of so many attributes first, and strings after those of the facts. */
  layOut(attributes: readonly string[]): void;
  /** Packs the default unit; false unless one is a string, the others are undefined, and it fits. */
  packUnit(targetingKey: unknown, userId: unknown, visitorId: unknown): boolean;
  /** Packs `values[from]` into the slot `slots[0]`, and so on. False where they don't fit. */
  packAll(slots: readonly number[], values: readonly unknown[], from: number): boolean;
  /** A copy of all that was packed last. */
  copyOut(): Uint8Array;
  /** Puts a copy back, unless it lies there already. */
  copyIn(packed: Uint8Array): void;
  /** What lay in the region is gone. */
  forget(): void;
}

/**
 * Everything that touches wasm memory. The functions are closures over constants: V8 makes them faster than methods by a
 * tenth to four tenths of a hand-written evaluator's time.
 */
export interface Boundary extends Packer {
  /** From now on the calls go to this instance. */
  attach(next: Glue): void;
  /** From now on every call throws. What is packed goes into the old memory, and nobody reads it. */
  detach(): void;
  load(snapshot: Uint8Array, carried: Uint8Array, max: number, strict: boolean): Answer;
  manifest(): string;
  describe(flag: number): string;
  /** A decision word, as a signed number. */
  decide(flag: number, now: number): number;
  /** All flags' decision words. */
  decideAll(now: number): Int32Array;
  /** Whether a route matches. */
  route(now: number): boolean;
  /** A copy of the result words. */
  results(count: number): Int32Array;
  /** The text that lies in the region. */
  text(offset: number, length: number): string;
}

/** The boundary of one engine; it outlives its instances. */
export function createBoundary(): Boundary {
  const views = viewsOf(new ArrayBuffer(REGION_BYTES), 0);
  const packer = createPacker(views);
  let glue = NO_INSTANCE;

  /** The first call of `region` makes it, and may grow the memory. */
  const see = ({ memory, region }: Glue) => {
    const at = region();
    Object.assign(views, viewsOf(memory.buffer, at));
  };
  /** Growing memory detaches the views of the old buffer; only the calls that this goes round can grow it. */
  const growing = <T>(call: () => T): T => {
    const { buffer } = glue.memory;
    const result = call();
    if (glue.memory.buffer !== buffer) see(glue);
    return result;
  };
  const results = (count: number) => new Int32Array(glue.memory.buffer, glue.results(), count).slice();

  return {
    ...packer,
    attach(next) {
      see(next);
      packer.forget();
      glue = next;
    },
    detach() {
      glue = NO_INSTANCE;
    },
    load: (snapshot, carried, max, strict) =>
      growing(() => {
        writeInput(glue, snapshot, carried);
        return glue.load(snapshot.length, carried.length, max, strict) as Answer;
      }),
    manifest: () => growing(() => glue.manifest()),
    describe: (flag) => growing(() => glue.describe(flag)),
    decide: (flag, now) => glue.decide(flag, now),
    decideAll: (now) => results(glue.decide_all(now)),
    route: (now) => glue.route(now) !== 0,
    results,
    text: (offset, length) => decoder.decode(views.bytes.subarray(offset, offset + length)),
  };
}

function unavailable(): never {
  throw new Error("there is no instance");
}

/** Stands in while there is no instance. */
const NO_INSTANCE: Glue = {
  get memory() {
    return unavailable();
  },
  region: unavailable,
  results: unavailable,
  reserve: unavailable,
  load: unavailable,
  manifest: unavailable,
  describe: unavailable,
  decide: unavailable,
  decide_all: unavailable,
  route: unavailable,
};

function viewsOf(buffer: ArrayBufferLike, region: number): Views {
  return {
    words: new Int32Array(buffer, region, REGION_BYTES / Int32Array.BYTES_PER_ELEMENT),
    floats: new Float64Array(buffer, region, REGION_BYTES / Float64Array.BYTES_PER_ELEMENT),
    bytes: new Uint8Array(buffer, region, REGION_BYTES),
  };
}

function writeInput(glue: Glue, snapshot: Uint8Array, carried: Uint8Array): void {
  const length = snapshot.length + carried.length;
  const at = glue.reserve(length);
  if (at === 0) throw new RangeError(`${length} bytes are more than the engine takes`);
  const input = new Uint8Array(glue.memory.buffer, at, length);
  input.set(snapshot);
  input.set(carried, snapshot.length);
}

function createPacker(views: Views): Packer {
  const write = createTextWriter(views);
  let heap = 0;
  let end = 0;
  let targetingSlot = 0;
  let userSlot = 0;
  let visitorSlot = 0;
  let packed: Uint8Array | null = null;
  const forget = () => {
    packed = null;
  };

  /** Gives where the next string goes. */
  const putText = (slot: number, text: string, at: number): number => {
    const length = write(text, at);
    if (length === NO_ROOM) return NO_ROOM;
    const { words } = views;
    words[slot] = KIND_STRING;
    words[slot + 1] = length;
    words[slot + 2] = at;
    return (at + length + 3) & ~3;
  };

  /** The only id there is. Its slots come first: by the time that the text is written, they have left the store buffer. */
  const putId = (slot: number, id: unknown): boolean => {
    if (typeof id !== "string") return false;
    packed = null;
    const { words } = views;
    words[targetingSlot] = KIND_MISSING;
    words[userSlot] = KIND_MISSING;
    words[visitorSlot] = KIND_MISSING;
    words[slot] = KIND_STRING;
    words[slot + 1] = id.length;
    words[slot + 2] = heap;
    const length = write(id, heap);
    if (length !== id.length) words[slot + 1] = length;
    return length !== NO_ROOM;
  };

  const putNumber = (slot: number, value: number): void => {
    const finite = Number.isFinite(value);
    views.words[slot] = finite ? KIND_NUMBER : KIND_UNUSABLE;
    if (finite) views.floats[(slot >> 1) + 1] = value;
  };

  const putList = (slot: number, list: readonly unknown[], at: number): number => {
    const first = (at + 7) & ~7;
    let next = first + list.length * SLOT_BYTES;
    if (list.length > LIST_ELEMENTS || next > REGION_BYTES) return NO_ROOM;
    views.words[slot] = KIND_LIST;
    views.words[slot + 1] = list.length;
    views.words[slot + 2] = first;
    for (let i = 0; i < list.length && next !== NO_ROOM; i++) {
      next = put((first + i * SLOT_BYTES) >> WORD_SHIFT, list[i], next);
    }
    return next;
  };

  const put = (slot: number, value: unknown, at: number): number => {
    const { words } = views;
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

  return {
    forget,
    layOut(attributes) {
      heap = (attributes.length + FACTS) * SLOT_BYTES;
      [targetingSlot, userSlot, visitorSlot] = DEFAULT_UNIT.map((name) => wordOf(attributes.indexOf(name))) as [number, number, number];
      forget();
    },
    packUnit(targetingKey, userId, visitorId) {
      if (userId !== undefined) {
        return targetingKey === undefined && visitorId === undefined && putId(userSlot, userId);
      }
      if (targetingKey !== undefined) return visitorId === undefined && putId(targetingSlot, targetingKey);
      return putId(visitorSlot, visitorId);
    },
    packAll(slots, values, from) {
      forget();
      end = heap;
      for (let i = 0; i < slots.length && end !== NO_ROOM; i++) {
        end = put(wordOf(slots[i] as number), values[from + i], end);
      }
      return end !== NO_ROOM;
    },
    copyOut() {
      packed = views.bytes.slice(0, end);
      return packed;
    },
    copyIn(next) {
      if (packed === next) return;
      forget();
      views.bytes.set(next);
      packed = next;
    },
  };
}

function wordOf(slot: number): number {
  return (slot * SLOT_BYTES) >> WORD_SHIFT;
}

/** Writes a text at a multiple of four bytes, and gives its length in bytes, or `NO_ROOM`. */
function createTextWriter(views: Views): (text: string, at: number) => number {
  const encode = (text: string, at: number): number => {
    const { read, written } = encoder.encodeInto(text, views.bytes.subarray(at, at + STRING_BYTES));
    return read === text.length ? written : NO_ROOM;
  };

  /** The one to three characters that are left after the last whole word. */
  const writeTail = (text: string, from: number, word: number): number => {
    let last = 0;
    let seen = 0;
    for (let i = from; i < text.length; i++) {
      const code = text.charCodeAt(i);
      seen |= code;
      last |= code << ((i - from) << 3);
    }
    views.words[word] = last;
    return seen;
  };

  /** Stores of four characters: in Node 20 half, in workerd a third of the time of `encodeInto` (36 characters). */
  return (text, at) => {
    const { length } = text;
    if (length > STRING_BYTES || at + length > REGION_BYTES) return NO_ROOM;
    const { words } = views;
    const whole = length & ~3;
    let seen = 0;
    let word = at >> WORD_SHIFT;
    for (let i = 0; i < whole; i += 4) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      const d = text.charCodeAt(i + 3);
      seen |= a | b | c | d;
      words[word++] = a | (b << 8) | (c << 16) | (d << 24);
    }
    if (whole < length) seen |= writeTail(text, whole, word);
    return seen < 0x80 ? length : encode(text, at);
  };
}
