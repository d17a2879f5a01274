import { createEngine } from "pointsman";
import { snapshotOf } from "../../workload.mjs";
import { asked, maxSnapshotBytes } from "../pointsman-engine.mjs";

export const about = {
  packageName: "pointsman",
  notes: [],
  wasm: () => import.meta.resolve("pointsman/pointsman.wasm"),
  size: { entry: 'export { createEngine } from "pointsman";' },
};

export const translate = snapshotOf;

/** @param {Uint8Array} bytes */
export const open = async (bytes) => asked(await createEngine({ snapshot: bytes, strict: true, maxSnapshotBytes }));
