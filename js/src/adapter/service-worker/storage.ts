import { httpSource } from "../../source/http.js";
import type { SnapshotSource } from "../../source/source.js";
import { storedIn, type StorageOptions } from "../shared/storage.js";

/** A text is a URL. */
export function sourceOf({ snapshot }: StorageOptions): SnapshotSource {
  return storedIn(snapshot, (url) => httpSource(url));
}
