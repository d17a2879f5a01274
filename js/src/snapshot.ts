import { PointsmanError, reasonOf, wholeProblem } from "./errors.js";
import type { SnapshotInput } from "./types.js";

const encoder = new TextEncoder();

/**
 * A snapshot as UTF-8 bytes of its own: the engine keeps them, to load them again after a trap.
 * @throws PointsmanError for what has no JSON text, and for more than `maxBytes`: WebAssembly memory never shrinks again.
 */
export function snapshotBytes(input: SnapshotInput, maxBytes: number): Uint8Array {
  const bytes = bytesOf(input);
  if (bytes.length > maxBytes) {
    throw refused("LIMIT_EXCEEDED", `a snapshot of ${bytes.length} bytes; the limit is ${maxBytes}`);
  }
  return bytes;
}

/** A detached buffer, a revoked proxy, a circle, a getter or a tag that throws: whatever it is, it is refused. */
function bytesOf(input: SnapshotInput): Uint8Array {
  try {
    return copyOf(input) ?? encoder.encode(textOf(input));
  } catch (error) {
    throw refused("NOT_JSON", `the snapshot can't be read: ${reasonOf(error)}`, error);
  }
}

/** A copy; null for what holds no bytes. Buffers of other realms (an iframe, a test's) count too. */
function copyOf(input: SnapshotInput): Uint8Array | null {
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength).slice();
  const tag = Object.prototype.toString.call(input);
  const isBuffer = tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
  return isBuffer ? new Uint8Array(input as ArrayBuffer).slice() : null;
}

function textOf(input: SnapshotInput): string {
  const text: unknown = typeof input === "string" ? input : JSON.stringify(input);
  if (typeof text === "string") return text;
  throw new TypeError(`it is no text, no bytes and no object with a JSON text, but a ${typeof input}`);
}

function refused(code: string, message: string, cause?: unknown): PointsmanError {
  const options = cause === undefined ? undefined : { cause };
  return new PointsmanError("the snapshot was refused", [wholeProblem(code, message)], options);
}
