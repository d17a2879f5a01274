import { httpSource } from "../../source/http.js";
import type { SnapshotSource } from "../../source/source.js";

/** A text is a URL. */
export function open(url: string): SnapshotSource {
  return httpSource(url);
}
