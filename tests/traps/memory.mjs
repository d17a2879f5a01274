/** Snapshots that are larger than the memory of the module can hold. */
import { createEngine } from "../../js/dist/workerd.js";

const small = { revision: 1, flags: { small: { enabled: true } } };

/** Valid, and about so many bytes: a flag with a long list. @param {number} bytes */
function largeOf(bytes) {
  const ids = Array.from(
    { length: Math.floor(bytes / 75) },
    (_, i) => `${"x".repeat(64)}${String(i).padStart(8, "0")}`,
  );
  const large = { enabled: true, rolloutPercentage: 0, whitelistUsers: ids };
  return JSON.stringify({ revision: 2, flags: { small: { enabled: true }, large } });
}

/** Loads one of so many bytes into an engine in use. @param {number} bytes */
export async function overload(bytes) {
  const engine = await createEngine({ snapshot: small, maxSnapshotBytes: 64 << 20 });
  const text = largeOf(bytes);
  const codes = [];
  for (let i = 0; i < 5; i++) codes.push(codeOf(() => engine.load(text)));
  const { revision, traps } = engine;
  const kept = engine.isEnabled("small", {});
  const next = engine.load({ ...small, revision: 3 }).revision;
  return { bytes: text.length, codes, revision, traps, kept, next, works: engine.isEnabled("small", {}) };
}

function codeOf(work) {
  try {
    work();
    return "LOADED";
  } catch (error) {
    return /** @type {any} */ (error).problems?.[0].code ?? String(error);
  }
}
