import { createEngine } from "pointsman/flags";
import { snapshotOf } from "../../workload.mjs";
import { asked, maxSnapshotBytes } from "../pointsman-engine.mjs";

export const about = {
  packageName: "pointsman",
  notes: ["The build for pages: flags alone."],
  wasm: () => import.meta.resolve("pointsman/flags/pointsman.wasm"),
  size: { entry: 'export { createEngine } from "pointsman/flags";' },
};

export const translate = snapshotOf;

/** @param {Uint8Array} bytes */
export const open = async (bytes) => asked(await createEngine({ snapshot: bytes, strict: true, maxSnapshotBytes }));
