import type { PublicKey } from "../trust/ed25519.js";
import { SignatureError } from "../trust/signature-error.js";
import type { Signature } from "../trust/signature-text.js";
import { snapshotBytes } from "../trust/snapshot.js";
import { checkAge, goodSignatures, keyRing, timeText, type KeyRing } from "../trust/verify.js";
import { agedOf } from "./aged.js";
import type { Aged, SnapshotCopy, SnapshotSource, Stored } from "./source.js";
import { within } from "./within.js";

/** How the signatures of snapshots are verified. */
export interface SignedOptions {
  /** The public keys, any of which may have signed; while keys change, the old one and the new. */
  readonly keys: readonly PublicKey[];
  /**
   * Where the signature is: `httpSource("https://…/snapshot.json.sig")`, `fileSource("snapshot.json.sig")`. Default: it comes with
   * the snapshot, over HTTP in the response header `pointsman-signature`.
   */
  readonly signature?: SnapshotSource;
  /** The longest ago that a snapshot may have been signed, in milliseconds. Default: for ever, and no clock is read. */
  readonly maxAge?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/** What was verified last: the same array with the same signatures need not be verified again. */
interface Verified {
  readonly given: Stored;
  readonly text: string;
  /** What is handed on: the source may change its own. */
  readonly bytes: Uint8Array;
  readonly good: readonly [Signature, ...Signature[]];
}

/** A copy that has not answered by then, in milliseconds, is passed over: it is of use only when it is near. */
const NEAR = 500;

/**
 * A source whose snapshots count only when one of these keys has signed them: their bytes are verified before anything reads them.
 * What is not signed so, was signed too long ago, or before the one that was taken last, is an error of reading: the last good
 * snapshot stays. A copy is verified as the source is, if it is inside: `signed(cached(httpSource(url), …), { keys })`.
 */
export function signed(source: SnapshotSource, options: SignedOptions): SnapshotSource {
  const gate = new Gate(options);
  const { copy } = source;
  const remembered = copy === undefined ? null : rememberedIn(copy, gate);
  const forget = (error: unknown): never => {
    // A forgery under the tag of what is published next would be confirmed as that, and be all that is read.
    for (const one of [source, options.signature]) one?.forget?.();
    throw error;
  };
  return {
    async read(signal) {
      // What the copy was signed at is the least that a cold isolate takes.
      const [read, signature] = await Promise.all([
        source.read(signal),
        options.signature?.read(signal) ?? null,
        remembered?.once(),
      ]);
      return read === null ? null : gate.pass(agedOf(read), textOf(signature)).catch(forget);
    },
    ...(remembered === null ? {} : { copy: remembered.copy }),
  };
}

function rememberedIn(copy: SnapshotCopy, gate: Gate): { copy: SnapshotCopy; once: () => Promise<void> } {
  let isRecalled = false;
  const recall = async () => {
    const kept = await copy.recall();
    return kept === null ? null : gate.pass(kept, null);
  };
  return {
    copy: { recall, keep: (confirmed) => copy.keep(confirmed) },
    async once() {
      if (isRecalled) return;
      // What is wrong with it is told where the engine recalls it.
      await within(recall(), NEAR, "recalling the snapshot").catch(() => null);
      isRecalled = true;
    },
  };
}

/** Lets through what is signed, and never again what was signed before that. */
class Gate {
  readonly #options: SignedOptions;
  // Not promises: workerd doesn't let one request wait for another's.
  #keys: KeyRing | null = null;
  #last: Verified | null = null;
  #floor = -Infinity;

  constructor(options: SignedOptions) {
    this.#options = options;
  }

  /** @param detached - the signatures that do not come with the snapshot. */
  async pass({ snapshot, age, signature }: Aged, detached: string | null): Promise<Aged> {
    const verified = await this.#verified(snapshot, detached ?? signature ?? "");
    const [newest] = verified.good;
    if (newest.signedAt < this.#floor) throw stale(newest, this.#floor);
    const { maxAge, clock = Date.now } = this.#options;
    if (maxAge !== undefined) checkAge(newest, maxAge, clock());
    this.#floor = newest.signedAt;
    this.#last = verified;
    return { snapshot: verified.bytes, age, signature: verified.good.map(({ text }) => text).join(",") };
  }

  async #verified(given: Stored, text: string): Promise<Verified> {
    if (this.#last?.given === given && this.#last.text === text) return this.#last;
    const bytes = snapshotBytes(given);
    this.#keys ??= await keyRing(this.#options.keys);
    return { given, text, bytes, good: await goodSignatures(bytes, text, this.#keys) };
  }
}

function stale({ signedAt }: Signature, floor: number): SignatureError {
  const times = `at ${timeText(signedAt)}, before the one of ${timeText(floor)}`;
  return new SignatureError("STALE_SIGNATURE", `the snapshot was signed ${times} that was taken already`);
}

function textOf(read: Stored | Aged | null): string | null {
  if (read === null) return null;
  const { snapshot } = agedOf(read);
  return typeof snapshot === "string" ? snapshot : new TextDecoder().decode(snapshot);
}
